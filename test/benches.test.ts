import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'greffier-benches-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** What a script prints, run with no PostgreSQL at hand. */
async function printed(script: string, ...args: readonly string[]): Promise<{ code: number; out: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts/load', script), ...args], {
    env: { PATH: process.env.PATH, TMPDIR: scratch },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  child.once('exit', (code) => resolve(code ?? 1));
  return { out: await text(child.stdout), code: await ended };
}

describe('the measurements', () => {
  it('of deliveries print a ratio, and leave nothing behind', async () => {
    const { code, out } = await printed(
      'deliveries.ts',
      '--deliveries',
      '20',
      '--rounds',
      '1',
      '--engine',
      'SQLite',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/Greffier on SQLite.*: best \d+\/s, \d+\.\d\d \(medians: \d+\.\d\d\) of Probot's/);
    expect(out).toMatch(
      /Greffier on SQLite.* \d+ µs of the processor each, (?:\d+\.\d\d|NaN|Infinity) of Probot's/,
    );
    expect(readdirSync(scratch).filter((name) => !name.startsWith('node-compile-cache'))).toEqual([]);
  });

  it('of verdicts print both sides', async () => {
    const { code, out } = await printed('verdict.ts', '--short', '--engine', 'SQLite');
    expect(code).toBe(0);
    expect(out).toMatch(/100 a minute {2}Greffier on SQLite +median \d+ ms, 99th \d+ ms/);
    expect(out).toMatch(/ratio of the medians \d/);
  });
});
