import { definitionRule } from '#domain/definition/rules/rule';
import { valuesIn } from '#domain/definition/rules/wrapping';
import { invalidAddress } from './address-text.ts';
import { blockOf } from './block.ts';
import { hasAddresses } from './entries.ts';

export const ipInvalid = definitionRule({
  id: 'ip/invalid',
  severity: 'error',
  title: {
    fr: 'Chaque élément est une adresse IP ou une plage CIDR',
    en: 'Each item is an IP address or a CIDR block',
  },
  why: {
    fr: 'Sur le RIE, les réseaux sont fermés les uns aux autres. L’équipe ProConnect demande l’ouverture du flux à partir de ces adresses : elles doivent se lire d’une seule façon.',
    en: 'On the RIE, networks are closed to each other. The ProConnect team asks for the flow to be opened from these addresses: there must be one way only to read them.',
  },
  suppresses: ['ip/reserved', 'ip/host-bits', 'ip/wide', 'ip/overlap', 'ip/public'],
  messages: {
    spaces: {
      fr: '{value} contient un signe ou une espace en trop. Écrivez {correction}.',
      en: '{value} has a sign or a space too many. Write {correction}.',
    },
    wrapped: {
      fr: 'L’adresse {value} n’est pas seule. Écrivez {correction}.',
      en: 'The address {value} does not stand alone. Write {correction}.',
    },
    commas: {
      fr: '{value} a des virgules à la place des points. Écrivez {correction}.',
      en: '{value} has commas where dots should be. Write {correction}.',
    },
    cidrRange: {
      fr: '{value} est un intervalle. Écrivez la plage CIDR qui dit la même chose : {correction}.',
      en: '{value} is an interval. Write the CIDR block that says the same: {correction}.',
    },
    cidrWildcard: {
      fr: '{value} contient un joker. Écrivez la plage CIDR qui dit la même chose : {correction}.',
      en: '{value} has a wildcard. Write the CIDR block that says the same: {correction}.',
    },
    leadingZeros: {
      fr: 'Les zéros en tête de {value} se lisent différemment selon les logiciels. Écrivez {correction}.',
      en: 'The leading zeros of {value} are read differently by different software. Write {correction}.',
    },
    netmask: {
      fr: '{value} est écrit avec un masque. Écrivez la plage en notation CIDR : {correction}.',
      en: '{value} is written with a netmask. Write the block in CIDR notation: {correction}.',
    },
    mapped: {
      fr: '{value} est une adresse IPv4 écrite en IPv6. Écrivez {correction}.',
      en: '{value} is an IPv4 address written as IPv6. Write {correction}.',
    },
    range: {
      fr: '{value} est un intervalle. Donnez chaque adresse, ou des plages CIDR comme `10.1.2.0/28`.',
      en: '{value} is an interval. Give each address, or CIDR blocks such as `10.1.2.0/28`.',
    },
    wildcard: {
      fr: '{value} contient un joker. Donnez chaque adresse, ou une plage CIDR comme `10.1.2.0/24`.',
      en: '{value} has a wildcard. Give each address, or a CIDR block such as `10.1.2.0/24`.',
    },
    several: {
      fr: 'Une seule adresse par élément : {value} en contient plusieurs. Faites une ligne de chacune, précédée d’un tiret.',
      en: 'One address per item: {value} holds several. Make a line of each, with a hyphen in front.',
    },
    port: {
      fr: '{value} contient un port. Seule l’adresse compte : écrivez {correction}.',
      en: '{value} has a port. Only the address counts: write {correction}.',
    },
    url: {
      fr: '{value} est une URL. Indiquez l’adresse IP depuis laquelle votre serveur appelle ProConnect, par exemple `10.144.7.20`.',
      en: '{value} is a URL. Give the IP address from which your server calls ProConnect, for example `10.144.7.20`.',
    },
    hostname: {
      fr: '{value} est un nom de machine. Indiquez l’adresse IP depuis laquelle votre serveur appelle ProConnect, par exemple `10.144.7.20`.',
      en: '{value} is a host name. Give the IP address from which your server calls ProConnect, for example `10.144.7.20`.',
    },
    prefix: {
      fr: 'La longueur de préfixe de {value} n’existe pas : de 0 à 32 en IPv4, de 0 à 128 en IPv6. Écrivez par exemple `10.1.2.0/28`.',
      en: 'The prefix length of {value} does not exist: from 0 to 32 in IPv4, from 0 to 128 in IPv6. Write for example `10.1.2.0/28`.',
    },
    other: {
      fr: '{value} n’est ni une adresse IP ni une plage CIDR. Écrivez par exemple `10.144.7.20` ou `10.1.2.0/28`.',
      en: '{value} is neither an IP address nor a CIDR block. Write for example `10.144.7.20` or `10.1.2.0/28`.',
    },
    split: { fr: 'Faire une ligne de chacune', en: 'Make a line of each' },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      {
        yaml: 'ip_addresses:\n  - 100.68.41.16/29\n  - 10.144.7.20\n  - fd12:3456:789a::/64\n',
        cell: 'rie/production',
      },
    ],
    bad: [
      { yaml: 'ip_addresses:\n  - 10.1.2.1-10.1.2.9\n', cell: 'rie/production', messageIds: ['range'] },
      {
        yaml: 'ip_addresses:\n  - proxy.interieur.gouv.fr\n',
        cell: 'rie/production',
        messageIds: ['hostname'],
      },
      { yaml: 'ip_addresses:\n  - 010.001.002.003\n', cell: 'rie/production', messageIds: ['leadingZeros'] },
      {
        yaml: 'ip_addresses:\n  - 10.1.2.0/255.255.255.0\n',
        cell: 'rie/production',
        messageIds: ['netmask'],
      },
      { yaml: 'ip_addresses:\n  - 10.1.2.*\n', cell: 'rie/production', messageIds: ['cidrWildcard'] },
      { yaml: 'ip_addresses:\n  - 10.1.2.1*\n', cell: 'rie/production', messageIds: ['wildcard'] },
      {
        yaml: 'ip_addresses:\n  - 10.1.2.0 à 10.1.2.15\n',
        cell: 'rie/production',
        messageIds: ['cidrRange'],
      },
      { yaml: 'ip_addresses:\n  - "IP : 10.1.2.3"\n', cell: 'rie/production', messageIds: ['wrapped'] },
      { yaml: 'ip_addresses:\n  - 10,1,2,3\n', cell: 'rie/production', messageIds: ['commas'] },
      { yaml: 'ip_addresses:\n  - 10.1.2.3:443\n', cell: 'rie/production', messageIds: ['port'] },
      { yaml: 'ip_addresses:\n  - 10.1.2.300\n', cell: 'rie/production', messageIds: ['other'] },
      { yaml: 'ip_addresses:\n  - 10.1.2.0/33\n', cell: 'rie/production', messageIds: ['prefix'] },
    ],
  },
  concerns: hasAddresses,
  check(partial, report) {
    if (partial.network === 'internet') return;
    for (const { value, pointer } of partial.ipAddresses) {
      if (blockOf(value) !== undefined && !/^::ffff:/i.test(value)) continue;
      const { messageId, correction } = invalidAddress(value.slice(0, 200));
      if (messageId === 'several') {
        const { items = [], certain = false } = valuesIn(value, (text) => blockOf(text) !== undefined) ?? {};
        report({
          pointer,
          messageId,
          values: { value },
          ...(certain && { fix: { title: 'split', correction: { kind: 'list', items } } }),
        });
      } else if (correction === undefined) report({ pointer, messageId, values: { value } });
      else
        report({
          pointer,
          messageId:
            messageId === 'range' ? 'cidrRange' : messageId === 'wildcard' ? 'cidrWildcard' : messageId,
          values: { value, correction },
          fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
        });
    }
  },
});
