/**
 * What people put around a value: quotation marks, brackets, mark-up, a bullet, a label, a note, the punctuation of a
 * sentence; and what they put between several. One place knows it, for every kind of value: each rule only says what a
 * value of its own looks like.
 */

/** Whether a text is a value of the kind that is looked for, and nothing else. */
export type IsValue = (candidate: string) => boolean;

export interface Wrapped {
  readonly value: string;
  /** What stood behind the value, in words; empty when only signs stood around it. */
  readonly note: string;
}

/** Longer texts are no value with something around it. */
const maxLength = 2_500;
/** A label in a quotation in a link: nobody wraps a value more often. */
const maxDepth = 4;

const opening = /^[\s"'“”„‘’«»‹›<>()[\]{}`´*_,;:!?…]+/u;
const closing = /[\s"'“”„‘’«»‹›<>()[\]{}`´*_,;:.!?…]$/u;
/** Signs that an operating system's or a word processor's list puts before its items. */
const bullet = /^(?:[-–—‒−•·*+▪◦‣●]+\s*|\d{1,2}[.)]\s+)/u;
/** `URL : `, `n° SIRET = `. */
const label = /^[\p{L}\d°' ./_-]{1,40}?\s*[:=]\s+/u;
/** A link in Markdown, its title left out. */
const link = /^!?\[[^\]]*\]\(\s*<?([^\s)>]+)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)$/;
const noteStart = /[\s,]/;

/** The text without the signs around it, those at the end given back one by one. */
function* withoutSigns(text: string): Generator<string> {
  const start = text.replace(opening, '');
  for (let end = start; end !== ''; end = end.slice(0, -1)) {
    yield end.trimEnd();
    if (!closing.test(end)) return;
  }
}

/** A text without the signs at both its ends, and nothing else; undefined when that makes no value of it. */
export function withoutSignsAround(text: string, isValue: IsValue): string | undefined {
  if (!opening.test(text) || !closing.test(text)) return undefined;
  for (const candidate of withoutSigns(text)) if (isValue(candidate)) return candidate;
  return undefined;
}

function search(text: string, isValue: IsValue, depth: number): Wrapped | undefined {
  for (const candidate of withoutSigns(text)) if (isValue(candidate)) return { value: candidate, note: '' };
  if (depth === 0) return undefined;
  const inner = [link.exec(text.trim())?.[1], text.replace(bullet, ''), text.replace(label, '')];
  for (const next of inner) {
    const found = next === undefined || next === text ? undefined : search(next.trim(), isValue, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The one value in a text, and what stands behind it; undefined when there is none, or when the text is the value. */
export function unwrapped(text: string, isValue: IsValue): Wrapped | undefined {
  const trimmed = text.slice(0, maxLength).trim();
  if (trimmed === '' || isValue(text)) return undefined;
  const whole = search(trimmed, isValue, maxDepth);
  if (whole !== undefined) return whole;
  const bare = trimmed.replace(bullet, '').replace(label, '');
  const end = bare.search(noteStart);
  if (end <= 0) return undefined;
  const first = search(bare.slice(0, end), isValue, 1);
  return first === undefined ? undefined : { value: first.value, note: bare.slice(end).trim() };
}

/** Words and signs that stand between values that all count; and those that leave a choice. */
const connective = /^(?:et|and|puis|&|\+|\/|[-–—•·*]|\d{1,2}[.)])$/iu;
const alternative = /^(?:ou|or|soit|bien)$/iu;

export interface Several {
  readonly items: readonly string[];
  /** Whether nothing but values, and words that join them, stands there. */
  readonly certain: boolean;
}

/** The values of a text that holds more than one; undefined when it does not. */
export function valuesIn(text: string, isValue: IsValue): Several | undefined {
  const items: string[] = [];
  let certain = true;
  for (const part of text.slice(0, 4 * maxLength).split(/[\s,;|]+/)) {
    if (part === '' || connective.test(part)) continue;
    const value = isValue(part) ? part : unwrapped(part, isValue)?.value;
    if (value !== undefined) items.push(value);
    else certain = false;
  }
  certain &&= !text.split(/\s+/).some((word) => alternative.test(word));
  return items.length > 1 ? { items, certain } : undefined;
}

const none =
  /^(?:aucune?s?|n[ée]ant|rien|vide|non|no|none|nil|null|sans(?:\s+objet)?|pas\s+(?:de|d['’]|besoin)\b.*|non\s+(?:concern[ée]e?|applicable)|n\.?\s*\/?\s*[ao]\.?|[-–—/.]+)\.?$/iu;

/** Whether someone says that there is nothing to give. */
export function saysNone(value: unknown): boolean {
  if (value === null || value === false) return true;
  return typeof value === 'string' && none.test(value.trim());
}
