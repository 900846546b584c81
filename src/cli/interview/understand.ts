/** What the rules say of an answer, and what was meant by one that they refuse. */
import { type Cell, cellName } from '#domain/definition/cell';
import type { Finding } from '#domain/definition/finding';
import { applyFixes } from '#domain/definition/fix/fixes';
import { type FormAnswers, serializeLines } from '#domain/definition/fix/serialize';
import { isAtOrBelow } from '#domain/definition/parse/pointer';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { unwrapped, withoutSignsAround } from '#domain/definition/rules/wrapping';

function completed(answers: FormAnswers, cell: Cell) {
  return completeExample({ yaml: serializeLines(answers).join('\n'), cell: cellName(cell) });
}

/** What the rules say of some answers so far, the rest being taken from a valid definition of the cell. */
export function findingsOn(
  answers: FormAnswers,
  cell: Cell,
  pointers: readonly string[],
): readonly Finding[] {
  const { path, text } = completed(answers, cell);
  const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  return findings.filter(({ pointer }) => pointers.some((asked) => isAtOrBelow(pointer, asked)));
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** The answers once every certain correction is made; undefined when something is left to correct. */
export function corrected(answers: FormAnswers, cell: Cell): FormAnswers | undefined {
  const { path, text } = completed(answers, cell);
  const fixed = applyFixes(path, text);
  if (fixed.applied.length === 0) return undefined;
  return readDefinition({ path, bytes: new TextEncoder().encode(fixed.text) }).definition;
}

const pairs = ['""', "''", '``', '“”', '„“', '‘’', '«»', '‹›', '<>', '()', '[]'];

/** A text without the pair of quotation marks or brackets that holds all of it. */
function withoutPair(text: string): string {
  const pair = pairs.find(([open = '', close = '']) => text.startsWith(open) && text.endsWith(close));
  if (pair === undefined || text.length < 3) return text;
  const inner = text.slice(1, -1).trim();
  return [...pair].some((sign) => inner.includes(sign)) ? text : inner;
}

/**
 * What someone may have meant by an answer.
 *
 * @param isValue whether the rules have nothing against a text
 * @param isSentence whether the value may hold spaces and punctuation, so that no part of it is a note
 * @returns the value; the text itself when nothing else is meant, undefined when nothing can be made of it
 */
export function understood(
  text: string,
  isValue: (text: string) => boolean,
  correct: (text: string) => string | undefined,
  isSentence: boolean,
): string | undefined {
  const bare = withoutPair(text);
  if (bare !== text && isValue(bare)) return bare;
  const fixed = correct(text) ?? (bare === text ? undefined : correct(bare));
  if (fixed !== undefined || isValue(text)) return fixed ?? text;
  if (isSentence) return withoutSignsAround(text, isValue);
  const found = unwrapped(text, isValue);
  return found?.note === '' ? found.value : undefined;
}
