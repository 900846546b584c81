import { definitionRule } from '#domain/definition/rules/rule';
import { hasHostBits, networkOf } from './block.ts';
import { hasAddresses, isWide, rieAddresses } from './entries.ts';

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
      fr: '{value} désigne une machine et une plage d’adresses à la fois. Si un seul serveur appelle ProConnect, écrivez {host} ; si plusieurs serveurs de la plage l’appellent, écrivez {correction}. Si vous ne savez pas, demandez à votre service réseau.',
      en: '{value} means a machine and a block of addresses at once. If one server calls ProConnect, write {host}; if several servers of the block do, write {correction}. If you do not know, ask your network team.',
    },
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
      });
    }
  },
});
