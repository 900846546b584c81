import { structureRule } from '#domain/definition/rules/rule';
import { lastKeyOf } from '#domain/definition/rules/value-kinds';
import { hasStructureProblems, problemsOfKind } from './problems.ts';

/** An item of each list that may not be empty. */
const examples: Readonly<Record<string, string>> = {
  technical: '- equipe-numerique@agence.gouv.fr',
  redirect_uris: '- https://monapp.gouv.fr/auth/callback',
  ip_addresses: '- 10.144.7.20',
};

export const schemaLength = structureRule({
  id: 'schema/length',
  severity: 'error',
  title: { fr: 'Ni trop court, ni trop long', en: 'Neither too short nor too long' },
  why: {
    fr: 'Ces limites sont celles de ProConnect et de la place dont disposent ses écrans.',
    en: 'These limits are those of ProConnect and of the room on its screens.',
  },
  messages: {
    empty: {
      fr: 'Le champ {key} est vide. Complétez-le.',
      en: 'The value of {key} is empty. Complete it.',
    },
    name: {
      fr: 'Le nom est vide. C’est celui que verront les usagers sur la page de connexion : écrivez-le.',
      en: 'The name is empty. It is the one that users will see on the sign-in page: write it.',
    },
    description: {
      fr: 'La description fait {actual} caractères ; {bound} au plus. Gardez la phrase qui dit à quoi sert le service.',
      en: 'The description has {actual} characters; {bound} at most. Keep the sentence that says what the service is for.',
    },
    tooLong: {
      fr: 'Le champ {key} fait {actual} caractères ; le maximum est de {bound}. Raccourcissez-le.',
      en: 'The value of {key} is {actual} characters long; the maximum is {bound}. Shorten it.',
    },
    tooShort: {
      fr: 'Le champ {key} fait {actual} caractères ; il en faut au moins {bound}. Dites-en un peu plus.',
      en: 'The value of {key} is {actual} characters long; at least {bound} are needed. Say a little more.',
    },
    noRedirect: {
      fr: 'La liste redirect_uris est vide. Sans au moins une URL de retour après connexion, votre service est inutilisable.',
      en: 'The list redirect_uris is empty. Without at least one URL to come back to after sign-in, your service is unusable.',
    },
    tooFew: {
      fr: 'La liste {key} est vide. Retirez les crochets, et écrivez dessous au moins une valeur derrière un tiret, par exemple {example}.',
      en: 'The list {key} is empty. Remove the brackets, and write at least one value below, after a hyphen, for example {example}.',
    },
    tooMany: {
      fr: 'La liste {key} a {actual} éléments ; le maximum est de {bound}. Ne gardez que ceux qui servent.',
      en: 'The list {key} has {actual} items; the maximum is {bound}. Keep only those that are used.',
    },
  },
  suppresses: [
    'name/characters',
    'name/generic',
    'name/long',
    'siret/format',
    'datapass/format',
    'email/format',
    'url/invalid',
    'ip/invalid',
    'scope/unknown',
  ],
  examples: {
    good: [{ yaml: 'name: SI' }],
    bad: [
      { yaml: 'name: ""', messageIds: ['name'] },
      { yaml: `name: ${'a'.repeat(201)}`, messageIds: ['tooLong'] },
      { yaml: `description: Gérer ${'a'.repeat(240)}`, messageIds: ['description'] },
      { yaml: 'redirect_uris: []', messageIds: ['noRedirect'] },
      { yaml: 'contacts:\n  technical: []\n  support: aide@agence-fictive.gouv.fr', messageIds: ['tooFew'] },
      { yaml: 'optional_scopes:\n  - scope: siren\n    justification: parce que', messageIds: ['tooShort'] },
      {
        yaml: `owners: [${Array.from({ length: 51 }, (_, index) => `a${index}`).join(', ')}]`,
        messageIds: ['tooMany'],
      },
    ],
  },
  concerns: hasStructureProblems,
  check({ problems }, report) {
    for (const { pointer, limit, bound, actual } of problemsOfKind(problems, 'length')) {
      const key = lastKeyOf(pointer);
      if (limit === 'too-long' && key === 'description')
        report({ pointer, messageId: 'description', values: { actual, bound } });
      else if (limit === 'too-long')
        report({ pointer, messageId: 'tooLong', values: { key, actual, bound } });
      else if (limit === 'too-many')
        report({ pointer, at: 'key', messageId: 'tooMany', values: { key, actual, bound } });
      else if (limit === 'too-few' && key === 'redirect_uris')
        report({ pointer, at: 'key', messageId: 'noRedirect' });
      else if (limit === 'too-few')
        report({ pointer, at: 'key', messageId: 'tooFew', values: { key, example: examples[key] ?? '- …' } });
      else if (actual > 0) report({ pointer, messageId: 'tooShort', values: { key, actual, bound } });
      else if (pointer === '/name') report({ pointer, messageId: 'name' });
      else report({ pointer, messageId: 'empty', values: { key } });
    }
  },
});
