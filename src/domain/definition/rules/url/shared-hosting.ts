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
      fr: '{host} est un nom prêté par un hébergeur, et non un domaine de votre organisme. Utilisez votre propre domaine dans {value}, ou un relecteur doit approuver ce choix.',
      en: '{host} is a name lent by a hosting company, not a domain of your organization. Use your own domain in {value}, or a reviewer must approve this choice.',
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
