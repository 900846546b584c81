/** What there is: repositories, what is open in one, and accounts. */
import { type Html, html } from '#base/html';
import { type Account, fullName, type Issue, isPullRequest, type Repository } from '#demo/github/state';
import { folderHtml } from './code-pages.ts';
import {
  accountLink,
  frame,
  issuePath,
  labelsHtml,
  link,
  type PageAnswer,
  type PageContext,
  pathOf,
  repositoryPath,
  stateWord,
} from './frame.ts';
import { markdownHtml } from './markdown.ts';

export function homePage(context: PageContext): PageAnswer {
  const { store, t } = context;
  const people = [...store.accounts.values()].filter(({ type }) => type === 'User');
  const body = html`<h2>${t('repositories')}</h2>${repositoryList([...store.repositories.values()])}
<h2>${t('people')}</h2><ul>${people.map((who) => html`<li>${accountLink(who)} — ${who.name}</li>`)}</ul>`;
  return { status: 200, html: frame(context, { title: t('home'), body }) };
}

/** A repository, with all that is in it; `only` pull requests or issues, on pages of their own. */
export function repositoryPage(context: PageContext, of: Repository, only?: 'pulls' | 'issues'): PageAnswer {
  const { t } = context;
  const all = [...of.issues.values()].toReversed();
  const [pulls, issues] = [all.filter(isPullRequest), all.filter((one) => one.pull === undefined)];
  const head = of.git.branch(of.defaultBranch);
  const readme = head === undefined ? undefined : of.git.textAt(head, 'README.md');
  const body = html`${only !== 'issues' && html`<h2>${t('pulls')}</h2>${issueList(context, of, pulls)}`}
${only !== 'pulls' && html`<h2>${t('issues')}</h2>${issueList(context, of, issues)}`}
${
  only === undefined &&
  html`<h2>${t('files')}</h2>${head === undefined ? html`<p>${t('none')}</p>` : folderHtml(of, head, '')}
${readme !== undefined && html`<div class="box"><header><b>README.md</b></header><div>${markdownHtml(readme, 'file')}</div></div>`}
${of.deployments.length > 0 && html`<h2>${t('environments')}</h2>${environments(of)}`}`
}`;
  // There is no form on it: whoever watches sees what comes.
  return { status: 200, refresh: 5, html: frame(context, { title: fullName(of), of, body }) };
}

function issueList(context: PageContext, of: Repository, list: readonly Issue[]): Html {
  if (list.length === 0) return html`<p class="quiet">${context.t('none')}</p>`;
  return html`<ul>${list.map(
    (one) =>
      html`<li>${link(issuePath(of, one), `#${one.number} ${one.title}`)} — ${stateWord(context, one)} ${labelsHtml(of, one)}</li>`,
  )}</ul>`;
}

function repositoryList(list: readonly Repository[]): Html {
  return html`<ul>${list.map((of) => html`<li>${link(repositoryPath(of), fullName(of))}</li>`)}</ul>`;
}

/** The last deployment of each environment. */
function environments(of: Repository): Html {
  const last = new Map(of.deployments.map((one) => [one.environment, one]));
  return html`<ul>${[...last.values()].map(
    ({ environment, sha, statuses }) =>
      html`<li>${environment} — ${statuses.at(-1)?.state ?? ''} ${statuses.at(-1)?.description ?? ''} ${link(pathOf(of.owner.login, of.name, 'commit', sha), sha.slice(0, 7))}</li>`,
  )}</ul>`;
}

/** Someone's page, or an organization's, or the App's. */
export function accountPage(context: PageContext, who: Account): PageAnswer {
  const { store, t } = context;
  const own = [...store.repositories.values()].filter(({ owner }) => owner === who);
  const body = html`<p>${t(who.type === 'Bot' ? 'app' : 'account')} — ${who.login}</p>${repositoryList(own)}`;
  return { status: 200, html: frame(context, { title: who.name, body }) };
}
