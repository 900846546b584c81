/** The one order of findings, wherever they are told: path, line, column, rule, by code units whatever the locale. */
import type { Finding } from './finding.ts';

function compare<T extends string | number>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** What else tells two of them apart comes last, so that the order is one. */
export function compareFindings(one: Finding, other: Finding): number {
  return (
    compare(one.path, other.path) ||
    compare(one.range.start.line, other.range.start.line) ||
    compare(one.range.start.column, other.range.start.column) ||
    compare(one.rule, other.rule) ||
    compare(one.range.end.line, other.range.end.line) ||
    compare(one.range.end.column, other.range.end.column) ||
    compare(one.pointer, other.pointer) ||
    compare(one.message.key, other.message.key) ||
    compare(JSON.stringify(one.message.values), JSON.stringify(other.message.values))
  );
}
