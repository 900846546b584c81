/** Reads one file: from its bytes to its definition and to everything there is to say about it. */
import type { Values } from '#base/i18n/message';
import type { Place } from './cell.ts';
import type { Edit, Finding, Fix, Severity } from './finding.ts';
import { mended } from './fix/edits.ts';
import { type Tree, treeOf } from './parse/parsed-definition.ts';
import type { Draft } from './parse/partial-definition.ts';
import { within } from './parse/pointer.ts';
import type { Reading } from './parse/reading.ts';
import { type Secret, secretSpans } from './parse/secret-scan.ts';
import { Source } from './parse/source.ts';
import { type Span, spanWithin } from './parse/source-map.ts';
import { definitionRuleGroups, textRules, treeRuleGroups } from './rules/all.ts';
import type { Mend, Report, RuleCard, TextEdit, TextReport } from './rules/rule.ts';
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

/** At most this many findings of one file are told: enough to mend it, and a bounded message. */
const mostFindings = 200;

/** What is said after so many reports changes nothing: the file is refused, in more words than anyone reads. */
const mostSaid = 600;

/** What a rule said, before its place in the text is known. */
type Said = { readonly card: RuleCard; readonly text: TextReport } | OtherReport;

const noFindings: readonly Finding[] = [];

const orderOfRules = new Map<string, number>(ruleIds.map((id, index) => [id, index]));

/** What a rule that knows more than the file says of it. */
export interface OtherReport {
  readonly card: RuleCard;
  readonly report: Report;
}

/**
 * Reads one file. Never throws, whatever the bytes are.
 *
 * @param others what rules that know more than this file say of it: placed, ordered and silenced with the rest.
 */
export function readDefinition(file: DefinitionFile, others: readonly OtherReport[] = []): Reading {
  const { path, place, draft, findings, tree } = looked(file, others);
  const sound = tree !== undefined && !findings.some(({ severity }) => severity === 'error');
  return {
    path,
    ...(place !== undefined && { place }),
    ...(draft !== undefined && { draft }),
    ...(sound && { definition: definitionOf(tree) }),
    findings,
  };
}

/** What judging a whole registry needs of each file: a reading without the definition itself. */
export interface Look {
  readonly path: string;
  readonly place: Place | undefined;
  readonly draft: Draft | undefined;
  readonly findings: readonly Finding[];
}

/** Like `readDefinition`. */
export function lookAt(file: DefinitionFile, others: readonly OtherReport[] = []): Look {
  return looked(file, others);
}

function looked(
  file: DefinitionFile,
  others: readonly OtherReport[],
): Look & { readonly tree: Tree | undefined } {
  const source = new Source(file);
  const said: Said[] = [...others];
  const loaded = source.loaded;
  const simple = source.plain && source.place !== undefined && loaded.ok;
  let card: RuleCard;
  if (!simple) {
    const note = (text: TextReport) => {
      if (said.length < mostSaid) said.push({ card, text });
    };
    for (const rule of textRules) {
      card = rule;
      rule.check(source, note);
    }
  }
  const tree = loaded.ok ? treeOf(source, loaded.value) : undefined;
  if (tree !== undefined) {
    const note = (report: Report) => {
      if (said.length < mostSaid) said.push({ card, report });
    };
    const { draft } = tree;
    for (const { concerns, rules } of treeRuleGroups) {
      if (!concerns(tree)) continue;
      for (const rule of rules) {
        card = rule;
        rule.check(tree, note);
      }
    }
    for (const { concerns, rules } of definitionRuleGroups) {
      if (!concerns(draft)) continue;
      for (const rule of rules) {
        card = rule;
        rule.check(draft, note);
      }
    }
  }
  const { path, place } = source;
  return {
    path,
    place,
    draft: tree !== undefined && typeof tree.root === 'object' && tree.root !== null ? tree.draft : undefined,
    findings: said.length === 0 ? noFindings : settled(source, tree, said),
    tree,
  };
}

/** What is said of a file that is not there to be read (it was removed, or is no definition). */
export function findingWithoutText(path: string, { card, report }: OtherReport): Finding {
  const start = { line: 1, column: 1 };
  return {
    rule: card.id,
    severity: report.severity ?? card.severity,
    path,
    pointer: report.pointer,
    range: { start, end: start },
    message: { key: `${card.id}#${report.words}`, values: report.values ?? {} },
  };
}

/** The definition of a tree in which no error was found. Text for people is NFC. */
function definitionOf(tree: Tree): ServiceProvider {
  const definition = tree.root as ServiceProvider;
  const { name, description, optionalScopes } = tree.draft;
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

interface Located {
  readonly card: RuleCard;
  readonly severity: Severity;
  readonly pointer: string;
  readonly span: Span;
  readonly said: Said;
}

/** Places what was said, silences echoes, says the rest in order. */
function settled(source: Source, tree: Tree | undefined, said: readonly Said[]): readonly Finding[] {
  const located = said.map((one) => locate(source, tree, one));
  const speaking = located.filter(
    (one) =>
      !located.some(
        (other) => other !== one && other.card.silences?.includes(one.card.id) === true && isEcho(one, other),
      ),
  );
  const unique = new Map<string, Located>();
  for (const one of speaking) {
    const key = `${one.card.id}\n${one.span.start}\n${one.span.end}\n${wordsOf(one.said)}`;
    if (!unique.has(key)) unique.set(key, one);
  }
  const ordered = [...unique.values()].sort(
    (one, other) =>
      one.span.start - other.span.start ||
      (orderOfRules.get(one.card.id) ?? 0) - (orderOfRules.get(other.card.id) ?? 0),
  );
  const secrets = secretSpans(source.text);
  return withErrors(ordered).map((one) => found(source, tree, one, secrets));
}

/** Whether `one` stands where `other` has spoken. */
function isEcho(one: Located, other: Located): boolean {
  // What a rule on the text says outside any value (a comment) concerns nothing but its own characters.
  if ('text' in other.said && other.pointer === '' && 'report' in one.said)
    return one.span.start < other.span.end && other.span.start < one.span.end;
  return within(one.pointer, other.pointer);
}

/** The first findings; an error is never cut off while something lesser stays. */
function withErrors(ordered: readonly Located[]): readonly Located[] {
  if (ordered.length <= mostFindings) return ordered;
  const kept = new Set(
    [...ordered]
      .sort((one, other) => Number(other.severity === 'error') - Number(one.severity === 'error'))
      .slice(0, mostFindings),
  );
  return ordered.filter((one) => kept.has(one));
}

function wordsOf(said: Said): string {
  return 'text' in said ? said.text.words : said.report.words;
}

function locate(source: Source, tree: Tree | undefined, said: Said): Located {
  const { card } = said;
  if ('text' in said) {
    const { start, end } = said.text;
    const pointer = tree === undefined || end <= start ? '' : source.map.pointerAt(start);
    return { card, severity: said.text.severity ?? card.severity, pointer, span: { start, end }, said };
  }
  const { report } = said;
  const pointer = tree === undefined ? report.pointer : tree.inFile(report.pointer);
  return {
    card,
    severity: report.severity ?? card.severity,
    pointer,
    span: placeOf(source, tree, report, pointer),
    said,
  };
}

function placeOf(source: Source, tree: Tree | undefined, report: Report, pointer: string): Span {
  const start = { start: 0, end: 0 };
  if (tree === undefined) return start;
  const placed = source.map.at(pointer);
  if (placed === undefined || pointer === '') {
    const near = source.map.nearest(pointer);
    return near?.key ?? firstLine(source);
  }
  if (report.at === 'key' && placed.key !== undefined) return placed.key;
  if (report.span !== undefined) return spanWithin(source.text, placed, report.span);
  const { value, key } = placed;
  // A value of several lines is pointed at by its key: nobody wants a whole list underlined.
  if (
    key !== undefined &&
    (value.start === value.end || source.text.slice(value.start, value.end).includes('\n'))
  )
    return key;
  return value;
}

/** What is wrong with the file as a whole is said on its first line. */
function firstLine(source: Source): Span {
  return { start: 0, end: source.lines.textOf(1).length };
}

function found(source: Source, tree: Tree | undefined, one: Located, secrets: readonly Secret[]): Finding {
  const { card, severity, pointer, span, said } = one;
  const report = 'text' in said ? said.text : said.report;
  const fix = fixOf(source, tree, said, pointer);
  const safe = fix === undefined || !touchesSecret(source, fix.edits, secrets) ? fix : undefined;
  return {
    rule: card.id,
    severity,
    path: source.path,
    pointer,
    range: source.lines.rangeOf(span.start, span.end),
    message: { key: `${card.id}#${report.words}`, values: masked(source, report.values ?? {}, secrets) },
    ...(safe !== undefined && { fix: safe }),
  };
}

function fixOf(source: Source, tree: Tree | undefined, said: Said, pointer: string): Fix | undefined {
  const report = 'text' in said ? said.text : said.report;
  if (report.fix === undefined) return undefined;
  const edits: readonly TextEdit[] =
    'edits' in report.fix ? report.fix.edits : editsOf(source, tree, report.fix.mend, pointer);
  if (edits.length === 0) return undefined;
  return {
    title: { key: `${said.card.id}#${report.fix.title}`, values: report.fix.values ?? {} },
    edits: edits.map(({ start, end, text }): Edit => ({ range: source.lines.rangeOf(start, end), text })),
  };
}

function editsOf(source: Source, tree: Tree | undefined, mend: Mend, pointer: string): readonly TextEdit[] {
  if (tree === undefined) return [];
  const target = mend.kind === 'text' || mend.pointer === undefined ? pointer : tree.inFile(mend.pointer);
  return mended(source, mend, target);
}

/** A fix whose lines hold a secret is not offered: showing it would show the secret. */
function touchesSecret(source: Source, edits: readonly Edit[], secrets: readonly Secret[]): boolean {
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

function masked(source: Source, values: Values, secrets: readonly Secret[]): Values {
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
