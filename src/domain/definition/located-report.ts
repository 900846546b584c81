/** The finding that a report becomes once its place is known, with its fix; nothing of it shows a secret. */
import type { Values } from '#base/i18n/message';
import type { CollectedReport } from './check-file.ts';
import type { Edit, Finding, Fix, Severity } from './finding.ts';
import { correctionEdits } from './fix/edits.ts';
import type { ParsedDefinition } from './parse/parsed-definition.ts';
import type { SecretSpan } from './parse/secret-scan.ts';
import type { Source } from './parse/source.ts';
import type { Span } from './parse/source-map.ts';
import type { Correction, RuleMetadata, TextEdit } from './rules/rule.ts';

/** What a rule reported, and where that stands. */
export interface LocatedReport {
  readonly rule: RuleMetadata;
  readonly severity: Severity;
  readonly pointer: string;
  readonly span: Span;
  readonly report: CollectedReport;
}

/** @param secrets those of the text */
export function toFinding(
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
