/** How a redirect URI that was sent differs from the one that was registered: ProConnect compares them to the character. */

/** The one difference that explains all of it, when there is one. */
export type DifferenceKind =
  | 'encoded'
  | 'slash-missing'
  | 'slash-added'
  | 'scheme'
  | 'case'
  | 'port'
  | 'host'
  | 'query'
  | 'path'
  | 'other';

export interface UriDifference {
  readonly kind: DifferenceKind;
  readonly expected: string;
  readonly received: string;
  /** Offset of the first character that differs, in both. */
  readonly at: number;
}

/** @returns undefined when they are the same */
export function uriDifference(expected: string, received: string): UriDifference | undefined {
  if (expected === received) return undefined;
  let at = 0;
  while (at < expected.length && expected[at] === received[at]) at++;
  return { kind: kindOf(expected, received), expected, received, at };
}

/** The registered URI that one most likely meant: the longest common start and end. */
export function nearestUri(received: string, registered: readonly string[]): string | undefined {
  const likeness = (uri: string) => {
    const most = Math.min(uri.length, received.length);
    let start = 0;
    while (start < most && uri[start] === received[start]) start++;
    let end = 0;
    while (end < most - start && uri.at(-1 - end) === received.at(-1 - end)) end++;
    return start + end - Math.abs(uri.length - received.length) / 2;
  };
  let best: string | undefined;
  for (const uri of registered) if (best === undefined || likeness(uri) > likeness(best)) best = uri;
  return best;
}

function kindOf(expected: string, received: string): DifferenceKind {
  if (decoded(received) === expected) return 'encoded';
  if (`${received}/` === expected) return 'slash-missing';
  if (received === `${expected}/`) return 'slash-added';
  if (received.toLowerCase() === expected.toLowerCase()) return 'case';
  if (!URL.canParse(expected) || !URL.canParse(received)) return 'other';
  const [one, other] = [new URL(expected), new URL(received)];
  if (one.hostname !== other.hostname) return 'host';
  if (one.protocol !== other.protocol) return 'scheme';
  if (one.port !== other.port) return 'port';
  if (one.pathname !== other.pathname) return 'path';
  return one.search === other.search ? 'other' : 'query';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
