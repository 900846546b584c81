/** Finds the value that would make a line readable, were it quoted. */
import { valueParser } from './parsers.ts';
import type { Source } from './source.ts';

export interface Unquoted {
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
export function quotingOf(source: Source, line: number): Unquoted | undefined {
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
