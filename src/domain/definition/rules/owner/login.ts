/** Rules on the owners of a file. */
import { definitionRule } from '#domain/definition/rules/rule';

/** Letters, digits and inner hyphens; the underscore is that of managed users (`login_company`). */
const login = /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/;
/** GitHub's own logins have at most 39 characters; some servers allow more. */
const maxLength = 100;

/** Whether an account can have this login. */
export function isLogin(text: string): boolean {
  return text.length <= maxLength && login.test(text);
}

export const ownerLogin = definitionRule({
  id: 'owner/login',
  severity: 'error',
  title: { fr: 'Un propriétaire est un identifiant GitHub', en: 'An owner is a GitHub login' },
  why: {
    fr: 'Les propriétaires peuvent modifier le fichier sans attendre l’équipe qui relit. Un identifiant mal écrit ne donnerait ce droit à personne, ou à quelqu’un d’autre.',
    en: 'Owners may change the file without waiting for the reviewers. A misspelt login would give that right to nobody, or to someone else.',
  },
  messages: {
    at: {
      fr: 'Écrivez l’identifiant {value} sans l’arobase : {correction}.',
      en: 'Write the login {value} without the at sign: {correction}.',
    },
    link: {
      fr: '{value} n’est pas un identifiant seul. Écrivez {correction}.',
      en: '{value} is not a login alone. Write {correction}.',
    },
    team: {
      fr: 'La valeur {value} désigne une équipe. Seules des personnes peuvent être propriétaires : donnez leurs identifiants GitHub.',
      en: 'The value {value} names a team. Only people can be owners: give their GitHub logins.',
    },
    email: {
      fr: '{value} est une adresse e-mail. Demandez à la personne son identifiant GitHub et écrivez-le sans `@` : c’est le nom qui suit `github.com/` sur sa page, par exemple `camille-dupont`. Si elle n’a pas de compte, retirez la ligne.',
      en: '{value} is an e-mail address. Ask the person for their GitHub login and write it without `@`: it is the name after `github.com/` on their page, for example `camille-dupont`. When they have no account, remove the line.',
    },
    other: {
      fr: '{value} n’est pas un identifiant GitHub : des lettres, des chiffres et des tirets. C’est le nom qui suit `github.com/` sur la page de la personne, par exemple `camille-dupont`.',
      en: '{value} is not a GitHub login: letters, digits and hyphens. It is the name after `github.com/` on the page of the person, for example `camille-dupont`.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'owners:\n  - camille-dupont\n  - octo_corp' }],
    bad: [
      { yaml: 'owners:\n  - "@camille-dupont"', messageIds: ['at'] },
      { yaml: 'owners:\n  - ministere/equipe-numerique', messageIds: ['team'] },
      { yaml: 'owners:\n  - camille@ministere.gouv.fr', messageIds: ['email'] },
      { yaml: 'owners:\n  - Camille Dupont', messageIds: ['other'] },
    ],
  },
  check({ owners }, report) {
    for (const { value, pointer } of owners) {
      if (isLogin(value)) continue;
      const bare = value
        .trim()
        .replace(/^@/, '')
        .replace(/^https:\/\/github\.com\//, '');
      if (bare !== value && login.test(bare))
        report({
          pointer,
          messageId: value.trim().startsWith('@') ? 'at' : 'link',
          values: { value, correction: bare },
          fix: { title: 'fix', values: { correction: bare }, correction: { kind: 'set', value: bare } },
        });
      else if (/^@?[\w-]+\/[\w.-]+$/.test(value)) report({ pointer, messageId: 'team', values: { value } });
      else if (value.includes('@')) report({ pointer, messageId: 'email', values: { value } });
      else report({ pointer, messageId: 'other', values: { value } });
    }
  },
});
