/** Latin letters, which Unicode takes apart one by one as it does all at once. */
const latin = /^[\0-\u024f]*$/;
const accented = /[\u00c0-\u024f]/g;

/** What is left of each of them that occurred: names share most of theirs. */
const bare = new Map<string, string>();

/** A text without its accents and whatever else is set on letters. */
export function withoutAccents(text: string): string {
  return latin.test(text) ? text.replace(accented, bareLetter) : bareText(text);
}

function bareLetter(letter: string): string {
  let found = bare.get(letter);
  if (found === undefined) {
    found = bareText(letter);
    bare.set(letter, found);
  }
  return found;
}

function bareText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}
