import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualMailbox, isAccepted, isUnread, unusualMailboxes } from './address.ts';

export const emailNoreply = definitionRule({
  id: 'email/noreply',
  severity: 'warning',
  title: { fr: 'Quelqu’un lit cette adresse', en: 'Somebody reads this address' },
  why: {
    fr: 'Les usagers bloqués sont envoyés vers l’adresse de support, et les clés aux contacts techniques. Une boîte que personne ne lit les laisse sans réponse.',
    en: 'Blocked users are sent to the support address, and the keys to the technical contacts. A mailbox that nobody reads leaves them without an answer.',
  },
  messages: {
    unread: {
      fr: 'Personne ne lit {value} : cette adresse ne peut ni aider un usager bloqué, ni recevoir les clés. Indiquez une adresse suivie.',
      en: 'Nobody reads {value}: this address can neither help a blocked user nor receive the keys. Give an address that is followed.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: reply@agence-fictive.gouv.fr\n',
      },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: noreply@agence-fictive.gouv.fr\n',
      },
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: ne-pas-repondre@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial))
      if (isUnread(value) && isAccepted(value)) report({ pointer, messageId: 'unread', values: { value } });
  },
});
