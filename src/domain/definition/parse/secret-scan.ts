/**
 * Finds what looks like a secret in a text. A client id is not one, although ProConnect's own client ids have the
 * same form (64 hexadecimal digits) as its secrets: what counts then is the name beside it.
 */

/** Where a secret stands; the text itself must never be shown. */
export interface SecretSpan {
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

/** Adds what overlaps nothing that was found before; both in order. */
function withMore(found: readonly SecretSpan[], more: readonly SecretSpan[]): readonly SecretSpan[] {
  if (found.length === 0 || more.length === 0) return found.length === 0 ? more : found;
  const all: SecretSpan[] = [];
  let at = 0;
  for (const secret of more) {
    for (let next = found[at]; next !== undefined && next.end <= secret.start; next = found[++at])
      all.push(next);
    const next = found[at];
    if (next === undefined || secret.end <= next.start) all.push(secret);
  }
  return all.concat(found.slice(at));
}

/** Every secret of a text, in order, none within another. */
export function secretSpans(text: string): readonly SecretSpan[] {
  const whole = (pattern: RegExp, kind: SecretSpan['kind']): readonly SecretSpan[] =>
    Array.from(text.matchAll(pattern), ({ index, 0: match }) => ({
      start: index,
      end: index + match.length,
      kind,
    }));
  const values: SecretSpan[] = [];
  for (const match of text.matchAll(named)) {
    const [, name = '', value = ''] = match;
    const end = match.index + match[0].length;
    // A word after « secret: » is prose; a secret has digits, unless its name leaves no doubt.
    if (!/\d/.test(value) && !/client/i.test(name)) continue;
    values.push({ start: end - value.length, end, kind: 'named' });
  }
  const ids = whole(hex, 'hex').filter(
    ({ start }) => !clientId.test(text.slice(Math.max(0, start - 40), start)),
  );
  return [whole(token, 'token'), values, ids].reduce(withMore, whole(key, 'key'));
}

/** The user information of URLs (RFC 3986 §3.2.1), which may hold a password. */
const userInformation = /(?<=\/\/)[^/?#\s@]+(?=@)/g;

/**
 * Replaces whatever must not be printed (secrets, user information in URLs) by as many bullets, so that offsets stay.
 *
 * @param secrets those of the text, where they are known already
 */
export function withoutSecrets(text: string, secrets = secretSpans(text)): string {
  let safe = text;
  for (const { start, end } of secrets)
    safe = safe.slice(0, start) + bullets(safe.slice(start, end)) + safe.slice(end);
  return safe.includes('@') ? safe.replace(userInformation, bullets) : safe;
}

function bullets(text: string): string {
  return text.replace(/[^\r\n]/g, '•');
}
