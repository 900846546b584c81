/** Reads one file: from its bytes to its definition and to every finding about it. */
import { type Place, placeFromPath } from './cell.ts';
import { type AdditionalReport, type CheckedFile, checkFile } from './check-file.ts';
import type { DefinitionFile } from './definition-file.ts';
import type { Finding } from './finding.ts';
import { compareFindings } from './finding-order.ts';
import { settled } from './fix/settled.ts';
import { locatedFindings } from './locate-reports.ts';
import type { ParsedDefinition } from './parse/parsed-definition.ts';
import type { PartialDefinition } from './parse/partial-definition.ts';
import type { DefinitionReading } from './parse/reading.ts';
import { unjudged } from './rules/judging.ts';
import type { ServiceProvider } from './schema/service-provider-schema.ts';

export type { AdditionalReport } from './check-file.ts';
export type { DefinitionFile } from './definition-file.ts';

const encoder = new TextEncoder();

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

function partialOf(parsed: ParsedDefinition | undefined): PartialDefinition | undefined {
  return parsed !== undefined && typeof parsed.root === 'object' && parsed.root !== null
    ? parsed.partial
    : undefined;
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

/** The findings of a file, with the fixes that may be offered. */
function findingsOf(checked: CheckedFile, additional: readonly AdditionalReport[] = []): readonly Finding[] {
  const { source } = checked;
  const findings = locatedFindings(checked, additional);
  const offered = settled(source.text, findings, (text) =>
    locatedFindings(checkFile({ path: source.path, bytes: encoder.encode(text) })),
  );
  return offered.length < 2 ? offered : offered.toSorted(compareFindings);
}
