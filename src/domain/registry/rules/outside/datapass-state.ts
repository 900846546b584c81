import { outsideRule } from '#domain/registry/rules/rule';
import {
  activeDatapass,
  datapassAnswer,
  type FoundDatapass,
  foundDatapass,
  isOfAnother,
} from './datapass-record.ts';

/** An authorization that is not given yet, or no longer. */
export const datapassState = outsideRule({
  id: 'outside/datapass-state',
  severity: 'error',
  title: { fr: 'DataPass qui n’est pas en vigueur', en: 'DataPass that is not in force' },
  why: {
    fr: 'Les clés de production ne sont données qu’avec un DataPass en vigueur. Cette vérification est refaite juste avant leur création.',
    en: 'Production keys are only given with a DataPass in force. This is checked again just before they are made.',
  },
  messages: {
    pending: {
      fr: 'La demande DataPass {value} est en cours d’instruction. Cette demande pourra être fusionnée après sa validation ; il n’y a rien d’autre à faire ici.',
      en: 'The DataPass request {value} is being examined. This pull request can be merged once it is approved; there is nothing else to do here.',
    },
    draft: {
      fr: 'La demande DataPass {value} n’a pas encore été envoyée. Terminez-la et envoyez-la sur DataPass.',
      en: 'The DataPass request {value} has not been sent yet. Finish it and send it on DataPass.',
    },
    changes: {
      fr: 'Des compléments sont demandés sur la demande DataPass {value}. Répondez-y sur DataPass ; cette demande pourra être fusionnée après la validation.',
      en: 'More is asked about the DataPass request {value}. Answer on DataPass; this pull request can be merged once it is approved.',
    },
    refused: {
      fr: 'La demande DataPass {value} a été refusée. Lisez le motif sur DataPass et déposez une nouvelle demande.',
      en: 'The DataPass request {value} was refused. Read the reason on DataPass and make a new request.',
    },
    revoked: {
      fr: 'Le DataPass {value} a été révoqué. Demandez-en un nouveau sur DataPass.',
      en: 'The DataPass {value} was revoked. Ask for a new one on DataPass.',
    },
    archived: {
      fr: 'La demande DataPass {value} est archivée et ne donne pas d’habilitation. Déposez une nouvelle demande sur DataPass.',
      en: 'The DataPass request {value} is archived and gives no authorization. Make a new request on DataPass.',
    },
    another: {
      fr: 'Le DataPass {value} n’est ni en vigueur, ni celui de l’organisation de ce SIRET. Vérifiez son numéro, ou son état sur DataPass.',
      en: 'The DataPass {value} is neither in force nor of the organization of this SIRET. Check its number, or its state on DataPass.',
    },
    obsolete: {
      fr: 'L’habilitation {value} a été remplacée par une plus récente. Indiquez le numéro de celle qui est en vigueur.',
      en: 'The authorization {value} was replaced by a newer one. Give the number of the one in force.',
    },
  },
  check(entry, answers, report) {
    const found = foundDatapass(entry, answers);
    const messageId = found === undefined ? undefined : stateWords(found.record);
    if (found === undefined || messageId === undefined) return;
    if (isOfAnother(entry, found.record)) {
      // Nor does how bad it is tell anything of it.
      const severity = entry.place.environment === 'integration' ? ({ severity: 'info' } as const) : {};
      report({ pointer: '/datapass', messageId: 'another', values: { value: found.value }, ...severity });
      return;
    }
    const waits = messageId === 'pending' || messageId === 'draft' || messageId === 'changes';
    report({
      pointer: '/datapass',
      messageId,
      values: { value: found.value },
      // Integration needs no DataPass: one that is being examined is simply early.
      ...(waits && entry.place.environment === 'integration' ? { severity: 'info' as const } : {}),
    });
  },
  examples: {
    good: [
      { yaml: 'datapass: H4821', answers: datapassAnswer(activeDatapass) },
      {
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          state: { kind: 'demande', state: 'validated', habilitations: ['active'] },
        }),
      },
      {
        // Reopened to add a network: what was granted before still holds.
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          state: { kind: 'demande', state: 'draft', habilitations: ['active'] },
        }),
      },
    ],
    bad: [
      {
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          state: { kind: 'demande', state: 'submitted', habilitations: [] },
        }),
        messageIds: ['pending'],
      },
      {
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          state: { kind: 'demande', state: 'draft', habilitations: [] },
        }),
        messageIds: ['draft'],
      },
      {
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          state: { kind: 'demande', state: 'changes_requested', habilitations: [] },
        }),
        messageIds: ['changes'],
      },
      {
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          state: { kind: 'demande', state: 'refused', habilitations: [] },
        }),
        messageIds: ['refused'],
      },
      {
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          state: { kind: 'demande', state: 'archived', habilitations: [] },
        }),
        messageIds: ['archived'],
      },
      {
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          state: { kind: 'demande', state: 'validated', habilitations: ['revoked'] },
        }),
        messageIds: ['revoked'],
      },
      {
        yaml: 'datapass: H4821',
        answers: datapassAnswer({ ...activeDatapass, state: { kind: 'habilitation', state: 'revoked' } }),
        messageIds: ['revoked'],
      },
      {
        yaml: 'datapass: H4821',
        answers: datapassAnswer({ ...activeDatapass, state: { kind: 'habilitation', state: 'obsolete' } }),
        messageIds: ['obsolete'],
      },
      {
        yaml: 'datapass: D4821',
        answers: datapassAnswer({
          ...activeDatapass,
          siret: '20009999200014',
          state: { kind: 'demande', state: 'refused', habilitations: [] },
        }),
        messageIds: ['another'],
      },
    ],
  },
});

/** Which sentence says why it is not in force; undefined when it is. */
function stateWords({ state }: FoundDatapass) {
  if (state.kind === 'habilitation') return state.state === 'active' ? undefined : state.state;
  if (state.habilitations.includes('active')) return undefined;
  if (state.habilitations.includes('revoked')) return 'revoked';
  switch (state.state) {
    case 'draft':
    case 'refused':
    case 'archived':
    case 'revoked':
      return state.state;
    case 'changes_requested':
      return 'changes';
    default:
      return 'pending';
  }
}
