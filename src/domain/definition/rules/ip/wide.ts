import { definitionRule } from '#domain/definition/rules/rule';
import { hasAddresses, isWide, rieAddresses } from './entries.ts';

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
