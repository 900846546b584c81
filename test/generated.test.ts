import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generated } from '../scripts/generated.ts';

describe('what is generated is up to date (npm run generate)', () => {
  it.each(Object.entries(generated))('%s', (path, content) => {
    expect(readFileSync(join(import.meta.dirname, '..', path), 'utf8')).toBe(content());
  });
});
