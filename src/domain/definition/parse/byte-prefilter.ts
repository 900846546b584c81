/**
 * Exists only for speed: with every flag raised, the outcome is the same.
 *
 * One pass over the bytes of a file, before it is text: it decides in a microsecond what would take regular
 * expressions many. What it flags is only read with more care: it flags too often rather than too seldom.
 */

/** What may be in a file, as bits. */
export const prefilterFlags = {
  /** Holds what French is not typed with: something invisible, another script, or what is not UTF-8 at all. */
  unusualCharacters: 1,
  /** May hold what `secretSpans` takes for a secret. */
  possibleSecret: 2,
  /** May hold what is left of a template. */
  possiblePlaceholder: 4,
} as const;

/** What is looked for, in lower case; capitals count the same. */
const patterns: readonly (readonly [flag: number, words: readonly string[]])[] = [
  [prefilterFlags.possibleSecret, ['secret', 'passe', 'passw', 'ikey', 'i_key', 'i-key', 'begin', 'eyj']],
  [prefilterFlags.possibleSecret, ['esstoken', 'ess_token', 'ess-token', 'github_pat', 'glpat']],
  [prefilterFlags.possibleSecret, ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_']],
  [
    prefilterFlags.possiblePlaceholder,
    ['<', '...', 'compl', 'rempli', 'renseign', 'finir', 'todo', 'tbd', 'fixme', 'xxx', 'change', 'ciser'],
  ],
  [
    prefilterFlags.possiblePlaceholder,
    ['nom du ', '14 ch', 'h et le', 'infinitif,', 'adresse e', 'nt github', 'adresse ip', 'vous servira'],
  ],
  [prefilterFlags.possiblePlaceholder, ['example.', '0'.repeat(14)]],
];

/** So many hexadecimal digits in a row may be a secret. */
const longRun = 32;

const ascii = 128;
const lineFeed = 10;
const carriageReturn = 13;

/** What is said of a text in which something is that nobody types in French: anything may be. */
const everything =
  prefilterFlags.unusualCharacters | prefilterFlags.possibleSecret | prefilterFlags.possiblePlaceholder;

/** The words by their letters: what follows each state, and the flags of the words that end there. */
function wordTree(): { readonly children: readonly Map<number, number>[]; readonly matches: number[] } {
  const children: Map<number, number>[] = [new Map()];
  const matches: number[] = [0];
  for (const [flag, list] of patterns) {
    for (const word of list) {
      let state = 0;
      for (let at = 0; at < word.length; at++) {
        const code = word.charCodeAt(at);
        let child = children[state]?.get(code);
        if (child === undefined) {
          child = children.push(new Map()) - 1;
          matches.push(0);
          children[state]?.set(code, child);
        }
        state = child;
      }
      matches[state] = (matches[state] ?? 0) | flag;
    }
  }
  return { children, matches };
}

/**
 * The automaton of Aho and Corasick (« Efficient string matching », 1975), which looks for all words at once.
 *
 * A state is the place of its row in `next`, which holds for each character of ASCII the state that follows. The rows of
 * those that say something, a word or a control character, come last: most bytes need a look in the table, and no more.
 *
 * @returns `flags` has those of each state from `saying` on.
 */
function automaton(): { readonly next: Int32Array; readonly saying: number; readonly flags: Uint8Array } {
  const { children, matches } = wordTree();
  /** Where to go on when nothing follows: the longest end of what was read that may still become a word. */
  const fallbacks = new Uint16Array(children.length);
  const after = (state: number, code: number): number =>
    children[state]?.get(code) ?? (state === 0 ? 0 : after(fallbacks[state] ?? 0, code));
  // Shorter words come first, so that fallbacks are complete when they are needed.
  const order = [0];
  for (const state of order)
    for (const [code, child] of children[state] ?? []) {
      const fallback = state === 0 ? 0 : after(fallbacks[state] ?? 0, code);
      fallbacks[child] = fallback;
      matches[child] = (matches[child] ?? 0) | (matches[fallback] ?? 0);
      order.push(child);
    }
  const silent = order.filter((state) => matches[state] === 0);
  const telling = order.filter((state) => matches[state] !== 0);
  const rows = new Map([...silent, ...telling].map((state, row) => [state, row * ascii]));
  const control = order.length * ascii;
  const next = new Int32Array(control + ascii);
  for (let code = 0; code < ascii; code++) if (isControl(code)) next[code] = control;
  for (const state of order) {
    const row = rows.get(state) ?? 0;
    const from = rows.get(fallbacks[state] ?? 0) ?? 0;
    next.copyWithin(row, from, from + ascii);
    for (const [code, child] of children[state] ?? []) {
      next[row + code] = rows.get(child) ?? 0;
      if (code >= 97 && code <= 122) next[row + code - 32] = rows.get(child) ?? 0;
    }
  }
  const said = telling.map((state) => matches[state] ?? 0);
  return { next, saying: silent.length * ascii, flags: Uint8Array.from([...said, everything]) };
}

/** Whether it is neither a sign nor the end of a line. */
function isControl(code: number): boolean {
  return (code < 32 && code !== lineFeed && code !== carriageReturn) || code === 127;
}

const { next, saying, flags: flagsOfStates } = automaton();

/** How many bytes the usual character beyond ASCII takes that starts at an offset; 0 for any other. */
function usualCharacterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  // Latin letters with their accents, and the signs of Latin-1 but the soft hyphen: U+00A1 to U+024F.
  if (first === 0xc2) return second > 0xa0 && second !== 0xad ? 2 : 0;
  if (first >= 0xc3 && first <= 0xc8) return 2;
  if (first === 0xc9) return second < 0x90 ? 2 : 0;
  if (first !== 0xe2) return 0;
  const third = bytes[at + 2] ?? 0;
  // The euro; dashes, quotation marks and the ellipsis.
  if (second === 0x82) return third === 0xac ? 3 : 0;
  if (second !== 0x80) return 0;
  return third === 0x93 ||
    third === 0x94 ||
    (third >= 0x98 && third <= 0x9d && third !== 0x9a && third !== 0x9b) ||
    third === ellipsis
    ? 3
    : 0;
}

/** The last byte of U+2026. */
const ellipsis = 0xa6;

function isHexadecimal(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);
}

function hasLongRun(bytes: Uint8Array): boolean {
  for (let at = longRun - 1; at < bytes.length; at += longRun) {
    if (!isHexadecimal(bytes[at] ?? 0)) continue;
    let start = at;
    while (start > 0 && isHexadecimal(bytes[start - 1] ?? 0)) start--;
    let end = at + 1;
    while (end < bytes.length && end - start < longRun && isHexadecimal(bytes[end] ?? 0)) end++;
    if (end - start >= longRun) return true;
  }
  return false;
}

/**
 * @param bytes a text in UTF-8; of other bytes it is only sure that they are unusual.
 * @returns the `prefilterFlags` of it.
 */
export function prefilter(bytes: Uint8Array): number {
  const { length } = bytes;
  let flags = 0;
  let state = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= ascii) {
      const size = usualCharacterLength(bytes, at);
      if (size === 0) return everything;
      if (size === 3 && bytes[at + 2] === ellipsis) flags |= prefilterFlags.possiblePlaceholder;
      at += size - 1;
      state = 0;
      continue;
    }
    state = next[state + byte] ?? 0;
    if (state >= saying) {
      flags |= flagsOfStates[(state - saying) / ascii] ?? 0;
      if (flags === everything) return everything;
    }
  }
  return hasLongRun(bytes) ? flags | prefilterFlags.possibleSecret : flags;
}
