/**
 * Recognises the plain layout in which nearly every definition is written: one `key: value` or `- value` a line,
 * simple scalars, ordinary characters. In that layout YAML 1.1 and 1.2 readers cannot disagree and nothing can
 * hide, so that such a text needs neither the rules on the text nor a second parser.
 *
 * It errs on the side of caution: a text that is not recognised is merely read with more care.
 */

/** Latin text as French is typed; everything invisible or of another script is out. */
const ordinary =
  /^[\n\r\x20-\x7e\u00a1-\u00ac\u00ae-\u024f\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u20ac]*$/;
/** What a secret or a placeholder left from a template could look like. */
const delicate = /[0-9a-fA-F]{40}|secret|-----BEGIN|\bgh[a-z]_|github_pat|eyJ[A-Za-z0-9_-]{10}/i;
const line = /^ *(?:- +)?(?:[a-z_]+:(?: +|$))?/;
const quotedValue = /^(?:"[^"\\]*"|'[^']*')(?: +# .*)?$/;
const commented = /^(.*?) +#(?: .*)?$/;
/** Words that YAML 1.1 reads as booleans or nothing. */
const words = /^(?:y|n|yes|no|on|off|null)$|^(?!true$|false$)(?:true|false)$/i;
const simple = /^(?:[A-Za-z\u00c0-\u024f/]|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d{1,2})?$|1$|\[\]$)/;

function isPlainLine(text: string): boolean {
  const head = line.exec(text)?.[0] ?? '';
  const rest = text.slice(head.length).trimEnd();
  if (rest === '' || rest.startsWith('#')) return true;
  if (head.trim() === '') return false;
  if (rest.startsWith('"') || rest.startsWith("'")) return quotedValue.test(rest);
  const value = rest.includes(' #') ? commented.exec(rest)?.[1] : rest;
  if (value === undefined || value.includes(' #')) return false;
  return simple.test(value) && !words.test(value) && !value.includes(': ') && !value.endsWith(':');
}

/** Whether a text is in the plain layout. */
export function isPlain(text: string): boolean {
  if (!ordinary.test(text) || delicate.test(text)) return false;
  if (text.includes('\r') && /\r(?!\n)/.test(text)) return false;
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const stop = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    if (!isPlainLine(text.slice(start, stop))) return false;
    start = end + 1;
  }
  return true;
}
