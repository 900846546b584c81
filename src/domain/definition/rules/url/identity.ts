/** Rules on hosts that pass for others. */
import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf, hasUnusualAddress, type UrlAddress, unusualAddressesOf } from './address.ts';
import { displayed, foreignLetter, lookalike } from './homograph.ts';

/** Paths of ProConnect's own endpoints, pasted from its documentation under whatever host. */
const endpoint =
  /^\/api\/v2\/(?:authorize|token(?:\/\w+)?|userinfo|jwks|session\/end|\.well-known\/\S*)\/?$|^\/authorize\/?$/;
const authorizeQuery = /[?&](?:response_type|client_id)=/;

function isEndpoint({ url }: UrlAddress): boolean {
  if (url === undefined) return false;
  return (
    endpoint.test(url.pathname) || (authorizeQuery.test(url.search) && /\/authorize\/?$/.test(url.pathname))
  );
}

export const urlProconnectHost = definitionRule({
  id: 'url/proconnect-host',
  severity: 'error',
  title: { fr: 'L’URL est celle de votre application', en: 'The URL is that of your application' },
  why: {
    fr: 'L’URL de retour est celle où ProConnect renvoie l’usager une fois connecté. Si elle désigne ProConnect lui-même, l’usager tourne en rond et votre application ne reçoit rien.',
    en: 'The return URL is where ProConnect sends the user once signed in. If it means ProConnect itself, the user goes round in circles and your application receives nothing.',
  },
  suppresses: [
    'url/https-required',
    'url/canonical',
    'url/incomplete',
    'url/slash-twin',
    'url/non-production-host',
    'url/foreign-logout',
    'url/network-suffix',
    'url/open-redirect',
  ],
  messages: {
    host: {
      fr: 'L’URL {value} est celle de ProConnect. Indiquez l’URL de votre application, celle où elle reçoit le retour de ProConnect.',
      en: 'The URL {value} is that of ProConnect. Give the URL of your application, where it receives the answer of ProConnect.',
    },
    endpoint: {
      fr: 'L’URL {value} mène à une adresse de service OpenID Connect (`/authorize`, `/token`…), celle que votre application appelle. Indiquez celle où elle reçoit le retour de ProConnect.',
      en: 'The URL {value} leads to an OpenID Connect endpoint (`/authorize`, `/token`…), one that your application calls. Give the one where it receives the answer of ProConnect.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/login/oauth2/code/proconnect\n',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://auth.agentconnect.gouv.fr/api/v2/authorize\n',
        messageIds: ['host'],
      },
      {
        yaml: 'redirect_uris:\n  - https://fca.integ01.dev-agentconnect.fr/api/v2/session/end\n',
        messageIds: ['host'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/api/v2/authorize\n',
        messageIds: ['endpoint'],
      },
    ],
  },
  check(partial, report) {
    for (const address of addressesOf(partial)) {
      const { pointer, shown, host } = address;
      if (host?.kind === 'proconnect') report({ pointer, messageId: 'host', values: { value: shown } });
      else if (isEndpoint(address)) report({ pointer, messageId: 'endpoint', values: { value: shown } });
    }
  },
});

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

export const urlIdentityRules = [urlProconnectHost, urlHomograph] as const;
