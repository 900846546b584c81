import { textRule } from '#domain/definition/rules/rule';

export const fileSecret = textRule({
  id: 'file/secret',
  severity: 'error',
  title: { fr: 'Aucun secret dans le registre', en: 'No secret in the registry' },
  why: {
    fr: 'Un registre se lit, se copie et garde son histoire : un secret qui y est passé n’en est plus un, même effacé ensuite. Les clés de ProConnect vous sont remises autrement. Le client_id, lui, n’est pas secret.',
    en: 'A registry is read, copied and keeps its history: a secret that went through it is no longer one, even when deleted later. The keys of ProConnect are handed to you another way. The client_id is no secret.',
  },
  messages: {
    hex: {
      fr: 'Une suite de 64 chiffres hexadécimaux, la forme d’un secret ProConnect, est écrite ici. Retirez-la, et demandez un nouveau secret : celui-ci reste lisible dans l’historique, même effacé.',
      en: 'A run of 64 hexadecimal digits, the form of a ProConnect secret, is written here. Remove it, and ask for a new secret: this one can still be read in the history, even when deleted.',
    },
    named: {
      fr: 'Un secret ou un mot de passe est écrit ici. Retirez-le, et changez-le là où il sert : il reste lisible dans l’historique, même effacé.',
      en: 'A secret or a password is written here. Remove it, and change it where it is used: it can still be read in the history, even when deleted.',
    },
    key: {
      fr: 'Une clé privée est écrite ici. Retirez-la, et remplacez-la partout où elle sert : elle reste lisible dans l’historique, même effacée.',
      en: 'A private key is written here. Remove it, and replace it wherever it is used: it can still be read in the history, even when deleted.',
    },
    token: {
      fr: 'Un jeton d’accès est écrit ici. Retirez-le, et révoquez-le là où il a été créé : il reste lisible dans l’historique, même effacé.',
      en: 'An access token is written here. Remove it, and revoke it where it was made: it can still be read in the history, even when deleted.',
    },
  },
  suppresses: [
    'schema/unknown-key',
    'schema/type',
    'description/infinitive',
    'description/format',
    'name/characters',
  ],
  examples: {
    good: [{ yaml: `# client_id: ${'0a1b2c3d'.repeat(8)}\nname: Suivi` }],
    bad: [
      { yaml: `name: Suivi\n# ${'0a1b2c3d'.repeat(8)}`, messageIds: ['hex'] },
      { yaml: 'client_secret: correct-horse-battery', messageIds: ['named'] },
    ],
  },
  check({ secrets }, report) {
    for (const { start, end, kind } of secrets) report({ start, end, messageId: kind });
  },
});
