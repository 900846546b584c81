import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress } from './address.ts';
import { productionAddresses } from './production-hosts.ts';

export const urlSharedHosting = definitionRule({
  id: 'url/shared-hosting',
  severity: 'decision',
  title: { fr: 'Le domaine appartient à l’organisme', en: 'The domain belongs to the organization' },
  why: {
    fr: 'Sous le nom d’un hébergeur, l’adresse n’est pas à vous : le jour où l’application ferme, n’importe qui peut reprendre le même nom et recevoir les connexions de vos agents.',
    en: 'Under the name of a hosting company, the address is not yours: the day the application closes, anyone can take the same name and receive the sign-ins of your agents.',
  },
  messages: {
    shared: {
      fr: '{host} est un nom prêté par un hébergeur, et non un domaine de votre organisme. Si votre application répond aussi sous votre domaine, remplacez {value} par cette adresse-là ; si la ligne ne sert plus, retirez-la. Sinon laissez-la : un relecteur décidera, et vous n’avez rien à faire.',
      en: '{host} is a name lent by a hosting company, not a domain of your organization. If your application also answers under your own domain, write that address in the place of {value}; if the line is of no use any more, remove it. If not, leave it: a reviewer will decide, and there is nothing for you to do.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://agenda.osc-fr1.scalingo.io/callback\n',
        cell: 'internet/integration',
      },
      {
        yaml: 'redirect_uris:\n  - https://agenda.ville-de-montfictif.fr/callback\npost_logout_redirect_uris: []\n',
      },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://agenda.osc-fr1.scalingo.io/callback\n' },
      { yaml: 'redirect_uris:\n  - https://agenda.vercel.app/callback\n' },
      { yaml: 'redirect_uris:\n  - https://agence.github.io/callback\n' },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, name } of productionAddresses(partial, 'shared'))
      report({ pointer, messageId: 'shared', values: { value: shown, host: name } });
  },
});
