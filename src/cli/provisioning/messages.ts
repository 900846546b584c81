/** A plan and what became of it, as sentences for a terminal and as JSON. */

import type { Preview, ReconcileDeps, RegistrySnapshot } from '#application/reconciliation/reconcile';
import { defined } from '#base/defined';
import type { Bilingual, Language } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { type TranslationValues, translator } from '#base/i18n/translator';
import type { DecidedStep } from '#domain/provisioning/approval-gate';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { translateProvisioning } from '#domain/provisioning/messages';
import { changeLine, outcomeTranslator } from '#domain/provisioning/outcome-comment';
import { clientKey, type Plan, type Step } from '#domain/provisioning/plan';

const messages = {
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
  left: { fr: '{cell} : {reason}', en: '{cell}: {reason}' },
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

/** A message in which trusted values stand as they are. */
export function tWithTrusted(
  sentence: Bilingual,
  language: Language,
  values: TranslationValues = {},
): string {
  return translator<'sentence'>(
    { sentence: sentence[language] },
    language,
    quoteInBackticks,
  )('sentence', values);
}

/** What is to become of one step, and what it waits for. */
export function stepLine(
  { step, decision }: DecidedStep,
  account: ClientAccount | undefined,
  { cells }: Pick<ReconcileDeps, 'cells'>,
  language: Language,
): string {
  const action = outcomeTranslator(language)(`action-${step.action}`);
  const say = (sentence: Bilingual, values: TranslationValues = {}) =>
    tWithTrusted(sentence, language, {
      client: { trusted: clientKey(step) },
      action: { trusted: action },
      ...values,
    });
  const digest = { trusted: step.digest };
  const request = account?.request;
  switch (decision) {
    case 'drift':
      return say(messages.drift, { digest });
    case 'stopped':
      return say(messages.waits, { digest });
    case 'guarded':
      return say(messages.step);
    case 'failed':
      return say(messages.failed, { reason: { trusted: failureText(account?.failure, language) } });
    case 'apply':
      if (request?.digest === step.digest)
        return say(request.declined === true ? messages.declined : messages.requested, {
          issue: Number(request.name),
        });
      return say(cells.get(step.cell)?.info.provider === 'manual' ? messages.request : messages.step);
  }
}

/** A failure in a sentence; nothing without one. */
export function failureText(
  failure: Pick<NonNullable<ClientAccount['failure']>, 'message'> | undefined,
  language: Language,
): string {
  return failure === undefined ? '' : translateProvisioning(failure.message, language, quoteInBackticks);
}

/** What a step changes, field by field. */
export function changeLines(step: Step, language: Language): readonly string[] {
  return step.changes.map((change) => `  ${changeLine(change, language, quoteInBackticks)}`);
}

/** What is left alone, and why. */
export function heldLines(
  preview: Preview,
  snapshot: RegistrySnapshot,
  language: Language,
): readonly string[] {
  const client = (one: { cell: Step['cell']; id: string }) => ({ client: { trusted: clientKey(one) } });
  return [
    ...snapshot.held.map((one) => tWithTrusted(messages.invalid, language, client(one))),
    ...Array.from(preview.heldByLookups, ([key, reason]) =>
      tWithTrusted(messages.outside, language, { client: { trusted: key }, reason: { trusted: reason } }),
    ),
    ...preview.plan.lost.map((one) => tWithTrusted(messages.lost, language, client(one))),
    ...Array.from(preview.unreachable, ([cell, failure]) =>
      tWithTrusted(failure.retry ? messages.silent : messages.left, language, {
        cell: { trusted: cell },
        reason: { trusted: failureText(failure, language) },
      }),
    ),
  ];
}

/** The removals to confirm, and what the whole plan is recognised by. */
export function planFooter(
  { plan, decidedSteps }: Pick<Preview, 'plan' | 'decidedSteps'>,
  language: Language,
): readonly string[] {
  if (plan.steps.length === 0) return [tWithTrusted(messages.nothing, language, { count: plan.unchanged })];
  return [
    ...guardLines(plan, decidedSteps, language),
    '',
    tWithTrusted(messages.digest, language, { digest: { trusted: plan.digest } }),
  ];
}

/** The removals that somebody has to confirm. */
export function guardLines(
  plan: Plan,
  decidedSteps: readonly DecidedStep[],
  language: Language,
): readonly string[] {
  return plan.guards
    .filter((guard) =>
      decidedSteps.some(({ step, decision }) => decision === 'guarded' && step.cell === guard.cell),
    )
    .map(({ cell, removals, of, digest }) =>
      tWithTrusted(messages.guard, language, {
        cell: { trusted: cell },
        removals,
        of,
        digest: { trusted: digest },
      }),
    );
}

/** A plan as JSON: each step with what was decided about it, and what is left alone. */
export function planAsJson(preview: Preview, snapshot: RegistrySnapshot) {
  return {
    commit: snapshot.commit,
    ...preview.plan,
    steps: preview.decidedSteps.map(({ step, decision }) => ({ ...step, ruling: decision })),
    held: [...snapshot.held.map(clientKey), ...preview.heldByLookups.keys()].map((client) => {
      const reason = preview.heldByLookups.get(client);
      return { client, ...defined({ reason }) };
    }),
    silent: [...preview.unreachable.keys()],
  };
}
