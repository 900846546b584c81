/**
 * The fixes that may be offered: a line that was corrected is never refused, and no fix comes back once it was made. What
 * one line needs besides is made with it, so that nobody corrects a line twice.
 */
import type { Message } from '#base/i18n/message';
import type { Edit, Finding, Fix } from '#domain/definition/finding';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import { applyEdits } from './apply-edits.ts';
import { type CorrectedLines, compatibleEdits, correctedLines } from './corrected-lines.ts';

/** What a text has to say of itself, its fixes not looked at closer. */
export type Read = (text: string) => readonly Finding[];

/** Lines that stay refused are looked at one by one, which reads the text again so often at most. */
const maxReads = 12;
/** A text with more to say is no definition with a few mistakes: reading it once more takes long enough. */
const longText = 12_000;
const manyFindings = 60;
/** A line needs at most so many corrections, one after the other. */
const maxSteps = 4;

interface Lines {
  readonly first: number;
  readonly last: number;
}

/** Where the lines that are new stand in the corrected text. */
function placesAfter(corrected: readonly CorrectedLines[]): readonly (Lines & { readonly before: Lines })[] {
  let shift = 0;
  return corrected.map(({ first, last, before, after }) => {
    const { head, tail } = sameEnds(before, after);
    const from = first + shift;
    shift += after.length - before.length;
    return { first: from + head, last: from + after.length - 1 - tail, before: { first, last } };
  });
}

/** How many lines two texts begin with, and then end with, in common. */
function sameEnds(before: readonly string[], after: readonly string[]): { head: number; tail: number } {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { head, tail };
}

/** What these say of the whole file, or of what is missing, stands on some line and concerns none. */
const ofNoLine: ReadonlySet<RuleId> = new Set(['file/path', 'file/name', 'file/size', 'schema/missing-key']);

function refuses({ severity, rule }: Finding): boolean {
  return severity === 'error' && !ofNoLine.has(rule);
}

function touches({ range }: Finding, { first, last }: Lines): boolean {
  return range.start.line <= last && first <= range.end.line;
}

/** What a finding says, wherever it stands. */
function keyOf({ rule, message }: Finding): string {
  return `${rule} ${message.key} ${JSON.stringify(message.values)}`;
}

/** How often each thing is said. */
function countsOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  return counts;
}

/** Tells of a finding whether it is still there, as often as before. */
function remaining(before: readonly Finding[], after: readonly Finding[]): (finding: Finding) => boolean {
  const [was, is] = [countsOf(before), countsOf(after)];
  return (finding) => (is.get(keyOf(finding)) ?? 0) >= (was.get(keyOf(finding)) ?? 0);
}

/** The findings with the fixes that may be offered, each perhaps with what its line needs besides. */
export function settled(text: string, findings: readonly Finding[], read: Read): readonly Finding[] {
  const fixable = findings.filter(({ fix }) => fix !== undefined);
  if (fixable.length === 0) return findings;
  const together = compatibleEdits(fixable);
  const made = new Set(together);
  const after = read(applyEdits(text, together));
  if (after.length === 0 && fixable.every(({ fix }) => fix?.edits.every((edit) => made.has(edit))))
    return findings;
  const errors = after.filter(refuses);
  const refused =
    errors.length === 0
      ? []
      : placesAfter(correctedLines(text, together)).filter((place) =>
          errors.some((error) => touches(error, place)),
        );
  const remains = remaining(findings, after);
  const isSound = (finding: Finding) =>
    finding.fix?.edits.every(
      (edit) =>
        made.has(edit) &&
        !refused.some(
          ({ before }) => edit.range.start.line <= before.last && before.first <= edit.range.end.line,
        ),
    ) === true && !remains(finding);
  const doubtful = fixable.filter((finding) => !isSound(finding));
  if (doubtful.length === 0) return findings;
  const groups = [...Map.groupBy(doubtful, ({ range }) => range.start.line).values()];
  const offered = new Map<Finding, Fix | undefined>(doubtful.map((finding) => [finding, undefined]));
  let reads = text.length > longText || findings.length > manyFindings ? 0 : maxReads;
  const readOnce: Read = (changed) => {
    reads--;
    return read(changed);
  };
  for (const group of groups) {
    if (reads <= 0) break;
    for (const [finding, fix] of followed(text, group, findings, readOnce)) offered.set(finding, fix);
  }
  return findings.map((finding) => {
    if (!offered.has(finding)) return finding;
    const { fix: _, ...bare } = finding;
    const fix = offered.get(finding);
    return fix === undefined ? bare : { ...bare, fix };
  });
}

/** The fixes of one line, made one after the other until nothing refuses it; none when something always does. */
function followed(
  text: string,
  group: readonly Finding[],
  findings: readonly Finding[],
  read: Read,
): readonly (readonly [Finding, Fix])[] {
  const first = group.find(({ fix }) => fix !== undefined);
  if (first?.fix === undefined) return [];
  let edits: readonly Edit[] = compatibleEdits(group);
  let title = first.fix.title;
  // What the last step writes is the whole of it, unless one line became several.
  let splits: Message | undefined;
  let here = text;
  for (let step = 0; step < maxSteps; step++) {
    const places = placesAfter(correctedLines(here, edits));
    const before = here;
    here = applyEdits(here, edits);
    if (linesOf(before) !== linesOf(here)) splits ??= title;
    const now = read(here);
    if (step === 0 && group.some(remaining(findings, now))) return [];
    const left = now.filter((finding) => refuses(finding) && places.some((place) => touches(finding, place)));
    if (left.length === 0)
      return step === 0
        ? group.flatMap((one) => (one.fix === undefined ? [] : [[one, one.fix] as const]))
        : [[first, { title: splits ?? title, edits: wholeLines(text, here) }]];
    edits = compatibleEdits(left);
    title = left.find(({ fix }) => fix !== undefined)?.fix?.title ?? title;
    if (edits.length === 0) return [];
  }
  return [];
}

function linesOf(text: string): number {
  return text.split('\n').length;
}

/** The one edit of whole lines that makes a text of another. */
function wholeLines(before: string, after: string): readonly Edit[] {
  const [old, lines] = [before.split('\n'), after.split('\n')];
  const { head, tail } = sameEnds(old, lines);
  const last = old.length - tail;
  const kept = lines.slice(head, lines.length - tail);
  const endOf = (line: number) => ({ line, column: (old[line - 1] ?? '').length + 1 });
  // What comes after the last line, or takes it away, begins where the line before ends: no line is below it.
  if (last === old.length && head > 0 && (last === head || kept.length === 0))
    return [
      { range: { start: endOf(head), end: endOf(last) }, text: kept.map((one) => `\n${one}`).join('') },
    ];
  if (last === head || kept.length === 0) {
    const line = (count: number) => ({ line: count + 1, column: 1 });
    return [{ range: { start: line(head), end: line(last) }, text: kept.map((one) => `${one}\n`).join('') }];
  }
  return [{ range: { start: { line: head + 1, column: 1 }, end: endOf(last) }, text: kept.join('\n') }];
}
