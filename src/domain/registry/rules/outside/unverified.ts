import { outsideRule } from '#domain/registry/rules/rule';

const datapassMessages = {
  unconfigured: 'byHand',
  unreachable: 'datapass',
  postponed: 'datapassLater',
} as const;

/** A service that does not answer is nobody's fault, and no consent: it is asked again before provisioning, which waits. */
export const outsideUnverified = outsideRule({
  id: 'outside/unverified',
  severity: 'info',
  title: { fr: 'Vérification extérieure à refaire', en: 'Outside check still to be made' },
  why: {
    fr: 'Le SIRET et le DataPass sont vérifiés auprès d’autres services de l’État. Quand l’un d’eux ne répond pas, la demande n’est pas en faute : la vérification est refaite, et rien n’est créé sans réponse.',
    en: 'The SIRET and the DataPass are checked with other State services. When one does not answer, the pull request is not at fault: the check is made again, and nothing is made without an answer.',
  },
  messages: {
    siret: {
      fr: 'L’Annuaire des Entreprises n’a pas répondu : le SIRET {value} n’est pas encore vérifié. Rien à faire de votre côté, la vérification sera refaite.',
      en: 'The Annuaire des Entreprises did not answer: the SIRET {value} is not verified yet. Nothing to do on your side, the check will be made again.',
    },
    datapass: {
      fr: 'DataPass n’a pas répondu : le numéro {value} n’est pas encore vérifié. Rien à faire de votre côté, la vérification sera refaite.',
      en: 'DataPass did not answer: the number {value} is not verified yet. Nothing to do on your side, the check will be made again.',
    },
    siretLater: {
      fr: 'Cette demande porte sur beaucoup de numéros à la fois : le SIRET {value} n’est pas encore vérifié. Rien à faire de votre côté, la vérification sera faite plus tard.',
      en: 'This pull request has many numbers at once: the SIRET {value} is not verified yet. Nothing to do on your side, the check will be made later.',
    },
    datapassLater: {
      fr: 'Cette demande porte sur beaucoup de numéros à la fois : le DataPass {value} n’est pas encore vérifié. Rien à faire de votre côté, la vérification sera faite plus tard.',
      en: 'This pull request has many numbers at once: the DataPass {value} is not verified yet. Nothing to do on your side, the check will be made later.',
    },
    byHand: {
      fr: 'Le DataPass {value} n’est pas vérifié automatiquement sur ce registre. Une personne de l’équipe le regardera.',
      en: 'The DataPass {value} is not verified automatically in this registry. Someone from the team will look at it.',
    },
  },
  check({ partial }, { siret, datapass }, report) {
    if (siret?.ok === false && siret.reason !== 'unconfigured' && partial?.siret !== undefined) {
      const messageId = siret.reason === 'postponed' ? 'siretLater' : 'siret';
      report({ pointer: '/organization/siret', messageId, values: { value: partial.siret } });
    }
    if (datapass?.ok === false && partial?.datapass !== undefined) {
      const messageId = datapassMessages[datapass.reason];
      report({ pointer: '/datapass', messageId, values: { value: partial.datapass } });
    }
  },
  examples: {
    good: [
      { yaml: 'datapass: H4821' },
      { yaml: 'name: Agenda', answers: { siret: { ok: false, reason: 'unconfigured' } } },
    ],
    bad: [
      {
        yaml: 'name: Agenda',
        answers: { siret: { ok: false, reason: 'unreachable' } },
        messageIds: ['siret'],
      },
      {
        yaml: 'datapass: H4821',
        answers: { datapass: { ok: false, reason: 'unreachable' } },
        messageIds: ['datapass'],
      },
      {
        yaml: 'name: Agenda',
        answers: { siret: { ok: false, reason: 'postponed' } },
        messageIds: ['siretLater'],
      },
      {
        yaml: 'datapass: H4821',
        answers: { datapass: { ok: false, reason: 'postponed' } },
        messageIds: ['datapassLater'],
      },
      {
        yaml: 'datapass: H4821',
        answers: { datapass: { ok: false, reason: 'unconfigured' } },
        messageIds: ['byHand'],
      },
    ],
  },
});
