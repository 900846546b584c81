/** A plan and what became of it, as sentences for a terminal and as JSON. */

import type { Preview } from '#application/reconciliation/preview';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { RegistrySnapshot } from '#application/reconciliation/registry-source';
import { defined } from '#base/defined';
import type { Bilingual, Language } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { type TranslationValues, translator } from '#base/i18n/translator';
import { asTyped } from '#base/invocation';
import { CliError } from '#cli/terminal';
import type { DecidedStep } from '#domain/provisioning/approval-gate';
import { metadataFields } from '#domain/provisioning/client-metadata';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { requestTranslator } from '#domain/provisioning/manual-request';
import { translateProvisioning } from '#domain/provisioning/messages';
import { changeLine } from '#domain/provisioning/outcome-lines';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import { clientKey, guardedSteps, type Plan, type Step } from '#domain/provisioning/plan';
import type { MetadataField } from '#domain/provisioning/provider';

const messages = {
  step: { fr: '{client} : {action}', en: '{client}: {action}' },
  frozen: {
    fr: '{client} : {action}, quand le gel de sa cellule sera fini (freeze, dans les réglages)',
    en: '{client}: {action}, once the freeze of its cell is over (freeze, in the settings)',
  },
  waits: {
    fr: '{client} : {action}, qui attend une confirmation (--confirm {digest})',
    en: '{client}: {action}, which waits for a confirmation (--confirm {digest})',
  },
  drift: {
    fr: '{client} : le fournisseur dit autre chose que le registre. Pour y remettre ce que dit le registre : --confirm {digest}',
    en: '{client}: the provider says something else than the registry. To put back what the registry says: --confirm {digest}',
  },
  requested: {
    fr: '{client} : {action}, demandée dans le ticket n° {issue}',
    en: '{client}: {action}, asked for in issue no. {issue}',
  },
  declined: {
    fr: '{client} : {action}, refusée dans le ticket n° {issue}. Pour la redemander : --retry {client}',
    en: '{client}: {action}, declined in issue no. {issue}. To ask again: --retry {client}',
  },
  failed: {
    fr: '{client} : {action}, qui a échoué. {reason} Pour réessayer : --retry {client}',
    en: '{client}: {action}, which failed. {reason} To try again: --retry {client}',
  },
  refused: {
    fr: '{client} : {action}, que le fournisseur d’identité ne permet pas. {reason}',
    en: '{client}: {action}, which the identity provider does not allow. {reason}',
  },
  unread: {
    fr: '{client} : le fournisseur d’identité n’a pas dit comment est ce client ; rien n’y est changé. {reason}',
    en: '{client}: the identity provider did not say how this client is; nothing of it is changed. {reason}',
  },
  postponed: {
    fr: '{client} : le temps a manqué ; relancez la commande',
    en: '{client}: there was no time left; run the command again',
  },
  differs: {
    fr: '{client} : le fournisseur d’identité a enregistré à sa façon {fields}',
    en: '{client}: the identity provider recorded {fields} in its own way',
  },
  untold: {
    fr: '{client} : le fournisseur d’identité ne dit pas ce qu’il a retenu pour {fields}',
    en: '{client}: the identity provider says nothing of {fields}',
  },
  request: {
    fr: '{client} : {action}, à demander dans un ticket',
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
  nothingElse: {
    fr: 'Rien d’autre à faire (clients à jour : {count}).',
    en: 'Nothing else to do (clients up to date: {count}).',
  },
  digest: { fr: 'Empreinte du plan : {digest}', en: 'Digest of the plan: {digest}' },
  guardCreate: {
    fr: '{creations} clients nouveaux dans {cell} : une personne doit les confirmer (--confirm {digest}), si ces services n’en ont pas déjà.',
    en: '{creations} new clients in {cell}: someone has to confirm them (--confirm {digest}), if these services have none yet.',
  },
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
    { sentence: asTyped(sentence[language]) },
    language,
    quoteInBackticks,
  )('sentence', values);
}

/** What is to become of one step, and what it waits for. */
export function stepLine(
  { step, decision, failure }: DecidedStep,
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
    case 'frozen':
      return say(messages.frozen);
    case 'guarded':
      return say(messages.step);
    case 'refused':
      return say(messages.refused, { reason: { trusted: failureText(failure, language) } });
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

/** A failure that ends the command. */
export function failureError(failure: Parameters<typeof failureText>[0]): CliError {
  return new CliError({ fr: failureText(failure, 'fr'), en: failureText(failure, 'en') });
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
    ...Array.from(preview.unread, ([key, failure]) =>
      tWithTrusted(messages.unread, language, {
        client: { trusted: key },
        reason: { trusted: failureText(failure, language) },
      }),
    ),
    ...Array.from(preview.postponed, (key) =>
      tWithTrusted(messages.postponed, language, { client: { trusted: key } }),
    ),
    ...Array.from(preview.unreachable, ([cell, failure]) =>
      tWithTrusted(failure.fault === 'passing' ? messages.silent : messages.left, language, {
        cell: { trusted: cell },
        reason: { trusted: failureText(failure, language) },
      }),
    ),
  ];
}

/** What a provider made in its own way of what it was asked for, and what it does not tell. */
export function differenceLines(account: ClientAccount, language: Language): readonly string[] {
  const { accepted = {}, untold = [] } = account;
  const t = requestTranslator(language);
  const client = { trusted: clientKey(account) };
  const named = (fields: readonly MetadataField[]) => ({
    trusted: fields.map((field) => t(`field-${field}`)).join(', '),
  });
  const differing = metadataFields.filter((field) => accepted[field] !== undefined);
  return [
    ...(differing.length === 0
      ? []
      : [tWithTrusted(messages.differs, language, { client, fields: named(differing) })]),
    ...(untold.length === 0
      ? []
      : [tWithTrusted(messages.untold, language, { client, fields: named(untold) })]),
  ];
}

/** Whether something is wrong that no step of a plan would put right. */
export function hasTrouble(
  { plan, heldByLookups, unreachable, unread, postponed, decidedSteps }: Preview,
  { held }: RegistrySnapshot,
): boolean {
  const troubles = [
    held.length,
    heldByLookups.size,
    unreachable.size,
    unread.size,
    postponed.size,
    plan.lost.length,
  ];
  return troubles.some((count) => count > 0) || decidedSteps.some(({ decision }) => decision === 'refused');
}

/**
 * The removals to confirm, and what the whole plan is recognised by.
 *
 * @param troubled whether something is said before that cannot be done
 */
export function planFooter(
  { plan, decidedSteps }: Pick<Preview, 'plan' | 'decidedSteps'>,
  troubled: boolean,
  language: Language,
): readonly string[] {
  if (plan.steps.length === 0) {
    const sentence = troubled ? messages.nothingElse : messages.nothing;
    return plan.lost.length > 0 ? [] : [tWithTrusted(sentence, language, { count: plan.unchanged })];
  }
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
  const guarded = new Set(
    decidedSteps.flatMap(({ step, decision }) => (decision === 'guarded' ? [step] : [])),
  );
  return plan.guards
    .filter((guard) => guardedSteps(guard, plan.steps).some((step) => guarded.has(step)))
    .map((guard) => {
      const cell = { trusted: guard.cell };
      const digest = { trusted: guard.digest };
      if (guard.kind === 'creations')
        return tWithTrusted(messages.guardCreate, language, { cell, creations: guard.creations, digest });
      return tWithTrusted(messages.guard, language, { cell, removals: guard.removals, of: guard.of, digest });
    });
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
    unread: [...preview.unread.keys(), ...preview.postponed],
  };
}
