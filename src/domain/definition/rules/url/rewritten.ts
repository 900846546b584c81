/** Links that a mail system or a search engine put in the place of those which people wrote. */

export interface Rewritten {
  /** The URL that was written; absent when it cannot be read out of the link. */
  readonly target?: string;
}

/** Hosts (and the domains under them) that lead on to the URL in a parameter of theirs. */
const rewriters: readonly (readonly [host: RegExp, path: RegExp, parameters: readonly string[]])[] = [
  [/(?:^|\.)safelinks\.protection\.(?:outlook\.com|office365\.us)$/, /^\//, ['url']],
  [/^(?:www\.)?google\.[a-z.]{2,6}$/, /^\/url$/, ['q', 'url']],
  [/^urldefense\.(?:com|us|proofpoint\.com)$/, /^\/v[12]\//, ['u']],
  [/^(?:\w+\.)?linkprotect\.cudasvc\.com$/, /^\/url$/, ['a']],
  [/^lm?\.facebook\.com$/, /^\/l\.php$/, ['u']],
  [/^(?:www\.)?linkedin\.com$/, /^\/safety\/go/, ['url']],
];

/** What all of these have in them, and nearly no other host. */
const hint = /safelinks|google|urldefense|linkprotect|facebook|linkedin/;

/** Whether a host puts links of its own in the place of others. */
export function isRewriter(hostname: string): boolean {
  if (!hint.test(hostname)) return false;
  return hostname.startsWith('urldefense.') || rewriters.some(([host]) => host.test(hostname));
}

function readUrl(text: string | null | undefined): Rewritten {
  const url = text === null || text === undefined ? null : URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? { target: text ?? '' } : {};
}

/** What a URL leads on to when it is a rewritten link; undefined when it is none. */
export function rewritten(url: URL): Rewritten | undefined {
  const { hostname, pathname, searchParams } = url;
  if (/^urldefense\.(?:com|us)$/.test(hostname) && pathname.startsWith('/v3/')) {
    const inner = /\/v3\/__(.+?)__;/.exec(url.href)?.[1];
    // Proofpoint keeps signs that it cannot show behind a `*`, in letters at the end.
    return inner === undefined || inner.includes('*')
      ? {}
      : readUrl(inner.replace(/^(https?:\/)(?!\/)/, '$1/'));
  }
  const known = rewriters.find(([host, path]) => host.test(hostname) && path.test(pathname));
  if (known === undefined) return undefined;
  const value = known[2].map((name) => searchParams.get(name)).find((one) => one !== null);
  if (!hostname.startsWith('urldefense')) return readUrl(value);
  // Version 2 writes `_` for `/`, and `-3A` for `%3A`.
  const plain = value?.replaceAll('_', '/').replace(/-([0-9A-F]{2})/g, '%$1') ?? '';
  return /%(?![0-9A-F]{2})/.test(plain) ? {} : readUrl(decodeURIComponent(plain));
}
