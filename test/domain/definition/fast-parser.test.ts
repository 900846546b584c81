import { CORE_SCHEMA, load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cellNames } from '#base/config/cells';
import { prefilter } from '#domain/definition/parse/byte-prefilter';
import { PlainPositions, parsePlainLayout } from '#domain/definition/parse/fast-parser';
import { SourceMap } from '#domain/definition/parse/source-map';
import { misreadingOf } from '#domain/definition/parse/yaml-1-1';
import { validate } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { fc } from '../../fast-check.ts';

/** Pieces from which lines are made: those of definitions, and those that make YAML tricky. */
const piece = fc.constantFrom(
  'name',
  'contacts',
  'technical',
  'redirect_uris',
  'optional_scopes',
  'scope',
  'version',
  'support',
  ':',
  ': ',
  ' ',
  '  ',
  '    ',
  '- ',
  '-',
  '#',
  ' # ',
  ' #',
  ' #x',
  "''",
  ' >-\n  ',
  ' |\n    ',
  '{ ',
  ' }',
  '{scope: a, justification: "b"}',
  '"',
  "'",
  '\n',
  '\n',
  '\n  ',
  '\n  - ',
  '\n    - ',
  '\n- ',
  '\r\n',
  '\t',
  '[]',
  '[',
  '{',
  ',',
  '&',
  '*',
  '!',
  '|',
  '>',
  '%',
  '@',
  '`',
  '?',
  '? ',
  '---',
  '...',
  '\\',
  'a',
  'Été',
  'true',
  'yes',
  'null',
  '1',
  '01',
  '1.5',
  '12:30',
  '10.1.2.3',
  '10.1.2.3/8',
  'https://a.fr/b?c=d',
  '/x',
  '~',
  'é',
);
const lines = fc.array(
  fc.tuple(
    fc.constantFrom('', '  ', '    ', '  - ', '- ', '    - '),
    fc.constantFrom(
      '',
      'name: ',
      'contacts:',
      'technical:',
      'redirect_uris:',
      'scope: ',
      'support: ',
      'owners: ',
      '"name": ',
      "'contacts':",
      'organization: ',
      'contacts: #x',
      'description: >-',
      'description: |',
      'justification: > ',
      '---',
    ),
    fc.constantFrom(
      '',
      'a',
      'Gérer : x',
      'a # b',
      'a #b',
      '"a"',
      "'a: b'",
      'a:',
      '- a',
      'true',
      'no',
      '1',
      '[]',
      '10.0.0.1',
      'x: y',
      '["a", b]',
      "[ 'a' , https://b.fr/c?d=e ] # f",
      '[a, ]',
      "['a''b']",
      '[a: b, {c}, "d": e]',
      '{siret: a}',
      "{ 'siret': 'a', support: b@c.fr } #x",
      '{siret: a, }',
      '[{scope: a, justification: "b, c"}, { scope: d }]',
      '[ {scope: a:b} ,c]',
      '>-',
      '|',
      '> # a',
      '|2',
      '# b',
      'a ',
      ' a',
      "'l''a' #b",
    ),
  ),
  { maxLength: 8 },
);
/** A valid definition with a few pieces put in or taken away. */
const damaged = fc
  .tuple(
    fc.constantFrom(...cellNames),
    fc.array(fc.tuple(fc.nat(700), fc.nat(6), fc.option(piece, { nil: '' })), { minLength: 1, maxLength: 3 }),
  )
  .map(([cell, cuts]) =>
    cuts.reduce(
      (whole, [at, length, inserted]) => whole.slice(0, at) + inserted + whole.slice(at + length),
      completeExample({ yaml: 'owners:\n  - a\n  - b', cell }).text,
    ),
  );
/** Lines in which what follows on the next ones matters: folded texts, brackets, comments. */
const together = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ...['name: ', 'description: ', 'contacts:', 'organization: ', 'owners: ', 'optional_scopes:\n'],
        ...['  siret: ', '  technical:', '  - scope: ', '    justification: ', '    - ', '  - ', '- '],
        ...['  ', '    ', ''],
      ),
      fc.constantFrom(
        ...[
          'a',
          'a b',
          'a #x',
          'https://a.fr/b #x',
          '"a"',
          "'a''b'",
          "''",
          '#x',
          '- a',
          'b: c',
          '',
          ' ',
          '1',
        ],
        ...[
          '>-',
          '>',
          '|',
          '|-',
          '>-  ',
          '> #a',
          '[a, b]',
          '[ "a" , b ]#x',
          "['a''b', c]",
          '[]',
          '[1, true]',
        ],
        ...['{siret: a}', '{ siret: "a" , support: b }', '[{scope: a}, {scope: b, justification: "c, d"}]'],
        ...['{}', '{siret : a}', '{siret: a # b}', '{scope: a:b}', '[{scope: a}'],
      ),
      fc.constantFrom('\n', '\n', '\n', '\n\n', '\r\n', ' \n', '\n# c\n', '\n  # c\n', '\n    # c\n'),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => all.flat().join(''));
const text = fc.oneof(
  damaged,
  together,
  together.map((all) => all.trimEnd()),
  fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
  lines.map((all) => all.map((parts) => parts.join('')).join('\n')),
);

const read = (source: string) => parsePlainLayout(source, prefilter(new TextEncoder().encode(source)));

/** What is read in the plain layout is what both parsers read, where `yaml` says that it stands. */
function agrees(source: string): boolean {
  const value = read(source);
  if (value === undefined) return false;
  expect(load(source, { schema: CORE_SCHEMA }), source).toEqual(value);
  expect(parse(source, { version: '1.2', schema: 'core' }), source).toEqual(value);
  // In the same order, too.
  const positions = new PlainPositions(source);
  const nodes = [...new SourceMap(source).nodes];
  expect([...positions.nodes()], source).toEqual(nodes);
  for (const [pointer, node] of nodes) expect(positions.nodeAt(pointer), source).toEqual(node);
  expect(positions.nodeAt('/owners/9'), source).toBeUndefined();
  for (const absent of ['/name/name', '/owners/name', '/absent'])
    expect(positions.nodeAt(absent), source).toEqual(new Map(nodes).get(absent));
  return true;
}

describe('the plain layout', () => {
  it('is read as the parsers of YAML read it', () => {
    let plain = 0;
    fc.assert(
      fc.property(text, (source) => {
        if (agrees(source)) plain++;
      }),
      { numRuns: 20_000 },
    );
    expect(plain).toBeGreaterThan(1_000);
  });

  it('hides nothing from the rules', () => {
    let plain = 0;
    const path = 'service-providers/internet/production/exemple.yaml';
    const findingsOf = (source: string) =>
      validate({ path, bytes: new TextEncoder().encode(source) }).findings;
    fc.assert(
      fc.property(text, (source) => {
        const simple = `${source}\n# a\n`;
        if (read(simple) === undefined) return;
        plain++;
        // Another alphabet is in no plain text, and harmless in a comment.
        const careful = `${source}\n# Ж\n`;
        expect(read(careful)).toBeUndefined();
        expect(findingsOf(simple), source).toEqual(findingsOf(careful));
      }),
      { numRuns: 5_000 },
    );
    expect(plain).toBeGreaterThan(200);
  });

  it.each(cellNames)('is that of the skeleton of %s', (cell) => {
    const source = completeExample({ yaml: '', cell }).text;
    expect(agrees(source)).toBe(true);
    expect(agrees(source.replaceAll('\n', '\r\n'))).toBe(true);
    expect(agrees(source.replaceAll('\n  - ', '\n- '))).toBe(true);
    expect(agrees(`# é\n\n${source}\n# fin`)).toBe(true);
    expect(agrees(`---\n${source}`)).toBe(true);
    expect(agrees(source.replaceAll(/^(\s*)([a-z_]+):/gm, '$1"$2":'))).toBe(true);
    expect(agrees(source.replaceAll(/:\n {2}- (https.*)$/gm, ': [ $1, "$1" ] # vu'))).toBe(true);
    expect(agrees(source.replaceAll(/^(network|datapass|.*_alg): (.*)$/gm, '$1: $2 #vu'))).toBe(true);
    expect(agrees(source.replaceAll(/:$/gm, ': # vu'))).toBe(true);
    expect(agrees(source.replaceAll(/:\n +(siret: .*)$/gm, ': {$1}'))).toBe(true);
    for (const sign of ['>-', '>', '|-', '|'])
      expect(
        agrees(source.replaceAll(/^description: (\S+) (.*)$/gm, `description: ${sign}\n  $1\n  $2\n`)),
      ).toBe(true);
  });

  it.each([
    'name: yes',
    'name: 12:30',
    'name: 2026-01-01',
    'name: A\nname: B',
    'name: a\r',
    'name: a\tb',
    'name: a #b',
    'redirect_uris:\n  - https://a.fr/ #/b',
    'owners:\n  - a # secret: 12345678',
    'name: "a\\n"',
    'name: &a b',
    'name: *a',
    'name: !a b',
    'name: ~',
    'name:',
    'couleur: bleu',
    '--- \nname: a',
    '%YAML 1.2\n---\nname: a',
    'owners: [a, [b]]',
    'owners: [a, b',
    'owners: [a, ]',
    'owners: [a, yes]',
    'owners: [a#b, c]',
    'owners: [a] b',
    'organization: {siret: a',
    'organization: {siret: a, siret: b}',
    'organization: {siret: a, }',
    'organization: {siret: }',
    'organization: {siret:a}',
    'organization: {couleur: a}',
    'organization: {siret: {a: b}}',
    'organization: {siret: a}\n  support: b',
    'name: >-',
    'name: >-\na',
    'name: >2\n  a',
    'name: >+\n  a',
    'name: >\n  a',
    'name: >- # b\n  a',
    'name: >-\n  a \n  b',
    'name: >-\n  a\n   b',
    'name: >-\n   a\n  b',
    'name: >-\n  a\n\n  b',
    'name: >-\n\n  a',
    'name: >-\n  a\n # b',
    'contacts:\n  support: >-\n  a',
    `name: >-\n  ${'0a'.repeat(32)}`,
    `name: ${'0a'.repeat(32)}`,
    'name: a # secret: 12345678',
    'name: a\u00a0b',
    'name: a\u200bb',
    'name: e\u0301',
  ])('is not that of %j', (source) => {
    expect(read(source)).toBeUndefined();
  });

  it('never holds a scalar that YAML 1.1 reads otherwise', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_:.+-]{1,12}$/), (scalar) => {
        if (misreadingOf(scalar) !== undefined) expect(read(`name: ${scalar}`)).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
  });
});
