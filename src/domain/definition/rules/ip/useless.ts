import { definitionRule } from '#domain/definition/rules/rule';
import { hasAddresses } from './entries.ts';

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
