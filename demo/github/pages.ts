/** The pages that people see: what is open in a repository, and a pull request with its check, labels and comments. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { marked } from 'marked';
import { changesSinceFork } from './serializers/git.ts';
import { type CheckRun, fullName, type Issue, isPullRequest, type Repository } from './state.ts';
import type { GitHubStore } from './store.ts';

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
a{color:#0969da}h1 small{color:#59636e;font-weight:400}
.label{border-radius:2em;padding:.1em .7em;margin-right:.3em;font-size:.8em;font-weight:600}
.box{border:1px solid #d1d9e0;border-radius:.4rem;margin:1rem 0;overflow:hidden}
.box>header{background:#f6f8fa;border-bottom:1px solid #d1d9e0;padding:.5rem 1rem}
.box>div{padding:.2rem 1rem}pre{background:#f6f8fa;padding:.8rem;overflow:auto;border-radius:.4rem}
code{font:.85em ui-monospace,monospace;background:#eff1f3;padding:.15em .35em;border-radius:.3em}pre code{background:none;padding:0}
.success{color:#1a7f37}.failure{color:#d1242f}.action_required{color:#9a6700}
.add{color:#1a7f37}.del{color:#d1242f}.note{border-left:.25rem solid #d1242f;margin:.2rem 0 .6rem 3rem;padding-left:.6rem}`;

/** Answers a page; false when there is none at this address. */
export function servePage(
  store: GitHubStore,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  if (request.method !== 'GET') return false;
  const html = pageAt(
    store,
    url.pathname.split('/').filter((part) => part !== ''),
  );
  if (html === undefined) return false;
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    // Whatever a comment holds, nothing of it runs here.
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; form-action 'none'",
    refresh: '5',
  });
  response.end(html);
  return true;
}

function pageAt(store: GitHubStore, [owner, name, kind, number]: readonly string[]): string | undefined {
  if (owner === undefined)
    return page(
      'GitHub',
      `<ul>${[...store.repositories.values()].map((of) => `<li>${link(`/${fullName(of)}`, fullName(of))}</li>`).join('')}</ul>`,
    );
  const of = name === undefined ? undefined : store.repositories.get(`${owner}/${name}`.toLowerCase());
  if (of === undefined) return undefined;
  if (kind === undefined || kind === 'pulls' || (kind === 'issues' && number === undefined))
    return listPage(of);
  const one = of.issues.get(Number(number));
  return (kind === 'pull' || kind === 'issues') && one !== undefined ? issuePage(store, of, one) : undefined;
}

function listPage(of: Repository): string {
  const items = [...of.issues.values()].toReversed().map((one) => {
    const kind = one.pull === undefined ? 'issues' : 'pull';
    const state = one.pull?.merged === undefined ? one.state : 'merged';
    return `<li>${link(`/${fullName(of)}/${kind}/${one.number}`, `#${one.number} ${one.title}`)} — ${state} ${labels(of, one)}</li>`;
  });
  return page(fullName(of), `<ul>${items.join('')}</ul>`);
}

function issuePage(store: GitHubStore, of: Repository, one: Issue): string {
  const state = one.pull?.merged === undefined ? one.state : 'merged';
  const runs = of.checkRuns.filter((run) => run.headSha === one.pull?.headSha);
  const comments = one.comments.map((comment) =>
    box(`<b>${escaped(comment.author.login)}</b> ${reactions(comment.reactions)}`, markdown(comment.body)),
  );
  const lineComments = (one.pull?.reviewComments ?? []).map((comment) =>
    box(
      `<b>${escaped(comment.author.login)}</b> — ${escaped(comment.path)}:${comment.line ?? ''}`,
      markdown(comment.body),
    ),
  );
  const reviews = (one.pull?.reviews ?? []).map((review) =>
    box(`<b>${escaped(review.author.login)}</b> — ${review.state}`, markdown(review.body)),
  );
  return page(
    `${escaped(one.title)} <small>#${one.number}</small>`,
    [
      `<p>${link(`/${fullName(of)}`, fullName(of))} — ${state} — ${escaped(one.author.login)} ${labels(of, one)}</p>`,
      ...runs.map(
        (run) =>
          `<p class="${run.conclusion ?? ''}"><b>${escaped(run.name)}</b> — ${escaped(run.title ?? '')}</p>`,
      ),
      markdown(one.body ?? ''),
      ...comments,
      ...lineComments,
      ...reviews,
      ...(isPullRequest(one) ? files(store, of, one.pull.baseSha, one.pull.headSha, runs) : []),
    ].join('\n'),
  );
}

function files(
  _store: GitHubStore,
  of: Repository,
  base: string,
  head: string,
  runs: readonly CheckRun[],
): string[] {
  return changesSinceFork(of, base, head).map((file) => {
    const notes = runs
      .flatMap(({ annotations }) => annotations)
      .filter(({ path }) => path === file.path)
      .map(
        ({ start_line, title, message }) =>
          `<p class="note">${start_line} — <b>${escaped(title ?? '')}</b> ${escaped(message)}</p>`,
      );
    const lines = (file.patch ?? '').split('\n').map((line) => {
      const kind = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
      return `<span class="${kind}">${escaped(line)}</span>`;
    });
    return box(`<b>${escaped(file.path)}</b>`, `<pre>${lines.join('\n')}</pre>${notes.join('')}`);
  });
}

function labels(of: Repository, one: Issue): string {
  return [...one.labels]
    .flatMap((name) => of.labels.get(name.toLowerCase()) ?? [])
    .map(
      ({ name, color }) =>
        `<span class="label" style="background:#${color}55;border:1px solid #${color}">${escaped(name)}</span>`,
    )
    .join('');
}

function reactions(given: readonly { readonly content: string }[]): string {
  const signs: Readonly<Record<string, string>> = {
    '+1': '👍',
    confused: '😕',
    eyes: '👀',
    heart: '❤️',
    rocket: '🚀',
  };
  return given.map(({ content }) => signs[content] ?? content).join(' ');
}

const markdown = (text: string): string => marked.parse(text, { async: false, gfm: true });
const box = (head: string, body: string): string =>
  `<section class="box"><header>${head}</header><div>${body}</div></section>`;
const link = (to: string, text: string): string => `<a href="${encodeURI(to)}">${escaped(text)}</a>`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title.replace(/<[^>]*>/g, '')}</title><style>${style}</style><h1>${title}</h1>${body}</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
