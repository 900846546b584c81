/** JSON as the store takes it, whatever people wrote in it. */

/** Escapes of `JSON.stringify`; it writes halves of a pair only where the other half is missing (ECMA-262 §25.5.2). */
const escapes = /\\(?:u0000|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/g;
const unstorable = /\\(?:u0000|u[dD][89a-fA-F])/;

/**
 * A value as JSON. PostgreSQL's `jsonb` takes neither U+0000 nor half of a surrogate pair (its documentation, §8.14):
 * U+FFFD stands in their place, as in Markdown and in UTF-8 that is not well-formed. Whatever goes into the store as
 * JSON is written by this.
 */
export function storableJson(value: object): string {
  const json = JSON.stringify(value);
  if (!unstorable.test(json)) return json;
  return json.replace(escapes, (whole) => (unstorable.test(whole) ? '\ufffd' : whole));
}
