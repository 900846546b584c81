import { Ajv2020 } from 'ajv/dist/2020.js';
import { dump, load } from 'js-yaml';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { cellNames } from '#base/config/cells';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import {
  type ServiceProvider,
  serviceProviderSchema,
} from '#domain/definition/schema/service-provider-schema';
import { fc } from '../../fast-check.ts';

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const validate = ajv.compile(serviceProviderSchema);
const encoder = new TextEncoder();

describe('the schema', () => {
  it('gives the type of a definition', () => {
    expectTypeOf<ServiceProvider['version']>().toEqualTypeOf<1>();
    expectTypeOf<ServiceProvider['network']>().toEqualTypeOf<'internet' | 'rie'>();
    expectTypeOf<ServiceProvider['redirect_uris'][number]>().toEqualTypeOf<string>();
    expectTypeOf<ServiceProvider['userinfo_signed_response_alg']>().toEqualTypeOf<
      'RS256' | 'ES256' | 'HS256' | 'none'
    >();
    expectTypeOf<ServiceProvider['datapass']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<NonNullable<ServiceProvider['optional_scopes']>[number]['scope']>().toEqualTypeOf<string>();
    expectTypeOf<ServiceProvider['organization']['siret']>().toEqualTypeOf<string>();
  });

  interface Described {
    readonly type?: string;
    readonly enum?: readonly unknown[];
    readonly const?: unknown;
    readonly title?: string;
    readonly description?: string;
    readonly examples?: readonly unknown[];
    readonly properties?: Readonly<Record<string, Described>>;
    readonly items?: Described;
  }

  function* properties(schema: Described, path = ''): Generator<readonly [string, Described]> {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      yield [`${path}/${name}`, property];
      yield* properties(property, `${path}/${name}`);
    }
    if (schema.items !== undefined) yield* properties(schema.items, `${path}/0`);
  }

  it.each([...properties(serviceProviderSchema)])(
    '%s has a title, a description and valid examples',
    (_path, one) => {
      expect(one.title).toMatch(/\S/);
      expect(one.description).toMatch(/[.\]]$|fs$|\)$/);
      expect(one.examples?.length).toBeGreaterThan(0);
      const check = new Ajv2020({ strict: false }).compile(one);
      for (const example of one.examples ?? [])
        expect(check(example), JSON.stringify(check.errors)).toBe(true);
    },
  );

  it.each(cellNames)('accepts the valid skeleton of %s', (cell) => {
    expect(validate(load(completeExample({ yaml: '', cell }).text)), JSON.stringify(validate.errors)).toBe(
      true,
    );
  });
});

/** Values that mistakes are made of. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    2,
    '1',
    '',
    ' ',
    'oui',
    'rie',
    'production',
    'RS256',
    'none',
    [],
    {},
  ),
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    'a'.repeat(201),
    'a'.repeat(241),
    `https://a.gouv.fr/${'b'.repeat(2100)}`,
    'H1',
    'x@y.fr',
    '@moi',
  ),
  fc.array(fc.constantFrom<unknown>('https://a.gouv.fr/cb', 'a@b.gouv.fr', '10.1.2.3', null, 3, {}), {
    maxLength: 3,
  }),
  fc.constant(Array.from({ length: 51 }, (_, index) => `https://a.gouv.fr/${index}`)),
  fc.record({ siret: fc.constantFrom<unknown>('13099990700012', '130 999', 5, null) }),
  fc.record({ technical: fc.constantFrom<unknown>(['a@b.gouv.fr'], [], 'a@b.gouv.fr', ['pas une adresse']) }),
  fc.constant([
    { scope: 'siren', justification: 'court' },
    { scope: 'siren' },
    { justification: 'assez longue' },
  ]),
);

describe('the checks of structure and ajv agree', () => {
  const paths = Object.keys(serviceProviderSchema.properties).map((key) => [key]);
  const nested = [
    ['organization', 'siret'],
    ['organization', 'extra'],
    ['contacts', 'support'],
    ['contacts', 'technical'],
    ['couleur'],
    ['__proto__'],
    ['constructor'],
  ];
  const change = fc.record({
    path: fc.constantFrom(...paths, ...nested),
    value: fc.option(anything, { nil: undefined }),
  });

  it('on definitions with mistakes', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...cellNames),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (cell, changes) => {
          const { text, path } = completeExample({ yaml: '', cell });
          const value = load(text) as Record<string, unknown>;
          for (const { path: keys, value: wanted } of changes) {
            const [first = '', second] = keys;
            let holder = value;
            if (second !== undefined) {
              const inner = holder[first];
              if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue;
              holder = inner as Record<string, unknown>;
            }
            const key = second ?? first;
            if (wanted === undefined) delete holder[key];
            else
              Object.defineProperty(holder, key, {
                value: wanted,
                enumerable: true,
                configurable: true,
                writable: true,
              });
          }
          const source = dump(value, { lineWidth: -1 });
          const reading = readDefinition({ path, bytes: encoder.encode(source) });
          const accepted = validate(load(source));
          if (!accepted) refused++;
          const errors = reading.findings.filter(({ severity }) => severity === 'error');
          // What ajv refuses, we refuse; what we call a fault of structure, ajv refuses.
          if (!accepted) expect(errors, source + JSON.stringify(validate.errors)).not.toEqual([]);
          if (errors.some(({ rule }) => rule.startsWith('schema/')) && !source.match(/: ' +'$/m))
            expect(accepted, source + JSON.stringify(errors)).toBe(false);
          expect(reading.definition === undefined).toBe(errors.length > 0);
        },
      ),
      { numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});
