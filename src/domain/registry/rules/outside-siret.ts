import type { OutsideAnswers, SiretRecord } from '#domain/registry/outside-answers';
import { outsideRule } from './rule.ts';

const at = '2026-11-20T09:00:00Z';

function answered(value: SiretRecord): OutsideAnswers {
  return { siret: { ok: true, at, value } };
}

/** A public body in activity. */
const commune = {
  found: true,
  legalName: 'COMMUNE DE MONTFICTIF',
  ceased: false,
  administration: true,
} as const;

/** A private one. */
const publisher = { found: true, legalName: 'EDITEUR FICTIF', ceased: false, administration: false } as const;

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
    good: [{ yaml: 'name: Agenda', answers: answered(commune) }],
    bad: [{ yaml: 'name: Agenda', answers: answered({ found: false }) }],
  },
});

/** Nobody is there any more. */
export const siretClosed = outsideRule({
  id: 'outside/siret-closed',
  severity: 'error',
  title: { fr: 'Établissement fermé', en: 'Closed establishment' },
  why: {
    fr: 'Un service est confié à une organisation qui existe et qui en répond. Un établissement fermé ne peut plus le faire.',
    en: 'A service is entrusted to an organization that exists and answers for it. A closed establishment no longer can.',
  },
  messages: {
    closed: {
      fr: 'L’établissement {value} ({name}) est fermé. Indiquez le SIRET d’un établissement en activité.',
      en: 'The establishment {value} ({name}) is closed. Give the SIRET of one that is in activity.',
    },
    since: {
      fr: 'L’établissement {value} ({name}) est fermé depuis le {date}. Indiquez le SIRET d’un établissement en activité.',
      en: 'The establishment {value} ({name}) has been closed since {date}. Give the SIRET of one that is in activity.',
    },
    ceased: {
      fr: 'L’organisation {name} (SIRET {value}) a cessé son activité. Indiquez le SIRET de l’organisation qui porte le service aujourd’hui.',
      en: 'The organization {name} (SIRET {value}) has ceased its activity. Give the SIRET of the organization that runs the service today.',
    },
  },
  check({ partial }, { siret }, report) {
    if (siret?.ok !== true || !siret.value.found || partial?.siret === undefined) return;
    const { ceased, closed, closedOn, legalName: name } = siret.value;
    const pointer = '/organization/siret';
    const value = partial.siret;
    if (ceased) report({ pointer, messageId: 'ceased', values: { value, name } });
    else if (closed === true && closedOn !== undefined)
      report({ pointer, messageId: 'since', values: { value, name, date: closedOn } });
    else if (closed === true) report({ pointer, messageId: 'closed', values: { value, name } });
  },
  examples: {
    good: [{ yaml: 'name: Agenda', answers: answered({ ...commune, closed: false }) }],
    bad: [
      {
        yaml: 'name: Agenda',
        answers: answered({ ...commune, closed: true, closedOn: '2025-12-31' }),
        messageIds: ['since'],
      },
      { yaml: 'name: Agenda', answers: answered({ ...commune, ceased: true }), messageIds: ['ceased'] },
      { yaml: 'name: Agenda', answers: answered({ ...commune, closed: true }), messageIds: ['closed'] },
    ],
  },
});

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
      { yaml: 'private_sector: true', answers: answered(commune) },
      { yaml: 'private_sector: false', answers: answered(publisher) },
    ],
    bad: [{ yaml: 'private_sector: true', answers: answered(publisher) }],
  },
});
