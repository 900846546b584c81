/** From what rules report of a file to its findings: each at its place in the text, and of each cause only the cause. */
import { type AdditionalReport, type CheckedFile, type CollectedReport, maxReports } from './check-file.ts';
import type { Finding } from './finding.ts';
import { type LocatedReport, toFinding } from './located-report.ts';
import type { ParsedDefinition } from './parse/parsed-definition.ts';
import { isAtOrBelow } from './parse/pointer.ts';
import type { Source } from './parse/source.ts';
import { type Span, spanOfPart } from './parse/source-map.ts';
import type { Report } from './rules/rule.ts';
import { ruleIds } from './rules/rule-ids.ts';

/** At most this many findings of one file are given: enough to correct it, and a bounded message. */
const maxFindings = 200;

const noFindings: readonly Finding[] = [];

const orderOfRules = new Map<string, number>(ruleIds.map((id, index) => [id, index]));

/**
 * Locates the reports, leaves out the suppressed ones, gives the rest in order.
 *
 * @param additional reports of rules that know more than the file
 */
export function locatedFindings(
  { source, parsed, reports }: CheckedFile,
  additional: readonly AdditionalReport[] = [],
): readonly Finding[] {
  const collected = [...additional, ...reports.slice(0, Math.max(0, maxReports - additional.length))];
  if (collected.length === 0) return noFindings;
  const [only] = collected;
  if (collected.length === 1 && only !== undefined)
    return [toFinding(source, parsed, locate(source, parsed, only), source.secrets)];
  const located = collected.map((one) => locate(source, parsed, one));
  const suppressed = new Set(located.flatMap(({ rule }) => rule.suppresses ?? []));
  const remaining = located.filter(
    (one) =>
      !suppressed.has(one.rule.id) ||
      !located.some(
        (other) =>
          other !== one &&
          other.rule.suppresses?.includes(one.rule.id) === true &&
          isSuppressedBy(one, other),
      ),
  );
  const unique = new Map<string, LocatedReport>();
  for (const one of remaining) {
    const key = `${one.rule.id}\n${one.span.start}\n${one.span.end}\n${messageIdOf(one.report)}`;
    if (!unique.has(key)) unique.set(key, one);
  }
  const ordered = [...unique.values()].sort(
    (one, other) =>
      one.span.start - other.span.start ||
      (orderOfRules.get(one.rule.id) ?? 0) - (orderOfRules.get(other.rule.id) ?? 0),
  );
  return firstFindings(ordered).map((one) => toFinding(source, parsed, one, source.secrets));
}

/** Whether `one` stands where `other` has reported. */
function isSuppressedBy(one: LocatedReport, other: LocatedReport): boolean {
  // What a rule on the text reports outside any value (a comment) concerns nothing but its own characters.
  if ('text' in other.report && other.pointer === '' && 'report' in one.report)
    return one.span.start < other.span.end && other.span.start < one.span.end;
  return isAtOrBelow(one.pointer, other.pointer);
}

/** The first findings; an error is never cut off while something lesser stays. */
function firstFindings(ordered: readonly LocatedReport[]): readonly LocatedReport[] {
  if (ordered.length <= maxFindings) return ordered;
  const kept = new Set(
    [...ordered]
      .sort((one, other) => Number(other.severity === 'error') - Number(one.severity === 'error'))
      .slice(0, maxFindings),
  );
  return ordered.filter((one) => kept.has(one));
}

function messageIdOf(collected: CollectedReport): string {
  return 'text' in collected ? collected.text.messageId : collected.report.messageId;
}

function locate(
  source: Source,
  parsed: ParsedDefinition | undefined,
  collected: CollectedReport,
): LocatedReport {
  const { rule } = collected;
  if ('text' in collected) {
    const { start, end } = collected.text;
    const pointer = parsed === undefined || end <= start ? '' : source.map.pointerAt(start);
    return {
      rule,
      severity: collected.text.severity ?? rule.severity,
      pointer,
      span: { start, end },
      report: collected,
    };
  }
  const { report } = collected;
  const pointer = parsed === undefined ? report.pointer : parsed.pointerInFile(report.pointer);
  return {
    rule,
    severity: report.severity ?? rule.severity,
    pointer,
    span: spanOf(source, parsed, report, pointer),
    report: collected,
  };
}

function spanOf(source: Source, parsed: ParsedDefinition | undefined, report: Report, pointer: string): Span {
  const start = { start: 0, end: 0 };
  if (parsed === undefined) return start;
  const placed = source.map.nodeAt(pointer);
  if (placed === undefined || pointer === '') {
    const near = source.map.nearestNode(pointer);
    return near?.key ?? firstLine(source);
  }
  if (report.at === 'key' && placed.key !== undefined) return placed.key;
  if (report.span !== undefined) return spanOfPart(source.text, placed, report.span);
  const { value, key } = placed;
  // A value of several lines is pointed at by its key: nobody wants a whole list underlined.
  if (
    key !== undefined &&
    (value.start === value.end || source.text.slice(value.start, value.end).includes('\n'))
  )
    return key;
  return value;
}

/** What is wrong with the file as a whole is reported on its first line. */
function firstLine(source: Source): Span {
  return { start: 0, end: source.lines.textOf(1).length };
}
