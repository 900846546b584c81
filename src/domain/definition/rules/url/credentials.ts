import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, unusualAddressesOf } from './address.ts';

export const urlCredentials = definitionRule({
  id: 'url/credentials',
  severity: 'error',
  title: {
    fr: 'L’URL ne contient ni identifiant ni mot de passe',
    en: 'The URL holds no user name or password',
  },
  why: {
    fr: 'Ce registre est lu par beaucoup de monde et garde tout son historique : un mot de passe écrit dans une URL est à considérer comme connu de tous.',
    en: 'Many people read this registry and it keeps its whole history: a password written in a URL must be considered known to everyone.',
  },
  suppresses: ['url/canonical'],
  messages: {
    credentials: {
      fr: 'L’URL {value} contient un identifiant ou un mot de passe (masqué ici). Retirez-le : {correction} ; et changez ce mot de passe, l’historique le garde.',
      en: 'The URL {value} holds a user name or a password (hidden here). Remove it: {correction}; and change that password, the history keeps it.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/@agence/callback\n' }],
    bad: [{ yaml: 'redirect_uris:\n  - https://user:pass@subventions.agence-fictive.gouv.fr/callback\n' }],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, url } of unusualAddressesOf(partial)) {
      if (url?.credentials !== true) continue;
      const correction = url.href;
      report({
        pointer,
        messageId: 'credentials',
        values: { value: shown, correction },
        fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
      });
    }
  },
});
