import { outsideRule } from '#domain/registry/rules/rule';
import { activeMunicipality, siretAnswer } from './siret-record.ts';

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
    good: [{ yaml: 'name: Agenda', answers: siretAnswer({ ...activeMunicipality, closed: false }) }],
    bad: [
      {
        yaml: 'name: Agenda',
        answers: siretAnswer({ ...activeMunicipality, closed: true, closedOn: '2025-12-31' }),
        messageIds: ['since'],
      },
      {
        yaml: 'name: Agenda',
        answers: siretAnswer({ ...activeMunicipality, ceased: true }),
        messageIds: ['ceased'],
      },
      {
        yaml: 'name: Agenda',
        answers: siretAnswer({ ...activeMunicipality, closed: true }),
        messageIds: ['closed'],
      },
    ],
  },
});
