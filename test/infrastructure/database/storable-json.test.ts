import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storableJson } from '#infrastructure/database/storable-json';

it('holds only what PostgreSQL takes, in values and in keys', () => {
  const odd = {
    '\0k': ['\0', '\ud800', '\udfff', 'a\udbffb', '\u{1f600}', '\\u0000', '\\\0', '\u0001', '"\n'],
  };
  expect(JSON.parse(storableJson(odd))).toEqual({
    '\ufffdk': [
      '\ufffd',
      '\ufffd',
      '\ufffd',
      'a\ufffdb',
      '\u{1f600}',
      '\\u0000',
      '\\\ufffd',
      '\u0001',
      '"\n',
    ],
  });
});

it('is what every file that writes to the store uses', () => {
  const root = join(import.meta.dirname, '../../../src');
  const exempt = [
    'infrastructure/database/storable-json.ts',
    // What was exported came out of the store: it is taken back as it is.
    'infrastructure/database/export-import.ts',
    // Only prints.
    'cli/commands/jobs.ts',
  ];
  const others = globSync('**/*.ts', { cwd: root }).filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return /from 'kysely'|#infrastructure\/database\//.test(text) && text.includes('JSON.stringify');
  });
  expect(others.filter((file) => !exempt.includes(file))).toEqual([]);
});
