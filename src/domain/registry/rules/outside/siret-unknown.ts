import { outsideRule } from '#domain/registry/rules/rule';
import { activeMunicipality, siretAnswer } from './siret-record.ts';

/** The directory of companies does not know the number; it may be recent or not public. */
export const siretUnknown = outsideRule({
  id: 'outside/siret-unknown',
  severity: 'warning',
  title: { fr: 'SIRET introuvable', en: 'SIRET not found' },
  why: {
    fr: 'Le SIRET est cherché dans l’Annuaire des Entreprises. S’il n’y est pas, il est peut-être récent, non diffusible, ou faux : une personne de l’équipe vérifiera.',
    en: 'The SIRET is looked up in the Annuaire des Entreprises. If it is not there it may be recent, not public, or wrong: someone from the team will check.',
  },
  messages: {
    unknown: {
      fr: 'Le SIRET {value} est introuvable dans l’Annuaire des Entreprises. Vérifiez-le ; s’il est récent ou non diffusible, dites-le dans la demande.',
      en: 'The SIRET {value} is not in the Annuaire des Entreprises. Check it; if it is recent or not public, say so in the pull request.',
    },
  },
  check({ partial }, { siret }, report) {
    if (siret?.ok !== true || siret.value.found || partial?.siret === undefined) return;
    report({ pointer: '/organization/siret', messageId: 'unknown', values: { value: partial.siret } });
  },
  examples: {
    good: [{ yaml: 'name: Agenda', answers: siretAnswer(activeMunicipality) }],
    bad: [{ yaml: 'name: Agenda', answers: siretAnswer({ found: false }) }],
  },
});
