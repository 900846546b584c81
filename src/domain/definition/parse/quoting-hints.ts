/** Finds the value that would make a text readable, were it put in quotes, or were its quote closed. */

import type { Source } from './source.ts';
import { valueParser } from './yaml-parsers.ts';

export interface UnquotedValue {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly cause: 'colon' | 'start';
}

const keyAndValue = /^(\s*(?:- +)?(?:[A-Za-z_]{1,60}:[ ]+)?)(\S.*?)\s*$/;

/** Whether a line can be read by itself. */
function readable(line: string): boolean {
  const { CORE_SCHEMA, load, YAMLException } = valueParser();
  try {
    load(line, { schema: CORE_SCHEMA });
    return true;
  } catch (error) {
    if (error instanceof YAMLException) return false;
    throw error;
  }
}

/**
 * The value of a line that YAML cannot read because it should be in quotes.
 *
 * @param line the number of the line, from 1
 */
export function findUnquotedValue(source: Source, line: number): UnquotedValue | undefined {
  const text = source.lines.textOf(line);
  if (text.length > 2_100) return undefined;
  const match = keyAndValue.exec(text);
  const [, head = '', value = ''] = match ?? [];
  if (head.trim() === '' || value === '' || /^["'|>#[{&*!]/.test(value) || / #/.test(value)) return undefined;
  const cause = /^[@`%,\]}?-]/.test(value) ? 'start' : value.includes(': ') ? 'colon' : undefined;
  if (cause === undefined || readable(text.trim())) return undefined;
  const start = source.lines.startOf(line) + head.length;
  return readable(`${head.trim()} "x"`) ? { start, end: start + value.length, value, cause } : undefined;
}

/** A value whose quote is opened and not closed on its line. */
export interface UnclosedQuote {
  /** The quote. */
  readonly start: number;
  /** The end of its line. */
  readonly end: number;
  readonly quote: string;
  /** What follows the quote on its line. */
  readonly value: string;
}

/** A line of its own, not one on which a quoted text goes on. */
const keyOrItem = /^\s*(?:- |-$|[A-Za-z_]{1,60}:(?:\s|$))/;

/** Whether a quoted text ends with its quote, neither escaped nor doubled (YAML 1.2.2 §7.3.1 and §7.3.2). */
function isClosed(text: string, quote: string): boolean {
  let end = text.length - 1;
  if (end < 1 || text[end] !== quote) return false;
  const odd = quote === '"' ? '\\' : "'";
  let before = 0;
  while (--end > 0 && text[end] === odd) before++;
  return before % 2 === 0;
}

/**
 * The first quote that closes too late: where the text seems to go on over lines that are keys and items of their
 * own, up to the next quote (or to the end). Parsers only stumble there, often many lines below.
 *
 * @param offset where the parser stumbled.
 */
export function findUnclosedQuote(source: Source, offset: number): UnclosedQuote | undefined {
  for (const { start, text, scalar } of source.tokens) {
    if (start > offset) return undefined;
    const quote = text.charAt(0);
    if (scalar || (quote !== '"' && quote !== "'")) continue;
    const [first = '', ...others] = text.split(/\r?\n/);
    const next = others.find((line) => !/^\s*(?:#|$)/.test(line));
    if (next === undefined ? isClosed(text, quote) : !keyOrItem.test(next)) continue;
    return { start, end: start + first.length, quote, value: first.slice(1) };
  }
  return undefined;
}
