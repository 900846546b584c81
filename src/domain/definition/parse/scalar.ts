/** Writes scalars in YAML so that every reader, of YAML 1.1 or 1.2, understands the same. */
import type { ScalarStyle } from './source-map.ts';

const plainText =
  /^[A-Za-z\u00c0-\u024f][A-Za-z0-9\u00c0-\u024f _./@?=&+%~(),'!-]*(?::(?:[A-Za-z0-9/_.?=&+%~@-])+)*[A-Za-z0-9\u00c0-\u024f_./@?=&+%~(),'!:-]*$/;
/** An IPv4 address or range, which no reader takes for a number. */
const address = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;
const misread = /^(?:y|n|yes|no|on|off|null|true|false)$/i;

/** Whether a string may stand without quotes, in a list, a mapping or a flow collection alike. */
function mayBePlain(text: string): boolean {
  if (address.test(text)) return true;
  return (
    plainText.test(text) &&
    !misread.test(text) &&
    !/[,[\]{}]/.test(text) &&
    !text.includes(': ') &&
    !text.includes(' #') &&
    !text.endsWith(':') &&
    !text.endsWith(' ')
  );
}

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A scalar as YAML text on one line.
 *
 * @param style how the scalar that it replaces was written; kept when it can be
 */
export function scalarText(value: string | number | boolean, style: ScalarStyle = 'plain'): string {
  if (typeof value !== 'string') return String(value);
  if (style === 'single' && !/[\n\r\t]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  if (style !== 'double' && mayBePlain(value)) return value;
  return doubleQuoted(value);
}
