import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { cellNames, type Environment, type Network } from '#base/config/cells';
import { childPointer } from '#domain/definition/parse/pointer';
import { completeExample } from '#domain/definition/rules/complete-example';
import { checkSchema, type SchemaProblem } from '#domain/definition/schema/schema-check';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import { fc } from '../../fast-check.ts';

type Mapping = Record<string, unknown>;

const valid = (cell: (typeof cellNames)[number] = 'internet/integration') =>
  load(completeExample({ yaml: '', cell }).text) as Mapping;

/** Compiled as it runs, from the published schema: nothing of it goes through the generated code. */
const interpreted = new Ajv2020({ strict: false, allErrors: true }).compile(serviceProviderSchema);

const limits = { minItems: 'too-few', maxItems: 'too-many', minLength: 'too-short', maxLength: 'too-long' };

/** What ajv says, in short; nothing where the difference is not one of structure. */
function ofAjv({ keyword, instancePath, params }: ErrorObject): readonly string[] {
  if (keyword === 'additionalProperties')
    return [`unknown-key ${childPointer(instancePath, params.additionalProperty)}`];
  if (keyword === 'required') return [`missing-key ${instancePath} ${params.missingProperty}`];
  if (keyword === 'const') return [`version ${instancePath}`];
  if (keyword === 'enum') return [`enum ${instancePath} ${params.allowedValues}`];
  if (keyword === 'type') return [`type ${instancePath} ${params.type}`];
  if (Object.hasOwn(limits, keyword))
    return [`length ${instancePath} ${limits[keyword as keyof typeof limits]} ${params.limit}`];
  return [];
}

function ofOurs(problem: SchemaProblem): string {
  const { kind, pointer } = problem;
  if (kind === 'missing-key') return `${kind} ${pointer} ${problem.key}`;
  if (kind === 'enum') return `${kind} ${pointer} ${problem.allowed}`;
  if (kind === 'type') return `${kind} ${pointer} ${problem.expected}`;
  if (kind === 'length') return `${kind} ${pointer} ${problem.limit} ${problem.bound}`;
  return `${kind} ${pointer}`;
}

const isBlank = (problem: SchemaProblem) =>
  problem.kind === 'length' && problem.limit === 'too-short' && problem.actual === 0;

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('', 'court', '😀'.repeat(5), '😀'.repeat(200), 'é😀'.repeat(101), 'a'.repeat(2049)),
  fc.constantFrom(' ', '  ', ' '.repeat(12), ' '.repeat(25), ' '.repeat(501), '\u00a0'),
);
const scalar = fc.oneof(text, fc.constantFrom<unknown>(null, true, false, 0, 1, 1.5, 'rie', 'production'));
const anyKey = fc.constantFrom(
  'nom',
  'a/b',
  'c~d',
  '__proto__',
  'constructor',
  '0',
  '12',
  'siret',
  'technical',
);
const mapping = fc.dictionary(anyKey, scalar, { maxKeys: 4 });
const list = fc.oneof(
  fc.array(scalar, { maxLength: 4 }),
  fc.array(scalar, { minLength: 45, maxLength: 60, size: 'max' }),
  fc.array(fc.dictionary(fc.constantFrom('scope', 'justification', 'x'), scalar), { maxLength: 3 }),
);
const key = fc.oneof(fc.constantFrom(...Object.keys(serviceProviderSchema.properties)), anyKey);
const change = fc.record({
  key,
  within: fc.constantFrom(undefined, undefined, 'organization', 'contacts'),
  value: fc.option(fc.oneof(scalar, list, mapping), { nil: undefined }),
});

function put(holder: Mapping, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

describe('the problems of structure', () => {
  it('are the errors of ajv at run time', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...cellNames), fc.array(change, { maxLength: 5 }), (cell, changes) => {
        const value = valid(cell);
        for (const { key: name, within, value: wanted } of changes) {
          const holder = within === undefined ? value : value[within];
          if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) continue;
          if (wanted === undefined) delete (holder as Mapping)[name];
          else put(holder as Mapping, name, wanted);
        }
        const { network, environment } = value as { network: Network; environment: Environment };
        const problems = checkSchema(value, { network, environment });
        interpreted(value);
        const errors = (interpreted.errors ?? []).flatMap(ofAjv);
        for (const { kind } of problems) kinds.add(kind);
        // JSON Schema counts spaces as it counts letters: a blank text may be short for us only.
        const ours = problems.filter((one) => !isBlank(one) || errors.includes(ofOurs(one))).map(ofOurs);
        expect(new Set(ours)).toEqual(new Set(errors));
      }),
      { numRuns: 1500 },
    );
    expect([...kinds].sort()).toEqual(['enum', 'length', 'missing-key', 'type', 'unknown-key', 'version']);
  });

  it('come in the order of the document, missing keys after what their mapping holds', () => {
    const { name: _name, organization: _organization, contacts: _contacts, ...rest } = valid();
    const value = {
      organization: { couleur: 1, siret: 2 },
      avant: 1,
      contacts: { apres: 1 },
      ...rest,
      redirect_uris: [1],
      version: 2,
    };
    expect(checkSchema(value, {}).map(ofOurs)).toEqual([
      'unknown-key /organization/couleur',
      'type /organization/siret string',
      'unknown-key /avant',
      'unknown-key /contacts/apres',
      'missing-key /contacts technical',
      'version /version',
      'type /redirect_uris/0 string',
      'missing-key  name',
    ]);
  });

  it('name what production and the RIE ask for last, the keys of the root before those within', () => {
    const value: Mapping = { ...valid(), contacts: { technical: ['a@b.gouv.fr'] }, couleur: 1 };
    for (const key of ['datapass', 'description', 'private_sector', 'ip_addresses']) delete value[key];
    const problems = checkSchema(value, { environment: 'production', network: 'rie' });
    expect(
      problems.map((one) =>
        one.kind === 'missing-key' ? `${one.because} ${one.pointer} ${one.key}` : one.kind,
      ),
    ).toEqual([
      'unknown-key',
      'production  datapass',
      'production  description',
      'production  private_sector',
      'production /contacts support',
      'rie  ip_addresses',
    ]);
  });

  it('leave the items out that follow the sixtieth', () => {
    const problems = checkSchema({ ...valid(), redirect_uris: Array.from({ length: 300 }, () => 1) }, {});
    expect(problems.filter(({ kind }) => kind === 'type')).toHaveLength(60);
    expect(problems[0]).toMatchObject({ limit: 'too-many', bound: 50, actual: 300 });
  });

  it.each([
    ['', 1, 0],
    [' ', 1, 0],
    // From twice the length that is asked for, blanks count as any text (JSON Schema knows no blanks).
    ['  ', 1, undefined],
    ['\u00a0\u3000', 1, undefined],
    [' '.repeat(19), 10, 0],
    [' '.repeat(20), 10, undefined],
    ['😀'.repeat(9), 10, 9],
    ['😀'.repeat(10), 10, undefined],
  ])('%j, where %i characters are asked for', (value, bound, actual) => {
    const holder =
      bound === 1 ? { name: value } : { optional_scopes: [{ scope: 'siren', justification: value }] };
    const pointer = bound === 1 ? '/name' : '/optional_scopes/0/justification';
    expect(checkSchema({ ...valid(), ...holder }, {})).toEqual(
      actual === undefined ? [] : [{ kind: 'length', pointer, limit: 'too-short', bound, actual }],
    );
  });

  it('say nothing of what a value of the wrong type holds', () => {
    const value = { ...valid(), name: { couleur: [1] }, couleur: { name: 1 }, redirect_uris: { 0: 1 } };
    expect(checkSchema(value, {}).map(ofOurs)).toEqual([
      'type /name string',
      'type /redirect_uris array',
      'unknown-key /couleur',
    ]);
  });

  it('say of a blank text that is too long that it is too long', () => {
    expect(checkSchema({ ...valid(), name: ' '.repeat(201) }, {})).toEqual([
      { kind: 'length', pointer: '/name', limit: 'too-long', bound: 200, actual: 201 },
    ]);
  });
});
