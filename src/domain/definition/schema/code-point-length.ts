/** Length in characters (code points), as JSON Schema counts (draft 2020-12, Validation §6.3). */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _character of text) length++;
  return length;
}
