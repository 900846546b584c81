/** The signs that word processors and PDF readers put in the place of those of a keyboard. */

const plainSigns: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u02bc\u02b9\u2032\u00b4`]/g, "'"],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u2026/g, '...'],
  [/\t|\r\n|\r|\n/g, ' '],
];
/** `ﬁ` and its like, one sign for several letters. */
const ligature = /[\ufb00-\ufb06]/g;

/** A text as a keyboard would have typed it. */
export function withPlainSigns(text: string): string {
  let plain = text.replace(ligature, (sign) => sign.normalize('NFKC'));
  for (const [sign, replacement] of plainSigns) plain = plain.replace(sign, replacement);
  return plain;
}

/** Those of a text that neither an address nor a URL is typed with, each once. */
export function typographicSigns(text: string): readonly string[] {
  return [...new Set(text.match(/[\u2010-\u2015\u2212\u2018\u2019\u2026\u2022\u00b7\ufb00-\ufb06]/g))];
}
