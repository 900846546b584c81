/**
 * Judges what Greffier says of a case of the acceptance set as the person would who wrote the file: is it the right
 * fault, at the right place, said once; is what is offered right; how often must one come back.
 */

import { type Language, languages } from '#base/i18n/message';
import { codeSpan, quoteInBackticks } from '#base/i18n/render';
import { shownLines } from '#cli/formats/excerpt';
import { githubReport } from '#cli/formats/github';
import { jsonReport } from '#cli/formats/json';
import { sarifReport } from '#cli/formats/sarif';
import { textReport } from '#cli/formats/text';
import type { Terminal } from '#cli/terminal';
import type { Finding } from '#domain/definition/finding';
import { applyEdits } from '#domain/definition/fix/apply-edits';
import { compatibleEdits, correctedLines, diffBlock } from '#domain/definition/fix/corrected-lines';
import { applyFixes } from '#domain/definition/fix/fixes';
import { sameYamlValue } from '#domain/definition/parse/equality';
import { valueParser } from '#domain/definition/parse/yaml-parsers';
import { readDefinition } from '#domain/definition/read-definition';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { fixedFiles, patchOf } from '#domain/review/evaluate/fixes';
import {
  type Case,
  type FaultCase,
  type FaultExpectation,
  isFault,
  listOf,
  mended,
  type SoundCase,
  withLines,
} from './expectation.ts';

/** What can be wrong with what is said of a case. */
export const criteria = [
  /** No acceptable rule speaks on a line where a person would look. */
  'rule',
  /** It speaks, but with another severity. */
  'severity',
  /** There are more messages than faults, or fewer. */
  'messages',
  /** The certain correction is not offered. */
  'fix',
  /** What is offered makes something else of the file than what its author meant. */
  'harm',
  /** The line that a diff shows as the corrected one is refused in its turn. */
  'refused',
  /** Having done all that was said, one has to come back. */
  'rounds',
  /** A secret is repeated. */
  'secret',
  /** Something is said of a file that is right. */
  'alarm',
] as const;
export type Criterion = (typeof criteria)[number];

/** A fault that is still not done with then is counted as so many rounds. */
export const maxRounds = 4;

/** What an offered fix makes of the file, when it is none of what the case allows. */
export interface Harm {
  /**
   * `forbidden`: a text that must not come about; `guess`: an answer to what is a question; `wrong`: something else than
   * the certain correction.
   */
  readonly kind: 'forbidden' | 'guess' | 'wrong';
  /** The title of the fix, in French; `greffier fix` for all of them together. */
  readonly offer: string;
  /** The lines it changes, as they would be. */
  readonly becomes: string;
}

/** A finding as a person reads it. */
export interface ReadMessage {
  readonly line: number;
  readonly rule: string;
  readonly severity: Finding['severity'];
  readonly french: string;
}

export interface Judgement {
  readonly slug: string;
  readonly group: string;
  /** True when the file is right. */
  readonly sound: boolean;
  /** Errors, decisions and warnings: what someone has to read. */
  readonly messages: readonly ReadMessage[];
  /** How many of them say something that none before has said. */
  readonly distinct: number;
  /** Whether the best of the acceptable rules speaks, at the right line. */
  readonly best: boolean;
  readonly harms: readonly Harm[];
  /** Where a secret is repeated. */
  readonly told: readonly string[];
  /** How often the file has to be sent again; undefined when nothing is said, or the set has no text for the end. */
  readonly rounds: number | undefined;
  /** What is not right. */
  readonly failed: ReadonlySet<Criterion>;
}

const encoder = new TextEncoder();

function findingsOf(path: string, text: string): readonly Finding[] {
  return readDefinition({ path, bytes: encoder.encode(text) }).findings;
}

/** Whether someone has to do something about a finding. */
function isMessage({ severity }: Finding): boolean {
  return severity !== 'info';
}

function inFrench({ rule, severity, range, message }: Finding): ReadMessage {
  const french = catalogue.translate(message, 'fr', quoteInBackticks);
  return { line: range.start.line, rule, severity, french };
}

/** `url/*` is any rule of that group. */
function isRule(pattern: string, rule: string): boolean {
  return pattern.endsWith('/*') ? rule.startsWith(pattern.slice(0, -1)) : pattern === rule;
}

function isAtRightLine({ line, alsoLine }: FaultExpectation, { range }: Finding): boolean {
  return line === null || line === range.start.line || alsoLine?.includes(range.start.line) === true;
}

/**
 * Whether no error is left, and nothing more is said of the fault. What a reviewer decides, and advice on something else,
 * is for nobody to come back for.
 */
function isDone({ rule }: FaultExpectation, findings: readonly Finding[]): boolean {
  return !findings.some(
    (finding) =>
      finding.severity === 'error' ||
      (isMessage(finding) && listOf(rule).some((pattern) => isRule(pattern, finding.rule))),
  );
}

type Loaded = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

function load(text: string): Loaded {
  const { CORE_SCHEMA, load: parse } = valueParser();
  try {
    return { ok: true, value: parse(text, { schema: CORE_SCHEMA }) };
  } catch {
    return { ok: false };
  }
}

function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}

/**
 * Whether a file is what a case allows. The same value written otherwise is as good; but where the fault changes no value
 * (a comment, an anchor), the value proves nothing: then nothing may be left to say.
 */
function isAllowed(one: FaultCase, candidate: string, allowed: string): boolean {
  const wanted = withLines(one, allowed);
  if (plain(candidate) === plain(wanted)) return true;
  const [given, expected, original] = [load(candidate), load(wanted), load(one.text)];
  if (!given.ok || !expected.ok || !sameYamlValue(given.value, expected.value)) return false;
  const tells = !original.ok || !sameYamlValue(original.value, expected.value);
  return tells || isDone(one.expected, findingsOf(one.expected.path, candidate));
}

/** The lines of a text that are not those of another, without what both begin and end with. */
function difference(before: string, after: string): string {
  const [old, lines] = [before.split('\n'), after.split('\n')];
  let first = 0;
  while (first < lines.length && lines[first] === old[first]) first++;
  let last = 0;
  while (last < lines.length - first && lines.at(-1 - last) === old.at(-1 - last)) last++;
  return lines.slice(first, lines.length - last).join('\n');
}

/** Everything that is offered to be taken with one click or one command, and the text that it makes. */
function offersOf(one: FaultCase, findings: readonly Finding[]) {
  const { path } = one.expected;
  const offers = findings.flatMap(({ fix }) =>
    fix === undefined
      ? []
      : [
          {
            offer: catalogue.translate(fix.title, 'fr', quoteInBackticks),
            text: applyEdits(one.text, fix.edits),
          },
        ],
  );
  if (offers.length === 0) return [];
  return [...offers, { offer: 'greffier fix', text: applyFixes(path, one.text).text }];
}

function harmsOf(one: FaultCase, findings: readonly Finding[]): { harms: Harm[]; gives: boolean } {
  const { path, fixed, mayBecome = [], mustNotBecome = [] } = one.expected;
  const allowed = [...(fixed === null ? [] : [fixed]), ...mayBecome];
  const right = (text: string) => allowed.some((each) => isAllowed(one, text, each));
  const harms: Harm[] = [];
  let gives = false;
  for (const { offer, text } of offersOf(one, findings)) {
    gives ||= fixed !== null && isAllowed(one, text, fixed);
    const harm = (kind: Harm['kind']) =>
      harms.push({ kind, offer, becomes: difference(plain(one.text), plain(text)) });
    if (mustNotBecome.some((forbidden) => text.includes(forbidden))) harm('forbidden');
    // One fix of several may be a step on the way; what the others then make of it counts.
    else if (!right(text) && !right(applyFixes(path, text).text)) harm(fixed === null ? 'guess' : 'wrong');
  }
  return { harms, gives };
}

/** The diffs that a comment shows: what is offered on one line stands together. */
function offeredTogether(findings: readonly Finding[]) {
  return [...Map.groupBy(findings, ({ range }) => range.start.line).values()]
    .map(compatibleEdits)
    .filter((edits) => edits.length > 0);
}

/** Whether a line that is offered as the corrected one is refused in its turn. */
function offersRefused({ expected: { path }, text }: FaultCase, findings: readonly Finding[]): boolean {
  return offeredTogether(findings).some((edits) => {
    const left = findingsOf(path, applyEdits(text, edits)).filter(({ severity }) => severity === 'error');
    let shift = 0;
    return correctedLines(text, edits).some(({ first, last, after }) => {
      const from = first + shift;
      const to = from + after.length - 1;
      shift += after.length - (last - first + 1);
      return left.some(({ range }) => range.start.line <= to && from <= range.end.line);
    });
  });
}

/**
 * How often a person sends the file again until there is nothing more to do. What is offered is taken; without an offer,
 * a message at the right place is understood, and the text of the end is written. A message elsewhere helps nobody: that
 * round is lost, and the person asks someone.
 */
function roundsOf(one: FaultCase, findings: readonly Finding[]): number | undefined {
  const end = mended(one);
  if (end === undefined || !findings.some(isMessage)) return undefined;
  let now = { path: one.expected.path, text: one.text };
  let said = findings.filter(isMessage);
  let pointed = said.some((finding) => isAtRightLine(one.expected, finding));
  for (let rounds = 1; rounds < maxRounds; rounds++) {
    const edits = compatibleEdits(said);
    const taken = edits.length === 0 ? now.text : applyEdits(now.text, edits);
    if (taken !== now.text) now = { ...now, text: taken };
    else if (pointed) now = end;
    said = findingsOf(now.path, now.text).filter(isMessage);
    if (isDone(one.expected, said)) return rounds;
    // After the first round the lines may have moved: whoever comes back is helped.
    pointed = true;
  }
  return maxRounds;
}

function terminal(language: Language): Terminal {
  return {
    language,
    folder: '/',
    colours: false,
    interactive: false,
    columns: 10_000,
    out: () => undefined,
    err: () => undefined,
    progress: () => {},
    ask: () => Promise.resolve(undefined),
  };
}

/** Everything that is shown of a file, by where it is shown. */
function everythingShown(path: string, text: string, findings: readonly Finding[]) {
  const validation = { files: 1, findings };
  const inLanguages = (format: (language: Language) => string) => languages.map(format).join('\n');
  const sentences = findings.flatMap(({ message, fix }) =>
    fix === undefined ? [message] : [message, fix.title],
  );
  return {
    messages: inLanguages((language) =>
      sentences.map((each) => catalogue.translate(each, language, codeSpan)).join('\n'),
    ),
    text: inLanguages((language) =>
      textReport(
        validation,
        terminal(language),
        shownLines(() => text),
        catalogue,
      ),
    ),
    json: inLanguages((language) => jsonReport(validation, language)),
    github: inLanguages((language) => githubReport(validation, language)),
    sarif: inLanguages((language) => sarifReport(validation, language)),
    diff: offeredTogether(findings)
      .flatMap((edits) => correctedLines(text, edits).map(diffBlock))
      .join('\n'),
    patch: patchOf(fixedFiles([{ path, kind: 'added', text, findings }])),
  };
}

function judgeFault(one: FaultCase): Judgement {
  const { expected, bytes, text, slug, group } = one;
  const { path, rule, severity, messages: wanted, fixed, neverPrinted = [] } = expected;
  const { findings } = readDefinition({ path, bytes });
  const messages = findings.filter(isMessage).map(inFrench);
  const rules = listOf(rule);
  const found = findings.filter(
    (finding) => isAtRightLine(expected, finding) && rules.some((pattern) => isRule(pattern, finding.rule)),
  );
  const best = found.some((finding) => isRule(rules[0] ?? '', finding.rule));
  const { harms, gives } = harmsOf(one, findings);
  const rounds = roundsOf(one, findings);
  const shown: Readonly<Record<string, string>> =
    neverPrinted.length === 0 ? {} : everythingShown(path, text, findings);
  const told = Object.entries(shown)
    .filter(([, all]) => neverPrinted.some((secret) => all.includes(secret)))
    .map(([where]) => where);
  const failures: Readonly<Record<Criterion, boolean>> = {
    rule: found.length === 0,
    severity: found.length > 0 && !found.some((finding) => listOf(severity).includes(finding.severity)),
    messages: messages.length !== wanted,
    fix: fixed !== null && !gives,
    harm: harms.length > 0,
    refused: offersRefused(one, findings),
    rounds: rounds !== undefined && rounds > 1,
    secret: told.length > 0,
    alarm: false,
  };
  return {
    slug,
    group,
    sound: false,
    messages,
    distinct: new Set(messages.map(({ french }) => french)).size,
    best,
    harms,
    told,
    rounds,
    failed: new Set(criteria.filter((criterion) => failures[criterion])),
  };
}

function judgeSound({ expected: { path }, bytes, slug, group }: SoundCase): Judgement {
  const { findings } = readDefinition({ path, bytes });
  const messages = findings.filter(isMessage).map(inFrench);
  const alarm = messages.length > 0 || findings.some(({ fix }) => fix !== undefined);
  return {
    slug,
    group,
    sound: true,
    messages,
    distinct: new Set(messages.map(({ french }) => french)).size,
    best: false,
    harms: [],
    told: [],
    rounds: undefined,
    failed: new Set(alarm ? ['alarm' as const] : []),
  };
}

export function judge(one: Case): Judgement {
  return isFault(one) ? judgeFault(one) : judgeSound(one);
}
