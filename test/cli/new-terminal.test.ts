import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registryOnDisk } from './registry-on-disk.ts';

const program = [process.execPath, join(import.meta.dirname, '../../bin/greffier.js'), 'new'];
const left = '\u001b[D';
const right = '\u001b[C';

const registry = () => registryOnDisk({ 'service-providers/.gitkeep': '' });
const path = 'service-providers/internet/integration/portail-des-elus.yaml';

type Steps = readonly (readonly [string, string])[];

/** The questions up to the SIRET. */
const start: Steps = [
  ['  - ', 'dsi@agence-fictive.gouv.fr\r'],
  ['  - ', '\r'],
];

/** From the name on. */
const rest: Steps = [
  ['1 ou 2', '1\r'],
  ['1 ou 2', '1\r'],
  ['infinitif', '\r'],
  ['  - ', 'http://localhost:3000/cb\r'],
  ['  - ', '\r'],
  ['  - ', '\r'],
  ['Signature de l’id_token', '\r'],
  ['Signature de userinfo', '\r'],
  ['  - ', '\r'],
  ['oui ou non', 'non\r'],
  ['connecter', '\r'],
  ['  - ', '\r'],
  ['sans .yaml', '\r'],
  ['Entrée pour écrire', '\r'],
];

describe.skipIf(spawnSync('python3', ['-c', 'import pty']).status !== 0)('greffier new on a terminal', () => {
  function onTerminal(root: string, steps: Steps): { code: number; screen: string } {
    const { stdout, stderr } = spawnSync('python3', [join(import.meta.dirname, 'pseudo-terminal.py')], {
      input: JSON.stringify({ argv: program, cwd: root, steps }),
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as { code: number; screen: string };
  }

  it('edits a line with the arrow keys, and writes none of them', () => {
    const { root, read } = registry();
    const { code, screen } = onTerminal(root, [
      ...start,
      ['SIRET', '13099990700012\r'],
      ['Nom du service', `Portal des lus${left.repeat(9)}i${right.repeat(6)}é\u001b[A\u001bOF\r`],
      ...rest,
    ]);
    expect(screen).toContain('Écrit :');
    expect(code).toBe(0);
    expect(read(path).split('\n')[2]).toBe('name: Portail des élus');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('says that nothing was written after %s, and leaves nothing', (_name, key) => {
    const { root } = registry();
    const { code, screen } = onTerminal(root, [...start, ['SIRET', key]]);
    expect(code).toBe(2);
    expect(screen).toContain('rien n’a été écrit');
    expect(readdirSync(join(root, 'service-providers'))).toEqual(['.gitkeep']);
  });
});

describe('greffier new through a pipe', () => {
  const answers = (all: Steps) => all.map(([, keys]) => keys.replace('\r', '\n')).join('');

  it('writes no key that came with the answers', () => {
    const { root, read } = registry();
    const input = answers([
      ...start,
      ['', '13099990700012\r'],
      ['', `Portail${left}${left}${right}${right} des élus\u001bOH\u0007\r`],
      ...rest,
    ]);
    const { status } = spawnSync(program[0] ?? '', program.slice(1), { cwd: root, input, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(read(path)).toContain('\nname: Portail des élus\n');
    expect(read(path)).not.toContain('\u001b');
  });

  it('leaves no file behind when the answers end early', () => {
    const { root } = registry();
    const { status, stderr } = spawnSync(program[0] ?? '', program.slice(1), {
      cwd: root,
      input: answers([...start, ['', '13099990700012\r'], ['', 'Portail des élus\r'], ...rest.slice(0, -1)]),
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('rien n’a été écrit');
    expect(existsSync(join(root, path))).toBe(false);
  });
});
