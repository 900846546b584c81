/** Rules on the addresses from which a service provider calls ProConnect on the RIE. */
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import {
  type Block,
  blockOf,
  contains,
  documentationBlocks,
  hasHostBits,
  loopbackBlocks,
  networkOf,
  officeBlocks,
  overlaps,
  proconnectAddresses,
  rieBlocks,
  sampleAddresses,
  unusableBlocks,
} from './ip-block.ts';
import { invalidAddress } from './ip-text.ts';
import { definitionRule } from './rule.ts';

/** The widest blocks that still mean "our servers". */
const minPrefix = { ipv4: 24, ipv6: 64 } as const;

interface LocatedBlock {
  readonly block: Block;
  readonly pointer: string;
  /** Why nobody can call from there. */
  readonly reserved: Reserved | undefined;
}

const none: readonly LocatedBlock[] = [];

/** Of the partial definition that was read last: rules read one after the other. */
let known: { readonly partial: PartialDefinition; readonly blocks: readonly LocatedBlock[] } | undefined;

/** On the Internet the whole list is useless, and nothing more is reported of its items. */
function rieAddresses(partial: PartialDefinition): readonly LocatedBlock[] {
  if (partial.network === 'internet' || partial.ipAddresses.length === 0) return none;
  if (known?.partial === partial) return known.blocks;
  const blocks: LocatedBlock[] = [];
  for (const { value, pointer } of partial.ipAddresses) {
    const block = blockOf(value);
    if (block !== undefined) blocks.push({ block, pointer, reserved: reservation(block) });
  }
  known = { partial, blocks };
  return blocks;
}

function hasAddresses(partial: PartialDefinition): boolean {
  return partial.ipAddresses.length > 0;
}

type Reserved = 'universal' | 'proconnect' | 'sample' | 'loopback' | 'documentation' | 'unusable';

function reservation(block: Block): Reserved | undefined {
  const within = (known: readonly Block[]) => known.some((outer) => contains(outer, block));
  if (block.prefix === 0) return 'universal';
  // 10.0.0.0/8, where most servers on the RIE are, has nothing of all this in it.
  if (block.kind === 'ipv4' && block.bytes[0] === 10 && block.prefix >= 8) return undefined;
  if (proconnectAddresses.some((own) => overlaps(own, block)))
    return isWide(block) ? undefined : 'proconnect';
  if (within(sampleAddresses)) return 'sample';
  if (within(loopbackBlocks)) return 'loopback';
  if (within(documentationBlocks)) return 'documentation';
  return within(unusableBlocks) ? 'unusable' : undefined;
}

function isWide(block: Block): boolean {
  return block.prefix < minPrefix[block.kind];
}

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
      fr: '{value} contient des espaces. Écrivez {correction}.',
      en: '{value} has spaces. Write {correction}.',
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
      { yaml: 'ip_addresses:\n  - 10.1.2.*\n', cell: 'rie/production', messageIds: ['wildcard'] },
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
      const items = value
        .slice(0, 2000)
        .split(/[\s,;]+/)
        .filter(Boolean);
      if (messageId === 'several' && items.every((item) => blockOf(item) !== undefined))
        report({
          pointer,
          messageId,
          values: { value },
          fix: { title: 'split', correction: { kind: 'list', items } },
        });
      else if (correction === undefined) report({ pointer, messageId, values: { value } });
      else
        report({
          pointer,
          messageId,
          values: { value, correction },
          fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
        });
    }
  },
});

export const ipReserved = definitionRule({
  id: 'ip/reserved',
  severity: 'error',
  title: { fr: 'L’adresse peut être celle d’un serveur', en: 'The address can be that of a server' },
  why: {
    fr: 'L’adresse demandée est celle d’où votre serveur appelle ProConnect. Une adresse d’exemple, de bouclage, ou l’une de celles de ProConnect, ouvrirait un flux qui ne sert à personne.',
    en: 'The address asked for is the one from which your server calls ProConnect. A sample or loopback address, or one of ProConnect’s own, would open a flow that serves nobody.',
  },
  suppresses: ['ip/wide', 'ip/host-bits', 'ip/public'],
  messages: {
    universal: {
      fr: '{value} désigne toutes les adresses du monde. Indiquez l’adresse de sortie réelle de votre serveur.',
      en: '{value} means every address in the world. Give the real outgoing address of your server.',
    },
    proconnect: {
      fr: '{value} est à ProConnect : c’est l’adresse que vous appelez. Indiquez celle depuis laquelle votre serveur appelle.',
      en: '{value} is ProConnect’s: it is the address you call. Give the one from which your server calls.',
    },
    sample: {
      fr: '{value} est une adresse d’exemple (un serveur de noms public). Indiquez l’adresse de sortie réelle de votre serveur.',
      en: '{value} is a sample address (a public name server). Give the real outgoing address of your server.',
    },
    loopback: {
      fr: '{value} est une adresse de bouclage : elle désigne la machine elle-même. Indiquez l’adresse de sortie de votre serveur sur le RIE.',
      en: '{value} is a loopback address: it means the machine itself. Give the outgoing address of your server on the RIE.',
    },
    documentation: {
      fr: '{value} est réservée aux exemples des documentations. Indiquez l’adresse de sortie réelle de votre serveur.',
      en: '{value} is kept for examples in documentation. Give the real outgoing address of your server.',
    },
    unusable: {
      fr: '{value} ne peut pas être l’adresse d’un serveur (plage réservée). Indiquez l’adresse de sortie réelle du vôtre.',
      en: '{value} cannot be the address of a server (reserved range). Give the real outgoing address of yours.',
    },
  },
  examples: {
    good: [{ yaml: 'ip_addresses:\n  - 100.68.41.16/29\n', cell: 'rie/production' }],
    bad: [
      { yaml: 'ip_addresses:\n  - 1.1.1.1\n', cell: 'rie/production', messageIds: ['sample'] },
      { yaml: 'ip_addresses:\n  - 127.0.0.1\n', cell: 'rie/production', messageIds: ['loopback'] },
      { yaml: 'ip_addresses:\n  - 0.0.0.0/0\n', cell: 'rie/production', messageIds: ['universal'] },
      { yaml: 'ip_addresses:\n  - 100.67.22.39\n', cell: 'rie/production', messageIds: ['proconnect'] },
      { yaml: 'ip_addresses:\n  - 192.0.2.10\n', cell: 'rie/production', messageIds: ['documentation'] },
      { yaml: 'ip_addresses:\n  - 169.254.10.1\n', cell: 'rie/production', messageIds: ['unusable'] },
    ],
  },
  concerns: hasAddresses,
  check(partial, report) {
    for (const { block, pointer, reserved: messageId } of rieAddresses(partial)) {
      if (messageId !== undefined) report({ pointer, messageId, values: { value: block.text } });
    }
  },
});

export const ipHostBits = definitionRule({
  id: 'ip/host-bits',
  severity: 'error',
  title: { fr: 'La plage commence à son adresse de réseau', en: 'The block starts at its network address' },
  why: {
    fr: 'Une plage comme `10.1.2.3/24` se lit de deux façons : la machine 10.1.2.3, ou les 256 adresses de son réseau. Les équipements de filtrage n’acceptent que l’adresse de réseau.',
    en: 'A block such as `10.1.2.3/24` can be read in two ways: the machine 10.1.2.3, or the 256 addresses of its network. Filtering equipment only accepts the network address.',
  },
  messages: {
    bits: {
      fr: '{value} désigne une machine et une plage à la fois. L’adresse de réseau de cette plage est {correction} ; si vous vouliez une seule machine, écrivez {host}.',
      en: '{value} means a machine and a block at once. The network address of this block is {correction}; if you meant one machine, write {host}.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'ip_addresses:\n  - 10.1.2.0/24\n', cell: 'rie/production' }],
    bad: [{ yaml: 'ip_addresses:\n  - 10.1.2.3/24\n', cell: 'rie/production' }],
  },
  concerns: hasAddresses,
  check(partial, report) {
    for (const { block, pointer } of rieAddresses(partial)) {
      if (isWide(block) || !hasHostBits(block)) continue;
      const correction = networkOf(block);
      const host = block.text.slice(0, block.text.indexOf('/'));
      report({
        pointer,
        messageId: 'bits',
        values: { value: block.text, correction, host },
        fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
      });
    }
  },
});

export const ipWide = definitionRule({
  id: 'ip/wide',
  severity: 'error',
  title: { fr: 'La plage se limite à vos serveurs', en: 'The block is limited to your servers' },
  why: {
    fr: 'Ouvrir un flux depuis une plage entière ouvre la porte à toutes ses machines. Le flux se demande pour les seuls serveurs qui appellent ProConnect : `/24` au plus en IPv4, `/64` en IPv6.',
    en: 'Opening a flow from a whole range opens the door to all of its machines. The flow is asked for the servers that call ProConnect alone: `/24` at most in IPv4, `/64` in IPv6.',
  },
  suppresses: ['ip/host-bits'],
  messages: {
    ipv4: {
      fr: 'La plage {value} est trop large ({count} adresses). Limitez-la à vos serveurs : `/24` au plus.',
      en: 'The block {value} is too wide ({count} addresses). Limit it to your servers: `/24` at most.',
    },
    ipv6: {
      fr: 'La plage {value} est trop large. Limitez-la à vos serveurs : `/64` au plus.',
      en: 'The block {value} is too wide. Limit it to your servers: `/64` at most.',
    },
  },
  examples: {
    good: [{ yaml: 'ip_addresses:\n  - 10.1.2.0/24\n  - fd12:3456:789a:1::/64\n', cell: 'rie/production' }],
    bad: [
      { yaml: 'ip_addresses:\n  - 10.0.0.0/8\n', cell: 'rie/production', messageIds: ['ipv4'] },
      { yaml: 'ip_addresses:\n  - fd12:3456::/32\n', cell: 'rie/production', messageIds: ['ipv6'] },
    ],
  },
  concerns: hasAddresses,
  check(partial, report) {
    for (const { block, pointer, reserved } of rieAddresses(partial)) {
      if (!isWide(block) || reserved !== undefined) continue;
      if (block.kind === 'ipv6') report({ pointer, messageId: 'ipv6', values: { value: block.text } });
      else
        report({
          pointer,
          messageId: 'ipv4',
          values: { value: block.text, count: 2 ** (32 - block.prefix) },
        });
    }
  },
});

export const ipOverlap = definitionRule({
  id: 'ip/overlap',
  severity: 'warning',
  title: { fr: 'Chaque adresse est dite une seule fois', en: 'Each address is said once' },
  why: {
    fr: 'Une adresse en double, ou déjà comprise dans une plage, fait douter : l’une des deux est-elle de trop, ou mal recopiée ?',
    en: 'An address given twice, or already part of a block, raises a doubt: is one of them too many, or badly copied?',
  },
  messages: {
    twice: {
      fr: '{value} figure deux fois. Retirez la seconde.',
      en: '{value} stands there twice. Remove the second one.',
    },
    within: {
      fr: '{value} est déjà comprise dans {outer}. Retirez-la.',
      en: '{value} is already part of {outer}. Remove it.',
    },
    remove: { fr: 'Retirer {value}', en: 'Remove {value}' },
  },
  examples: {
    good: [{ yaml: 'ip_addresses:\n  - 10.1.2.0/28\n  - 10.1.2.16/28\n', cell: 'rie/production' }],
    bad: [
      { yaml: 'ip_addresses:\n  - 10.1.2.3\n  - 10.1.2.3\n', cell: 'rie/production', messageIds: ['twice'] },
      {
        yaml: 'ip_addresses:\n  - 10.1.2.3\n  - 10.1.2.0/28\n',
        cell: 'rie/production',
        messageIds: ['within'],
      },
    ],
  },
  concerns: hasAddresses,
  check(partial, report) {
    if (partial.ipAddresses.length < 2) return;
    const all = rieAddresses(partial).filter(({ block }) => !isWide(block));
    if (all.length < 2) return;
    for (const [index, inner] of all.entries()) {
      const outer = all.find(
        (other, place) =>
          place !== index &&
          contains(other.block, inner.block) &&
          (place < index || !contains(inner.block, other.block)),
      );
      if (outer === undefined) continue;
      const value = inner.block.text;
      report({
        pointer: inner.pointer,
        messageId: contains(inner.block, outer.block) ? 'twice' : 'within',
        values: { value, outer: outer.block.text },
        fix: { title: 'remove', values: { value }, correction: { kind: 'remove' } },
      });
    }
  },
});

export const ipPublic = definitionRule({
  id: 'ip/public',
  severity: 'warning',
  title: { fr: 'L’adresse est du RIE', en: 'The address belongs to the RIE' },
  why: {
    fr: 'Sur le RIE, votre serveur sort le plus souvent par une adresse privée (10.…, 172.16.…, 100.64.…). Une adresse publique est souvent celle de sa sortie vers Internet, et le flux ouvert ne servirait pas.',
    en: 'On the RIE your server mostly goes out through a private address (10.…, 172.16.…, 100.64.…). A public address is often its way out to the Internet, and the opened flow would be of no use.',
  },
  messages: {
    public: {
      fr: '{value} est une adresse publique : c’est peut-être la sortie de votre serveur vers Internet. Vérifiez son adresse de sortie sur le RIE.',
      en: '{value} is a public address: it may be the way out of your server to the Internet. Check its outgoing address on the RIE.',
    },
    office: {
      fr: '{value} appartient à une plage (192.168) que chaque réseau réutilise chez lui et qui n’est en général pas routée sur le RIE. Vérifiez l’adresse de sortie de votre serveur.',
      en: '{value} belongs to a range (192.168) that every network reuses at home and that is generally not routed on the RIE. Check the outgoing address of your server.',
    },
  },
  examples: {
    good: [{ yaml: 'ip_addresses:\n  - 100.68.41.16/29\n  - 172.20.1.4\n', cell: 'rie/production' }],
    bad: [
      { yaml: 'ip_addresses:\n  - 185.24.187.10\n', cell: 'rie/production', messageIds: ['public'] },
      { yaml: 'ip_addresses:\n  - 192.168.1.20\n', cell: 'rie/production', messageIds: ['office'] },
    ],
  },
  concerns: hasAddresses,
  check(partial, report) {
    for (const { block, pointer, reserved } of rieAddresses(partial)) {
      if (isWide(block) || reserved !== undefined) continue;
      const value = block.text;
      if (officeBlocks.some((outer) => contains(outer, block)))
        report({ pointer, messageId: 'office', values: { value } });
      else if (!rieBlocks.some((outer) => contains(outer, block)))
        report({ pointer, messageId: 'public', values: { value } });
    }
  },
});

export const ipUseless = definitionRule({
  id: 'ip/useless',
  severity: 'warning',
  title: { fr: 'Les adresses IP ne servent que sur le RIE', en: 'IP addresses only serve on the RIE' },
  why: {
    fr: 'Les adresses IP servent à ouvrir un flux entre réseaux du RIE. Sur Internet elles ne servent à rien, et un registre n’a pas à publier l’adresse de vos serveurs.',
    en: 'IP addresses serve to open a flow between networks of the RIE. On the Internet they serve no purpose, and a registry need not publish the address of your servers.',
  },
  suppresses: ['ip/invalid', 'ip/reserved', 'ip/host-bits', 'ip/wide', 'ip/overlap', 'ip/public'],
  messages: {
    internet: {
      fr: 'Les adresses IP ({addresses}) ne servent que sur le RIE. Retirez `ip_addresses`.',
      en: 'IP addresses ({addresses}) only serve on the RIE. Remove `ip_addresses`.',
    },
    remove: { fr: 'Retirer `ip_addresses`', en: 'Remove `ip_addresses`' },
  },
  examples: {
    good: [{ yaml: 'ip_addresses:\n  - 10.144.7.20\n', cell: 'rie/integration' }],
    bad: [{ yaml: 'ip_addresses:\n  - 10.144.7.20\n', cell: 'internet/production' }],
  },
  concerns: hasAddresses,
  check(partial, report) {
    if (partial.network !== 'internet' || partial.ipAddresses.length === 0) return;
    report({
      pointer: '/ip_addresses',
      at: 'key',
      messageId: 'internet',
      values: { addresses: partial.ipAddresses.map(({ value }) => value) },
      fix: { title: 'remove', correction: { kind: 'remove' } },
    });
  },
});

export const ipRules = [ipInvalid, ipReserved, ipHostBits, ipWide, ipOverlap, ipPublic, ipUseless] as const;
