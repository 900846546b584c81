/** What every page has: its frame, and headers with which nothing of what people wrote can run. */
import { type Html, html, ownHtml } from '#base/html';
import type { Language } from '#base/i18n/message';
import { type Account, fullName, type Issue, type Repository } from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';
import { pageStyle } from '#demo/page-style';
import { type PageWords, pageWords } from './words.ts';

/** What pages are made of. */
export interface PageContext {
  readonly store: GitHubStore;
  readonly language: Language;
  readonly t: PageWords;
}

export function pageContext(store: GitHubStore, language: Language): PageContext {
  return { store, language, t: pageWords(language) };
}

/** A page, or where the browser is sent instead. */
export interface PageAnswer {
  readonly status: number;
  readonly html?: Html;
  /** Plain text, in the place of a page. */
  readonly text?: string;
  readonly location?: string;
  /** Seconds after which the page is asked for again: something is about to come. */
  readonly refresh?: number;
}

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

const style = `${pageStyle}
.label{border-radius:2em;padding:.1em .7em;margin-right:.3em;font-size:.8em;font-weight:600}
.success{color:#1a7f37}.failure{color:#d1242f}.action_required{color:#9a6700}
.add{color:#1a7f37}.del{color:#d1242f}.hunk{color:#59636e}
.note{border-left:.25rem solid #d1242f;margin:.2rem 0 .6rem 1rem;padding-left:.6rem;white-space:pre-wrap}
.numbers span{display:inline-block;min-width:3em;color:#59636e;user-select:none}
.numbers :target{background:#fff8c5}
@media (prefers-color-scheme:dark){.numbers :target{background:#3d2e00}.success,.add{color:#3fb950}.failure,.del{color:#ff7b72}.action_required{color:#d29922}.hunk,.numbers span{color:#9198a1}}`;

export interface FrameOptions {
  readonly title: string;
  /** In the heading; the title when undefined. */
  readonly heading?: Html;
  readonly of?: Repository;
  readonly body: Html;
}

export function frame({ language, t }: PageContext, { title, heading, of, body }: FrameOptions): Html {
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${ownHtml(style)}</style></head>
<body><nav>${link('/', t('home'))}${of !== undefined && html` › ${link(repositoryPath(of), fullName(of))}`}</nav>
<main><h1>${heading ?? title}</h1>
${body}
</main></body></html>
`;
}

/** The path of a page, from parts that may hold anything. */
export function pathOf(...parts: readonly string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .map(encodeURIComponent)
    .join('/')}`;
}

export const repositoryPath = (of: Repository): string => pathOf(of.owner.login, of.name);
export const issuePath = (of: Repository, one: Issue): string =>
  `${repositoryPath(of)}/${one.pull === undefined ? 'issues' : 'pull'}/${one.number}`;

export function link(to: string, words: string | Html): Html {
  return html`<a href="${to}">${words}</a>`;
}

export function accountLink(who: Account): Html {
  const path = who.type === 'Bot' ? pathOf('apps', who.login.replace('[bot]', '')) : pathOf(who.login);
  return html`<b>${link(path, who.login)}</b>`;
}

export function box(head: Html, body: Html | readonly Html[], id?: string): Html {
  return html`<section class="box"${id === undefined ? '' : html` id="${id}"`}><header>${head}</header><div>${body}</div></section>
`;
}

/** Why GitHub did not do what was asked for. */
export function refusalHtml(
  { t }: PageContext,
  { status, message }: { readonly status: number; readonly message: string },
): Html {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return html`<div class="alert" role="alert"><p><strong>${t('refused')} (${status})</strong></p>${lines.map((line) => html`<p>${line}</p>`)}</div>`;
}

export function labelsHtml(of: Repository, one: Issue): Html {
  const known = [...one.labels].flatMap((name) => of.labels.get(name.toLowerCase()) ?? []);
  return html`${known.map(({ name, color }) => {
    const safe = /^[0-9a-f]{6}$/i.test(color) ? color : 'cccccc';
    return html`<span class="label" style="background:#${safe}55;border:1px solid #${safe}">${name}</span>`;
  })}`;
}

export function stateWord({ t }: PageContext, one: Issue): string {
  if (one.pull?.merged !== undefined) return t('merged');
  if (one.pull === undefined) return t(one.state === 'open' ? 'issue-open' : 'issue-closed');
  return t(one.state);
}
