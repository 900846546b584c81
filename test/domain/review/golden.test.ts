import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from '#domain/review/evaluate/replay';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { outcomeFiles } from '../../../scripts/recorded-review.ts';

/**
 * One folder a case: `facts.json` goes in, `effects.json` and the comment in both languages come out.
 * `UPDATE_REVIEWS=1 npx vitest run test/domain/review/golden.test.ts` writes what comes out, to be read before it is kept.
 */
const folder = join(import.meta.dirname, '../../reviews');
const update = process.env.UPDATE_REVIEWS === '1';

function expectFile(path: string, content: string): void {
  if (update) writeFileSync(path, content);
  expect(content, path).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '');
}

describe('recorded reviews', () => {
  it.each(readdirSync(folder))('%s', (name) => {
    const at = (file: string) => join(folder, name, file);
    const facts = JSON.parse(readFileSync(at('facts.json'), 'utf8')) as PullRequestFacts;
    const { effects } = replay(facts);
    for (const [file, content] of Object.entries(outcomeFiles(facts))) expectFile(at(file), content);
    // Judging is a function of the facts alone.
    expect(replay(facts).effects).toEqual(effects);
  });
});
