/**
 * Which characters nobody sees, or that change how others are seen: the one list, for what is judged and for what is shown.
 *
 * Controls, formats (bidirectional ones and tags among them), halves of surrogate pairs, private use, non-characters, line
 * and paragraph separators, whatever Unicode calls ignorable (variation selectors, fillers), every space but that of the
 * keyboard, the blank of Braille and the mark of an object that was not copied along.
 */
const pattern =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc]|(?! )\p{Zs}/u;
const everywhere = new RegExp(pattern, 'gu');

/** Finds them, but for some. */
export function invisibleBut(characters: string): RegExp {
  return new RegExp(`(?![${characters}])(?:${pattern.source})`, 'gu');
}

/** Exists only for speed: what texts are mostly made of, in which there is none. */
const visible = /^[ -~\u00a1-\u00ac\u00ae-\u024f\u2013\u2014\u2018-\u201d\u2026\u20ac]*$/;

/** Those of a text, line ends and tabulations among them. */
export function invisibleIn(text: string): Iterable<RegExpExecArray> {
  return text.matchAll(everywhere);
}

/** A text as it is seen. */
export function withoutInvisible(text: string): string {
  return text.replace(everywhere, '');
}

/** What keyboards put between and after pictures, which are seen by it. */
const joins =
  /(?<=\p{Extended_Pictographic})\ufe0f|(?<=\p{Extended_Pictographic}\ufe0f?)\u200d(?=\p{Extended_Pictographic})/gu;

/** Names of those of a value, each once; a picture of several signs holds none. */
export function invisibleNames(value: string): readonly string[] {
  return [...new Set(Array.from(invisibleIn(value.replace(joins, '')), ([is]) => codePointName(is)))];
}

/** @example U+202E */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Writes every character that a reader could not see, or that could reorder what they see, as `⟨U+202E⟩`. */
export function escapeInvisible(text: string): string {
  if (visible.test(text)) return text;
  return text.replace(everywhere, (character) => `⟨${codePointName(character)}⟩`);
}
