/** Follows every link of every page on this machine, as someone who is curious does. */
import { type BrowserPage, TextBrowser } from '#demo/text-browser';
import { unescapeHtml } from '#demo/unescape-html';

export interface Crawled {
  /** Every address that was opened. */
  readonly opened: readonly string[];
  /** Links that lead to no page, or to a place that is not on it, and where each was found. */
  readonly dead: readonly string[];
  /** Addresses elsewhere, which nobody opened. */
  readonly elsewhere: readonly string[];
}

/**
 * @param browser with the sessions that it has; nothing is pressed
 * @param from where to begin
 */
export async function crawl(from: readonly string[], browser = new TextBrowser()): Promise<Crawled> {
  const pages = new Map<string, BrowserPage>();
  const elsewhere = new Set<string>();
  const dead = new Set<string>();
  const waiting = from.map((url) => ({ url, on: 'printed' }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { hash, href } = new URL(next.url);
    const url = href.slice(0, href.length - hash.length);
    const known = pages.get(url);
    const page = known ?? (await browser.open(new URL(url)));
    pages.set(url, page);
    // The one-time page of keys that were read says so by its status.
    const isThere = page.status === 200 || (page.status === 410 && url.includes('/handover/'));
    const place = decodeURIComponent(hash.slice(1));
    const hasPlace = place === '' || page.html.includes(` id="${place}"`);
    if (!isThere || !hasPlace) dead.add(`${page.status} ${next.url} on ${next.on}`);
    if (known !== undefined || page.headers.get('content-type')?.startsWith('text/html') !== true) continue;
    for (const [, link = ''] of page.html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)) {
      const to = new URL(unescapeHtml(link), page.url);
      if (!/^https?:$/.test(to.protocol)) continue;
      if (!/^(?:127\.0\.0\.1|localhost)$/.test(to.hostname)) elsewhere.add(to.href);
      // The same page in another language.
      else if (!to.searchParams.has('lang')) waiting.push({ url: to.href, on: url });
    }
  }
  return { opened: [...pages.keys()], dead: [...dead], elsewhere: [...elsewhere] };
}
