import { describe, expect, it } from 'vitest';
import { areNearSkeletons, nearSkeletons } from '#domain/registry/index/near-names';
import {
  differInLongWord,
  imitatedName,
  isOneEditApart,
  nameKey,
  skeletonKey,
} from '#domain/registry/name-similarity';
import { fc } from '../../fast-check.ts';

describe('names', () => {
  it('are the same whatever their case, the composition of their accents and their spaces', () => {
    expect(nameKey('Démarches  SIMPLIFIÉES ')).toBe(nameKey('De\u0301marches\u00a0simplifie\u0301es'));
    expect(nameKey('Démarches')).not.toBe(nameKey('Demarches'));
  });

  it.each([
    ['Démarches simplifiées', 'Demarches-Simplifiees'],
    ['Agenda des associations', 'Agenda des assoclations'],
    ['Tchap', 'Tchаp'],
    ['Modernisation', 'Modemisation'],
    ['Cœur de ville', 'Coeur de ville'],
    ['Service 1', 'Sérvice 1'],
  ])('%s skeletons like %s', (one, other) => {
    expect(skeletonKey(one)).toBe(skeletonKey(other));
  });

  it.each([
    ['Service 1', 'Service 2'],
    ['Chorus V2', 'Chorus V3'],
    ['Orion Internet', 'Orion RIE'],
    ['RDV', 'RDP'],
    ['Portail RH', 'Portail RP'],
    ['Espace A', 'Espace B'],
    ['API Entreprise', 'API Particulier'],
  ])('%s does not skeleton like %s', (one, other) => {
    expect(skeletonKey(one)).not.toBe(skeletonKey(other));
    expect(areNearSkeletons(skeletonKey(one), skeletonKey(other)) && differInLongWord(one, other)).toBe(
      false,
    );
  });

  it.each([
    'ProConnect',
    'Pro Connect',
    'Pr0Connect',
    'ProConnnect',
    'FranceC0nnect+',
    'lmpots.gouv',
    'Espace France-Connect',
  ])('%s can be taken for a name that everyone knows', (name) => {
    expect(imitatedName(name)).toBeDefined();
  });

  it.each([
    'Espace partenaires ProConnect',
    'Atelier pro connecté',
    'Connect',
    'Impôts fonciers',
    'Agri Connect',
  ])('%s cannot', (name) => {
    expect(imitatedName(name)).toBeUndefined();
  });
});

describe('names of Latin letters', () => {
  it('look as they do when they are read as a whole', () => {
    const word = fc.string({
      unit: fc.constantFrom(..."aeirnvwTZ019éèÀçœæßøÿ-' ".split('')),
      maxLength: 24,
    });
    // A full stop at the end is passed over, and is not in the alphabet that is read word by word.
    fc.assert(fc.property(word, (name) => skeletonKey(name) === skeletonKey(`${name}.`)));
  });
});

describe('one letter apart', () => {
  it('is one substitution, insertion or removal', () => {
    expect(isOneEditApart('abc', 'abc')).toBe(false);
    expect(['abd', 'abbc', 'ab', 'xabc', 'bc'].every((other) => isOneEditApart('abc', other))).toBe(true);
    expect(['acb', 'abcde', '', 'xbx'].some((other) => isOneEditApart('abc', other))).toBe(false);
  });

  it('is found among many as one by one', () => {
    const skeleton = fc
      .tuple(
        fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 6, maxLength: 12 }),
        fc.constantFrom('', '1'),
      )
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(fc.uniqueArray(skeleton, { maxLength: 40 }), (skeletons) => {
        const pairs = skeletons.flatMap((one) => {
          const others = skeletons.filter((other) => areNearSkeletons(one, other)).sort();
          return others.length === 0 ? [] : [[one, others] as const];
        });
        expect(nearSkeletons([[], skeletons, skeletons])).toEqual([
          new Map(),
          new Map(pairs),
          new Map(pairs),
        ]);
      }),
    );
  });

  it('is told of hostile names without delay', () => {
    const skeletons = Array.from({ length: 300 }, (_, n) => `${'a'.repeat(100 + n)} `);
    expect(nearSkeletons([skeletons])[0]?.size).toBe(300);
    expect(nearSkeletons([[`${'a'.repeat(60_000)} `, `${'a'.repeat(60_001)} `]])[0]?.size).toBe(0);
  });
});
