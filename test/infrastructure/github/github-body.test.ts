import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { githubBody, maxBodyLength } from '#infrastructure/github/write/github-body';

it('leaves what GitHub takes as it is', () => {
  const text = 'é'.repeat(maxBodyLength);
  expect(githubBody(text)).toBe(text);
});

it.each([
  ['lines', 'x\n', /x\n\n…\n$/],
  ['code', 'x\n```\n', /\n````\n\n…\n$/, '````yaml\n'],
  ['code in details', 'x\n', /x\n```\n\n…\n\n<\/details>\n$/, '<details>\n\n```diff\n'],
  ['a line that is too long by itself', '`@someone', /^before\n\n…\n$/, 'before\n'],
])('cuts %s at the end of a line, and closes what is open', (_, piece, end, begin = '') => {
  const cut = githubBody(begin + piece.repeat(70_000));
  expect(cut.length).toBeLessThanOrEqual(maxBodyLength);
  expect(cut.startsWith(begin)).toBe(true);
  expect(cut).toMatch(end);
  expect(githubBody(cut)).toBe(cut);
});

it('is what every text that is written to GitHub goes through', () => {
  const folder = join(import.meta.dirname, '../../../src/infrastructure/github/write');
  const raw = globSync('*.ts', { cwd: folder }).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => /^ *body,$|\b(?:body|summary): (?!string|words|issue\.|githubBody\()/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(raw).toEqual([]);
});
