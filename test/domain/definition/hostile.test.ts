import { describe, expect, it } from 'vitest';
import { cellNames } from '#base/config/cells';
import { applyEdits } from '#domain/definition/fix/apply-edits';
import { Source } from '#domain/definition/parse/source';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { hostileTexts } from '../../../scripts/hostile-texts.ts';
import { mutateText, seededRandom } from '../../../scripts/mutate-text.ts';
import { checkFixes, checkReading } from '../../../scripts/reading-invariants.ts';
import { fc } from '../../fast-check.ts';

const path = 'service-providers/internet/production/exemple.yaml';
const kib64 = 65_536;
const bomb = hostileTexts.find(([name]) => name === 'an alias bomb')?.[1] ?? '';

describe('hostile text is answered in bounded words', () => {
  it.each(hostileTexts)('%s', (_name, text, rule) => {
    const { reading, broken } = checkReading(path, text, catalogue);
    expect(broken).toEqual([]);
    expect(reading.definition).toBeUndefined();
    expect(reading.findings.map((finding) => finding.rule)).toContain(rule);
    expect(checkFixes(path, text.slice(0, 6_000))).toEqual([]);
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

  it.each(['anchor: &a 1', 'alias: *a', 'tag: !!binary aGk=', bomb])(
    'no parser is handed what it could make immense of: %s',
    (text) => {
      const { loaded } = new Source({ path, bytes: new TextEncoder().encode(text) });
      expect(loaded).toMatchObject({ ok: false, failure: 'unsupported' });
    },
  );

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
        const original = completeExample({ yaml: 'owners: [a, b] # deux\nname: "Suivi : tout"', cell });
        const text = mutateText(original.text, seededRandom(seed));
        expect(checkReading(original.path, text, catalogue).broken, text).toEqual([]);
        expect(checkFixes(original.path, text), text).toEqual([]);
      }),
      // The first seeds made quotes in which a fix came back once it was made.
      { numRuns: 1_000, examples: cellNames.map((cell) => [-2_147_483_648, cell]) },
    );
  });
});

describe('a fix of the last line of a text without an end of line', () => {
  it.each(['%YAML 1.1\n  ---\nversion: 1', '%YAML 1.1\r\n  ---\r\nversion: 1'])(
    'stands in it: %j',
    (text) => {
      const { reading, broken } = checkReading(path, text, catalogue);
      expect(broken).toEqual([]);
      expect(reading.findings.some(({ fix }) => fix !== undefined)).toBe(true);
      expect(checkFixes(path, text)).toEqual([]);
    },
  );
});

describe('every fix of every bad example', () => {
  const bad = catalogue.rules.flatMap((metadata) =>
    metadata.examples.bad.map((example) => [metadata.id, example] as const),
  );

  it.each(bad)('%s %j mends what it speaks of, and nothing else', (_id, example) => {
    const { path: at, text } = completeExample(example);
    expect(checkFixes(at, text)).toEqual([]);
    const { findings } = readDefinition({ path: at, bytes: new TextEncoder().encode(text) });
    for (const { rule, pointer, message, fix } of findings) {
      if (fix === undefined) continue;
      const after = applyEdits(text, fix.edits);
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
