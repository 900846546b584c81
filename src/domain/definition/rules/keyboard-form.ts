/**
 * Signs that only look like those of the keyboard: of another width (as East Asian keyboards type them) or of another alphabet.
 * A value that holds one is shown like the right one, so that nobody finds what is wrong with it.
 */
import { codePointName } from '#base/i18n/invisible';
import type { Bilingual } from '#base/i18n/message';

/** Cyrillic and Greek letters beside the Latin ones that they are drawn like (Unicode Technical Standard #39, confusables). */
const foreign = 'АВЕЅНІЈКМОРСТХУасеіјорѕхуԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧο';
const latin = 'ABESHIJKMOPCTXYaceijopsxydhABEZHIKMNOPTYXo';
const drawnLike = new Map(Array.from(foreign, (letter, index) => [letter, latin[index] ?? letter]));

/** The message of every rule that finds one. */
export const keyboardMessage: Bilingual = {
  fr: '{value} contient un signe qui ressemble à un autre sans en être un ({characters}), venu d’un autre clavier ou d’un copier-coller. Retapez-le au clavier : {correction}.',
  en: '{value} holds a sign that looks like another one without being it ({characters}), from another keyboard or by copying. Type it anew: {correction}.',
};

/**
 * @param value what is written
 * @returns it as a keyboard writes it, with the names of what it was not; undefined when there is nothing of the kind
 * @example keyboardForm('Н４') // { text: 'H4', characters: ['U+041D', 'U+FF14'] }
 */
export function keyboardForm(
  value: string,
): { readonly text: string; readonly characters: readonly string[] } | undefined {
  const characters = new Set<string>();
  const text = Array.from(value, (character) => {
    const typed = drawnLike.get(character) ?? ofUsualWidth(character);
    if (typed !== character) characters.add(codePointName(character));
    return typed;
  }).join('');
  return characters.size === 0 ? undefined : { text, characters: [...characters] };
}

/** U+FF01 to U+FF5E are the printable signs of ASCII, in full width. */
function ofUsualWidth(character: string): string {
  return character >= '\uff01' && character <= '\uff5e' ? character.normalize('NFKC') : character;
}
