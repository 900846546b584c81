import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = pathToFileURL(`${root}/`).href;

/** Every import of another folder, as it is written in the sources. */
const wanted = new Set(
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => readFileSync(join(root, 'src', name), 'utf8').match(/(?<=')#[a-z]+\/[^']+/g) ?? []),
);

/** Where these lead to, in a process of their own. */
function placesOf(imports: readonly string[], before: string): readonly string[] {
  const code = `${before} console.log(JSON.stringify(${JSON.stringify(imports)}.map((one) => import.meta.resolve(one))))`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: root,
    encoding: 'utf8',
  });
  return JSON.parse(said) as readonly string[];
}

describe('the imports of the program', () => {
  it('lead where Node finds them by itself', () => {
    const imports = [...wanted].sort();
    const short = `import { takeOwnImportsAsTheyStand } from './bin/own-imports.js';
      takeOwnImportsAsTheyStand(new URL(${JSON.stringify(folder)}));`;
    expect(imports.length).toBeGreaterThan(100);
    expect(imports).toContain('#templates/provisioning.fr.json');
    expect(placesOf(imports, short)).toEqual(placesOf(imports, ''));
  });
});
