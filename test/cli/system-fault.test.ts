import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '#cli/cli';

const program = join(import.meta.dirname, '../../src/cli/cli.ts');

/** Runs a command line whose output goes to a full disk. */
function intoFullDisk(...args: readonly string[]) {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'en_GB.UTF-8' },
  });
  closeSync(full);
  return { status, stderr };
}

/** What is said of an error that a command throws. */
async function saidOf(error: Error) {
  let err = '';
  const code = await runCommandLine(
    ['fail'],
    {
      language: 'en',
      folder: '/',
      colours: false,
      interactive: false,
      columns: 100,
      out: () => {},
      err: (text) => {
        err += text;
      },
      progress: () => {},
      ask: async () => undefined,
    },
    {
      fail: {
        summary: { fr: '', en: '' },
        load: async () => ({
          command: { usage: '', help: { fr: '', en: '' }, run: () => Promise.reject(error) },
        }),
      },
    },
  );
  return { code, err };
}

const full = 'The disk is full. Make room on it, then try again.\n';

describe('what the system of the machine refuses', () => {
  it.each([['--version'], ['explain', 'siret/format'], ['explain']])(
    'is said in a sentence when what %s says cannot be written, with the exit code of what did not run',
    (...args) => {
      expect(intoFullDisk(...args)).toEqual({ status: 2, stderr: full });
    },
  );

  it('is not called a mistake of Greffier', async () => {
    const failed = (text: string, codes: object) => Object.assign(new Error(text), codes);
    expect(await saidOf(failed('ENOSPC: no space left on device, write', { code: 'ENOSPC' }))).toEqual({
      code: 2,
      err: full,
    });
    // What node:sqlite throws.
    const store = failed('database or disk is full', { code: 'ERR_SQLITE_ERROR', errcode: 13 });
    expect(await saidOf(store)).toEqual({ code: 2, err: full });
    const denied = failed("EACCES: permission denied, mkdir '/x'", { code: 'EACCES' });
    expect((await saidOf(denied)).err).toBe(
      "This machine refuses: `EACCES: permission denied, mkdir '/x'`. Check the permissions and the disk, then try again.\n",
    );
    const extended = failed('disk I/O error', { code: 'ERR_SQLITE_ERROR', errcode: 778 });
    expect((await saidOf(extended)).err).toMatch(/^This machine refuses/);
    const own = failed('UNIQUE constraint failed', { code: 'ERR_SQLITE_ERROR', errcode: 2067 });
    expect((await saidOf(own)).err).toMatch(/^Greffier is at fault/);
    expect((await saidOf(new TypeError('x is not a function'))).err).toMatch(/^Greffier is at fault/);
  });
});
