import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, unusualAddressesOf } from './address.ts';

export const urlFragment = definitionRule({
  id: 'url/fragment',
  severity: 'error',
  title: { fr: 'L’URL n’a pas de fragment', en: 'The URL has no fragment' },
  why: {
    fr: 'Ce qui suit `#` reste dans le navigateur et n’atteint jamais le serveur : OAuth 2.0 (RFC 6749, § 3.1.2) l’interdit, et ProConnect refuse alors le client entier, même si le fragment est vide.',
    en: 'What follows `#` stays in the browser and never reaches the server: OAuth 2.0 (RFC 6749, §3.1.2) forbids it, and ProConnect then refuses the whole client, even when the fragment is empty.',
  },
  suppresses: ['url/canonical'],
  messages: {
    fragment: {
      fr: 'L’URL {value} contient un fragment ({fragment}). Donnez une URL de retour sans `#`, que votre serveur reçoit.',
      en: 'The URL {value} holds a fragment ({fragment}). Give a return URL without `#`, one that your server receives.',
    },
    empty: {
      fr: 'L’URL {value} se termine par un `#`. Retirez-le : {correction}.',
      en: 'The URL {value} ends with a `#`. Remove it: {correction}.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback\n' }],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/#/callback\n',
        messageIds: ['fragment'],
      },
      {
        yaml: 'redirect_uris:\n  - "https://subventions.agence-fictive.gouv.fr/callback#"\n',
        messageIds: ['empty'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, url } of unusualAddressesOf(partial)) {
      const start = text.indexOf('#');
      if (start < 0 || url === undefined) continue;
      const fragment = text.slice(start).trim();
      const correction = url.href.replace(/#.*$/s, '');
      if (fragment === '#')
        report({
          pointer,
          messageId: 'empty',
          values: { value: shown, correction },
          fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
        });
      else
        report({
          pointer,
          span: [start, text.length],
          messageId: 'fragment',
          values: { value: shown, fragment },
        });
    }
  },
});
