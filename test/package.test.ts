import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../scripts/build.ts';

const root = join(import.meta.dirname, '..');
// Inside the project, so that the compiled program finds its packages.
const cache = join(root, 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface PackedFile {
  readonly path: string;
  readonly size: number;
}

describe('the package', () => {
  const source = join(folder, 'source');
  const installed = join(folder, 'package');
  let files: readonly PackedFile[] = [];

  beforeAll(() => {
    mkdirSync(source);
    for (const part of ['package.json', 'bin', 'README.md', 'LICENSE', 'app.yml', 'demo', 'test/definitions'])
      cpSync(join(root, part), join(source, part), { recursive: true });
    build(join(source, 'dist'));
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: source,
      encoding: 'utf8',
    });
    const [{ filename, files: listed } = { filename: '', files: [] }] = Object.values(
      JSON.parse(packed) as Record<
        string,
        { readonly filename: string; readonly files: readonly PackedFile[] }
      >,
    );
    files = listed;
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
  }, 120_000);

  const greffier = (...args: string[]) =>
    execFileSync(process.execPath, [join(installed, 'bin', 'greffier.js'), ...args], {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: process.env.PATH, GREFFIER_DATA: join(folder, 'data') },
    });

  it('holds what is needed, and nothing else', () => {
    const top = new Set(files.map(({ path }) => path.split('/')[0]));
    expect([...top].sort()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json']);
    expect(files.filter(({ path }) => /\.ts$|(^|\/)(test|demo|scripts)\//.test(path))).toEqual([]);
    expect(files.length).toBeLessThan(640);
  });

  it('runs from anywhere, and finds its words, schemas and migrations', () => {
    expect(greffier('explain', 'url/fragment', '--lang', 'fr')).toContain('url/fragment');
    expect(greffier('validate', '--root', join(root, 'test', 'definitions'), '--format', 'json')).toContain(
      '"errors": 0',
    );
    // An empty store: opening it applies every compiled migration.
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'greffier.sqlite'), '');
    const exported = join(folder, 'store.json');
    greffier('store', 'export', exported);
    expect(existsSync(exported)).toBe(true);
  });

  it('says what it was built from', () => {
    const head = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, encoding: 'utf8' });
    expect(greffier('--version')).toBe(`greffier 0.1.0 (${head.trim()}), Node ${process.versions.node}\n`);
  });

  it('has no demo, and needs none of its parts', () => {
    expect(greffier('--help')).not.toMatch(/\bdemo\b/);
    const { dependencies, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
      readonly scripts: Readonly<Record<string, string>>;
    };
    for (const part of ['oidc-provider', 'smtp-server', 'mailparser'])
      expect(dependencies).not.toHaveProperty(part);
    expect(scripts.prepack).toBe('npm run build');
  });
});
