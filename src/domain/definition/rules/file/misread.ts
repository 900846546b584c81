/**
 * Accents that were saved in UTF-8 and read as Windows-1252, as `Ã©` for `é`. Only what comes back to letters and signs that
 * French is written with counts: everything else may be meant.
 */

/** The characters of Windows-1252 from 0x80 to 0x9f, of which some are none. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** `Ã` and the second half of a letter, `Å` for `œ` and `Œ`, `â€` for the signs of typography, `Â` for « » ° and blanks. */
export const misread =
  /Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Å[“’\u0092\u0093]|â€[\u0080-\u009f\u00a6œ™˜“”\u009d¦¢]|Â[\u00a0«»°·]/gu;

function byteOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return code;
  return 0x80 + windows1252.indexOf(character);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text as it was meant. What makes no sense in UTF-8 stays. */
export function withoutMisreading(text: string): string {
  return text.replace(misread, (part) => {
    try {
      return decoder.decode(Uint8Array.from([...part].map(byteOf)));
    } catch {
      return part;
    }
  });
}

/** Whether a text may hold such accents, at the price of one look. */
export function mayBeMisread(text: string): boolean {
  return text.search(misread) !== -1;
}
