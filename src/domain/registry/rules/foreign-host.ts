import { registryRule } from './rule.ts';

/** A host that another organization already sends its users to. */
export const foreignHost = registryRule({
  id: 'registry/foreign-host',
  severity: 'decision',
  title: {
    fr: 'Un domaine est déjà utilisé par une autre organisation',
    en: 'A host is already used by another organization',
  },
  why: {
    fr: 'Qui tient le serveur derrière cette adresse reçoit les usagers et leurs données. Si une autre organisation y a déjà un service, il peut s’agir d’un éditeur commun, d’un transfert ou d’une erreur : une personne de l’équipe vérifie.',
    en: 'Whoever runs the server behind this address receives the users and their data. If another organization already has a service there, it may be a common publisher, a transfer or a mistake: someone from the team has a look.',
  },
  messages: {
    used: {
      fr: 'Le domaine {value} est déjà celui d’un service d’une autre organisation : {others}. Si vous partagez un éditeur ou reprenez ce service, laissez la ligne et dites-le dans la demande : une personne de l’équipe décidera. Si c’est une erreur, corrigez-la.',
      en: 'The host {value} already serves another organization: {others}. If you share a publisher or take over this service, leave the line and say so in the pull request: someone from the team will decide. If it is a mistake, correct it.',
    },
  },
  check(_claims, collisions, report) {
    const duplicates = new Set(collisions.uris.map(({ pointer }) => pointer));
    for (const { value, pointer, others } of collisions.hosts) {
      if (duplicates.has(pointer)) continue;
      report({ pointer, messageId: 'used', values: { value, others: others.map(({ path }) => path) } });
    }
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://portail.agence-exemple.fr/agenda/retour\npost_logout_redirect_uris: []',
        others: [
          {
            yaml: 'redirect_uris:\n  - https://portail.agence-exemple.fr/annuaire/retour\npost_logout_redirect_uris: []',
          },
        ],
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://portail.agence-exemple.fr/agenda/retour\npost_logout_redirect_uris: []',
        others: [
          {
            yaml: 'organization:\n  siret: "20009999200014"\nredirect_uris:\n  - https://portail.agence-exemple.fr/annuaire/retour\npost_logout_redirect_uris: []',
          },
        ],
      },
    ],
  },
});
