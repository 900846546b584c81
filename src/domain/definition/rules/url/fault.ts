/** Why a text is not an http(s) URL, and what was meant when that is certain. */
import type { Environment } from '#base/config/cells';
import { isLoopbackName } from './host.ts';

/** `invalid`: the WHATWG URL Standard does not read it. `scheme`: it does, and the scheme is neither http nor https. */
export interface UrlFault {
  readonly rule: 'invalid' | 'scheme';
  readonly messageId:
    | 'schemeless'
    | 'relative'
    | 'encoded'
    | 'several'
    | 'wrapped'
    | 'doubled'
    | 'misspelt'
    | 'port'
    | 'host'
    | 'email'
    | 'blank'
    | 'other'
    | 'missing'
    | 'application'
    | 'script';
  readonly meant?: string;
}

const bareHost =
  /^(?:localhost|\[[0-9a-f:]+\]|\d{1,3}(?:\.\d{1,3}){3}|(?:[\p{L}\d](?:[\p{L}\d_-]*[\p{L}\d])?\.)+[\p{L}][\p{L}\d-]*)\.?(?::\d{1,5})?(?:[/?#].*)?$/isu;
const encoded = /^https?%(?:25)?3a/i;
const scriptSchemes = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'about:']);
/** Misspellings of `https://`, as fingers and copied lines make them. */
const misspelt =
  /^(?:h{0,2}t{1,3}p{1,2}s{0,2}|hhtps?|htp{1,2}s?|hppts|htttps?|ttps?|tps)\s*(?:[:;.,]\s*\/{1,3}|:\\\\|\/\/|:\s+\/\/)\s*/i;

function httpsFor(host: string, environment: Environment | undefined): string {
  const name = host.replace(/[:/?#].*$/s, '').toLowerCase();
  return environment === 'integration' && isLoopbackName(name) ? `http://${host}` : `https://${host}`;
}

function isUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && hasGoodHost(url.hostname);
}

/** DNS labels: not empty, at most 63 characters, no hyphen at either end (RFC 1123 §2.1). */
function hasGoodHost(hostname: string): boolean {
  if (hostname.startsWith('[')) return true;
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  return name
    .split('.')
    .every(
      (label) => label.length > 0 && label.length <= 63 && !label.startsWith('-') && !label.endsWith('-'),
    );
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

/** The text of a link or a quotation: `<https://…>`, `"https://…"`, `[label](https://…)`, `https://…,`. */
function unwrapped(text: string): string | undefined {
  const link = /^\[[^\]]*\]\((https?:\/\/[^\s)]+)\)$/i.exec(text)?.[1];
  const inner = link ?? text.replace(/^(?:[<"'«“(`]|-\s)\s*/, '').replace(/\s*[>"'»”)`,]+$/, '');
  return inner !== text && /^https?:\/\//i.test(inner) ? inner : undefined;
}

/**
 * @returns undefined when `text` is an http(s) URL for the WHATWG URL Standard, whatever else is wrong with it.
 */
export function urlFaultOf(text: string, environment: Environment | undefined): UrlFault | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return { rule: 'invalid', messageId: 'blank' };
  const pieces = trimmed.split(/[\s,|]+/).filter((piece) => piece !== '');
  if (pieces.length > 1 && pieces.every((piece) => /^(?:https?:\/\/|www\.)/i.test(piece)))
    return { rule: 'invalid', messageId: 'several' };
  if (encoded.test(trimmed)) return meant('invalid', 'encoded', decoded(trimmed));
  const inner = unwrapped(trimmed);
  if (inner !== undefined && isUrl(inner)) return { rule: 'invalid', messageId: 'wrapped', meant: inner };
  const doubled = /^https?:\/\/(https?)(?::?\/\/|%3a%2f%2f)(.+)$/is.exec(trimmed);
  if (doubled !== null) return meant('invalid', 'doubled', `${doubled[1] ?? 'https'}://${doubled[2] ?? ''}`);
  const url = URL.parse(trimmed);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:'))
    return hasGoodHost(url.hostname) ? undefined : { rule: 'invalid', messageId: 'host' };
  return url === null ? invalid(trimmed, environment) : otherScheme(trimmed, url.protocol, environment);
}

function invalid(text: string, environment: Environment | undefined): UrlFault {
  if (/^https?:\/\/[^/]*:\d{5,}(?:[/?#]|$)/i.test(text)) return { rule: 'invalid', messageId: 'port' };
  if (/^https?:\/\//i.test(text)) return { rule: 'invalid', messageId: 'host' };
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
