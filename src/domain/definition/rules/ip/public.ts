import { definitionRule } from '#domain/definition/rules/rule';
import { contains, officeBlocks, rieBlocks } from './block.ts';
import { hasAddresses, isWide, rieAddresses } from './entries.ts';

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
      fr: '{value} est une adresse publique : c’est peut-être celle de votre serveur sur Internet. Demandez à votre hébergeur celle d’où il appelle ProConnect sur le RIE.',
      en: '{value} is a public address: it may be that of your server on the Internet. Ask your hosting provider for the one from which it calls ProConnect on the RIE.',
    },
    office: {
      fr: '{value} appartient à une plage (192.168) que chaque réseau réutilise chez lui et qui n’est en général pas routée sur le RIE. Demandez à votre hébergeur celle d’où votre serveur appelle ProConnect.',
      en: '{value} belongs to a range (192.168) that every network reuses at home and that is generally not routed on the RIE. Ask your hosting provider for the one from which your server calls ProConnect.',
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
