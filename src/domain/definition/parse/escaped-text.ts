/** What a scalar in double quotes says, and where each of its characters is written. */

/** YAML 1.2.2 §5.7; behind `\` and a line end, the line goes on. */
const parts = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(\r?\n[ \t]*)|(.))|[^\\]/gsu;
const named: Readonly<Record<string, number>> = {
  '0': 0,
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 0x1b,
  N: 0x85,
  _: 0xa0,
  L: 0x2028,
  P: 0x2029,
};
const highest = 0x10ffff;

export interface EscapedText {
  /** Line breaks are not folded; a number beyond the characters is half of one. */
  readonly text: string;
  /** Where each code unit of the text starts, and at last where it ends, in what is written. */
  readonly at: readonly number[];
}

/** @param written what stands between the quotation marks */
export function readEscapes(written: string): EscapedText {
  let text = '';
  const at: number[] = [];
  for (const { 0: whole, 1: two, 2: four, 3: eight, 4: continued, 5: letter, index } of written.matchAll(
    parts,
  )) {
    if (continued !== undefined) continue;
    const digits = two ?? four ?? eight;
    const code = digits === undefined ? named[letter ?? ''] : Number.parseInt(digits, 16);
    const said =
      code === undefined ? (letter ?? whole) : code > highest ? '\ud800' : String.fromCodePoint(code);
    for (let unit = 0; unit < said.length; unit++) at.push(index);
    text += said;
  }
  return { text, at: [...at, written.length] };
}
