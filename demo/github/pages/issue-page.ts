/** An issue or a pull request: what was said, its checks, what stands in the way of merging, and what one may do. */
import { type Html, html } from '#base/html';
import { splitLines } from '#demo/github/git/diff';
import { mergeViolations } from '#demo/github/rules';
import { changesSinceFork } from '#demo/github/serializers/git';
import {
  type Account,
  type Issue,
  isPullRequest,
  type PullRequest,
  type Reaction,
  type Repository,
  type ReviewComment,
} from '#demo/github/state';
import { parseSuggestion } from '#demo/github/suggestions';
import { knownMergeability } from '#demo/github/test-merges';
import { blobPath, filesHtml, patchHtml } from './diff-view.ts';
import {
  accountLink,
  box,
  frame,
  issuePath,
  labelsHtml,
  link,
  type PageAnswer,
  type PageContext,
  pathOf,
  refusalHtml,
  repositoryPath,
  stateWord,
} from './frame.ts';
import { markdownHtml } from './markdown.ts';

/** What a form that was refused had in it. */
export interface RefusedAct {
  readonly status: number;
  readonly message: string;
  readonly body: string;
}

/** By which buttons elsewhere on the page belong to the form. */
const formId = 'act';

export function issuePage(
  context: PageContext,
  of: Repository,
  one: Issue,
  { as, refused }: { readonly as?: string | undefined; readonly refused?: RefusedAct } = {},
): PageAnswer {
  const { store, t } = context;
  const pull = isPullRequest(one) ? one : undefined;
  const runs = pull === undefined ? [] : of.checkRuns.filter((run) => run.headSha === pull.pull.headSha);
  const files = pull === undefined ? [] : changesSinceFork(of, pull.pull.baseSha, pull.pull.headSha);
  const body = html`${refused !== undefined && refusalHtml(context, refused)}
${introduction(context, of, one)}
${box(accountLink(one.author), markdownHtml(one.body ?? ''))}
${timeline(context, of, one)}
${pull !== undefined && checksHtml(context, of, pull)}
${actForm(context, of, one, as, refused?.body ?? '')}
${
  pull !== undefined &&
  html`<h2 id="commits">${t('commits')}</h2><ul>${of.git
    .commitsBetween(pull.pull.baseSha, pull.pull.headSha)
    .map(
      ({ sha, commit }) =>
        html`<li>${link(pathOf(of.owner.login, of.name, 'commit', sha), sha.slice(0, 7))} ${commit.message.split('\n')[0] ?? ''}</li>`,
    )}</ul>
<h2 id="files">${t('changed')}</h2>
${filesHtml(of, files, { sha: pull.pull.headSha, before: pull.pull.baseSha, runs })}`
}`;
  return {
    status: refused?.status ?? 200,
    html: frame(context, {
      title: `${one.title} #${one.number}`,
      heading: html`${one.title} <small>#${one.number}</small>`,
      of,
      body,
    }),
    ...(refused === undefined && isSettling(of, one, store.now()) ? { refresh: 2 } : {}),
  };
}

/** Whether the App is about to say something: what is shown then is old soon. */
function isSettling(of: Repository, one: Issue, now: Date): boolean {
  const recent = (at: Date | null | undefined, seconds: number) =>
    at !== null && at !== undefined && now.getTime() - at.getTime() < seconds * 1000;
  const { pull } = one;
  if (pull === undefined) return false;
  if (pull.merged !== undefined) return recent(pull.merged.at, 20);
  if (one.state === 'closed') return false;
  const run = of.checkRuns.findLast(({ headSha }) => headSha === pull.headSha);
  const asked = one.comments.findLast(({ body }) => body.startsWith('/greffier'));
  return (
    run?.status !== 'completed' || recent(pull.reviews.at(-1)?.submittedAt, 6) || recent(asked?.createdAt, 6)
  );
}

function introduction(context: PageContext, of: Repository, one: Issue): Html {
  const { t } = context;
  const { pull } = one;
  const branch =
    pull !== undefined &&
    html`<code>${pull.headRepository.owner.login}:${pull.headRef}</code> ${t('into')} <code>${pull.baseRef}</code>`;
  return html`<p><b>${stateWord(context, one)}</b> — ${accountLink(one.author)} ${pull === undefined ? t('opened') : t('wants')} ${branch}</p>
<p>${labelsHtml(of, one)}</p>
${pull !== undefined && html`<p><a href="#checks">${t('checks')}</a> · <a href="#${formId}">${t('act')}</a> · <a href="#files">${t('changed')}</a></p>`}`;
}

/** Comments, reviews and comments on lines, in the order in which they came. */
function timeline(context: PageContext, of: Repository, one: Issue): Html {
  const { t } = context;
  const entry = (at: Date, who: Account, what: string, inside: Html, id: string) => ({
    at,
    html: box(html`${accountLink(who)} ${what}`, inside, id),
  });
  const comments = one.comments.map(({ id, author, createdAt, body, reactions }) =>
    entry(
      createdAt,
      author,
      `${t('commented')} ${signs(reactions)}`,
      markdownHtml(body),
      `issuecomment-${id}`,
    ),
  );
  const reviews = (one.pull?.reviews ?? []).map(({ id, author, submittedAt, state, body }) =>
    entry(submittedAt, author, t(state), markdownHtml(body), `pullrequestreview-${id}`),
  );
  const lines = (one.pull?.reviewComments ?? []).map((comment) =>
    entry(
      comment.createdAt,
      comment.author,
      `${t('commented')} ${comment.path}, ${t('line')} ${comment.line ?? ''} ${signs(comment.reactions)}`,
      lineComment(context, of, one, comment),
      `discussion_r${comment.id}`,
    ),
  );
  const merged = one.pull?.merged;
  const merge =
    merged === undefined
      ? []
      : [
          entry(
            merged.at,
            merged.by,
            t('merged-by'),
            html`<p>${link(pathOf(of.owner.login, of.name, 'commit', merged.sha), merged.sha.slice(0, 7))}</p>`,
            'merged',
          ),
        ];
  const all = [...comments, ...reviews, ...lines, ...merge].toSorted(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );
  const left = openSuggestions(one).length;
  return html`${all.map((entry) => entry.html)}${
    left > 1 &&
    html`<p><button form="${formId}" name="do" value="suggestions">${t('suggestions')} (${left})</button></p>`
  }`;
}

/** Those that were made on the head as it is: of anything else the lines are others. */
export function openSuggestions(one: Issue): readonly ReviewComment[] {
  if (one.state !== 'open' || one.pull === undefined) return [];
  const { headSha, reviewComments } = one.pull;
  return reviewComments.filter(
    ({ commit, body }) => commit === headSha && parseSuggestion(body) !== undefined,
  );
}

function lineComment({ t }: PageContext, of: Repository, one: Issue, comment: ReviewComment): Html {
  const { path, commit, line, startLine, body } = comment;
  const suggested = parseSuggestion(body);
  const where = html`<p>${link(`${blobPath(of, commit, path)}#L${line ?? 1}`, `${path}:${line ?? ''}`)}</p>`;
  if (suggested === undefined) return html`${where}${markdownHtml(body)}`;
  const words = body
    .replaceAll('\r\n', '\n')
    .replace(/^(`{3,}|~{3,})suggestion[^\n]*\n[\s\S]*?^\1[ \t]*$/m, '');
  const before = splitLines(of.git.textAt(commit, path) ?? '').slice((startLine ?? line ?? 1) - 1, line ?? 1);
  const signed = (sign: string, lines: readonly string[]) => lines.map((text) => `${sign} ${text.trimEnd()}`);
  const patch = [...signed('-', before), ...signed('+', splitLines(suggested))].join('\n');
  const canApply = openSuggestions(one).includes(comment);
  return html`${where}${markdownHtml(words)}<p class="quiet">${t('suggested-change')}</p>${patchHtml(patch)}${
    canApply &&
    html`<p><button form="${formId}" name="do" value="suggestion:${comment.id}">${t('suggestion')}</button></p>`
  }`;
}

const shownReactions: Readonly<Record<string, string>> = {
  '+1': '👍',
  confused: '😕',
  eyes: '👀',
  heart: '❤️',
  rocket: '🚀',
};
const signs = (given: readonly Reaction[]): string =>
  given.map(({ content }) => shownReactions[content] ?? content).join(' ');

function checksHtml({ store, t }: PageContext, of: Repository, pull: PullRequest): Html {
  const runs = of.checkRuns.filter(({ headSha }) => headSha === pull.pull.headSha);
  const list = runs.map(
    ({ id, name, conclusion, status, title }) =>
      html`<p class="${conclusion ?? ''}"><b>${name}</b> — ${conclusion ?? status} — ${title ?? ''} ${link(`${repositoryPath(of)}/runs/${id}`, t('details'))}</p>`,
  );
  return box(
    html`<b>${t('checks')}</b>`,
    html`${list.length === 0 ? html`<p>${t('no-check')}</p>` : list}${pull.state === 'open' && mergeHtml()}`,
    'checks',
  );

  function mergeHtml(): Html {
    if (knownMergeability(of, pull)?.mergeable === false)
      return html`<p class="failure">${t('conflict')}</p>`;
    const violations = mergeViolations(store, of, pull);
    if (violations.length === 0) return html`<p class="success">${t('mergeable')}</p>`;
    return html`<p class="failure">${t('blocked')}</p><ul>${violations.map((one) => html`<li>${one}</li>`)}</ul>`;
  }
}

/** Who acts, of the people who have an account: those who may review it first. */
export function peopleSelect(
  context: PageContext,
  of: Repository,
  as: string | undefined,
  author?: Account,
): Html {
  const { store, t } = context;
  const reviews = (who: Account) => Number(store.may(who, 'write', of) && who !== author);
  const people = [...store.accounts.values()]
    .filter((who) => who.type === 'User' && who !== store.app.owner)
    .toSorted((a, b) => reviews(b) - reviews(a));
  return html`<label for="as">${t('as')}</label>
<select id="as" name="as">${people.map((who) => {
    const words = `${who.name} (${who.login}) — ${t(store.may(who, 'write', of) ? 'writes' : 'reads')}`;
    return who.login === as
      ? html`<option value="${who.login}" selected>${words}</option>`
      : html`<option value="${who.login}">${words}</option>`;
  })}</select>`;
}

function actForm(
  context: PageContext,
  of: Repository,
  one: Issue,
  as: string | undefined,
  text: string,
): Html {
  const { t } = context;
  const button = (act: 'comment' | 'approve' | 'request-changes' | 'merge' | 'close' | 'reopen') =>
    html`<button${act === 'merge' ? html` class="main"` : ''} name="do" value="${act}">${t(act)}</button>`;
  const open = one.state === 'open';
  return html`<form id="${formId}" method="post" action="${issuePath(of, one)}" class="box"><header><b>${t('act')}</b></header><div>
${peopleSelect(context, of, as, one.author)}
<label for="body">${t('message')}</label>
<textarea id="body" name="body" rows="4">
${text}</textarea>
<p>${button('comment')}${one.pull !== undefined && open && [button('approve'), button('request-changes'), button('merge')]}${
    open ? button('close') : one.pull?.merged === undefined && button('reopen')
  }</p></div></form>`;
}
