import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The house: which room may use which. Data walks downhill, and the rooms that decide stay pure.
 * `language` and `secret` are the ground floor: everyone may stand on it.
 */
const mayUse: Record<string, readonly string[]> = {
  language: [],
  secret: [],
  definition: [],
  registry: ['definition'],
  review: ['registry', 'definition'],
  provisioning: ['registry', 'definition'],
  handover: [],
  outside: [],
  github: ['review', 'registry', 'definition'],
  work: [],
  service: ['definition', 'registry', 'review', 'provisioning', 'handover', 'outside', 'github', 'work'],
  cli: [
    'definition',
    'registry',
    'review',
    'provisioning',
    'handover',
    'outside',
    'github',
    'work',
    'service',
    'demo',
  ],
  demo: ['service', 'cli', 'work', 'definition'],
};

const groundFloor = ['language', 'secret'];

/** Rooms in which nothing may be read from the world: no files, no network, no clock of their own. */
const pureRooms = ['language', 'definition', 'registry', 'review'];
const impureModules = /^node:(fs|net|http|https|child_process|dns|worker_threads|sqlite|tls|timers)/;

/**
 * Whose types a room may name without using the room: the store keeps what they made, and does nothing with it; the
 * clients of public services answer in the words of the rules.
 */
const mayName: Record<string, readonly string[]> = {
  outside: ['registry'],
  work: ['definition', 'registry', 'review', 'provisioning', 'handover'],
};

const source = join(import.meta.dirname, '..', 'src');

function* importsOf(file: string): Generator<{ wanted: string; onlyTypes: boolean }> {
  const text = readFileSync(file, 'utf8');
  for (const match of text.matchAll(/(?:^import (type) [^'"]*?)?(?:from|import)\s*\(?\s*'([^']+)'/gm))
    if (match[2] !== undefined) yield { wanted: match[2], onlyTypes: match[1] !== undefined };
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

describe('the rooms of the house', () => {
  it.each(files)('src/%s keeps to the arrows', (name) => {
    const room = name.split('/')[0] ?? '';
    const allowed = mayUse[room];
    if (allowed === undefined)
      throw new Error(`src/${room} is not a room: add it here and to CONTRIBUTING.md`);
    for (const { wanted, onlyTypes } of importsOf(join(source, name))) {
      if (wanted.startsWith('.')) {
        const target = relative(source, normalize(join(source, dirname(name), wanted)));
        if (target.startsWith('..')) continue;
        const other = target.split('/')[0] ?? '';
        const within = [room, ...groundFloor, ...allowed, ...(onlyTypes ? (mayName[room] ?? []) : [])];
        expect(within, `${name} imports ${wanted}`).toContain(other);
      } else if (pureRooms.includes(room)) {
        expect(wanted, `${name} is in a pure room`).not.toMatch(impureModules);
      }
    }
  });
});
