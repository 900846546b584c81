import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the top down: each layer uses only those below it. */
const layers = ['cli', 'main', 'http', 'application', 'infrastructure', 'domain', 'base'];

/** Where nothing is read from the world: no files, no network, no clock of its own. */
const pure = ['domain/', 'base/i18n/', 'base/json.ts', 'base/loopback.ts'];
const impureModules =
  /^(?:node:)?(?:fs|net|http|https|http2|child_process|dns|worker_threads|sqlite|tls|timers|os)(?:\/|$)/;
const clock = /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(/;

/** Packages that one folder keeps to itself. */
const keptTo: readonly (readonly [package_: RegExp, folder: string])[] = [
  [/^(?:@octokit\/|probot$)/, 'infrastructure/github/'],
  [/^(?:pg$|kysely\/|node:sqlite$)/, 'infrastructure/database/'],
  [/^nodemailer/, 'infrastructure/mail/'],
];

const source = join(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

function importsOf(text: string): string[] {
  return Array.from(text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g), ([, wanted = '']) => wanted);
}

/** What a file needs to be there when it is loaded: types are gone by then. */
function loadedBy(name: string): string[] {
  const text = readFileSync(join(source, name), 'utf8');
  const statements = text.matchAll(/^(?:import|export) (?!type\b)([^;]*?) from '([#.][^']+)';/gm);
  return Array.from(statements, ([, names = '', wanted = '']) => {
    const isTypesOnly =
      /^\{[^}]*\}$/.test(names) && !/[{,]\s*(?!type\b)\w/.test(names.replace(/,?\s*\}$/, ''));
    if (isTypesOnly) return '';
    return wanted.startsWith('#') ? `${wanted.slice(1)}.ts` : join(name, '..', wanted);
  }).filter((wanted) => files.includes(wanted));
}

/** A way from a file back to itself. */
function circleFrom(
  name: string,
  done: Set<string>,
  way: readonly string[] = [],
): readonly string[] | undefined {
  if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
  if (done.has(name)) return undefined;
  for (const next of loadedBy(name)) {
    const circle = circleFrom(next, done, [...way, name]);
    if (circle !== undefined) return circle;
  }
  done.add(name);
  return undefined;
}

describe('the layers of src', () => {
  it('are those that are there', () => {
    const folders = new Set(files.map((name) => name.split('/')[0]));
    expect([...folders].sort()).toEqual([...layers].sort());
  });

  it('has no file that waits for itself to be loaded', () => {
    const done = new Set<string>();
    for (const name of files) expect(circleFrom(name, done) ?? []).toEqual([]);
  });

  it.each(files)('src/%s keeps to the arrows', (name) => {
    const text = readFileSync(join(source, name), 'utf8');
    const below = layers.slice(layers.indexOf(name.split('/')[0] ?? ''));
    const isPure = pure.some((folder) => name.startsWith(folder));
    for (const wanted of importsOf(text)) {
      if (wanted.startsWith('#templates/')) continue;
      if (wanted.startsWith('#')) {
        const layer = wanted.slice(1).split('/')[0];
        expect(below, `${name} imports ${wanted}`).toContain(layer);
      } else if (wanted.startsWith('.')) {
        expect(wanted, 'a relative path stays within its folder; from elsewhere say #layer/…').toMatch(
          /^\.\//,
        );
      } else {
        if (isPure) expect(wanted, `${name} is pure`).not.toMatch(impureModules);
        for (const [package_, folder] of keptTo)
          if (package_.test(wanted)) expect(name, `only ${folder} knows ${wanted}`).toContain(folder);
      }
    }
    if (isPure) expect(text, `${name} is pure`).not.toMatch(clock);
  });
});
