/** The rule on opening to the private sector. */
import { definitionRule } from '#domain/definition/rules/rule';

export const privateSectorNoEffect = definitionRule({
  id: 'private-sector/no-effect',
  severity: 'warning',
  title: {
    fr: 'L’ouverture au privé est sans effet sur le RIE',
    en: 'Opening to the private sector has no effect on the RIE',
  },
  why: {
    fr: 'Sur le RIE, ProConnect ne connaît que des fournisseurs d’identité d’administrations : toute personne y est un agent public, et personne du privé ne peut s’y connecter.',
    en: 'On the RIE, ProConnect knows only identity providers of administrations: everyone there is a public agent, and nobody from the private sector can sign in.',
  },
  messages: {
    rie: {
      fr: '`private_sector: true` est sans effet sur le RIE : aucune personne du privé ne peut s’y connecter. Écrivez `false`, et ouvrez au privé la définition sur Internet si besoin.',
      en: '`private_sector: true` has no effect on the RIE: nobody from the private sector can sign in there. Write `false`, and open the definition on the Internet instead if needed.',
    },
  },
  examples: {
    good: [
      { yaml: 'private_sector: true\n', cell: 'internet/production' },
      { yaml: 'private_sector: false\n', cell: 'rie/production' },
    ],
    bad: [{ yaml: 'private_sector: true\n', cell: 'rie/production', messageIds: ['rie'] }],
  },
  check(partial, report) {
    if (partial.network === 'rie' && partial.privateSector === true)
      report({ pointer: '/private_sector', messageId: 'rie' });
  },
});
