/** What stands before the lines of a file, or around it, when it was copied from somewhere else. */
import type { LayoutCorrection } from './layout-correction.ts';

const fence = /^\s*(?:`{3,}|~{3,})\s*\w*\s*$/;
const blank = /^\s*$/;
/** A quotation in a mail, lines added in a diff. */
const prefixes = [/^\s*>\s?/, /^\+/];
const numbered = /^\s*(\d{1,4})(?:[:|.)]|\t| )\s?/;

/** The numbers at the start of the lines, when they count them. */
function areNumbered(lines: readonly string[]): boolean {
  const numbers = lines.map((line) => Number(numbered.exec(line)?.[1] ?? Number.NaN));
  return numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1);
}

/** What must go of a text so that only the definition is left. */
export function withoutPaste(lines: readonly string[]): readonly LayoutCorrection[] {
  const used = lines.filter((line) => !blank.test(line));
  const first = used.findIndex((line) => !/^\s*#/.test(line));
  const fences = lines.flatMap((line, index) => (fence.test(line) ? [index + 1] : []));
  const isAround = [used[first], used.at(-1)].some((line) => line !== undefined && fence.test(line));
  if (isAround && fences.length <= 2)
    return fences.map((line) => ({ fault: 'fence', first: line, last: line, after: [] }));
  if (used.length < 3) return [];
  const prefix = prefixes.find((one) => used.every((line) => one.test(line)));
  const taken =
    prefix ??
    (areNumbered(lines.slice(0, lines.findLastIndex((line) => !blank.test(line)) + 1))
      ? numbered
      : undefined);
  return taken === undefined
    ? []
    : [
        {
          fault: 'pasted',
          first: 1,
          last: lines.length,
          after: lines.map((line) => line.replace(taken, '')),
        },
      ];
}
