import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualMailbox, isAccepted, unusualMailboxes } from './address.ts';

export const emailPlus = definitionRule({
  id: 'email/plus',
  severity: 'warning',
  title: { fr: 'L’adresse e-mail est sans `+`', en: 'The e-mail address has no `+`' },
  why: {
    fr: 'La console d’administration de ProConnect refuse le signe `+` dans une adresse : la prochaine modification du client par un opérateur échouerait.',
    en: 'ProConnect’s administration console refuses the sign `+` in an address: the next change of the client by an operator would fail.',
  },
  messages: {
    plus: {
      fr: 'L’adresse {value} contient un `+`, que la console d’administration ProConnect refuse. Indiquez une adresse sans `+`, par exemple {proposal} si c’est la même boîte.',
      en: 'The address {value} has a `+`, which the ProConnect administration console refuses. Give an address without `+`, for example {proposal} if it is the same mailbox.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical: [dsi-proconnect@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [dsi+proconnect@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial))
      if (value.includes('+') && isAccepted(value))
        report({ pointer, messageId: 'plus', values: { value, proposal: value.replace(/\+[^@]*/, '') } });
  },
});
