/** Holds the threat model to the sources: `npm run threats` tries what is only looked up here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleIds } from '#domain/definition/rules/rule-ids';
import { threatActors } from '../scripts/threats/actors.ts';

const root = join(import.meta.dirname, '..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const threats = threatActors.flatMap((actor) => actor.threats);
const recorded = readdirSync(join(root, 'test/reviews'));

describe('the threat model', () => {
  it('is enough to be worth something', () => {
    expect(threats.length).toBeGreaterThan(40);
    for (const { threat, proofs } of threats) expect(proofs.length, threat).toBeGreaterThan(0);
  });

  it.each(threats.flatMap(({ threat, proofs }) => proofs.map((proof) => [threat, proof] as const)))(
    'names what is there: %s',
    (_threat, { file, line, without, test, title }) => {
      expect(text(file).split(line), `${file}: ${line}`).toHaveLength(2);
      expect(without).not.toBe(line);
      expect(existsSync(join(root, test)), test).toBe(true);
      // A table of cases may stand beside the test that goes through it.
      const cases = [...text(test).matchAll(/'(?:\.\.\/)+(scripts\/[\w-]+\.ts)'/g)].map(
        ([, path = '']) => path,
      );
      const isThere =
        [test, ...cases].some((path) => text(path).includes(title)) ||
        recorded.includes(title) ||
        ruleIds.some((id) => id === title);
      expect(isThere, `${test}: ${title}`).toBe(true);
    },
  );

  it('has one row in the document for each threat', () => {
    const rows = text('docs/threat-model.md')
      .split('\n')
      .filter((row) => row.startsWith('| ') && !row.startsWith('| threat |'));
    expect(rows).toHaveLength(threats.length);
    for (const row of rows) {
      const [, test = ''] = /`(test\/[^`]+)` ›/.exec(row) ?? [];
      expect(existsSync(join(root, test)), row).toBe(true);
    }
  });
});
