import { describe, expect, it } from 'vitest';
import { atOnce } from '#base/steps';
import { claimsOf } from '#domain/registry/claims';
import { evaluateRegistry } from '#domain/registry/evaluate';
import { CollisionScan } from '#domain/registry/index/collision-scan';
import { type Entry, Registry } from '#domain/registry/registry';
import { relatedDefinitions } from '#domain/registry/related-definitions';
import { fc } from '../../fast-check.ts';
import { entry, sirets } from './entries.ts';

/** Few values, so that definitions collide in every way. */
const name = fc.constantFrom(
  'Agenda des associations',
  'agenda des associations',
  'Agenda des associatons',
  'Agenda des assoclations',
  'Àgenda des associations',
  'Agenda des associations 2',
  'Suivi des subventions',
  'Suivi des subvention',
  'Pr0Connect',
  'RDV',
);
const uri = fc.constantFrom(
  'https://a.gouv.fr/cb',
  'https://a.gouv.fr/cb/',
  'https://a.gouv.fr:8443/cb',
  'https://b.gouv.fr/cb',
  'https://xn--bb-hia.fr/cb',
  'http://localhost:3000/cb',
  'http://127.0.0.1/cb',
  'pas une adresse',
);
const at = fc
  .tuple(
    fc.constantFrom('internet', 'rie'),
    fc.constantFrom('integration', 'production'),
    fc.constantFrom('aaa', 'bbb', 'ccc', 'ddd', 'eee'),
  )
  .map((parts) => parts.join('/'));
const definition: fc.Arbitrary<Entry> = fc
  .record({
    at,
    name,
    siret: fc.constantFrom(...sirets, 'illisible'),
    datapass: fc.constantFrom('H1', 'H2', undefined),
    uris: fc.array(uri, { maxLength: 3 }),
    scopes: fc.subarray(['siren', 'groups']),
    algorithm: fc.constantFrom('RS256', 'ES256'),
  })
  .map(({ at: where, datapass, ...fields }) =>
    entry(where, { ...fields, ...(datapass === undefined ? {} : { datapass }) }),
  );
const definitions = fc.array(definition, { maxLength: 20 });

/** The last of several with one path stays, as in a folder. */
function folder(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.map((one) => [one.path, one])).values()];
}

describe('the index of a registry', () => {
  it('says the same when built at once and when changed one by one, in any order', () => {
    fc.assert(
      fc.property(definitions, definitions, fc.array(at), (first, then, removals) => {
        const changed = Registry.of(first);
        for (const one of then) changed.set(one);
        for (const where of removals) changed.delete(entry(where).path);
        const away = new Set(removals.map((where) => entry(where).path));
        const left = folder([...first, ...then]).filter(({ path }) => !away.has(path));
        const rebuilt = Registry.of([...left].reverse());
        expect(changed.size).toBe(left.length);
        expect([...changed.paths()].sort()).toEqual([...rebuilt.paths()].sort());
        for (const one of left) expect(changed.get(one.path)).toEqual(claimsOf(one));
        expect(evaluateRegistry(changed)).toEqual(evaluateRegistry(rebuilt));
      }),
    );
  });

  it('finds the same in the whole registry as file by file', () => {
    fc.assert(
      fc.property(definitions, (entries) => {
        const paths = folder(entries).map(({ path }) => path);
        const one = paths.flatMap((path) => evaluateRegistry(Registry.of(entries), [path]));
        expect(evaluateRegistry(Registry.of(entries))).toEqual(
          [...one].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
        );
      }),
    );
  });

  it('holds claims, not the definitions they come from', () => {
    const registry = Registry.of([entry('internet/production/agenda', { name: 'Agenda' })]);
    expect(registry.get('service-providers/internet/production/agenda.yaml')).toEqual({
      path: 'service-providers/internet/production/agenda.yaml',
      name: 'Agenda',
      siret: sirets[0],
      redirectUris: [],
      idTokenAlgorithm: 'RS256',
      userinfoAlgorithm: 'RS256',
      scopes: [],
    });
    expect(registry.get('service-providers/internet/production/other.yaml')).toBeUndefined();
  });
});

describe('a collision scan', () => {
  it('names what to evaluate and among what, so that nothing of the whole registry is missed', () => {
    fc.assert(
      fc.property(definitions, (entries) => {
        const all = folder(entries);
        const scan = new CollisionScan(all.length);
        for (const one of all) scan.add(claimsOf(one));
        const { candidates, context } = scan.result();
        const few = Registry.of(all.filter(({ path }) => context.includes(path)));
        expect(evaluateRegistry(few, candidates)).toEqual(evaluateRegistry(Registry.of(all)));
      }),
      { numRuns: 500 },
    );
  });

  it('has no candidates when there are no collisions', () => {
    const scan = new CollisionScan(500);
    for (let n = 0; n < 500; n++)
      scan.add(
        claimsOf(
          entry(`internet/production/service-${n}`, {
            name: `Service numéro ${n}`,
            siret: `${200_000_000 + n}00014`,
            uris: [`https://service-${n}.gouv.fr/cb`],
            datapass: `H${n}`,
          }),
        ),
      );
    expect(scan.result()).toEqual({ candidates: [], context: [] });
  });
});

describe('the definitions related to a change', () => {
  it('are enough to evaluate it as in the whole registry', () => {
    fc.assert(
      fc.property(
        definitions,
        fc.array(definition, { maxLength: 4 }),
        fc.array(at),
        (base, changes, removals) => {
          const changed = folder(changes);
          const paths = changed.map(({ path }) => path);
          const removed = removals.map((where) => entry(where).path).filter((path) => !paths.includes(path));
          const few = atOnce(relatedDefinitions(Registry.of(base), changed, removed));
          const whole = Registry.of(base);
          for (const path of removed) whole.delete(path);
          for (const one of changed) whole.set(one);
          expect(evaluateRegistry(Registry.of([...few, ...changed]), paths)).toEqual(
            evaluateRegistry(whole, paths),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('stay few however many share an address, and are plain JSON', () => {
    const many = Array.from({ length: 500 }, (_, n) =>
      entry(`internet/production/service-${n}`, {
        name: 'Portail',
        siret: `${200_000_000 + n}00014`,
        uris: ['https://portail.gouv.fr/cb'],
        datapass: 'H1',
      }),
    );
    const found = atOnce(
      relatedDefinitions(Registry.of(many), [
        entry('internet/production/nouveau', {
          name: 'Portail',
          uris: ['https://portail.gouv.fr/cb'],
          datapass: 'H1',
        }),
      ]),
    );
    expect(found.map(({ path }) => path.split('/').at(-1))).toEqual([
      'service-0.yaml',
      'service-1.yaml',
      'service-10.yaml',
    ]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});
