import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { hostOfUrl, registrableDomain } from '#domain/registry/addresses';
import { changeRule } from './rule.ts';

/** A live service that would send its users, and their codes, to someone else's domain. */
export const newDomain = changeRule({
  id: 'change/new-domain',
  severity: 'decision',
  title: {
    fr: 'Un service en production change de domaine',
    en: 'A service in production gets a new domain',
  },
  why: {
    fr: 'Ajouter un domaine à un service déjà en production permettrait à qui tient ce domaine de recevoir les codes de connexion des usagers. Une personne de l’équipe vérifie qu’il appartient bien au service.',
    en: 'Adding a domain to a service that is in production would let whoever holds that domain receive users’ sign-in codes. Someone from the team checks that it does belong to the service.',
  },
  messages: {
    added: {
      fr: 'Le domaine {domain} est nouveau pour ce service (URL {value}), déjà en production sur {known}. Une personne de l’équipe vérifiera qu’il est à vous ; expliquez dans la demande pourquoi il s’ajoute.',
      en: 'The domain {domain} is new for this service (URL {value}), which is in production on {known}. Someone from the team will check that it is yours; explain in the pull request why it is added.',
    },
    moved: {
      fr: 'Ce service en production change de domaine : {known} devient {domain} (URL {value}). Une personne de l’équipe vérifiera que le nouveau domaine est à vous ; expliquez ce changement dans la demande. Dès la fusion, ProConnect refusera les anciennes URL : changez l’application en même temps.',
      en: 'This service in production moves from {known} to {domain} (URL {value}). Someone from the team will check that the new domain is yours; explain the move in the pull request. From the merge on ProConnect will refuse the former URLs: change the application at the same time.',
    },
  },
  check(changes, _context, report) {
    for (const change of changes) {
      if (change.kind !== 'modified' || change.after.place.environment !== 'production') continue;
      const { partial } = change.after;
      const known = [...new Set(domainsOf(change.before.partial).map(({ domain }) => domain))];
      if (partial === undefined || known.length === 0) continue;
      const seen = new Set(known);
      const messageId = leavesItsDomains(change.before.partial, partial) ? 'moved' : 'added';
      for (const { domain, value, pointer } of domainsOf(partial)) {
        if (seen.has(domain)) continue;
        seen.add(domain);
        report(change.path, { pointer, messageId, values: { domain, value, known } });
      }
    }
  },
  examples: {
    good: [
      {
        before: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\n  - https://reservation.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
      },
    ],
    bad: [
      {
        before: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\n  - https://agenda.editeur-exemple.fr/retour\npost_logout_redirect_uris: []',
        messageIds: ['added'],
      },
      {
        before: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        yaml: 'redirect_uris:\n  - https://agenda.editeur-exemple.fr/retour\npost_logout_redirect_uris: []',
        messageIds: ['moved'],
      },
    ],
  },
});

/** Whether a definition goes to other domains, and keeps none of those that it has. */
export function leavesItsDomains(
  before: PartialDefinition | undefined,
  after: PartialDefinition | undefined,
): boolean {
  const kept = new Set(domainsOf(after).map(({ domain }) => domain));
  const known = domainsOf(before);
  return kept.size > 0 && known.length > 0 && !known.some(({ domain }) => kept.has(domain));
}

/** The registrable domain of each address of a definition. */
export function domainsOf(partial: PartialDefinition | undefined) {
  return [...(partial?.redirectUris ?? []), ...(partial?.postLogoutRedirectUris ?? [])].flatMap(
    ({ value, pointer }) => {
      const host = hostOfUrl(value);
      return host === undefined ? [] : [{ domain: registrableDomain(host), value, pointer }];
    },
  );
}
