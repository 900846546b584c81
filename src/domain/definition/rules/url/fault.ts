/** Why a text is not an http(s) URL, and what was meant when that is certain. */
import type { Environment } from '#base/config/cells';
import { typographicSigns, withPlainSigns } from '#domain/definition/rules/plain-signs';
import { unwrapped, valuesIn } from '#domain/definition/rules/wrapping';
import { isLoopbackName } from './host.ts';
import { rewritten } from './rewritten.ts';

/** `invalid`: the WHATWG URL Standard does not read it. `scheme`: it does, and the scheme is neither http nor https. */
export interface UrlFault {
  readonly rule: 'invalid' | 'scheme';
  readonly messageId:
    | 'schemeless'
    | 'relative'
    | 'encoded'
    | 'several'
    | 'wrapped'
    | 'note'
    | 'cut'
    | 'spaced'
    | 'rewritten'
    | 'signs'
    | 'comma'
    | 'doubled'
    | 'misspelt'
    | 'port'
    | 'host'
    | 'blanks'
    | 'email'
    | 'blank'
    | 'other'
    | 'missing'
    | 'application'
    | 'script';
  readonly meant?: string;
  /** What would be lost of a text that `meant` is only a part of: the person is asked. */
  readonly note?: string;
  /** What else may have been meant than `meant`: the person is asked. */
  readonly joined?: readonly string[];
  /** Signs that nobody types in a URL. */
  readonly signs?: readonly string[];
  /** The URLs of a text that holds several. */
  readonly items?: readonly string[];
  /** Whether a text with several URLs holds nothing else; false: the person is asked whether `meant` was meant. */
  readonly certain?: boolean;
}

const bareHost =
  /^(?:localhost|\[[0-9a-f:]+\]|\d{1,3}(?:\.\d{1,3}){3}|(?:[\p{L}\d](?:[\p{L}\d_-]*[\p{L}\d])?\.)+[\p{L}][\p{L}\d-]*)\.?(?::\d{1,5})?(?:[/?#].*)?$/isu;
const encoded = /^https?%(?:25)?3a/i;
const scriptSchemes = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'about:']);
/** Misspellings of `https://`, as fingers and copied lines make them. */
const misspelt =
  /^(?:http\s+s|h{0,2}t{1,3}p{1,2}s{0,2}|hhtps?|htp{1,2}s?|hppts|htttps?|ttps?|tps)\s*(?:[:;.,]\s*\/{1,3}|:\\\\|\/\/|:\s+\/\/)\s*/i;

function httpsFor(host: string, environment: Environment | undefined): string {
  const name = host.replace(/[:/?#].*$/s, '').toLowerCase();
  return environment === 'integration' && isLoopbackName(name) ? `http://${host}` : `https://${host}`;
}

function isUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && hasGoodHost(url.hostname);
}

/** DNS labels: letters, digits and hyphens, at most 63, no hyphen at either end (RFC 1123 §2.1); `_` is met in names. */
const hostLabel = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

function hasGoodHost(hostname: string): boolean {
  if (hostname.startsWith('[')) return true;
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  return name.split('.').every((label) => hostLabel.test(label));
}

const brackets: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
];

/** Whether a text ends with a sign that closes a sentence, a quotation or a bracket which it did not open. */
function endsLikeASentence(text: string): boolean {
  if (/(?:\/|%2f)\.{1,2}$/i.test(text)) return false;
  if (/[.,:!'"»”’`]$/.test(text)) return true;
  return brackets.some(([open, close]) => text.endsWith(close) && count(text, open) < count(text, close));
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

/** An http(s) URL without anything around it. */
export function isUrlAlone(text: string): boolean {
  return /^https?:\/\/[^\s<>"`\\]+$/i.test(text) && !endsLikeASentence(text) && isUrl(text);
}

function meant(rule: UrlFault['rule'], messageId: UrlFault['messageId'], text: string): UrlFault {
  return isUrl(text) ? { rule, messageId, meant: text } : { rule, messageId };
}

function decoded(text: string): string {
  let plain = text;
  for (let times = 0; times < 3 && encoded.test(plain); times += 1) {
    try {
      plain = decodeURIComponent(plain);
    } catch {
      return plain;
    }
  }
  return plain;
}

/** What stands before and behind a value. */
function around(text: string, value: string): readonly string[] {
  const at = text.indexOf(value);
  if (at === -1) return [text];
  const ends = [text.slice(0, at).trim(), text.slice(at + value.length).trim()];
  return [...new Set(ends.filter((end) => end !== ''))];
}

/**
 * @returns undefined when `text` is an http(s) URL for the WHATWG URL Standard, whatever else is wrong with it.
 */
export function urlFaultOf(text: string, environment: Environment | undefined): UrlFault | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return { rule: 'invalid', messageId: 'blank' };
  const several = valuesIn(trimmed, isUrlAlone) ?? bareHostsIn(trimmed);
  if (several !== undefined) return { rule: 'invalid', messageId: 'several', ...several };
  if (encoded.test(trimmed)) return meant('invalid', 'encoded', decoded(trimmed));
  const abridged = typographicEnd(trimmed);
  if (abridged !== undefined) return abridged;
  const inner = unwrapped(trimmed, isUrlAlone);
  if (inner !== undefined && inner.note === '')
    return { rule: 'invalid', messageId: 'wrapped', meant: inner.value, signs: around(trimmed, inner.value) };
  // A host alone may have lost its second half to the space.
  if (inner !== undefined && /^https?:\/\/[^/]+\//i.test(inner.value))
    return withNote(inner.value, inner.note);
  const doubled = /^https?:\/\/(https?)(?::?\/\/|%3a%2f%2f)(.+)$/is.exec(trimmed);
  if (doubled !== null) {
    const scheme = /^https:/i.test(trimmed) ? 'https' : (doubled[1] ?? 'https').toLowerCase();
    return meant('invalid', 'doubled', `${scheme}://${doubled[2] ?? ''}`);
  }
  const url = URL.parse(trimmed);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:'))
    return (
      rewrittenFault(url) ?? signsFault(trimmed) ?? (hasGoodHost(url.hostname) ? undefined : badHost(trimmed))
    );
  return url === null ? invalid(trimmed, environment) : otherScheme(trimmed, url.protocol, environment);
}

/** Signs behind which a note stands, or another value. */
const noteSign = /^(?:[-–—([{#:;,=>/|]|ou\s|et\s|puis\s)/iu;

/** A URL with a space in it: cut in two, or followed by a note. Only the person knows. */
function withNote(value: string, note: string): UrlFault {
  const isOneWord = /^[\p{L}\d._~%/?&=+-]+$/u.test(note);
  if (isOneWord && !/^[-–—]$/.test(note[0] ?? '') && /[/=&?_.-]$/.test(value)) {
    const joined = [value + note, ...(value.endsWith('-') ? [value.slice(0, -1) + note] : [])].filter(
      isUrlAlone,
    );
    if (joined.length > 0) return { rule: 'invalid', messageId: 'cut', meant: value, note, joined };
  }
  return noteSign.test(note)
    ? { rule: 'invalid', messageId: 'note', meant: value, note }
    : { rule: 'invalid', messageId: 'spaced', meant: value, note };
}

function rewrittenFault(url: URL): UrlFault | undefined {
  const link = rewritten(url);
  if (link === undefined) return undefined;
  const { target } = link;
  return target === undefined
    ? { rule: 'invalid', messageId: 'rewritten' }
    : meant('invalid', 'rewritten', target);
}

/** A URL that ends with an ellipsis was cut where it was copied from: what is missing is known to nobody. */
function typographicEnd(text: string): UrlFault | undefined {
  return /^[^\s]*:\/\/[^\s]*(?:…|\.{3,})["'»”)\]>]*$/u.test(text)
    ? { rule: 'invalid', messageId: 'signs', signs: ['…'] }
    : undefined;
}

/** Signs of a word processor: certain in a host, where nothing else can stand, and a question in a path. */
function signsFault(text: string): UrlFault | undefined {
  const [, host = '', rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(text) ?? [];
  // Catalan names have a middle dot between two l.
  const signs = typographicSigns(host.replaceAll('l·l', 'll') + rest);
  if (signs.length === 0) return undefined;
  const plain = withPlainSigns(text);
  const isKnown = signs.every((sign) => !/[…•·]/.test(sign)) && isUrl(plain);
  return {
    rule: 'invalid',
    messageId: 'signs',
    signs,
    ...(isKnown && { meant: plain, certain: typographicSigns(rest).length === 0 }),
  };
}

/** Hosts without a scheme, which nothing tells apart from other words but that there are only such. */
function bareHostsIn(text: string): { items: readonly string[]; certain: boolean } | undefined {
  const pieces = text.split(/[\s,|]+/).filter((piece) => piece !== '');
  return pieces.length > 1 && pieces.every((piece) => /^(?:https?:\/\/|www\.)/i.test(piece))
    ? { items: pieces, certain: pieces.every(isUrlAlone) }
    : undefined;
}

/** The host of a URL that is read as one, and which no name server knows. */
function badHost(text: string): UrlFault {
  const [, start = '', host = '', rest = ''] = /^(https?:\/\/)([^/?#]*)(.*)$/is.exec(text) ?? [];
  if (/\[.+\]/.test(host)) return { rule: 'invalid', messageId: 'blanks' };
  return host.includes(',')
    ? meant('invalid', 'comma', `${start}${host.replaceAll(',', '.')}${rest}`)
    : { rule: 'invalid', messageId: 'host' };
}

function invalid(text: string, environment: Environment | undefined): UrlFault {
  if (/^https?:\/\/[^/]*:\d{5,}(?:[/?#]|$)/i.test(text)) return { rule: 'invalid', messageId: 'port' };
  if (/^https?:\/\/\s+\S/i.test(text))
    return meant('invalid', 'misspelt', text.replace(misspelt, 'https://'));
  if (/^https?:\/\//i.test(text)) return badHost(text);
  if (text.startsWith('//')) return meant('invalid', 'schemeless', `https:${text}`);
  if (/^\.{0,2}\//.test(text)) return { rule: 'invalid', messageId: 'relative' };
  if (misspelt.test(text)) return meant('invalid', 'misspelt', text.replace(misspelt, 'https://'));
  if (bareHost.test(text)) return meant('invalid', 'schemeless', httpsFor(text, environment));
  if (/^[^\s/@]+@[^\s/@]+\.[^\s/@]+$/.test(text)) return { rule: 'invalid', messageId: 'email' };
  return { rule: 'invalid', messageId: 'other' };
}

function otherScheme(text: string, scheme: string, environment: Environment | undefined): UrlFault {
  if (/^[^/?#\s]+:\d{1,5}(?:[/?#]|$)/.test(text) && bareHost.test(text))
    return meant('scheme', 'missing', httpsFor(text, environment));
  if (misspelt.test(text)) return meant('scheme', 'misspelt', text.replace(misspelt, 'https://'));
  if (scriptSchemes.has(scheme)) return { rule: 'scheme', messageId: 'script' };
  if (scheme === 'mailto:') return { rule: 'scheme', messageId: 'email' };
  return {
    rule: 'scheme',
    messageId: /^(?:ftps?|sftp|wss?|ssh|ldaps?|gopher):$/.test(scheme) ? 'other' : 'application',
  };
}
