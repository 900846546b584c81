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
      fr: 'Une suite de 64 chiffres hexadécimaux, la forme d’un secret ProConnect, est écrite ici. Considérez-le comme compromis : retirez-le, demandez-en un nouveau, et effacez-le de l’historique de la branche.',
      en: 'A run of 64 hexadecimal digits, the form of a ProConnect secret, is written here. Consider it compromised: remove it, ask for a new one, and erase it from the history of the branch.',
    },
    named: {
      fr: 'Un secret ou un mot de passe est écrit ici. Considérez-le comme compromis : retirez-le, changez-le, et effacez-le de l’historique de la branche.',
      en: 'A secret or a password is written here. Consider it compromised: remove it, change it, and erase it from the history of the branch.',
    },
    key: {
      fr: 'Une clé privée est écrite ici. Considérez-la comme compromise : retirez-la, remplacez-la partout, et effacez-la de l’historique de la branche.',
      en: 'A private key is written here. Consider it compromised: remove it, replace it everywhere, and erase it from the history of the branch.',
    },
    token: {
      fr: 'Un jeton d’accès est écrit ici. Considérez-le comme compromis : révoquez-le, retirez-le, et effacez-le de l’historique de la branche.',
      en: 'An access token is written here. Consider it compromised: revoke it, remove it, and erase it from the history of the branch.',
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
