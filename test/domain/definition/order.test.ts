/** Findings have one order, on every surface: path, line, column, rule, each by code units. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '#domain/definition/finding';
import { compareFindings } from '#domain/definition/finding-order';
import { readDefinition } from '#domain/definition/read-definition';
import { ruleIds } from '#domain/definition/rules/rule-ids';
import { replay } from '#domain/review/evaluate/replay';
import { blobFact } from '#domain/review/facts/blob-fact';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { greffier } from '../../cli/console.ts';
import { commitAll, newRepository, write } from '../../cli/git-repository.ts';
import { definition } from '../../cli/registry-on-disk.ts';
import { fc } from '../../fast-check.ts';

type Told = Pick<Finding, 'path' | 'range' | 'rule'>;

/** As the contract says it, letter by letter. */
function expectOrdered(found: readonly Told[]): void {
  for (const [index, one] of found.entries()) {
    const next = found[index + 1];
    if (next === undefined) return;
    const keys = ({ path, range, rule }: Told) => [path, range.start.line, range.start.column, rule] as const;
    const [a, b] = [keys(one), keys(next)];
    const at = a.findIndex((key, place) => key !== b[place]);
    if (at !== -1) expect((a[at] ?? '') < (b[at] ?? ''), `${a} before ${b}`).toBe(true);
  }
}

const cell = 'service-providers/internet/production';
/** Code units and locales order these otherwise. */
const ids = ['a-z', 'a1', 'ab', 'aé', 'B', 'a.b', 'Zz', 'é', 'a b', 'a\u{1f600}', 'a\uffee'];
const faulty = (name: string) =>
  definition(
    `name: ${name}\nzz: 1\ndescription: Permet de voir http://a.fr\ncontacts: {technical: [Jean@GMAIL.com, noreply@a.fr], support: x}\nredirect_uris: ["http://localhost:3000/*#a", "http://localhost:3000/*#a"]\nowners: [a@b]\nprivate_sector: oui`,
  );

describe('the order of findings', () => {
  const finding = fc.record({
    path: fc.constantFrom(...ids),
    rule: fc.constantFrom(...ruleIds),
    pointer: fc.constantFrom('', '/a'),
    severity: fc.constant('error' as const),
    range: fc.record({
      start: fc.record({ line: fc.integer({ min: 1, max: 3 }), column: fc.integer({ min: 1, max: 3 }) }),
      end: fc.record({ line: fc.constant(4), column: fc.integer({ min: 1, max: 3 }) }),
    }),
    message: fc.record({ key: fc.constantFrom('a#b', 'a#c'), values: fc.constant({}) }),
  });

  it('is that of the contract, and one whatever order they come in', () => {
    fc.assert(
      fc.property(fc.array(finding), fc.array(finding), (some, more) => {
        const ordered = [...some, ...more].toSorted(compareFindings);
        expectOrdered(ordered);
        expect([...more, ...some].toSorted(compareFindings)).toEqual(ordered);
      }),
    );
  });

  it('is that of a reading', () => {
    const parts = [
      'name: "Suivi\u200b"',
      'name: x',
      'nom: y',
      '  - a: [',
      'redirect_uris: [http://a, http://a]',
      'a: "\\e"',
      '- b',
      'siret: 1',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 6 }), (lines) => {
        const text = lines.join('\n');
        expectOrdered(
          readDefinition({ path: `${cell}/a.yaml`, bytes: new TextEncoder().encode(text) }).findings,
        );
      }),
    );
    expectOrdered(
      readDefinition({ path: `${cell}/B.yaml`, bytes: new TextEncoder().encode(faulty('x')) }).findings,
    );
  });

  it('is that of the command line in every format, removed files and what is none among them', async () => {
    const folder = newRepository({
      'service-providers/internet/integration/zz-parti.yaml': definition('', 'internet/integration'),
      [`${cell}/a1a.yaml`]: definition('name: Parti'),
      '.github/workflows/x.yml': 'a',
      'B.yaml': 'a',
    });
    rmSync(join(folder, 'service-providers/internet/integration/zz-parti.yaml'));
    rmSync(join(folder, `${cell}/a1a.yaml`));
    for (const id of ids) write(folder, { [`${cell}/${id}.yaml`]: faulty(id) });
    write(folder, { 'a.yaml': definition(), 'Z.yaml': definition(), '.github/workflows/x.yml': 'b' });
    const run = async (format: string) =>
      (await greffier(folder, ['validate', '--base', 'main', '--format', format])).out;
    const { findings } = JSON.parse(await run('json')) as { findings: Finding[] };
    expectOrdered(findings);
    expect(findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['change/removed', 'change/mixed', 'file/path']),
    );
    const sarif = JSON.parse(await run('sarif')).runs[0].results as {
      ruleId: string;
      locations: {
        physicalLocation: {
          artifactLocation: { uri: string };
          region: { startLine: number; startColumn: number };
        };
      }[];
    }[];
    expect(
      sarif.map(({ ruleId, locations: [at] }) => [
        decodeURIComponent(at?.physicalLocation.artifactLocation.uri ?? ''),
        at?.physicalLocation.region.startLine,
        at?.physicalLocation.region.startColumn,
        ruleId,
      ]),
    ).toEqual(findings.map(({ path, range, rule }) => [path, range.start.line, range.start.column, rule]));
    const github = (await run('github')).trimEnd().split('\n');
    expect(github.map((line) => /title=([^:,]*)/.exec(line)?.[1])).toEqual(findings.map(({ rule }) => rule));
    const text = await run('text');
    const places = [...text.matchAll(/^ {2}\S+(?: à \S+)? +(\d+:\d+) {2}(\S+)$/gm)].map(
      ([, at, rule]) => `${at} ${rule}`,
    );
    expect(places).toEqual(
      findings.map(({ range: { start }, rule }) => `${start.line}:${start.column} ${rule}`),
    );
    commitAll(folder, 'all');
    const left = (await greffier(folder, ['fix', '--dry-run'])).out;
    const fixed = [...left.matchAll(/^ {2}· (\d+) {2}/gm)].map(([, line]) => Number(line));
    expect(fixed.length).toBeGreaterThanOrEqual(ids.length);
    const perFile = left
      .split(/^(?=service-providers)/m)
      .map((part) => [...part.matchAll(/^ {2}· (\d+) {2}/gm)].map(([, line]) => Number(line)));
    for (const lines of perFile) expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  it('is that of a review: files, annotations and the comment', () => {
    const blob = (n: number) => n.toString(16).padStart(40, '0');
    const reviewed = ['zz', 'a-z', 'a1', 'ab'];
    const facts: PullRequestFacts = {
      version: 1,
      repository: { fullName: 'org/registre', url: 'https://github.com/org/registre' },
      pull: {
        number: 12,
        author: { id: 1, login: 'camille', bot: false },
        head: 'a'.repeat(40),
        base: 'c'.repeat(40),
        draft: false,
        open: true,
        fork: false,
        intoDefaultBranch: true,
      },
      files: [
        ...reviewed.map((id, n) => ({ path: `${cell}/${id}.yaml`, status: 'added' as const, blob: blob(n) })),
        { path: 'Z.yaml', status: 'added', blob: blob(0) },
        { path: 'a.yaml', status: 'added', blob: blob(0) },
      ],
      filesComplete: true,
      // One that has nothing to correct stands before and between those that have.
      blobs: Object.fromEntries(
        reviewed.map((id, n) => [
          blob(n),
          blobFact(
            new TextEncoder().encode(id === 'a1' ? definition('name: Guichet') : faulty(`Service ${id}`)),
          ),
        ]),
      ),
      baseBlobs: {},
      settings: null,
      neighbours: [],
      openClaims: [],
      outside: {},
      reviews: [],
    };
    const { review, effects } = replay(facts, 'fr');
    for (const { findings } of review.files) expectOrdered(findings);
    expectOrdered(review.general);
    expectOrdered(review.files.flatMap(({ findings }) => findings));
    const { annotations } = effects.check;
    expect(annotations.length).toBeGreaterThan(20);
    expectOrdered(
      annotations.map(({ path, startLine, startColumn, title }) => ({
        path,
        range: {
          start: { line: startLine, column: startColumn ?? 1 },
          end: { line: startLine, column: startColumn ?? 1 },
        },
        rule: (title.split(' · ')[1] ?? '') as Finding['rule'],
      })),
    );
    const body = typeof effects.comment === 'string' ? '' : effects.comment.body;
    const sections = [...body.matchAll(/^`(service-providers\S*\.yaml)`/gm)].map(([, path]) => path ?? '');
    expect(sections.length).toBe(4);
    expect(sections).toEqual(sections.toSorted());
  });
});
