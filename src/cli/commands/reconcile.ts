/** `greffier reconcile`: makes the clients what the registry on this disk says. */

import { resealStored } from '#application/handover/secrets/rotate-key';
import { serverChangeFailure } from '#application/reconciliation/known-servers';
import { resetForRetry } from '#application/reconciliation/operator-commands';
import { type Reconciliation, reconcile } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { Bilingual, Language } from '#base/i18n/message';
import { printableJson } from '#base/i18n/printed';
import { parseArguments } from '#cli/arguments';
import {
  differenceLines,
  failureError,
  failureText,
  guardLines,
  hasTrouble,
  heldLines,
  planAsJson,
  stepLine,
  tWithTrusted,
} from '#cli/provisioning/messages';
import { sessionOptions, withProvisioning } from '#cli/provisioning/session';
import { type CliCommand, CliError } from '#cli/terminal';
import type { DecidedStep } from '#domain/provisioning/approval-gate';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import { clientKey, type Step } from '#domain/provisioning/plan';

const messages = {
  done: { fr: '{client} : fait ({action})', en: '{client}: done ({action})' },
  failed: { fr: '{client} : {reason}', en: '{client}: {reason}' },
  duplicate: {
    fr: '{client} : un second client, {clientId}, est apparu après une réponse perdue et n’a pas pu être supprimé',
    en: '{client}: a second client, {clientId}, came to be after a lost answer and could not be removed',
  },
  nothing: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  unasked: {
    fr: 'L’empreinte {digest} n’est celle de rien qui attende une confirmation ici. « greffier plan » donne celles qui valent aujourd’hui.',
    en: 'The digest {digest} is of nothing that waits to be confirmed here. "greffier plan" tells those that hold today.',
  },
  unknown: {
    fr: 'Aucun client {client} n’a échoué, n’a été refusé ou n’est introuvable.',
    en: 'No client {client} failed, was declined or is lost.',
  },
  stillThere: {
    fr: 'Pour {client}, le client répond encore chez le fournisseur d’identité : tant qu’il existe, un second n’est pas créé.',
    en: 'The client of {client} still answers at the identity provider: while it exists, no second one is made.',
  },
} as const satisfies Record<string, Bilingual>;

export const command: CliCommand = {
  usage:
    '[--root DIR] [--cell NETWORK/ENVIRONMENT] [--confirm DIGEST] [--retry NETWORK/ENVIRONMENT/ID] [--format text|json]',
  help: {
    fr: `Met les clients des fournisseurs d’identité en accord avec le registre de ce dossier : ce que montre « plan ».
Les e-mails partent quand le service tourne. Les cellules que des personnes provisionnent demandent un accès à GitHub,
pour y ouvrir leurs demandes : GITHUB_TOKEN, ou APP_ID et PRIVATE_KEY.

  --confirm DIGEST   confirme ce qui doit l’être, par son empreinte
  --retry CLIENT     reprend ce qui a échoué, a été refusé ou n’est plus visible

Sortie : 0 tout est fait ou demandé, 1 quelque chose ne l’est pas et les lignes disent quoi, 2 impossible.
`,
    en: `Makes the clients of the identity providers what the registry of this folder says: what "plan" shows. Mails
leave when the service runs. The cells that people provision need a way to GitHub, to open their requests there:
GITHUB_TOKEN, or APP_ID and PRIVATE_KEY.

  --confirm DIGEST   confirms what has to be, by its digest
  --retry CLIENT     takes up what failed, was declined or can no longer be seen

Exit: 0 everything is done or asked for, 1 something is not and the lines say what, 2 cannot run.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { ...sessionOptions, confirm: 'values', retry: 'values' });
    const json = given.choice('format', ['text', 'json']) === 'json';
    return withProvisioning(terminal, given, true, async ({ deps, keyring, db }) => {
      const settingsBefore = (await deps.store.settings.find())?.held;
      const confirmed = given.values('confirm').map((digest) => digest.toLowerCase());
      for (const digest of confirmed) await deps.store.confirmations.save(digest, deps.by);
      for (const client of given.values('retry')) await retry(deps, client);
      const result = await reconcile(deps, true);
      if (keyring !== undefined) await resealStored(db, keyring);
      if (json) terminal.out(`${printableJson(summary(result), 2)}\n`);
      else terminal.out(`${text(result, deps, terminal.language)}\n`);
      const asked = askedDigests(result, settingsBefore);
      const unasked = confirmed.filter((digest) => !asked.has(digest));
      for (const digest of unasked)
        terminal.err(`${tWithTrusted(messages.unasked, terminal.language, { digest })}\n`);
      return unasked.length === 0 && isComplete(result) ? 0 : 1;
    });
  },
};

async function retry(deps: ReconcileDeps & { readonly by: string }, client: string): Promise<void> {
  const account = (await deps.ledger.all()).find((one) => clientKey(one) === client);
  const changed = account && deps.cells.get(account.cell)?.changed;
  if (account !== undefined && changed !== undefined)
    throw failureError(serverChangeFailure(account.cell, changed));
  const reset = account === undefined ? 'nothing' : await resetForRetry(deps, account, deps.by);
  if (reset === 'nothing') throw new CliError(messages.unknown, { client });
  if (reset === 'still-there') throw new CliError(messages.stillThere, { client });
}

/** What a digest could stand for: whatever this run found to do, or held. */
function askedDigests(
  { plan, heldSteps, heldSettings }: Reconciliation,
  settingsBefore: { readonly digest: string } | undefined,
): ReadonlySet<string> {
  const parts = [...plan.steps, ...plan.guards, ...heldSteps.map(({ step }) => step)];
  const settings = [heldSettings, settingsBefore].filter((one) => one !== undefined);
  return new Set([...parts, ...settings].map(({ digest }) => digest));
}

function summary(result: Reconciliation) {
  const { steps, ...rest } = planAsJson(result, result.snapshot);
  return {
    ...rest,
    steps: steps.map((step) => {
      const stepResult = result.results.find((one) => one.step.digest === step.digest);
      return { ...step, ...(stepResult === undefined ? {} : { outcome: stepResult.kind }) };
    }),
  };
}

/** Whether nothing is left that this command could not do or ask for. */
function isComplete(result: Reconciliation): boolean {
  const { accounts, retry: retryLater, decidedSteps, results, snapshot, duplicateClients } = result;
  const done = ({ step }: DecidedStep) =>
    results.some((one) => one.step === step && one.kind !== 'failed') ||
    isAsked(step, accounts.get(clientKey(step)));
  return (
    decidedSteps.every(done) &&
    retryLater === undefined &&
    !hasTrouble(result, snapshot) &&
    duplicateClients.every(({ removed }) => removed)
  );
}

/** Whether people have this very step before them. */
function isAsked(step: Step, account: ClientAccount | undefined): boolean {
  return account?.request?.digest === step.digest;
}

function text(result: Reconciliation, deps: ReconcileDeps, language: Language): string {
  const lineOf = (decided: DecidedStep): string => {
    const { step } = decided;
    const client = { trusted: clientKey(step) };
    const account = result.accounts.get(clientKey(step));
    const action = { trusted: outcomeTranslator(language)(`action-${step.action}`) };
    const stepResult = result.results.find((one) => one.step === step);
    if (stepResult?.kind === 'done') return tWithTrusted(messages.done, language, { client, action });
    if (stepResult?.kind === 'failed')
      return tWithTrusted(messages.failed, language, {
        client,
        reason: { trusted: failureText(stepResult.failure, language) },
      });
    const unavailable = deps.cells.get(step.cell)?.unavailable;
    if (decided.decision !== 'apply' || unavailable === undefined || isAsked(step, account))
      return stepLine(decided, account, deps, language);
    return tWithTrusted(messages.failed, language, {
      client,
      reason: { trusted: failureText({ message: unavailable }, language) },
    });
  };
  const lines = [
    ...result.decidedSteps.map(lineOf),
    ...result.results.flatMap((one) =>
      one.kind === 'done' && one.account !== undefined ? differenceLines(one.account, language) : [],
    ),
    ...result.duplicateClients.filter(({ removed }) => !removed).map((one) => duplicateLine(one, language)),
    ...heldLines(result, result.snapshot, language),
    ...guardLines(result.plan, result.decidedSteps, language),
  ];
  return lines.length === 0 ? tWithTrusted(messages.nothing, language) : lines.join('\n');
}

function duplicateLine(one: Reconciliation['duplicateClients'][number], language: Language): string {
  return tWithTrusted(messages.duplicate, language, {
    client: { trusted: clientKey(one) },
    clientId: one.clientId,
  });
}
