import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress } from './address.ts';
import { productionAddresses, suppressedByHost } from './production-hosts.ts';

export const urlLoopback = definitionRule({
  id: 'url/loopback',
  severity: 'error',
  title: { fr: 'Pas de `localhost` en production', en: 'No `localhost` in production' },
  why: {
    fr: '`localhost` désigne l’ordinateur de la personne qui se connecte : en production, son code de connexion serait remis à n’importe quel programme qui y écoute.',
    en: '`localhost` means the computer of the person who signs in: in production, their sign-in code would be handed to any program listening there.',
  },
  suppresses: [...suppressedByHost, 'url/incomplete', 'url/open-redirect'],
  messages: {
    loopback: {
      fr: '{host} est réservé à l’intégration. Retirez d’ici la ligne {value} ; si la liste n’en a pas d’autre, mettez à sa place l’URL publique de votre application.',
      en: '{host} is reserved for integration. Remove the line {value} from here; if the list has no other, put the public URL of your application in its place.',
    },
    alias: {
      fr: '{host} désigne l’ordinateur de l’usager (127.0.0.1) : c’est réservé à l’intégration. Retirez d’ici la ligne {value} ; si la liste n’en a pas d’autre, mettez à sa place l’URL publique de votre application.',
      en: '{host} means the user’s own computer (127.0.0.1): that is reserved for integration. Remove the line {value} from here; if the list has no other, put the public URL of your application in its place.',
    },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - http://localhost:3000/callback\n', cell: 'internet/integration' }],
    bad: [
      { yaml: 'redirect_uris:\n  - http://localhost:3000/callback\n', messageIds: ['loopback'] },
      { yaml: 'redirect_uris:\n  - http://127.0.0.1/callback\n' },
      { yaml: 'redirect_uris:\n  - https://agenda.lvh.me/callback\n', messageIds: ['alias'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, name } of productionAddresses(partial, 'loopback'))
      report({
        pointer,
        messageId: name.endsWith('localhost') ? 'loopback' : 'alias',
        values: { value: shown, host: name },
      });
  },
});
