/** Length in characters (code points), as JSON Schema counts (draft 2020-12, Validation §6.3). */
export function codePointLength(text: string): number {
  let { length } = text;
  // The second half of a pair of surrogates counts for nothing.
  for (let at = 1; at < text.length; at++)
    if (isHalf(text.charCodeAt(at), 0xdc00) && isHalf(text.charCodeAt(at - 1), 0xd800)) length--;
  return length;
}

function isHalf(code: number, first: number): boolean {
  return code >= first && code < first + 0x400;
}
