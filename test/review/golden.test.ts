import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { languages } from '../../src/language/words.ts';
import type { PullRequestFacts } from '../../src/review/facts.ts';
import { judge } from '../../src/review/verdict.ts';

/**
 * One folder a case: `facts.json` goes in, `effects.json` and the comment in both languages come out.
 * `UPDATE_REVIEWS=1 npx vitest run test/review/golden.test.ts` writes what comes out, to be read before it is kept.
 */
const folder = join(import.meta.dirname, '../reviews');
const update = process.env.UPDATE_REVIEWS === '1';

function expectFile(path: string, content: string): void {
  if (update) writeFileSync(path, content);
  expect(content, path).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '');
}

describe('recorded reviews', () => {
  it.each(readdirSync(folder))('%s', (name) => {
    const at = (file: string) => join(folder, name, file);
    const facts = JSON.parse(readFileSync(at('facts.json'), 'utf8')) as PullRequestFacts;
    const { effects } = judge(facts);
    const { comment, ...others } = effects;
    const said = typeof comment === 'string' ? comment : 'comment.fr.md';
    expectFile(
      at('effects.json'),
      `${JSON.stringify({ ...others, comment: said, check: { ...others.check, summary: undefined } }, null, 2)}\n`,
    );
    for (const language of languages) {
      // What there is to read: the comment, or the check's summary when the comment is left alone.
      const { effects: spoken } = judge(facts, language);
      const text = typeof spoken.comment === 'string' ? spoken.check.summary : spoken.comment.body;
      expectFile(at(`comment.${language}.md`), text);
    }
    // Judging is a function of the facts alone.
    expect(judge(facts).effects).toEqual(effects);
  });
});
