import { placeOfClaims } from '#domain/registry/claims';
import { collisionKeysOf } from '#domain/registry/index/collision-key';
import { nameKey } from '#domain/registry/name-similarity';
import { openRule } from './rule.ts';

/** Another pull request that is still open wants the same thing; the one that is merged second would fail. */
export const openPullRequest = openRule({
  id: 'registry/open-pull-request',
  severity: 'warning',
  title: {
    fr: 'Une autre demande ouverte veut la même chose',
    en: 'Another open pull request wants the same',
  },
  why: {
    fr: 'Deux demandes ouvertes se rencontrent : la seconde fusionnée sera refusée ou écrasera la première. Mieux vaut s’entendre avant.',
    en: 'Two open pull requests meet: the one merged second will be refused or will overwrite the first. Better agree beforehand.',
  },
  messages: {
    file: {
      fr: 'La demande #{number} change aussi le fichier {value}. Entendez-vous sur l’ordre des deux demandes, ou fermez celle qui ne sert plus.',
      en: 'Pull request #{number} changes the file {value} too. Agree on the order of the two, or close the one that is no longer needed.',
    },
    uri: {
      fr: 'La demande #{number} déclare aussi l’URL {value}, dans {path}. Une seule des deux pourra être acceptée.',
      en: 'Pull request #{number} declares the URL {value} too, in {path}. Only one of the two can be accepted.',
    },
    name: {
      fr: 'La demande #{number} porte aussi le nom {value}, dans {path}. Une seule des deux pourra être acceptée.',
      en: 'Pull request #{number} uses the name {value} too, in {path}. Only one of the two can be accepted.',
    },
  },
  check(claims, open, report) {
    const place = placeOfClaims(claims);
    const uris = collisionKeysOf(claims).uri;
    for (const { pullRequest: number, claims: other } of open) {
      if (other.path === claims.path) {
        report({ pointer: '', messageId: 'file', values: { number, value: claims.path } });
        continue;
      }
      const otherPlace = placeOfClaims(other);
      if (place?.network !== otherPlace?.network || place?.environment !== otherPlace?.environment) continue;
      const { path } = other;
      const theirs = new Set(collisionKeysOf(other).uri);
      for (const value of uris.filter((uri) => theirs.has(uri))) {
        const pointer = `/redirect_uris/${claims.redirectUris.indexOf(value)}`;
        report({ pointer, messageId: 'uri', values: { number, value, path } });
      }
      if (
        claims.name !== undefined &&
        other.name !== undefined &&
        nameKey(claims.name) === nameKey(other.name)
      )
        report({ pointer: '/name', messageId: 'name', values: { number, value: claims.name, path } });
    }
  },
  examples: {
    good: [
      {
        yaml: 'name: Agenda des associations',
        open: [
          {
            yaml: 'name: Suivi des subventions\nredirect_uris:\n  - https://suivi.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
          },
        ],
      },
    ],
    bad: [
      {
        yaml: 'name: Agenda des associations',
        open: [{ id: 'mon-service', yaml: 'name: Agenda associatif' }],
        messageIds: ['file'],
      },
      {
        yaml: 'name: Agenda des associations\nredirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        open: [
          {
            yaml: 'name: Agenda associatif\nredirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
          },
        ],
        messageIds: ['uri'],
      },
      {
        yaml: 'name: Agenda des associations\nredirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        open: [
          {
            yaml: 'name: agenda des associations\nredirect_uris:\n  - https://suivi.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
          },
        ],
        messageIds: ['name'],
      },
    ],
  },
});
