import { keyboardForm, keyboardMessage } from '#domain/definition/rules/keyboard-form';
import { definitionRule, type Reporter } from '#domain/definition/rules/rule';
import { valuesIn } from '#domain/definition/rules/wrapping';
import { type IpFault, invalidAddress, rangeEnds } from './address-text.ts';
import { blockOf, linesOfRange } from './block.ts';
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
    keyboard: keyboardMessage,
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
      fr: '{value} a des zéros en tête, qui se lisent différemment selon les logiciels. Écrivez {correction}.',
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
      fr: '{value} est un intervalle. Écrivez chaque adresse sur sa ligne, derrière un tiret ; si elles sont trop nombreuses, demandez à votre hébergeur les plages à écrire.',
      en: '{value} is an interval. Write each address on its own line, after a hyphen; if there are too many, ask your hosting provider which blocks to write.',
    },
    rangeAddresses: {
      fr: '{value} est un intervalle. Écrivez à la place ses adresses, chacune sur sa ligne : {lines}.',
      en: '{value} is an interval. Write its addresses instead, each on its own line: {lines}.',
    },
    rangeBlocks: {
      fr: '{value} est un intervalle. Écrivez à la place les plages qui disent la même chose, chacune sur sa ligne : {lines}.',
      en: '{value} is an interval. Write the blocks that say the same instead, each on its own line: {lines}.',
    },
    wildcard: {
      fr: '{value} contient un joker. Écrivez chaque adresse sur sa ligne, derrière un tiret ; si elles sont trop nombreuses, demandez à votre hébergeur les plages à écrire.',
      en: '{value} has a wildcard. Write each address on its own line, after a hyphen; if there are too many, ask your hosting provider which blocks to write.',
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
      fr: '{value} est une URL. Écrivez à la place l’adresse IP d’où votre serveur appelle ProConnect, quatre nombres séparés par des points ; votre hébergeur la connaît.',
      en: '{value} is a URL. Write instead the IP address from which your server calls ProConnect, four numbers with dots between; your hosting provider knows it.',
    },
    hostname: {
      fr: '{value} est un nom de machine. Écrivez à la place l’adresse IP d’où votre serveur appelle ProConnect, quatre nombres séparés par des points ; votre hébergeur la connaît.',
      en: '{value} is a host name. Write instead the IP address from which your server calls ProConnect, four numbers with dots between; your hosting provider knows it.',
    },
    prefix: {
      fr: 'Dans {value}, le nombre derrière la barre ne convient pas : 32 au plus (128 en IPv6). Corrigez-le, ou, pour cette seule adresse, écrivez {address}.',
      en: 'The number after the slash of {value} will not do: 32 at most (128 in IPv6). Correct it, or, for this address alone, write {address}.',
    },
    other: {
      fr: '{value} n’est pas une adresse IP. Écrivez celle d’où votre serveur appelle ProConnect, quatre nombres de 0 à 255 séparés par des points ; votre hébergeur la connaît.',
      en: '{value} is not an IP address. Write the one from which your server calls ProConnect, four numbers from 0 to 255 with dots between; your hosting provider knows it.',
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
      {
        yaml: 'ip_addresses:\n  - 10.1.2.1-10.1.2.9\n',
        cell: 'rie/production',
        messageIds: ['rangeAddresses'],
      },
      {
        yaml: 'ip_addresses:\n  - 10.1.2.1-10.1.2.90\n',
        cell: 'rie/production',
        messageIds: ['rangeBlocks'],
      },
      { yaml: 'ip_addresses:\n  - 10.1.2.1-90\n', cell: 'rie/production', messageIds: ['range'] },
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
      const typed = keyboardForm(value.slice(0, 200));
      if (typed !== undefined && blockOf(typed.text) !== undefined) {
        const values = { value, characters: typed.characters, correction: typed.text };
        const correction = { kind: 'set', value: typed.text } as const;
        report({ pointer, messageId: 'keyboard', values, fix: { title: 'fix', values, correction } });
        continue;
      }
      const { messageId, correction } = invalidAddress(value.slice(0, 200));
      if (messageId === 'several') {
        const { items = [], certain = false } = valuesIn(value, (text) => blockOf(text) !== undefined) ?? {};
        report({
          pointer,
          messageId,
          values: { value },
          ...(certain && { fix: { title: 'split', correction: { kind: 'list', items } } }),
        });
      } else if (correction === undefined) reportWithout(report, pointer, messageId, value);
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

/** What has no correction of one value. */
function reportWithout(
  report: Reporter<IpFault | 'rangeAddresses' | 'rangeBlocks'>,
  pointer: string,
  messageId: IpFault,
  value: string,
): void {
  const [first, last] = (messageId === 'range' ? rangeEnds(value) : undefined) ?? [];
  const same = first === undefined || last === undefined ? undefined : linesOfRange(first, last);
  if (same === undefined)
    report({ pointer, messageId, values: { value, address: value.slice(0, value.indexOf('/')) } });
  else
    report({
      pointer,
      messageId: same.kind === 'addresses' ? 'rangeAddresses' : 'rangeBlocks',
      values: { value, lines: same.items.map((item) => `- ${item}`) },
    });
}
