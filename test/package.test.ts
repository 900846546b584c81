import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
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
  let packedSize = 0;

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
    packedSize = statSync(join(folder, filename)).size;
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
    expect(files.length).toBeLessThan(790);
  });

  it('is small: no comments but those of licences, no maps, nothing twice', () => {
    expect(packedSize).toBeLessThan(775_000);
    expect(files.filter(({ path }) => path.endsWith('.map'))).toEqual([]);
    const rules = join(installed, 'dist', 'src', 'domain', 'definition', 'rules');
    expect(readFileSync(join(rules, 'all.js'), 'utf8')).not.toContain('/**');
    expect(readFileSync(join(rules, 'description', 'verbs.generated.js'), 'utf8')).toContain('MPL 2.0');
  });

  it('says in words what it lacks, in a folder with nothing in it', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const run = (command: string) =>
      spawnSync(process.execPath, [join(installed, 'bin', 'greffier.js'), command, '--lang', 'en'], {
        encoding: 'utf8',
        cwd: empty,
        env: { PATH: process.env.PATH },
      });
    for (const command of ['validate', 'serve', 'jobs', 'keys', 'plan']) {
      const { status, stderr } = run(command);
      expect(status, command).toBe(2);
      expect(stderr, command).toMatch(/^[A-Z`].*\.$/m);
      expect(stderr, command).not.toMatch(/ {4}at |failed, not you/);
    }
    expect(readdirSync(empty)).toEqual([]);
  });

  it('has nothing run where it is installed, of which npm would warn', () => {
    const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(scripts).not.toHaveProperty(script);
  });

  it('can be published under a name that npm takes', () => {
    const { name, private: isPrivate } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(name).toMatch(/^(?:@[a-z0-9-]+\/)?greffier$/);
    expect(isPrivate).toBeUndefined();
  });

  it('runs from anywhere, and finds its words, schemas and migrations', () => {
    expect(greffier('explain', 'url/fragment', '--lang', 'fr')).toContain('url/fragment');
    expect(greffier('validate', '--root', join(root, 'test', 'definitions'), '--format', 'json')).toContain(
      '"errors": 0',
    );
    // Which applies every compiled migration.
    greffier('store', 'create');
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
