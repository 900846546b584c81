import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutated, randomOf } from '../../scripts/mutations.ts';
import { checked, checkedFix } from '../../scripts/promises.ts';
import { cellNames } from '../../src/definition/cell.ts';
import { completed } from '../../src/definition/examples.ts';
import { edited } from '../../src/definition/fixing.ts';
import { readDefinition } from '../../src/definition/read.ts';
import { catalogue } from '../../src/registry/catalogue.ts';

const path = 'service-providers/internet/production/exemple.yaml';
const kib64 = 65_536;

const hostile: readonly (readonly [name: string, text: string, rule: string])[] = [
  ['deep flow lists', '['.repeat(30_000), 'yaml/nesting'],
  ['deep flow mappings', 'a: '.concat('{a: '.repeat(15_000)), 'yaml/nesting'],
  ['deep block lists', '- '.repeat(30_000).concat('a'), 'yaml/nesting'],
  [
    'deep block mappings',
    Array.from({ length: 350 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    'yaml/nesting',
  ],
  ['deep complex keys', '? '.repeat(30_000), 'yaml/nesting'],
  [
    'an alias bomb',
    `a: &a [x]\n${Array.from({ length: 9 }, (_, n) => `b${n}: &b${n} [${'*a,'.repeat(9)}]`).join('\n')}`,
    'yaml/unsupported',
  ],
  ['60 kB of keys', Array.from({ length: 6_000 }, (_, n) => `k${n}: 1`).join('\n'), 'yaml/nesting'],
  ['60 kB of the same key', 'a: 1\n'.repeat(12_000), 'yaml/nesting'],
  ['many times the same key', 'a: 1\n'.repeat(700), 'yaml/duplicate-key'],
  ['60 kB of list items', `redirect_uris:\n${'- a\n'.repeat(15_000)}`, 'yaml/nesting'],
  ['60 kB of URLs', `redirect_uris:\n${'  - https://a.gouv.fr/cb\n'.repeat(2_500)}`, 'yaml/nesting'],
  ['one long line', `name: ${'a'.repeat(65_000)}`, 'schema/length'],
  ['one long URL', `redirect_uris:\n  - https://a.gouv.fr/${'a/../'.repeat(12_000)}`, 'schema/length'],
  ['a long e-mail', `contacts:\n  technical:\n    - ${'a.'.repeat(30_000)}@b`, 'email/format'],
  ['a long description', `description: ${'gérer '.repeat(9_000)}`, 'schema/length'],
  ['many at signs', `contacts:\n  support: ${'@'.repeat(60_000)}`, 'yaml/syntax'],
  ['many hyphens', `name: x\ndatapass: ${'-'.repeat(60_000)}!`, 'datapass/format'],
  ['many spaces', `name:${' '.repeat(60_000)}x`, 'schema/missing-key'],
  ['many quotes', `name: ${"'".repeat(60_001)}`, 'yaml/syntax'],
  ['many comments', '#\n'.repeat(30_000), 'file/empty'],
  ['many hidden characters', `name: ${'\u200b'.repeat(20_000)}`, 'file/hidden-character'],
  ['many secrets', `# ${`${'0a1b2c3d'.repeat(8)} `.repeat(900)}`, 'file/secret'],
  ['many brackets', `name: "${'<'.repeat(60_000)}"`, 'schema/length'],
  ['lone returns', 'a: 1\r'.repeat(12_000), 'yaml/ambiguous'],
  ['a scope list', `optional_scopes:\n${'  - scope: x\n'.repeat(4_000)}`, 'yaml/nesting'],
  [
    'prototype keys',
    '__proto__:\n  name: x\nconstructor: x\ntoString: x\n"hasOwnProperty": 1',
    'schema/unknown-key',
  ],
  ['nothing but a byte order mark', '\ufeff', 'file/encoding'],
  ['a document end', '...', 'file/empty'],
  ['a wall of colons', ': '.repeat(30_000), 'yaml/nesting'],
  ['a key of 60 kB', `${'k'.repeat(60_000)}: 1`, 'yaml/ambiguous'],
];

describe('hostile text is answered in bounded words', () => {
  it.each(hostile)('%s', (_name, text, rule) => {
    const { reading, broken } = checked(path, text, catalogue);
    expect(broken).toEqual([]);
    expect(reading.definition).toBeUndefined();
    expect(reading.findings.map((finding) => finding.rule)).toContain(rule);
    expect(checkedFix(path, text.slice(0, 6_000))).toEqual([]);
  });

  it.each([
    ['invalid UTF-8', Uint8Array.of(0x6e, 0x3a, 0x20, 0xe9, 0x0a), 'invalid'],
    ['UTF-16 with a mark', Uint8Array.of(0xff, 0xfe, 0x61, 0x00), 'utf16'],
    [
      'UTF-16 without a mark',
      Uint8Array.from('version: 1'.split('').flatMap((c) => [c.charCodeAt(0), 0])),
      'utf16',
    ],
    ['a null byte', Uint8Array.of(0x61, 0x3a, 0x20, 0x00, 0x62, 0x62, 0x62), 'binary'],
    ['an overlong sequence', Uint8Array.of(0xc0, 0x80), 'invalid'],
  ])('%s', (_name, bytes, words) => {
    const { findings } = readDefinition({ path, bytes });
    expect(findings.map(({ message }) => message.key)).toEqual([`file/encoding#${words}`]);
  });

  it('too many bytes', () => {
    const { findings } = readDefinition({ path, bytes: new Uint8Array(kib64 + 1).fill(0x61) });
    expect(findings.map(({ rule }) => rule)).toEqual(['file/size']);
    expect(readDefinition({ path, bytes: new Uint8Array(kib64).fill(0x61) }).findings[0]?.rule).toBe(
      'schema/type',
    );
  });

  it('never learns a prototype from a file', () => {
    readDefinition({
      path,
      bytes: new TextEncoder().encode(
        '"__proto__": {polluted: yes}\norganization: {__proto__: {siret: "1"}}',
      ),
    });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(Reflect.get({}, 'siret')).toBeUndefined();
  });
});

describe('damaged definitions', () => {
  it('keep every promise', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...cellNames), (seed, cell) => {
        const original = completed({ yaml: 'owners: [a, b] # deux\nname: "Suivi : tout"', cell });
        const text = mutated(original.text, randomOf(seed));
        expect(checked(original.path, text, catalogue).broken, text).toEqual([]);
        expect(checkedFix(original.path, text), text).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('every fix of every bad example', () => {
  const bad = catalogue.cards.flatMap((card) =>
    card.examples.bad.map((example) => [card.id, example] as const),
  );

  it.each(bad)('%s %j mends what it speaks of, and nothing else', (_id, example) => {
    const { path: at, text } = completed(example);
    expect(checkedFix(at, text)).toEqual([]);
    const { findings } = readDefinition({ path: at, bytes: new TextEncoder().encode(text) });
    for (const { rule, pointer, message, fix } of findings) {
      if (fix === undefined) continue;
      const after = edited(text, fix.edits);
      const left = readDefinition({ path: at, bytes: new TextEncoder().encode(after) });
      const same = left.findings.filter(
        (other) =>
          other.rule === rule &&
          other.pointer === pointer &&
          JSON.stringify(other.message) === JSON.stringify(message),
      );
      const before = findings.filter((other) => other.rule === rule && other.pointer === pointer);
      expect(same.length, after).toBeLessThan(Math.max(1, before.length));
      const touches = (line: number) =>
        fix.edits.some(({ range }) => range.start.line <= line && line <= range.end.line);
      const kept = text.split('\n').filter((_line, index) => !touches(index + 1));
      for (const line of kept) expect(after).toContain(line);
    }
  });
});
