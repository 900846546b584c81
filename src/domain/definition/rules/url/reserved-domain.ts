import { dormantHost } from '#domain/definition/dormant-host';
import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, unusualAddressesOf } from './address.ts';
import { productionAddresses, suppressedByHost } from './production-hosts.ts';

function isDormant(name: string): boolean {
  return `.${name.toLowerCase().replace(/\.$/, '')}`.endsWith(`.${dormantHost}`);
}

export const urlReservedDomain = definitionRule({
  id: 'url/reserved-domain',
  severity: 'error',
  title: { fr: 'Le domaine existe pour tout le monde', en: 'The domain exists for everyone' },
  why: {
    fr: 'Certains noms (`.local`, `.internal`, `.test`, `.example`…) n’appartiennent à personne et ne mènent nulle part hors d’un réseau privé (RFC 6761). En production, vos usagers n’y arriveraient pas, ou arriveraient ailleurs. `greffier.invalid`, par lequel Greffier ferme un client, n’est permis nulle part.',
    en: 'Some names (`.local`, `.internal`, `.test`, `.example`…) belong to nobody and lead nowhere outside a private network (RFC 6761). In production your users would not get there, or would get somewhere else. `greffier.invalid`, by which Greffier closes a client, is allowed nowhere.',
  },
  suppresses: suppressedByHost,
  messages: {
    reserved: {
      fr: 'Le domaine {host} est réservé aux réseaux privés et aux essais. Indiquez dans {value} le domaine public de votre application.',
      en: 'The domain {host} is reserved for private networks and tests. Give the public domain of your application in {value}.',
    },
    documentation: {
      fr: 'Le domaine {host} est réservé aux exemples. Indiquez dans {value} le domaine de votre application.',
      en: 'The domain {host} is reserved for examples. Give the domain of your application in {value}.',
    },
    dormant: {
      fr: 'Greffier se sert du domaine {host} pour fermer un client : personne ne pourrait se connecter. Indiquez dans {value} le domaine de votre application.',
      en: 'Greffier uses the domain {host} to close a client: nobody could sign in. Give the domain of your application in {value}.',
    },
    unqualified: {
      fr: '{host} est un nom de machine sans domaine. Indiquez dans {value} le nom complet de votre application, par exemple `monapp.gouv.fr`.',
      en: '{host} is a machine name without a domain. Give the full name of your application in {value}, for example `monapp.gouv.fr`.',
    },
    unknownSuffix: {
      fr: 'Le domaine {host} se termine par une extension qui n’existe pas sur Internet. Vérifiez {value}.',
      en: 'The domain {host} ends with an extension that does not exist on the Internet. Check {value}.',
    },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://agenda.local/callback\n', cell: 'internet/integration' },
      { yaml: 'redirect_uris:\n  - https://local.agence-fictive.gouv.fr/callback\n' },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://agenda.local/callback\n', messageIds: ['reserved'] },
      { yaml: 'redirect_uris:\n  - https://agenda.example/callback\n', messageIds: ['documentation'] },
      { yaml: 'redirect_uris:\n  - https://intranet/callback\n' },
      { yaml: 'redirect_uris:\n  - https://serveur/callback\n', messageIds: ['unqualified'] },
      {
        yaml: 'redirect_uris:\n  - https://greffier.invalid/dormant\n',
        cell: 'internet/integration',
        messageIds: ['dormant'],
      },
      { yaml: 'redirect_uris:\n  - https://agenda.montfictif.ffr/callback\n', messageIds: ['unknownSuffix'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    const kinds = ['reserved', 'documentation', 'unqualified', 'unknownSuffix'] as const;
    for (const { pointer, shown, host } of unusualAddressesOf(partial))
      if (host !== undefined && isDormant(host.name))
        report({ pointer, messageId: 'dormant', values: { value: shown, host: host.name } });
    for (const { pointer, shown, name, kind } of productionAddresses(partial, ...kinds)) {
      const messageId = kinds.find((known) => known === kind);
      // Networks of the RIE have suffixes of their own, which no list knows.
      if (isDormant(name)) continue;
      if (messageId === undefined || (messageId === 'unknownSuffix' && partial.network === 'rie')) continue;
      report({ pointer, messageId, values: { value: shown, host: name } });
    }
  },
});
