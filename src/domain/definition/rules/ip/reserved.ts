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
      fr: '{value} désigne toutes les adresses du monde. Remplacez-la par celle d’où votre serveur appelle ProConnect (demandez-la à votre hébergeur), ou retirez la ligne si une autre la donne déjà.',
      en: '{value} means every address in the world. Replace it with the one from which your server calls ProConnect (ask your hosting provider), or remove the line if another one gives it already.',
    },
    proconnect: {
      fr: '{value} est à ProConnect : c’est l’adresse que vous appelez. Remplacez-la par celle d’où votre serveur appelle ProConnect (demandez-la à votre hébergeur), ou retirez la ligne si une autre la donne déjà.',
      en: '{value} is ProConnect’s: it is the address you call. Replace it with the one from which your server calls ProConnect (ask your hosting provider), or remove the line if another one gives it already.',
    },
    sample: {
      fr: '{value} est une adresse d’exemple (celle d’un serveur public). Remplacez-la par celle d’où votre serveur appelle ProConnect (demandez-la à votre hébergeur), ou retirez la ligne si une autre la donne déjà.',
      en: '{value} is a sample address (that of a public server). Replace it with the one from which your server calls ProConnect (ask your hosting provider), or remove the line if another one gives it already.',
    },
    loopback: {
      fr: '{value} désigne la machine elle-même, et aucune autre. Remplacez-la par celle d’où votre serveur appelle ProConnect (demandez-la à votre hébergeur), ou retirez la ligne si une autre la donne déjà.',
      en: '{value} means the machine itself, and no other. Replace it with the one from which your server calls ProConnect (ask your hosting provider), or remove the line if another one gives it already.',
    },
    documentation: {
      fr: '{value} est réservée aux exemples des documentations. Remplacez-la par celle d’où votre serveur appelle ProConnect (demandez-la à votre hébergeur), ou retirez la ligne si une autre la donne déjà.',
      en: '{value} is kept for examples in documentation. Replace it with the one from which your server calls ProConnect (ask your hosting provider), or remove the line if another one gives it already.',
    },
    unusable: {
      fr: '{value} ne peut pas être l’adresse d’un serveur (plage réservée). Remplacez-la par celle d’où votre serveur appelle ProConnect (demandez-la à votre hébergeur), ou retirez la ligne si une autre la donne déjà.',
      en: '{value} cannot be the address of a server (reserved range). Replace it with the one from which your server calls ProConnect (ask your hosting provider), or remove the line if another one gives it already.',
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
