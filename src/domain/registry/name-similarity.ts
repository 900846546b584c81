/**
 * When two names are the same to a person who reads them.
 *
 * Three degrees: the same name (case, composition of accents and spaces apart), a name that looks the same
 * (accents, punctuation and look-alike characters apart, after the skeletons of Unicode Technical Standard 39 §4),
 * and a name that one letter tells apart.
 */

/** The key under which two names are one: NFC, case folded, white space collapsed. */
export function nameKey(name: string): string {
  const folded = name.normalize('NFC').toLowerCase();
  return /^\s|\s$|\s\s|[^\S ]/.test(folded) ? folded.replace(/\s+/g, ' ').trim() : folded;
}

/** Characters that are read as another: digits for letters, Cyrillic and Greek for Latin, ligatures. */
const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  i: 'l',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ł: 'l',
  ı: 'l',
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  і: 'l',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'n',
  ι: 'l',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
};

/**
 * The skeleton of a name: two names with the same skeleton look alike. Only letters are left of it, and numbers,
 * set apart: "Service 1" and "Service 2" are not to be taken for each other, nor are "v2" and "v3".
 */
export interface Skeleton {
  readonly letters: string;
  /** The words that are numbers ("12", "v2", "T3"), in order, joined by a space. */
  readonly numbers: string;
}

/** Letters, digits and spaces of French, which Unicode takes apart word by word as it does all at once. */
const latin = /^[ a-zA-Z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff'-]*$/;

/** The skeleton of each word that occurred: the names of a registry share most of their words. */
const skeletonCache = new Map<string, Skeleton>();
const maxCachedWords = 2_000;

function skeletonOf(name: string): Skeleton {
  if (!latin.test(name)) return wholeSkeleton(name);
  let letters = '';
  let numbers = '';
  for (const word of name.split(/[ '-]/)) {
    if (word === '') continue;
    const skeleton = skeletonOfWord(word);
    letters += skeleton.letters;
    if (skeleton.numbers !== '') numbers += numbers === '' ? skeleton.numbers : ` ${skeleton.numbers}`;
  }
  return { letters: mergePairs(letters), numbers };
}

function skeletonOfWord(word: string): Skeleton {
  if (/^\d+$/.test(word)) return { letters: '', numbers: word };
  let skeleton = skeletonCache.get(word);
  if (skeleton === undefined) {
    skeleton = splitSkeleton(word);
    if (skeletonCache.size >= maxCachedWords) skeletonCache.clear();
    skeletonCache.set(word, skeleton);
  }
  return skeleton;
}

function wholeSkeleton(name: string): Skeleton {
  const { letters, numbers } = splitSkeleton(name);
  return { letters: mergePairs(letters), numbers };
}

/** Two letters that are read as one; also across words. */
function mergePairs(letters: string): string {
  return letters.replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/** The skeleton of a name before `mergePairs`. */
function splitSkeleton(name: string): Skeleton {
  const plain = (isAscii(name) ? name : name.normalize('NFKD').replace(/\p{M}+/gu, '')).toLowerCase();
  let letters = '';
  let numbers = '';
  for (const word of wordsOf(plain)) {
    if (isNumber(word)) numbers += numbers === '' ? word : ` ${word}`;
    else for (const character of word) letters += letterOf(character);
  }
  return { letters, numbers };
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 126) return false;
  return true;
}

/** A name cut at spaces and punctuation. */
function wordsOf(text: string): string[] {
  return text.split(/[\s\-_.,:;!/()&+*'’]+/u);
}

function isNumber(word: string): boolean {
  const last = word.charCodeAt(word.length - 1);
  return last >= 48 && last <= 57 && /^\p{L}{0,2}\d+$/u.test(word);
}

function letterOf(character: string): string {
  const alike = lookAlikes[character];
  if (alike !== undefined) return alike;
  const isPlain = character >= 'a' && character <= 'z';
  return isPlain || /[\p{L}\p{N}]/u.test(character) ? character : '';
}

/** Names that look the same have the same key; empty for a name without letters, which looks like no other. */
export function skeletonKey(name: string): string {
  const { letters, numbers } = skeletonOf(name);
  return letters.length < 3 ? '' : `${letters} ${numbers}`;
}

/** Whether exactly one substitution, insertion or removal leads from one text to the other. */
export function isOneEditApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  let end = 0;
  while (end < short.length - start && short[short.length - 1 - end] === long[long.length - 1 - end])
    end += 1;
  const left = long.length - start - end;
  return left === 1;
}

/** A word that differs by one letter is a slip or an imitation only when it is long: "Portail RH", "Portail RP". */
const minWordLength = 5;

/** Whether the words that tell two names apart are long ones; true when they have not the same number of words. */
export function differInLongWord(one: string, other: string): boolean {
  const a = wordsOf(nameKey(one));
  const b = wordsOf(nameKey(other));
  if (a.length !== b.length) return true;
  return a.every((word, at) => {
    const otherWord = b[at] ?? '';
    return (
      word === otherWord ||
      skeletonOf(word).letters === skeletonOf(otherWord).letters ||
      Math.min(word.length, otherWord.length) >= minWordLength
    );
  });
}

/** Names that users trust wherever they see them; another's service must not seem to be one of these. */
const wellKnown = ['ProConnect', 'FranceConnect', 'AgentConnect', 'impots.gouv', 'impots.gouv.fr'].map(
  (name) => ({ name, plain: name.toLowerCase(), letters: skeletonOf(name).letters }),
);

/** The well-known name that this one is, nearly is, or holds as whole words in disguise. */
export function imitatedName(name: string): string | undefined {
  const plain = name.toLowerCase();
  const { letters } = skeletonOf(name);
  return wellKnown.find(
    (known) =>
      isOrNearly(letters, known.letters) ||
      (!plain.includes(known.plain) && letters.includes(known.letters) && hasWords(plain, known.letters)),
  )?.name;
}

/** Whether some words of a name, one after the other, have these letters together. */
function hasWords(plain: string, letters: string): boolean {
  const words = wordsOf(plain).map((word) => skeletonOf(word).letters);
  return words.some((_, start) => {
    let joined = '';
    for (let at = start; at < words.length && joined.length < letters.length; at += 1) joined += words[at];
    return joined === letters;
  });
}

/** Whether a name with this skeleton (`skeletonKey`) could be one that `imitatedName` finds: quick, never too few. */
export function mayImitate(skeleton: string): boolean {
  const own = skeleton.slice(0, skeleton.indexOf(' '));
  return wellKnown.some(({ letters }) => own.includes(letters) || isOrNearly(own, letters));
}

function isOrNearly(letters: string, known: string): boolean {
  return (
    letters === known || (Math.abs(letters.length - known.length) <= 1 && isOneEditApart(letters, known))
  );
}
