import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
// Inside the project, so that the compiled program finds its packages.
const cache = join(root, 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });
const out = mkdtempSync(join(cache, 'build-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('the compiled program', () => {
  it('is what the package runs, and finds its words, schemas and migrations', { timeout: 120_000 }, () => {
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', out], { cwd: root });
    for (const kept of ['package.json', 'app.yml', 'schemas']) {
      cpSync(join(root, kept), join(out, kept), { recursive: true });
    }
    const program = `import(${JSON.stringify(join(out, 'src', 'cli', 'main.js'))}).then(({ main }) => main())`;
    const run = (...args: string[]) =>
      execFileSync(process.execPath, ['-e', program, 'greffier', ...args], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, GREFFIER_DATA: join(out, 'store') },
      });
    expect(run('explain', 'url/fragment', '--lang', 'fr')).toContain('url/fragment');
    expect(run('validate', '--root', join(root, 'test', 'definitions'), '--format', 'json')).toContain(
      '"errors": 0',
    );
    // Opens an empty store, which applies every compiled migration.
    const kept = join(out, 'store.json');
    run('store', 'export', kept);
    expect(existsSync(kept)).toBe(true);
  });
});
