import { sirenOf } from '#domain/registry/claims';
import { registryRule } from './rule.ts';

/** One redirect address, two clients of one cell: a copy that was not finished, or someone else's address. */
export const duplicateUri = registryRule({
  id: 'registry/duplicate-uri',
  severity: 'error',
  title: {
    fr: 'Une URL de redirection est déjà celle d’un autre service',
    en: 'A redirect URL already belongs to another service',
  },
  why: {
    fr: 'Après la connexion, ProConnect renvoie l’usager et un code secret à cette URL. Deux services qui partagent la même URL, sur le même réseau et dans le même environnement, recevraient les usagers l’un de l’autre. Le plus souvent, c’est une copie oubliée.',
    en: 'After sign-in, ProConnect sends the user and a secret code to this URL. Two services that share a URL, on one network and in one environment, would receive each other’s users. Most of the time it is a forgotten copy.',
  },
  messages: {
    same: {
      fr: 'L’URL {value} est déjà déclarée dans {others}, sur le même réseau et dans le même environnement. Une URL de retour mène à un seul service : gardez-la dans une seule définition.',
      en: 'The URL {value} is already declared in {others}, on the same network and in the same environment. A return URL leads to one service: keep it in one definition only.',
    },
    stranger: {
      fr: 'L’URL {value} est déjà déclarée par une autre organisation dans {others}. Si elle est à vous, demandez à cette organisation de la retirer d’abord ; sinon, indiquez l’URL de votre propre service.',
      en: 'The URL {value} is already declared by another organization in {others}. If it is yours, ask that organization to remove it first; if not, give the URL of your own service.',
    },
  },
  suppresses: ['registry/foreign-host'],
  check(claims, collisions, report) {
    const siren = sirenOf(claims.siret);
    for (const { value, pointer, others } of collisions.uris) {
      const isForeign = others.some((other) => sirenOf(other.siret) !== siren);
      const paths = others.map(({ path }) => path);
      report({ pointer, messageId: isForeign ? 'stranger' : 'same', values: { value, others: paths } });
    }
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/auth/retour\npost_logout_redirect_uris: []',
        others: [
          {
            yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/auth/retour\npost_logout_redirect_uris: []',
            cell: 'internet/integration',
          },
        ],
      },
      {
        cell: 'internet/integration',
        yaml: 'redirect_uris:\n  - http://localhost:3000/auth/retour\npost_logout_redirect_uris: []',
        others: [
          {
            cell: 'internet/integration',
            yaml: 'redirect_uris:\n  - http://localhost:3000/auth/retour\npost_logout_redirect_uris: []',
          },
        ],
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/auth/retour\npost_logout_redirect_uris: []',
        others: [
          {
            yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/auth/retour\npost_logout_redirect_uris: []',
          },
        ],
        messageIds: ['same'],
      },
      {
        yaml: 'redirect_uris:\n  - https://agenda.ville-exemple.fr/auth/retour\npost_logout_redirect_uris: []',
        others: [
          {
            yaml: 'organization:\n  siret: "20009999200014"\nredirect_uris:\n  - https://agenda.ville-exemple.fr/auth/retour\npost_logout_redirect_uris: []',
          },
        ],
        messageIds: ['stranger'],
      },
    ],
  },
});
