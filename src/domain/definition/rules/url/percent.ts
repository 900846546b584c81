/**
 * What `%` and two hexadecimal digits stand for in a URL (RFC 3986 §2.1), and which URLs are one whatever is encoded
 * in them (§6.2.2).
 */

import { invisibleIn } from '#base/i18n/invisible';

const encodedByte = /%([\da-f]{2})/gi;
/** §2.3. */
const unreserved = /[\w.~-]/;

/** With the letters, digits and `-._~` that were needlessly encoded as they are (§6.2.2.2). */
export function withoutNeedlessEncoding(url: string): string {
  if (!url.includes('%')) return url;
  return url.replace(encodedByte, (written, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return unreserved.test(character) ? character : written;
  });
}

/** The same text for URLs that lead to the same place: the digits after `%` may have capitals or not (§6.2.2.1). */
export function equivalentUrl(url: string): string {
  if (!url.includes('%')) return url;
  return withoutNeedlessEncoding(url).replace(encodedByte, (written) => written.toUpperCase());
}

/** What no application sends, and what servers do not all read alike. */
export interface EncodingProblem {
  readonly kind: 'percent' | 'hidden' | 'slash';
  /** The part of the URL that is meant. */
  readonly part: string;
}

/** Some servers take an encoded backslash for a slash, and an encoded slash for one, so that `..` climbs. */
const encodedSlash = /%5c|(?:\/|%2f)\.{1,2}%2f|%2f\.{1,2}(?=$|\/)/i;

/** @param path with the query, as the WHATWG URL Standard writes it, without needless encoding */
export function encodingProblemOf(path: string): EncodingProblem | undefined {
  if (!path.includes('%')) return undefined;
  const broken = /%(?![\da-f]{2}).{0,2}/i.exec(path)?.[0];
  if (broken !== undefined) return { kind: 'percent', part: broken };
  for (const [run] of path.matchAll(/(?:%[\da-f]{2})+/gi)) {
    const part = hiddenPart(run);
    if (part !== undefined) return { kind: 'hidden', part };
  }
  const slash = encodedSlash.exec(path.replace(/\?.*$/s, ''))?.[0];
  return slash === undefined ? undefined : { kind: 'slash', part: slash };
}

/** The first character of a run of encoded bytes that nobody sees (pasted along, or meant to end a line where the URL is written), still encoded. Bytes that are not UTF-8 hide nothing. */
function hiddenPart(run: string): string | undefined {
  const single = /%(?:[01][\da-f]|7f)/i.exec(run)?.[0];
  if (single !== undefined) return single;
  try {
    const [character] = Array.from(invisibleIn(decodeURIComponent(run)), ([one]) => one);
    return character === undefined ? undefined : encodeURIComponent(character);
  } catch {
    return undefined;
  }
}
