import { sirenOf } from '#domain/registry/claims';
import type { DatapassRecord, OutsideAnswers } from '#domain/registry/outside-answers';
import type { Entry } from '#domain/registry/registry';
import { outsideRule } from './rule.ts';

const at = '2026-11-20T09:00:00Z';

/** What DataPass calls the authorization to be a service provider of ProConnect. */
const wanted = 'pro_connect_service_provider';

type Known = Extract<DatapassRecord, { found: true }>;

/** The answer, when there is one about a number that the definition does give. */
function known(
  { partial }: Entry,
  { datapass }: OutsideAnswers,
): { readonly value: string; readonly record: Known } | undefined {
  if (datapass?.ok !== true || !datapass.value.found || partial?.datapass === undefined) return undefined;
  return { value: partial.datapass, record: datapass.value };
}

/** A valid habilitation, of the organization of the rules' examples unless said otherwise. */
const active: Known = {
  found: true,
  definition: wanted,
  siret: '13099990700012',
  modalities: ['internet', 'rie'],
  state: { kind: 'habilitation', state: 'active' },
};

function answered(record: DatapassRecord): OutsideAnswers {
  return { datapass: { ok: true, at, value: record } };
}

/** No such number. */
export const datapassUnknown = outsideRule({
  id: 'outside/datapass-unknown',
  severity: 'error',
  title: { fr: 'DataPass introuvable', en: 'DataPass not found' },
  why: {
    fr: 'En production, un DataPass autorise votre organisation à utiliser ProConnect. Sans numéro exact, cette autorisation ne peut pas être vérifiée.',
    en: 'In production a DataPass authorizes your organization to use ProConnect. Without the exact number that authorization cannot be checked.',
  },
  messages: {
    unknown: {
      fr: 'Le numéro {value} est introuvable sur DataPass. Recopiez-le depuis votre espace DataPass : `H…` pour une habilitation, `D…` pour une demande.',
      en: 'The number {value} is not found on DataPass. Copy it from your DataPass space: `H…` for an authorization, `D…` for a request.',
    },
  },
  check({ partial }, { datapass }, report) {
    if (datapass?.ok !== true || datapass.value.found || partial?.datapass === undefined) return;
    report({ pointer: '/datapass', messageId: 'unknown', values: { value: partial.datapass } });
  },
  examples: {
    good: [{ yaml: 'datapass: H4821', answers: answered(active) }],
    bad: [{ yaml: 'datapass: H4821', answers: answered({ found: false }) }],
  },
});

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
    obsolete: {
      fr: 'L’habilitation {value} a été remplacée par une plus récente. Indiquez le numéro de celle qui est en vigueur.',
      en: 'The authorization {value} was replaced by a newer one. Give the number of the one in force.',
    },
  },
  check(entry, answers, report) {
    const found = known(entry, answers);
    const messageId = found === undefined ? undefined : stateWords(found.record);
    if (found === undefined || messageId === undefined) return;
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
      { yaml: 'datapass: H4821', answers: answered(active) },
      {
        yaml: 'datapass: D4821',
        answers: answered({
          ...active,
          state: { kind: 'demande', state: 'validated', habilitations: ['active'] },
        }),
      },
      {
        // Reopened to add a network: what was granted before still holds.
        yaml: 'datapass: D4821',
        answers: answered({
          ...active,
          state: { kind: 'demande', state: 'draft', habilitations: ['active'] },
        }),
      },
    ],
    bad: [
      {
        yaml: 'datapass: D4821',
        answers: answered({ ...active, state: { kind: 'demande', state: 'submitted', habilitations: [] } }),
        messageIds: ['pending'],
      },
      {
        yaml: 'datapass: D4821',
        answers: answered({ ...active, state: { kind: 'demande', state: 'draft', habilitations: [] } }),
        messageIds: ['draft'],
      },
      {
        yaml: 'datapass: D4821',
        answers: answered({
          ...active,
          state: { kind: 'demande', state: 'changes_requested', habilitations: [] },
        }),
        messageIds: ['changes'],
      },
      {
        yaml: 'datapass: D4821',
        answers: answered({ ...active, state: { kind: 'demande', state: 'refused', habilitations: [] } }),
        messageIds: ['refused'],
      },
      {
        yaml: 'datapass: D4821',
        answers: answered({ ...active, state: { kind: 'demande', state: 'archived', habilitations: [] } }),
        messageIds: ['archived'],
      },
      {
        yaml: 'datapass: D4821',
        answers: answered({
          ...active,
          state: { kind: 'demande', state: 'validated', habilitations: ['revoked'] },
        }),
        messageIds: ['revoked'],
      },
      {
        yaml: 'datapass: H4821',
        answers: answered({ ...active, state: { kind: 'habilitation', state: 'revoked' } }),
        messageIds: ['revoked'],
      },
      {
        yaml: 'datapass: H4821',
        answers: answered({ ...active, state: { kind: 'habilitation', state: 'obsolete' } }),
        messageIds: ['obsolete'],
      },
    ],
  },
});

/** Which sentence says why it is not in force; undefined when it is. */
function stateWords({ state }: Known) {
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

/** An authorization for something else. */
export const datapassKind = outsideRule({
  id: 'outside/datapass-kind',
  severity: 'error',
  title: { fr: 'DataPass d’un autre service', en: 'DataPass for something else' },
  why: {
    fr: 'DataPass délivre des habilitations pour beaucoup de services de l’État. Il faut ici celle de fournisseur de services ProConnect.',
    en: 'DataPass grants authorizations for many State services. The one needed here is that of ProConnect service provider.',
  },
  messages: {
    kind: {
      fr: 'Le DataPass {value} concerne {definition}, et non « ProConnect - Fournisseur de services ». Indiquez celui qui porte sur ProConnect, ou demandez-le : https://datapass.api.gouv.fr/agent-connect-fs',
      en: 'The DataPass {value} is for {definition}, not for “ProConnect - Fournisseur de services”. Give the one for ProConnect, or ask for it: https://datapass.api.gouv.fr/agent-connect-fs',
    },
  },
  suppresses: ['outside/datapass-network', 'outside/datapass-state', 'outside/datapass-organization'],
  check(entry, answers, report) {
    const found = known(entry, answers);
    if (found === undefined || found.record.definition === wanted) return;
    const { definition } = found.record;
    report({ pointer: '/datapass', messageId: 'kind', values: { value: found.value, definition } });
  },
  examples: {
    good: [{ yaml: 'datapass: H4821', answers: answered(active) }],
    bad: [{ yaml: 'datapass: H4821', answers: answered({ ...active, definition: 'api_particulier' }) }],
  },
});

/** An authorization of someone else. */
export const datapassOrganization = outsideRule({
  id: 'outside/datapass-organization',
  severity: 'decision',
  title: { fr: 'DataPass d’une autre organisation', en: 'DataPass of another organization' },
  why: {
    fr: 'Le DataPass engage l’organisation qui l’a demandé. Un éditeur peut agir pour une administration : dans ce cas, une personne de l’équipe vérifie.',
    en: 'A DataPass binds the organization that asked for it. A publisher may act for a public body: in that case someone from the team has a look.',
  },
  messages: {
    other: {
      fr: 'Le DataPass {value} appartient à l’organisation {holder}, et non au SIRET {siret}. Corrigez l’un des deux ; si l’une agit pour l’autre, expliquez-le dans la demande et une personne de l’équipe décidera.',
      en: 'The DataPass {value} belongs to organization {holder}, not to the SIRET {siret}. Correct one of them; if one acts for the other, explain it in the pull request and someone from the team will decide.',
    },
  },
  check(entry, answers, report) {
    const found = known(entry, answers);
    const siret = entry.partial?.siret;
    const holder = found?.record.siret;
    // Two establishments of one organization are the same organization.
    if (found === undefined || siret === undefined || sirenOf(siret) === undefined) return;
    if (holder === undefined || sirenOf(holder) === sirenOf(siret)) return;
    report({ pointer: '/datapass', messageId: 'other', values: { value: found.value, holder, siret } });
  },
  examples: {
    good: [
      { yaml: 'datapass: H4821', answers: answered(active) },
      { yaml: 'datapass: H4821', answers: answered({ ...active, siret: '13099990700020' }) },
    ],
    bad: [{ yaml: 'datapass: H4821', answers: answered({ ...active, siret: '20009999200014' }) }],
  },
});

/** An authorization that does not reach this network. */
export const datapassNetwork = outsideRule({
  id: 'outside/datapass-network',
  severity: 'error',
  title: { fr: 'DataPass qui ne couvre pas ce réseau', en: 'DataPass that does not cover this network' },
  why: {
    fr: 'Le DataPass dit sur quels réseaux le service est autorisé. Les clés d’un réseau qu’il ne couvre pas ne peuvent pas être données.',
    en: 'The DataPass says on which networks the service is authorized. Keys for a network that it does not cover cannot be given.',
  },
  messages: {
    network: {
      fr: 'Le DataPass {value} ne couvre que {covered}, et cette définition est sur {network}. Demandez sa réouverture sur DataPass pour ajouter ce réseau.',
      en: 'The DataPass {value} covers only {covered}, and this definition is on {network}. Ask for it to be reopened on DataPass to add this network.',
    },
    none: {
      fr: 'Le DataPass {value} ne couvre aucun réseau, et cette définition est sur {network}. Demandez sa réouverture sur DataPass pour ajouter ce réseau.',
      en: 'The DataPass {value} covers no network, and this definition is on {network}. Ask for it to be reopened on DataPass to add this network.',
    },
  },
  check(entry, answers, report) {
    const found = known(entry, answers);
    const covered = found?.record.modalities;
    const { network } = entry.place;
    if (found === undefined || covered === undefined || covered.includes(network)) return;
    const { value } = found;
    if (covered.length === 0) report({ pointer: '/datapass', messageId: 'none', values: { value, network } });
    else report({ pointer: '/datapass', messageId: 'network', values: { value, covered, network } });
  },
  examples: {
    good: [{ yaml: 'datapass: H4821', answers: answered(active) }],
    bad: [
      {
        cell: 'rie/production',
        yaml: 'datapass: H4821',
        answers: answered({ ...active, modalities: ['internet'] }),
        messageIds: ['network'],
      },
      { yaml: 'datapass: H4821', answers: answered({ ...active, modalities: [] }), messageIds: ['none'] },
    ],
  },
});
