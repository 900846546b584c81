import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, unusualAddressesOf } from './address.ts';

export const urlWildcard = definitionRule({
  id: 'url/wildcard',
  severity: 'error',
  title: { fr: 'L’URL est exacte, sans joker', en: 'The URL is exact, without a wildcard' },
  why: {
    fr: 'ProConnect compare l’URL de retour caractère par caractère : un joker ou une variable ne correspondrait jamais à rien, et accepter plusieurs hôtes à la fois ouvrirait la porte à des inconnus.',
    en: 'ProConnect compares the return URL character by character: a wildcard or a variable would never match anything, and accepting several hosts at once would open the door to strangers.',
  },
  suppresses: ['url/canonical', 'url/incomplete', 'url/slash-twin'],
  messages: {
    star: {
      fr: 'Le joker `*` de {value} n’est pas possible : listez chaque URL exacte.',
      en: 'The wildcard `*` of {value} is not possible: list each exact URL.',
    },
    variable: {
      fr: '{value} contient une partie à remplacer ({part}). Listez chaque URL exacte, telle que votre application l’envoie.',
      en: '{value} holds a part to be replaced ({part}). List each exact URL, as your application sends it.',
    },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback\n' }],
    bad: [
      { yaml: 'redirect_uris:\n  - https://*.agence-fictive.gouv.fr/callback\n', messageIds: ['star'] },
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/*\n', messageIds: ['star'] },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/{TENANT}/callback\n',
        messageIds: ['variable'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, fault, url } of unusualAddressesOf(partial)) {
      if (fault !== undefined && url === undefined && fault.messageId !== 'host') continue;
      const star = text.indexOf('*');
      const part = /[$#]?\{\{?[^{}]*\}\}?|<[^<>]*>|\$\w+|%7B[^%]*%7D/i.exec(text)?.[0];
      if (star >= 0) report({ pointer, span: [star, star + 1], messageId: 'star', values: { value: shown } });
      else if (part !== undefined && fault?.messageId !== 'wrapped')
        report({ pointer, messageId: 'variable', values: { value: shown, part } });
    }
  },
});
