import { outsideRule } from '#domain/registry/rules/rule';
import { activeMunicipality, siretAnswer } from './siret-record.ts';

/** A private one. */
const publisher = { found: true, legalName: 'EDITEUR FICTIF', ceased: false, administration: false } as const;

/** A private body may let public agents in, and nobody else. */
export const privateOrganization = outsideRule({
  id: 'outside/private-organization',
  severity: 'error',
  title: {
    fr: 'Un organisme privé ne peut pas s’ouvrir au secteur privé',
    en: 'A private organization cannot open to the private sector',
  },
  why: {
    fr: 'Une administration peut ouvrir son service à tous les professionnels. Un organisme privé ne peut connecter que des agents publics.',
    en: 'A public body may open its service to all professionals. A private organization may only sign in public agents.',
  },
  messages: {
    private: {
      fr: '{name} n’est pas une administration : son service ne peut connecter que des agents publics. Écrivez `private_sector: false`. Si vous agissez pour une administration, indiquez le SIRET de celle-ci.',
      en: '{name} is not a public body: its service may only sign in public agents. Write `private_sector: false`. If you act for a public body, give that body’s SIRET.',
    },
  },
  check({ partial }, { siret }, report) {
    if (siret?.ok !== true || !siret.value.found || siret.value.administration !== false) return;
    if (partial?.privateSector !== true) return;
    report({ pointer: '/private_sector', messageId: 'private', values: { name: siret.value.legalName } });
  },
  examples: {
    good: [
      { yaml: 'private_sector: true', answers: siretAnswer(activeMunicipality) },
      { yaml: 'private_sector: false', answers: siretAnswer(publisher) },
    ],
    bad: [{ yaml: 'private_sector: true', answers: siretAnswer(publisher) }],
  },
});
