/** The characters that take two code units, in whatever text has any; V8 does not look for them in one of Latin letters. */
const pairs = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Length in characters (code points), as JSON Schema counts (draft 2020-12, Validation §6.3). */
export function codePointLength(text: string): number {
  return text.length - (text.match(pairs)?.length ?? 0);
}
