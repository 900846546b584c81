/**
 * Finds what looks like a secret in a text. A client id is not one, although ProConnect's own client ids have the
 * same form (64 hexadecimal digits) as its secrets: what counts then is the name beside it.
 */

/** Where a secret stands; the text itself must never be shown. */
export interface Secret {
  readonly start: number;
  readonly end: number;
  readonly kind: 'hex' | 'named' | 'key' | 'token';
}

const hex = /(?<![0-9A-Za-z_:/.-])[0-9a-f]{64}(?![0-9A-Za-z_-])/gi;
const named =
  /(client[_-]?secret|secret[_-]?key|secret|mot[_ -]?de[_ -]?passe|password|passwd|api[_-]?key|access[_-]?token)["']?[ \t]{0,20}[:=][ \t]{0,20}["']?([A-Za-z0-9+/=_.~!$%*-]{8,200})/gi;
const key =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g;
const token =
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{30,255}|glpat-[A-Za-z0-9_-]{20,60}|eyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,1000})/g;
const clientId = /client[_ -]?id["']?[ \t]*[:=(]?[ \t]*["'`]?$/i;

/** Every secret of a text, in order, none within another. */
export function secretSpans(text: string): readonly Secret[] {
  const found: Secret[] = [];
  const note = (start: number, end: number, kind: Secret['kind']) => {
    if (!found.some((secret) => start < secret.end && secret.start < end)) found.push({ start, end, kind });
  };
  for (const match of text.matchAll(key)) note(match.index, match.index + match[0].length, 'key');
  for (const match of text.matchAll(token)) note(match.index, match.index + match[0].length, 'token');
  for (const match of text.matchAll(named)) {
    const [, name = '', value = ''] = match;
    const end = match.index + match[0].length;
    // A word after « secret: » is prose; a secret has digits, unless its name leaves no doubt.
    if (!/\d/.test(value) && !/client/i.test(name)) continue;
    note(end - value.length, end, 'named');
  }
  for (const match of text.matchAll(hex))
    if (!clientId.test(text.slice(Math.max(0, match.index - 40), match.index)))
      note(match.index, match.index + match[0].length, 'hex');
  return found.sort((one, other) => one.start - other.start);
}
