import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf } from './address.ts';

export const urlForeignLogout = definitionRule({
  id: 'url/foreign-logout',
  severity: 'error',
  title: {
    fr: 'L’URL de déconnexion est sur le domaine de l’application',
    en: 'The logout URL is on the application’s domain',
  },
  why: {
    fr: 'Après la déconnexion, l’usager croit être revenu chez vous : l’envoyer vers un autre domaine ferait de votre application un tremplin vers n’importe quel site.',
    en: 'After logging out, users believe they are back with you: sending them to another domain would make your application a springboard to any site.',
  },
  messages: {
    foreign: {
      fr: '{value} n’appartient pas au domaine de vos URL de connexion ({sites}). Indiquez une page de votre application.',
      en: '{value} does not belong to the domain of your sign-in URLs ({sites}). Give a page of your application.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://app.agence-fictive.gouv.fr/callback\npost_logout_redirect_uris:\n  - https://www.agence-fictive.gouv.fr/au-revoir\n',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://app.agence-fictive.gouv.fr/callback\npost_logout_redirect_uris:\n  - https://www.autre-agence.gouv.fr/\n',
      },
    ],
  },
  check(partial, report) {
    if (partial.postLogoutRedirectUris.length === 0) return;
    const addresses = addressesOf(partial);
    const sites: string[] = [];
    let logins = 0;
    for (const { list, host } of addresses) {
      if (list !== 'login') continue;
      logins++;
      // A sign-in URL that cannot be read may be the one that explains the logout URL.
      if (host === undefined || host.kind === 'documentation' || host.kind === 'proconnect') return;
      if (!sites.includes(host.site)) sites.push(host.site);
    }
    if (logins === 0 || partial.redirectUris.length > logins) return;
    for (const { list, host, pointer, shown } of addresses)
      if (list === 'logout' && host !== undefined && host.kind !== 'loopback' && !sites.includes(host.site))
        report({ pointer, messageId: 'foreign', values: { value: shown, sites } });
  },
});
