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

describe('the layers of src', () => {
  it('are those that are there', () => {
    const folders = new Set(files.map((name) => name.split('/')[0]));
    expect([...folders].sort()).toEqual([...layers].sort());
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
