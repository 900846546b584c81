/**
 * What Greffier wrote itself, and whether it still says the same. Only this counts as its own, wherever it looks for
 * what it published before: anyone can copy a marker.
 */
import { githubBody } from './github-body.ts';

/** Who writes for Greffier: the App, by its numeric id, or the account whose token is used instead. */
export type Author = { readonly appId: number } | { readonly login: string };

/** A comment, an issue or a review, as far as its author goes. */
export interface Written {
  readonly user?: { readonly login?: string; readonly type?: string } | null;
  readonly performed_via_github_app?: { readonly id?: number } | null;
  readonly body?: string | null;
}

/** Undefined when GitHub does not say which App it was. */
export function isApp(app: { readonly id?: number } | null | undefined, appId: number): boolean | undefined {
  return app === null || app === undefined ? undefined : String(app.id) === String(appId);
}

/**
 * Where a token is used, what a bot wrote counts too: the service may have opened it. So does what a bot wrote
 * through an App that GitHub does not name, as it never does of reviews.
 */
export function isWrittenBy(written: Written, author: Author): boolean {
  const byBot = written.user?.type === 'Bot';
  if ('login' in author) return written.user?.login === author.login || byBot;
  return isApp(written.performed_via_github_app, author.appId) ?? byBot;
}

/** Whether it is Greffier's and begins with a marker. */
export function isMarkedBy(written: Written, marker: string, author: Author): boolean {
  return isWrittenBy(written, author) && (written.body ?? '').startsWith(marker);
}

/** Whether GitHub shows a text as it was written, as far as it takes it. It may normalise line ends; anything else is someone's edit. */
export function isSameText(shown: string | null | undefined, written: string): boolean {
  return (shown ?? '').replaceAll('\r\n', '\n').trimEnd() === githubBody(written).trimEnd();
}
