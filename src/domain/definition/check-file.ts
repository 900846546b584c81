/** Asks every rule on one file what it has to say of it. */
import type { DefinitionFile } from './definition-file.ts';
import { buildParsedDefinition, type ParsedDefinition } from './parse/parsed-definition.ts';
import type { PartialDefinition } from './parse/partial-definition.ts';
import { Source } from './parse/source.ts';
import { definitionRuleGroups, type RuleGroup, structureRuleGroups, textRules } from './rules/all.ts';
import { mayBeMisread } from './rules/file/misread.ts';
import { unjudged } from './rules/judging.ts';
import type { Report, RuleMetadata, TextReport } from './rules/rule.ts';

/** More reports than this change nothing: the file is refused, with more findings than anyone reads. */
export const maxReports = 600;

/** What a rule that knows more than the file reports of it. */
export interface AdditionalReport {
  readonly rule: RuleMetadata;
  readonly report: Report;
}

/** What a rule reported, before its place in the text is known. */
export type CollectedReport = { readonly rule: RuleMetadata; readonly text: TextReport } | AdditionalReport;

/** A file and what its own rules reported of it. */
export interface CheckedFile {
  readonly source: Source;
  /** Undefined when the YAML could not be read. */
  readonly parsed: ParsedDefinition | undefined;
  readonly reports: readonly CollectedReport[];
}

/** Reads a file, and runs the rules on its text, its structure and its meaning, each as far as the file could be read. */
export function checkFile(file: DefinitionFile): CheckedFile {
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
    // By index: an iterator would make an object for each rule, of each file.
    for (let at = 0; at < rules.length; at++) {
      const rule = rules[at];
      if (rule === undefined) continue;
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
