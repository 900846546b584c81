import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, unusualAddressesOf } from './address.ts';
import { displayed, foreignLetter, lookalike } from './confusable-letters.ts';

export const urlHomograph = definitionRule({
  id: 'url/homograph',
  severity: 'error',
  title: { fr: 'Le domaine n’imite pas un autre domaine', en: 'The domain does not imitate another one' },
  why: {
    fr: 'Un domaine qui se lit comme `gouv.fr` sans en être un, ou qui remplace une lettre par sa jumelle d’un autre alphabet, sert à tromper : ni le relecteur ni l’usager ne voient la différence.',
    en: 'A domain that reads like `gouv.fr` without being one, or that replaces a letter by its twin of another alphabet, serves to deceive: neither reviewers nor users see the difference.',
  },
  suppresses: [
    'url/https-required',
    'url/canonical',
    'url/non-production-host',
    'url/foreign-logout',
    'url/network-suffix',
    'url/shared-hosting',
  ],
  messages: {
    letter: {
      fr: 'Le domaine {host} mélange des alphabets : {letter} ({code}) n’est pas une lettre latine, même si elle en a l’air. Retapez le domaine au clavier.',
      en: 'The domain {host} mixes alphabets: {letter} ({code}) is not a Latin letter, although it looks like one. Type the domain again on your keyboard.',
    },
    lookalike: {
      fr: 'Le domaine {host} ressemble à `gouv.fr` mais n’en fait pas partie ({part}). Indiquez le vrai domaine de votre application.',
      en: 'The domain {host} looks like `gouv.fr` but is not part of it ({part}). Give the true domain of your application.',
    },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://xn--mairie-vry-f7a.fr/callback\npost_logout_redirect_uris: []\n' },
      { yaml: 'redirect_uris:\n  - https://app.gouv.nc/callback\npost_logout_redirect_uris: []\n' },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://impots.gоuv.fr/callback\n', messageIds: ['letter'] },
      { yaml: 'redirect_uris:\n  - https://impots.gouv-fr.com/callback\n', messageIds: ['lookalike'] },
      {
        yaml: 'redirect_uris:\n  - https://impots.gouv.fr.connexion.com/callback\n',
        messageIds: ['lookalike'],
      },
      { yaml: 'redirect_uris:\n  - https://impots.g0uv.fr/callback\n', messageIds: ['lookalike'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, host } of unusualAddressesOf(partial)) {
      if (host?.kind !== 'homograph') continue;
      const letter = foreignLetter(host.name);
      const values = { host: displayed(host.name) };
      if (letter === undefined)
        report({
          pointer,
          messageId: 'lookalike',
          values: { ...values, part: lookalike(host.name) ?? host.name },
        });
      else {
        const code = `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
        report({ pointer, messageId: 'letter', values: { ...values, letter, code } });
      }
    }
  },
});
