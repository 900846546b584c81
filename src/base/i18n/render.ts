/**
 * The only place that turns a sentence and its values into text for a person.
 *
 * Foreign text (whatever an applicant or another system wrote) can never act: it is shown inside a code span that
 * it cannot close, with invisible and directional characters made visible, and cut to a bounded length. No HTML
 * entity or backslash protects against mentions in GitHub-flavoured Markdown; a code span does.
 */
import { dayText } from './dates.ts';
import { escapeInvisible } from './invisible.ts';
import type { Bilingual, Language, Values } from './message.ts';

/** Longer values are cut in the middle, so that their start and their end can still be recognised. */
const maxLength = 160;
/** More items of a list than this are counted, not shown: enough for every scope that ProConnect gives by default. */
const maxItems = 12;

/** Cuts foreign text to a bounded length, without splitting a character. */
function shorten(text: string): string {
  if (text.length <= maxLength) return text;
  const characters = Array.from(text.slice(0, maxLength).concat(text.slice(-maxLength)));
  const half = Math.floor((maxLength - 1) / 2);
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}

/**
 * A Markdown code span that its content cannot close (CommonMark 0.31 §6.1): the fence is longer than any run
 * of backticks within, and the content never starts or ends with a backtick or only spaces.
 */
export function codeSpan(foreign: string): string {
  return fullCodeSpan(shorten(foreign));
}

/** A code span of the whole text, however long: for what people are to copy. */
export function fullCodeSpan(foreign: string): string {
  const text = escapeInvisible(foreign);
  if (text === '') return '` `';
  const fence = fenceBeyond(text, 1);
  const pad =
    text.startsWith('`') || text.endsWith('`') || (text.startsWith(' ') && text.endsWith(' ')) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** At least so many backticks, and more than stand in a row in the text. */
function fenceBeyond(text: string, least: number): string {
  return '`'.repeat(Math.max(least, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length + 1)));
}

/** A fence that nothing in these lines can close (CommonMark 0.31 §4.5). */
export function fenceFor(lines: readonly string[]): string {
  return fenceBeyond(lines.join('\n'), 3);
}

/** Foreign lines in a fenced code block, which they cannot close. */
export function codeBlock(foreign: readonly string[]): string {
  const lines = foreign.map(escapeInvisible);
  const fence = fenceFor(lines);
  return [`${fence}text`, ...lines, fence].join('\n');
}

/** For a terminal, a log line or a check annotation, where Markdown is not interpreted. */
export function quoteInBackticks(foreign: string): string {
  return `\`${escapeInvisible(shorten(foreign))}\``;
}

/** How foreign text is quoted in a medium. */
export type Quote = (foreign: string) => string;

/** One value of a sentence that is not Greffier's own: strings through `quote`, of lists the first few items. */
export function quoteValue(value: Values[string], quote: Quote): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quote(value);
  const shown = value.slice(0, maxItems).map(quote).join(', ');
  return value.length > maxItems ? `${shown} (+${value.length - maxItems})` : shown;
}

/**
 * Replaces each `{name}` of a sentence by the text of the value of that name.
 *
 * @throws when the sentence asks for a value that is not there: a bug, which the catalogue's test catches.
 */
export function complete<Value>(
  sentence: string,
  values: Readonly<Record<string, Value>>,
  textOf: (value: Value, name: string) => string,
): string {
  const parts = partsOf(sentence);
  let text = parts[0] ?? '';
  for (let at = 1; at < parts.length; at += 2) {
    const name = parts[at] ?? '';
    const value = values[name];
    if (value === undefined) throw new Error(`The sentence « ${sentence} » needs a value for {${name}}`);
    text += textOf(value, name) + (parts[at + 1] ?? '');
  }
  return text;
}

/** The sentences that were completed, each cut where its values go: what is said of thousands of files is one of a few. */
const cutSentences = new Map<string, readonly string[]>();

/** The words of a sentence, and between them the names of its values. */
function partsOf(sentence: string): readonly string[] {
  let parts = cutSentences.get(sentence);
  if (parts === undefined) {
    parts = sentence.split(/\{([a-z][A-Za-z0-9]*)\}/);
    cutSentences.set(sentence, parts);
  }
  return parts;
}

/** Values that are days where they are written as machines write them. */
const days: readonly string[] = ['date', 'day', 'at', 'until'];

/**
 * Completes a sentence: strings through `quote`, numbers as they are, lists as their items, the first few of them; a day
 * (`{date}`, `{day}`, `{at}`, `{until}`, as `2026-03-02`) as people write it.
 *
 * @throws as `complete` does
 */
export function interpolate(sentence: string, values: Values, quote: Quote, language: Language): string {
  return complete(
    sentence,
    values,
    (value, name) => (days.includes(name) ? dayText(language, value) : undefined) ?? quoteValue(value, quote),
  );
}

/** Chooses the language of a pair of words. */
export function localized(words: Bilingual, language: Language): string {
  return words[language];
}
