import { definitionRule } from '#domain/definition/rules/rule';
import { hasAddresses, rieAddresses } from './entries.ts';

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
