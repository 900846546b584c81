import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualMailbox, isAccepted, isPublicMailbox, unusualMailboxes } from './address.ts';

export const emailPersonal = definitionRule({
  id: 'email/personal',
  severity: 'warning',
  title: { fr: 'L’adresse e-mail est professionnelle', en: 'The e-mail address is professional' },
  why: {
    fr: 'Les contacts techniques reçoivent l’accès aux clés d’une application publique. Une boîte grand public échappe à votre organisme : elle part avec la personne, et personne ne peut la fermer.',
    en: 'Technical contacts receive access to the keys of a public application. A mailbox for the general public is out of the hands of your organization: it leaves with the person, and nobody can close it.',
  },
  messages: {
    personal: {
      fr: '{value} est une adresse grand public. Préférez une adresse professionnelle d’équipe, par exemple `equipe-technique@ministere.gouv.fr` : elle recevra l’accès aux clés ou les usagers bloqués.',
      en: '{value} is an address for the general public. Prefer a professional address of the team, for example `equipe-technique@ministere.gouv.fr`: it will receive access to the keys or blocked users.',
    },
  },
  examples: {
    good: [
      { yaml: 'contacts:\n  technical: [mairie@montfictif.fr]\n  support: aide@agence-fictive.gouv.fr\n' },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [mairie.montfictif@orange.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial)) {
      if (isPublicMailbox(value) && isAccepted(value))
        report({ pointer, messageId: 'personal', values: { value } });
    }
  },
});
