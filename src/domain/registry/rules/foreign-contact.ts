import { isLoopbackHost } from '#base/loopback';
import { isPublicMailbox } from '#domain/definition/rules/email/address';
import { registrableDomain } from '#domain/registry/addresses';
import { defaultSettings, type Settings } from '#domain/registry/settings';
import { domainsOf } from './new-domain.ts';
import { changeRule } from './rule.ts';

/**
 * Mails to people whom nobody has looked at, chosen by someone whom nobody knows: where a person approves or merges,
 * they are that person's to look at.
 */
export const foreignContact = changeRule({
  id: 'change/foreign-contact',
  severity: 'decision',
  title: {
    fr: 'Un contact technique est d’un autre domaine que le service, et personne n’approuve',
    en: 'A technical contact is of another domain than the service, and nobody approves',
  },
  why: {
    fr: 'Dans ce registre, une demande prête est fusionnée sans que personne la regarde, et les contacts techniques reçoivent aussitôt un message officiel. Quand leur adresse n’a rien de commun avec celles du service, une personne de l’équipe la regarde d’abord.',
    en: 'In this registry a pull request that is ready is merged without anyone looking at it, and the technical contacts are sent an official message at once. When their address has nothing in common with those of the service, someone from the team looks at it first.',
  },
  messages: {
    foreign: {
      fr: '{value} n’est pas d’un domaine des URL de ce service ({known}). Rien à corriger si c’est bien un contact du service : c’est souvent le cas d’un prestataire. Une personne de l’équipe l’approuvera avant la fusion.',
      en: '{value} is of none of the domains of this service’s URLs ({known}). Nothing to correct if it is a contact of the service, as a contractor often is: someone from the team will approve it before the merge.',
    },
    local: {
      fr: 'Les URL de ce service ne mènent à aucun domaine : rien ne dit si {value} est un contact du service. Rien à corriger : une personne de l’équipe l’approuvera avant la fusion.',
      en: 'The URLs of this service lead to no domain: nothing says that {value} is a contact of the service. Nothing to correct: someone from the team will approve it before the merge.',
    },
  },
  check(changes, { settings }, report) {
    if (!mergesUnseen(settings)) return;
    for (const change of changes) {
      // Who becomes a contact of a live client is for a person already, and so is a move.
      if (change.kind !== 'added' || change.after.place.environment !== 'integration') continue;
      const { partial } = change.after;
      const domains = domainsOf(partial).map(({ domain }) => domain);
      const known = [...new Set(domains.filter((domain) => !isLoopbackHost(domain)))];
      const seen = new Set(known);
      for (const { value, pointer } of partial?.technicalContacts ?? []) {
        const domain = registrableDomain(value.slice(value.lastIndexOf('@') + 1).toLowerCase());
        // Anyone may have an address there.
        if (seen.has(domain) && !isPublicMailbox(value)) continue;
        seen.add(domain);
        if (known.length === 0) report(change.path, { pointer, messageId: 'local', values: { value } });
        else report(change.path, { pointer, messageId: 'foreign', values: { value, known } });
      }
    }
  },
  examples: {
    good: [
      {
        cell: 'internet/integration',
        yaml: 'contacts:\n  technical:\n    - equipe@numerique.ville-exemple.fr\nredirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        context: { settings: unseen() },
      },
      {
        cell: 'internet/integration',
        yaml: 'contacts:\n  technical:\n    - equipe@prestataire-exemple.fr\nredirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
      },
      {
        cell: 'internet/integration',
        yaml: 'contacts:\n  technical:\n    - equipe@prestataire-exemple.fr\nredirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        context: { settings: unseen(1) },
      },
    ],
    bad: [
      {
        cell: 'internet/integration',
        yaml: 'contacts:\n  technical:\n    - equipe@prestataire-exemple.fr\nredirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []',
        context: { settings: unseen() },
        messageIds: ['foreign'],
      },
      {
        cell: 'internet/integration',
        yaml: 'contacts:\n  technical:\n    - equipe@ville-exemple.fr\nredirect_uris:\n  - http://localhost:3000/retour\npost_logout_redirect_uris: []',
        context: { settings: unseen() },
        messageIds: ['local'],
      },
    ],
  },
});

/** Whether what is ready in integration is merged without anyone looking at it. */
function mergesUnseen({ automaticMerge, approvals }: Settings): boolean {
  return automaticMerge.integration && approvals.integration === 0;
}

/** Settings of the examples. */
function unseen(integration = 0): Settings {
  const { approvals } = defaultSettings;
  return {
    ...defaultSettings,
    automaticMerge: { integration: true },
    approvals: { ...approvals, integration },
  };
}
