import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../scripts/generated-files.ts';

describe('what is generated is up to date (npm run generate)', () => {
  it.each(Object.entries(generatedFiles))('%s', (path, content) => {
    expect(readFileSync(join(import.meta.dirname, '..', path), 'utf8')).toBe(content());
  });
});
