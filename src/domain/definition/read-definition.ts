/** Reads one file: from its bytes to its definition and to every finding about it. */
import type { Values } from '#base/i18n/message';
import { type Place, placeFromPath } from './cell.ts';
import type { Edit, Finding, Fix, Severity } from './finding.ts';
import { compareFindings } from './finding-order.ts';
import { correctionEdits } from './fix/edits.ts';
import { settled } from './fix/settled.ts';
import { buildParsedDefinition, type ParsedDefinition } from './parse/parsed-definition.ts';
import type { PartialDefinition } from './parse/partial-definition.ts';
import { isAtOrBelow } from './parse/pointer.ts';
import type { DefinitionReading } from './parse/reading.ts';
import type { SecretSpan } from './parse/secret-scan.ts';
import { Source } from './parse/source.ts';
import { type Span, spanOfPart } from './parse/source-map.ts';
import { definitionRuleGroups, type RuleGroup, structureRuleGroups, textRules } from './rules/all.ts';
import { mayBeMisread } from './rules/file/misread.ts';
import { unjudged } from './rules/judging.ts';
import type { Correction, Report, RuleMetadata, TextEdit, TextReport } from './rules/rule.ts';
import { ruleIds } from './rules/rule-ids.ts';
import type { ServiceProvider } from './schema/service-provider-schema.ts';

/** A file as it comes from a disk or from Git. */
export interface DefinitionFile {
  /** Relative to the root of the registry, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** True for a symbolic link (or whatever else is no ordinary file), which is never followed. */
  readonly link?: boolean;
  /** The size of the file in bytes, when `bytes` is only the start of a file that is too big. */
  readonly size?: number;
}

/** At most this many findings of one file are given: enough to correct it, and a bounded message. */
const maxFindings = 200;

/** More reports than this change nothing: the file is refused, with more findings than anyone reads. */
const maxReports = 600;

/** What a rule reported, before its place in the text is known. */
type CollectedReport = { readonly rule: RuleMetadata; readonly text: TextReport } | AdditionalReport;

const encoder = new TextEncoder();

const noFindings: readonly Finding[] = [];

const orderOfRules = new Map<string, number>(ruleIds.map((id, index) => [id, index]));

/** What a rule that knows more than the file reports of it. */
export interface AdditionalReport {
  readonly rule: RuleMetadata;
  readonly report: Report;
}

/** A file that was read. What others report of it is located in its text without reading that again. */
export interface OpenedDefinition {
  readonly reading: DefinitionReading;
  /** A line (from 1) of its text as it may be shown. */
  lineOf(line: number): string;
  /**
   * @param additional reports of rules that know more than this file: located, ordered and suppressed with the rest.
   * @returns the findings of the reading, and those.
   */
  findingsWith(additional: readonly AdditionalReport[]): readonly Finding[];
}

/** Reads one file. Never throws, whatever the bytes are. */
export function readDefinition(file: DefinitionFile): DefinitionReading {
  return openDefinition(file).reading;
}

/** Like `readDefinition`, for those who know more than the file: they have its text in memory as long as they hold it. */
export function openDefinition(file: DefinitionFile): OpenedDefinition {
  return unlessItThrows(file, () => {
    const checked = checkFile(file);
    const { source, parsed } = checked;
    const findings = findingsOf(checked);
    const partial = partialOf(parsed);
    const sound = parsed !== undefined && !findings.some(({ severity }) => severity === 'error');
    const reading: DefinitionReading = {
      path: source.path,
      ...(source.place !== undefined && { place: source.place }),
      ...(partial !== undefined && { partial }),
      ...(sound && { definition: definitionOf(parsed) }),
      findings,
    };
    const findingsWith: OpenedDefinition['findingsWith'] = (additional) =>
      additional.length === 0 ? findings : findingsOf(checked, additional);
    return { reading, findingsWith, lineOf: (line) => source.shownLine(line) };
  });
}

/** What no rule can be blamed for (a parser, the place of a finding, a correction) stops the judgement of this file alone. */
function unlessItThrows(file: DefinitionFile, open: () => OpenedDefinition): OpenedDefinition {
  const { path } = file;
  const place = placeFromPath(path);
  try {
    const { reading, findingsWith, lineOf } = open();
    return {
      reading,
      lineOf,
      findingsWith(additional) {
        try {
          return findingsWith(additional);
        } catch (problem) {
          return [...reading.findings, ...unread(path, problem, additional)];
        }
      },
    };
  } catch (problem) {
    return {
      reading: { path, ...(place !== undefined && { place }), findings: unread(path, problem) },
      lineOf: () => '',
      findingsWith: (additional) => unread(path, problem, additional),
    };
  }
}

/** What is said of a file that could not be judged. */
function unread(
  path: string,
  problem: unknown,
  additional: readonly AdditionalReport[] = [],
): readonly Finding[] {
  return [unjudged('lecture', problem), ...additional].map((report) => findingWithoutText(path, report));
}

/** What validating a whole registry needs of each file: a `DefinitionReading` without the definition itself. */
export interface ValidationResult {
  readonly path: string;
  readonly place: Place | undefined;
  readonly partial: PartialDefinition | undefined;
  readonly findings: readonly Finding[];
  /** A line (from 1) of its text as it may be shown. */
  lineOf(line: number): string;
}

/**
 * Like `readDefinition`.
 *
 * @param additional reports of rules that know more than this file.
 */
export function validate(
  file: DefinitionFile,
  additional: readonly AdditionalReport[] = [],
): ValidationResult {
  if (additional.length > 0) {
    const { reading, findingsWith, lineOf } = openDefinition(file);
    const { path, place, partial } = reading;
    return { path, place, partial, findings: findingsWith(additional), lineOf };
  }
  const { path } = file;
  try {
    const checked = checkFile(file);
    const { source, parsed } = checked;
    const lineOf = (line: number) => source.shownLine(line);
    return { path, place: source.place, partial: partialOf(parsed), findings: findingsOf(checked), lineOf };
  } catch (problem) {
    return {
      path,
      place: placeFromPath(path),
      partial: undefined,
      findings: unread(path, problem),
      lineOf: () => '',
    };
  }
}

/** A file and what its own rules reported of it. */
interface CheckedFile {
  readonly source: Source;
  /** Undefined when the YAML could not be read. */
  readonly parsed: ParsedDefinition | undefined;
  readonly reports: readonly CollectedReport[];
}

function partialOf(parsed: ParsedDefinition | undefined): PartialDefinition | undefined {
  return parsed !== undefined && typeof parsed.root === 'object' && parsed.root !== null
    ? parsed.partial
    : undefined;
}

function checkFile(file: DefinitionFile): CheckedFile {
  const source = new Source(file);
  const reports: CollectedReport[] = [];
  const loaded = source.loaded;
  const simple = source.plain && source.place !== undefined && loaded.ok && !mayBeMisread(source.text);
  let current: RuleMetadata;
  // A rule that throws has judged nothing: that is reported, and the others go on.
  const run = <Subject, Found>(
    { concerns, rules }: RuleGroup<CheckingRule<Subject, Found>, Subject>,
    subject: Subject,
    collect: (found: Found) => void,
  ): void => {
    try {
      if (!concerns(subject)) return;
    } catch (problem) {
      reports.push(unjudged(rules[0]?.id ?? '', problem));
      return;
    }
    for (const rule of rules) {
      current = rule;
      try {
        rule.check(subject, collect);
      } catch (problem) {
        reports.push(unjudged(rule.id, problem));
      }
    }
  };
  if (!simple)
    run<Source, TextReport>(textRuleGroup, source, (text) => {
      if (reports.length < maxReports) reports.push({ rule: current, text });
    });
  const parsed = loaded.ok ? buildParsedDefinition(source, loaded.value) : undefined;
  if (parsed !== undefined) {
    const collect = (report: Report) => {
      if (reports.length < maxReports) reports.push({ rule: current, report });
    };
    const { partial } = parsed;
    for (const group of structureRuleGroups) run<ParsedDefinition, Report>(group, parsed, collect);
    for (const group of definitionRuleGroups) run<PartialDefinition, Report>(group, partial, collect);
  }
  return { source, parsed, reports };
}

const textRuleGroup = { concerns: () => true, rules: textRules };

/** A rule as it is run. */
interface CheckingRule<Subject, Found> extends RuleMetadata {
  check(subject: Subject, report: (found: Found) => void): void;
}

/** The finding on a file that is not there to be read (it was removed, or is no definition). */
export function findingWithoutText(path: string, { rule, report }: AdditionalReport): Finding {
  const start = { line: report.line ?? 1, column: 1 };
  return {
    rule: rule.id,
    severity: report.severity ?? rule.severity,
    path,
    pointer: report.pointer,
    range: { start, end: start },
    message: { key: `${rule.id}#${report.messageId}`, values: report.values ?? {} },
  };
}

/** The definition of a parsed file in which no error was found. Text for people is NFC. */
function definitionOf(parsed: ParsedDefinition): ServiceProvider {
  const definition = parsed.root as ServiceProvider;
  const { name, description, optionalScopes } = parsed.partial;
  const justified = definition.optional_scopes?.map((item, index) => ({
    ...item,
    justification: optionalScopes[index]?.value.justification ?? item.justification,
  }));
  return {
    ...definition,
    name: name ?? definition.name,
    ...(description !== undefined && { description }),
    ...(justified !== undefined && { optional_scopes: justified }),
  };
}

interface LocatedReport {
  readonly rule: RuleMetadata;
  readonly severity: Severity;
  readonly pointer: string;
  readonly span: Span;
  readonly report: CollectedReport;
}

/** The findings of a file, with the fixes that may be offered. */
function findingsOf(checked: CheckedFile, additional: readonly AdditionalReport[] = []): readonly Finding[] {
  const { source } = checked;
  const findings = locatedFindings(checked, additional);
  const offered = settled(source.text, findings, (text) =>
    locatedFindings(checkFile({ path: source.path, bytes: encoder.encode(text) })),
  );
  return offered.length < 2 ? offered : offered.toSorted(compareFindings);
}

/** Locates the reports, leaves out the suppressed ones, gives the rest in order. */
function locatedFindings(
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

function toFinding(
  source: Source,
  parsed: ParsedDefinition | undefined,
  one: LocatedReport,
  secrets: readonly SecretSpan[],
): Finding {
  const { rule, severity, pointer, span, report: collected } = one;
  const report = 'text' in collected ? collected.text : collected.report;
  const fix = toFix(source, parsed, collected, pointer);
  const safe = fix === undefined || !touchesSecret(source, fix.edits, secrets) ? fix : undefined;
  return {
    rule: rule.id,
    severity,
    path: source.path,
    pointer,
    range: source.lines.rangeOf(span.start, span.end),
    message: { key: `${rule.id}#${report.messageId}`, values: masked(source, report.values ?? {}, secrets) },
    ...(safe !== undefined && { fix: safe }),
  };
}

function toFix(
  source: Source,
  parsed: ParsedDefinition | undefined,
  collected: CollectedReport,
  pointer: string,
): Fix | undefined {
  const report = 'text' in collected ? collected.text : collected.report;
  if (report.fix === undefined) return undefined;
  const edits: readonly TextEdit[] =
    'edits' in report.fix ? report.fix.edits : textEditsOf(source, parsed, report.fix.correction, pointer);
  if (edits.length === 0) return undefined;
  return {
    title: { key: `${collected.rule.id}#${report.fix.title}`, values: report.fix.values ?? {} },
    edits: edits.map(({ start, end, text }): Edit => ({ range: source.lines.rangeOf(start, end), text })),
  };
}

function textEditsOf(
  source: Source,
  parsed: ParsedDefinition | undefined,
  correction: Correction,
  pointer: string,
): readonly TextEdit[] {
  if (parsed === undefined) return [];
  if (correction.kind === 'renameAll')
    return correction.keys.flatMap(({ pointer: own, key }) =>
      correctionEdits(source, { kind: 'rename', key }, parsed.pointerInFile(own)),
    );
  const target =
    correction.kind === 'text' || correction.kind === 'into' || correction.pointer === undefined
      ? pointer
      : parsed.pointerInFile(correction.pointer);
  return correctionEdits(source, correction, target);
}

/** A fix whose lines hold a secret is not offered: showing it would show the secret. */
function touchesSecret(source: Source, edits: readonly Edit[], secrets: readonly SecretSpan[]): boolean {
  return edits.some(({ range, text }) =>
    secrets.some(
      ({ start, end }) =>
        text.includes(source.text.slice(start, end)) ||
        (range.start.line <= source.lines.lineAt(end) && source.lines.lineAt(start) <= range.end.line),
    ),
  );
}

/** What stands in the place of a secret. */
const mask = '•••';

function masked(source: Source, values: Values, secrets: readonly SecretSpan[]): Values {
  if (secrets.length === 0) return values;
  const hide = (text: string) =>
    secrets.reduce((shown, { start, end }) => shown.replaceAll(source.text.slice(start, end), mask), text);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : typeof value === 'string' ? hide(value) : value.map(hide),
    ]),
  );
}
