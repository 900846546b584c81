/** After `scripts/compile.js`, no start takes the types out of a source: not of a migration either. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { opened } from './infrastructure/database/engines.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'greffier-compile-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('finds every source compiled, from the first start on', async () => {
  await (await opened({ folder: join(folder, 'data') })).close();
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    GREFFIER_DATA: join(folder, 'data'),
    NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
  };
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  execFileSync(process.execPath, ['scripts/compile.js'], {
    cwd: root,
    env: { ...env, NODE_DEBUG_NATIVE: '' },
  });
  for (const args of [
    ['store', 'upgrade'],
    ['serve', '--help'],
  ]) {
    const { status, stdout, stderr } = run('bin/greffier.js', ...args);
    expect(status).toBe(0);
    const read = `${stdout}${stderr}`.match(/reading cache from .* for StrippedTypeScript .*/g) ?? [];
    expect(read.length).toBeGreaterThan(20);
    expect(read.filter((line) => /\.\.\. no such file|hash mismatch/.test(line))).toEqual([]);
  }
});
