/** A plan and what became of it, in words for a terminal and as JSON. */

import type { Foresight, ReconcileTools, RegistrySnapshot } from '#application/reconciliation/reconcile';
import type { Bilingual, Language } from '#base/i18n/message';
import { quoted } from '#base/i18n/render';
import { type SpokenValues, speaker } from '#base/i18n/translator';
import type { Ruled } from '#domain/provisioning/approval-gate';
import type { Account } from '#domain/provisioning/ledger';
import { sayProvisioning } from '#domain/provisioning/messages';
import { changeLine, outcomeWords } from '#domain/provisioning/outcome-comment';
import { clientKey, type Plan, type Step } from '#domain/provisioning/plan';

const words = {
  step: { fr: '{client} : {action}', en: '{client}: {action}' },
  waits: {
    fr: '{client} : {action}, qui attend une confirmation (--confirm {digest})',
    en: '{client}: {action}, which waits for a confirmation (--confirm {digest})',
  },
  drift: {
    fr: '{client} : le fournisseur dit autre chose que le registre. Pour y remettre ce que dit le registre : --confirm {digest}',
    en: '{client}: the provider says something else than the registry. To put back what the registry says: --confirm {digest}',
  },
  requested: {
    fr: '{client} : {action}, demandée dans l’issue n° {issue}',
    en: '{client}: {action}, asked for in issue no. {issue}',
  },
  declined: {
    fr: '{client} : {action}, refusée dans l’issue n° {issue}. Pour la redemander : --retry {client}',
    en: '{client}: {action}, declined in issue no. {issue}. To ask again: --retry {client}',
  },
  failed: {
    fr: '{client} : {action}, qui a échoué. {reason} Pour réessayer : --retry {client}',
    en: '{client}: {action}, which failed. {reason} To try again: --retry {client}',
  },
  request: {
    fr: '{client} : {action}, à demander dans une issue',
    en: '{client}: {action}, to be asked for in an issue',
  },
  invalid: {
    fr: '{client} : la définition comporte des erreurs et rien n’est changé (voyez « greffier validate »)',
    en: '{client}: the definition has errors and nothing is changed (see "greffier validate")',
  },
  outside: {
    fr: '{client} : une vérification extérieure bloque. {reason}',
    en: '{client}: an outside check holds it. {reason}',
  },
  silent: {
    fr: '{cell} : le fournisseur d’identité ne répond pas ; le plan repose sur ce qui était connu. {reason}',
    en: '{cell}: the identity provider does not answer; the plan rests on what was known. {reason}',
  },
  lost: {
    fr: '{client} : le fournisseur ne montre plus ce client. Pour en créer un autre, avec de nouvelles clés : --retry {client}',
    en: '{client}: the provider no longer shows this client. To make another, with new keys: --retry {client}',
  },
  nothing: {
    fr: 'Rien à faire (clients à jour : {count}).',
    en: 'Nothing to do (clients up to date: {count}).',
  },
  digest: { fr: 'Empreinte du plan : {digest}', en: 'Digest of the plan: {digest}' },
  guard: {
    fr: '{removals} suppressions sur {of} clients dans {cell} : une personne doit les confirmer (--confirm {digest}).',
    en: '{removals} removals of {of} clients in {cell}: someone has to confirm them (--confirm {digest}).',
  },
} as const satisfies Record<string, Bilingual>;

/** A sentence in which text of ours stands as it is. */
export function tellIn(sentence: Bilingual, language: Language, values: SpokenValues = {}): string {
  return speaker<'sentence'>({ sentence: sentence[language] }, language, quoted)('sentence', values);
}

/** What is to become of one step, and what it waits for. */
export function stepLine(
  { step, ruling }: Ruled,
  account: Account | undefined,
  tools: Pick<ReconcileTools, 'cells'>,
  language: Language,
): string {
  const action = outcomeWords(language)(`action-${step.action}`);
  const tell = (sentence: Bilingual, values: SpokenValues = {}) =>
    tellIn(sentence, language, {
      client: { ours: clientKey(step) },
      action: { ours: action },
      ...values,
    });
  const digest = { ours: step.digest };
  const request = account?.request;
  switch (ruling) {
    case 'drift':
      return tell(words.drift, { digest });
    case 'stopped':
      return tell(words.waits, { digest });
    case 'guarded':
      return tell(words.step);
    case 'failed':
      return tell(words.failed, { reason: { ours: reasonOf(account?.failure, language) } });
    case 'apply':
      if (request?.digest === step.digest)
        return tell(request.declined === true ? words.declined : words.requested, {
          issue: Number(request.name),
        });
      return tell(tools.cells.get(step.cell)?.card.provider === 'manual' ? words.request : words.step);
  }
}

/** A failure in a sentence; nothing without one. */
export function reasonOf(
  failure: Pick<NonNullable<Account['failure']>, 'message'> | undefined,
  language: Language,
): string {
  return failure === undefined ? '' : sayProvisioning(failure.message, language, quoted);
}

/** What a step changes, field by field. */
export function changeLines(step: Step, language: Language): readonly string[] {
  return step.changes.map((change) => `  ${changeLine(change, language, quoted)}`);
}

/** What is left alone, and why. */
export function heldLines(
  foresight: Foresight,
  snapshot: RegistrySnapshot,
  language: Language,
): readonly string[] {
  const client = (one: { cell: Step['cell']; id: string }) => ({ client: { ours: clientKey(one) } });
  return [
    ...snapshot.held.map((one) => tellIn(words.invalid, language, client(one))),
    ...Array.from(foresight.heldOutside, ([key, reason]) =>
      tellIn(words.outside, language, { client: { ours: key }, reason: { ours: reason } }),
    ),
    ...foresight.plan.lost.map((one) => tellIn(words.lost, language, client(one))),
    ...Array.from(foresight.silent, ([cell, failure]) =>
      tellIn(words.silent, language, { cell: { ours: cell }, reason: { ours: reasonOf(failure, language) } }),
    ),
  ];
}

/** The removals to confirm, and what the whole plan is recognised by. */
export function trailer(
  { plan, ruled }: Pick<Foresight, 'plan' | 'ruled'>,
  language: Language,
): readonly string[] {
  if (plan.steps.length === 0) return [tellIn(words.nothing, language, { count: plan.unchanged })];
  return [
    ...guardLines(plan, ruled, language),
    '',
    tellIn(words.digest, language, { digest: { ours: plan.digest } }),
  ];
}

/** The removals that somebody has to confirm. */
export function guardLines(plan: Plan, ruled: readonly Ruled[], language: Language): readonly string[] {
  return plan.guards
    .filter((guard) => ruled.some(({ step, ruling }) => ruling === 'guarded' && step.cell === guard.cell))
    .map(({ cell, removals, of, digest }) =>
      tellIn(words.guard, language, { cell: { ours: cell }, removals, of, digest: { ours: digest } }),
    );
}

/** A plan as JSON: each step with what was ruled about it, and what is left alone. */
export function summaryOf(foresight: Foresight, snapshot: RegistrySnapshot) {
  return {
    commit: snapshot.commit,
    ...foresight.plan,
    steps: foresight.ruled.map(({ step, ruling }) => ({ ...step, ruling })),
    held: [...snapshot.held.map(clientKey), ...foresight.heldOutside.keys()].map((client) => {
      const reason = foresight.heldOutside.get(client);
      return { client, ...(reason === undefined ? {} : { reason }) };
    }),
    silent: [...foresight.silent.keys()],
  };
}
