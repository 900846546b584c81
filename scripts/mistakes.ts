/**
 * `npm run mistakes [-- --list GROUP | --failed [CRITERION] | --update]`: what Greffier makes of the acceptance set in
 * `test/mistakes`, in figures or case by case.
 *
 * `--list` and `--failed` show the messages as a person reads them beside what was expected. `--update` takes out of
 * `test/mistakes/known.json` what has come right. It never adds to it, so that a loss is not written down unseen: what is
 * worse is named, and the script ends with 1. Whoever accepts it writes it there by hand, and says why.
 */

import { parseArgs } from 'node:util';
import { type Case, isFault, listOf, readCases } from '../test/mistakes/expectation.ts';
import { type Criterion, criteria, type Judgement, judge } from '../test/mistakes/judge.ts';
import { compare, failuresOf, readKnown, writeKnown } from '../test/mistakes/known.ts';

const write = (text: string) => process.stdout.write(`${text}\n`);

const { values, positionals } = parseArgs({
  options: { list: { type: 'string' }, failed: { type: 'boolean' }, update: { type: 'boolean' } },
  allowPositionals: true,
});

function figure(count: number, of: number): string {
  return `${count}/${of}`;
}

function average(numbers: readonly number[]): string {
  if (numbers.length === 0) return '-';
  return (numbers.reduce((sum, one) => sum + one, 0) / numbers.length).toFixed(2);
}

const columns = [
  'group',
  'rule and line',
  'best rule',
  'one message',
  'messages',
  'distinct',
  'rounds',
  'one round',
  'severity',
  'no fix',
  'harmful',
  'refused',
  'secrets',
  'alarms',
] as const;

/** The figures of some cases. The last ones count what should not be. */
function rowOf(name: string, judgements: readonly Judgement[]): readonly string[] {
  const faults = judgements.filter(({ sound }) => !sound);
  const sound = judgements.filter((one) => one.sound);
  const failing = (criterion: Criterion) => judgements.filter(({ failed }) => failed.has(criterion)).length;
  const right = (criterion: Criterion) => figure(faults.length - failing(criterion), faults.length);
  const rounds = faults.flatMap((one) => one.rounds ?? []);
  return [
    name,
    right('rule'),
    figure(faults.filter(({ best }) => best).length, faults.length),
    right('messages'),
    average(faults.map(({ messages }) => messages.length)),
    average(faults.map(({ distinct }) => distinct)),
    average(rounds),
    figure(rounds.filter((count) => count === 1).length, rounds.length),
    String(failing('severity')),
    String(failing('fix')),
    String(failing('harm')),
    String(failing('refused')),
    String(failing('secret')),
    figure(failing('alarm'), sound.length),
  ];
}

function printFigures(judgements: readonly Judgement[]): void {
  const groups = Map.groupBy(judgements, ({ group }) => group);
  const rows = [
    columns,
    ...[...groups].map(([group, own]) => rowOf(group, own)),
    rowOf('in all', judgements),
  ];
  const widths = columns.map((_column, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  for (const row of rows)
    write(
      row
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join('  '),
    );
  const harms = Map.groupBy(
    judgements.flatMap(({ harms: own }) => own),
    ({ kind }) => kind,
  );
  const kinds = [...harms].map(([kind, own]) => `${own.length} ${kind}`);
  write(
    `\n${judgements.filter(({ failed }) => failed.size === 0).length}/${judgements.length} right in everything`,
  );
  if (kinds.length > 0) write(`harmful offers, each fix and the whole loop counted: ${kinds.join(', ')}`);
}

function indented(text: string, prefix: string): string {
  return text
    .split('\n')
    .map((line) => `    ${prefix}${line}`)
    .join('\n');
}

function printCase(one: Case, { failed, messages, harms, told, rounds }: Judgement): void {
  write(`\n${one.slug}  ${failed.size === 0 ? 'right' : [...failed].join(', ')}`);
  write(`  ${one.expected.why}`);
  if (isFault(one)) {
    const { rule, severity, line, alsoLine = [], fixed, mayBecome = [], valid } = one.expected;
    const at = line === null ? 'anywhere' : `line ${[line, ...alsoLine].join(' or ')}`;
    write(`  expected: ${listOf(severity).join(' or ')} ${listOf(rule).join(' or ')}, ${at}`);
    write(indented(fixed === null ? valid : fixed, fixed === null ? '? ' : '+ '));
    for (const other of mayBecome) write(indented(other, '(+) '));
  }
  const once = rounds === undefined ? '' : ` (${rounds} round${rounds === 1 ? '' : 's'})`;
  write(`  said: ${messages.length === 0 ? 'nothing' : ''}${once}`);
  for (const { line, rule, severity, french } of messages)
    write(`    ${line}: ${severity} ${rule}  ${french}`);
  if (told.length > 0) write(`  a secret is repeated in: ${told.join(', ')}`);
  for (const { kind, offer, becomes } of harms)
    write(`  ${kind}: ${offer}\n${indented(JSON.stringify(becomes).slice(0, 300), '! ')}`);
}

/** Takes out of the list what has come right; the first time, lists all that is wrong. */
function update(judgements: readonly Judgement[]): void {
  const known = readKnown();
  if (known === undefined) {
    writeKnown(failuresOf(judgements));
    return;
  }
  const gone = new Map<string, Set<Criterion>>();
  for (const [criterion, { worse, better }] of compare(judgements, known)) {
    for (const slug of better) {
      write(`right now: ${criterion} ${slug}`);
      gone.set(slug, (gone.get(slug) ?? new Set()).add(criterion));
    }
    for (const slug of worse) write(`worse, not written down: ${criterion} ${slug}`);
    if (worse.length > 0) process.exitCode = 1;
  }
  const left = Object.entries(known).map(([slug, failed]) => [
    slug,
    failed.filter((criterion) => gone.get(slug)?.has(criterion) !== true),
  ]);
  writeKnown(Object.fromEntries(left));
}

const { cases, problems } = readCases();
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
const judgements = cases.map(judge);
const [criterion] = positionals;
const known = criteria.find((one) => one === criterion);
if (criterion !== undefined && known === undefined) {
  process.stderr.write(`${criterion}: no criterion; there are ${criteria.join(', ')}\n`);
  process.exitCode = 2;
} else if (values.update === true) update(judgements);
else if (values.list === undefined && values.failed !== true) printFigures(judgements);
else
  for (const [index, one] of cases.entries()) {
    const judgement = judgements[index];
    if (judgement === undefined || (values.list !== undefined && one.group !== values.list)) continue;
    const wrong = known === undefined ? judgement.failed.size > 0 : judgement.failed.has(known);
    if (values.failed !== true || wrong) printCase(one, judgement);
  }
