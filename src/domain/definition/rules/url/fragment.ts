import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, unusualAddressesOf } from './address.ts';

export const urlFragment = definitionRule({
  id: 'url/fragment',
  severity: 'error',
  title: { fr: 'L’URL n’a pas de fragment', en: 'The URL has no fragment' },
  why: {
    fr: 'Ce qui suit `#` (le fragment) reste dans le navigateur et n’atteint jamais le serveur. La norme l’interdit (OAuth 2.0, RFC 6749, § 3.1.2), et ProConnect refuse alors le service entier, même si rien ne suit le `#`.',
    en: 'What follows `#` stays in the browser and never reaches the server: OAuth 2.0 (RFC 6749, §3.1.2) forbids it, and ProConnect then refuses the whole client, even when the fragment is empty.',
  },
  suppresses: ['url/canonical'],
  messages: {
    fragment: {
      fr: 'L’URL {value} contient un `#` : ce qui le suit ({fragment}) n’arrive jamais à votre serveur, et ProConnect refuse. N’enlevez pas seulement le `#` : demandez à la personne qui développe l’application une adresse de retour qui n’en a pas.',
      en: 'The URL {value} has a `#`: what follows it ({fragment}) never reaches your server, and ProConnect refuses it. Do not only remove the `#`: ask whoever develops the application for an address to come back to that has none.',
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
