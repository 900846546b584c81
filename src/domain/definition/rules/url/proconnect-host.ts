import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf, type UrlAddress } from './address.ts';

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
