import { describe, expect, it } from 'vitest';
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { definitionRules } from '#domain/definition/rules/all';

/** Runs that make careless regular expressions go on for ever: the time limit of a test is what they would meet. */
const runs = [
  'a',
  ' ',
  '\t',
  'a.',
  'a-',
  'a@',
  'n° ',
  'datapass ',
  'H ',
  '1 ',
  '1.',
  '( at ) ',
  'gestion et ',
  'Permet ',
  'application a ',
  'gérez et ',
  '**a ',
  '_a ',
  '![a](',
  '<a@',
  '${',
  'https://a.fr/,',
  'gouv.fr.',
  '%25',
  ';',
  '/..',
  'e\u0301',
];

const nothing: PartialDefinition = {
  path: '',
  network: 'rie',
  environment: 'production',
  technicalContacts: [],
  redirectUris: [],
  postLogoutRedirectUris: [],
  optionalScopes: [],
  ipAddresses: [],
  owners: [],
};

function partialDefinitions(value: string): readonly PartialDefinition[] {
  const located = [{ value, pointer: '/x/0' }];
  return [
    { ...nothing, name: value, description: value, siret: value, datapass: value },
    { ...nothing, technicalContacts: located, ipAddresses: located },
    { ...nothing, redirectUris: located, postLogoutRedirectUris: located },
    { ...nothing, optionalScopes: [{ value: { scope: value }, pointer: '/x/0' }] },
  ];
}

describe('hostile values', () => {
  it.each(runs)('of %j are validated in a bounded number of reports', (run) => {
    for (const size of [300, 1_900, 60_000])
      for (const before of ['', 'Application ', 'https://a.fr/']) {
        let reports = 0;
        for (const partial of partialDefinitions(before + run.repeat(size / run.length)))
          for (const rule of definitionRules) rule.check(partial, () => (reports += 1));
        expect(reports).toBeLessThan(60);
      }
  });
});
