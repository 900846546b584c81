import type { Located } from '#domain/definition/parse/partial-definition';
import { leavesItsDomains } from './new-domain.ts';
import { changeRule } from './rule.ts';

/** An address that works today and would not after the merge. */
export const uriRemoved = changeRule({
  id: 'change/uri-removed',
  severity: 'warning',
  title: { fr: 'Une URL disparaît d’un service existant', en: 'A URL goes away from a live service' },
  why: {
    fr: 'Dès la fusion, ProConnect refusera cette URL : si votre application s’en sert encore, les usagers ne pourront plus se connecter. Changez d’abord l’application, puis retirez l’URL.',
    en: 'From the merge on ProConnect will refuse this URL: if your application still uses it, users can no longer sign in. Change the application first, then remove the URL.',
  },
  messages: {
    login: {
      fr: 'Ces URL de connexion sont retirées : {uris}. Vérifiez qu’aucune application ne s’en sert plus, sinon la connexion y échouera.',
      en: 'These sign-in URLs are removed: {uris}. Check that no application uses them any more, or sign-in will fail there.',
    },
    logout: {
      fr: 'Ces URL de déconnexion sont retirées : {uris}. Si une application s’en sert encore, ses usagers verront une erreur en se déconnectant.',
      en: 'These sign-out URLs are removed: {uris}. If an application still uses them, its users will see an error when they sign out.',
    },
  },
  check(changes, _context, report) {
    for (const change of changes) {
      if (change.kind !== 'modified') continue;
      const before = change.before.partial;
      const after = change.after.partial;
      if (before === undefined || after === undefined) continue;
      // A service in production that moves to another domain is told so there, its former addresses included.
      if (change.after.place.environment === 'production' && leavesItsDomains(before, after)) continue;
      const lists = [
        ['login', '/redirect_uris', before.redirectUris, after.redirectUris],
        ['logout', '/post_logout_redirect_uris', before.postLogoutRedirectUris, after.postLogoutRedirectUris],
      ] as const;
      for (const [messageId, pointer, old, kept] of lists) {
        const uris = missing(old, kept);
        if (uris.length > 0) report(change.path, { pointer, at: 'key', messageId, values: { uris } });
      }
    }
  },
  examples: {
    good: [
      {
        before: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\n  - https://agenda.ville-exemple.fr/callback\npost_logout_redirect_uris: []',
      },
    ],
    bad: [
      {
        before:
          'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\n  - https://agenda.ville-exemple.fr/callback\npost_logout_redirect_uris: []',
        yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/callback\npost_logout_redirect_uris: []',
        messageIds: ['login'],
      },
      {
        before:
          'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris:\n  - https://agenda.ville-exemple.fr/fin',
        yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        messageIds: ['logout'],
      },
    ],
  },
});

function missing(before: readonly Located<string>[], after: readonly Located<string>[]): readonly string[] {
  const kept = new Set(after.map(({ value }) => value));
  return [...new Set(before.map(({ value }) => value).filter((uri) => !kept.has(uri)))];
}
