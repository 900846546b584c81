/** `greffier reconcile`: makes the clients what the registry on this disk says. */

import { reseal } from '#application/handover/secrets/rotate-key';
import { takeUpAnew } from '#application/reconciliation/operator-commands';
import { type ReconcileTools, type Reconciliation, reconcile } from '#application/reconciliation/reconcile';
import type { Bilingual, Language } from '#base/i18n/message';
import { argumentsOf } from '#cli/arguments';
import { guardLines, heldLines, reasonOf, stepLine, summaryOf, tellIn } from '#cli/provisioning/messages';
import { sessionOptions, withProvisioning } from '#cli/provisioning/session';
import { type Command, Unable } from '#cli/terminal';
import type { Ruled } from '#domain/provisioning/approval-gate';
import type { Account } from '#domain/provisioning/ledger';
import { outcomeWords } from '#domain/provisioning/outcome-comment';
import { clientKey, type Step } from '#domain/provisioning/plan';

const words = {
  done: { fr: '{client} : fait ({action})', en: '{client}: done ({action})' },
  failed: { fr: '{client} : {reason}', en: '{client}: {reason}' },
  nothing: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  unknown: {
    fr: 'Aucun client {client} n’a échoué, n’a été refusé ou n’est introuvable.',
    en: 'No client {client} failed, was declined or is lost.',
  },
  stillThere: {
    fr: 'Le client de {client} répond encore chez le fournisseur d’identité : tant qu’il existe, un second n’est pas créé.',
    en: 'The client of {client} still answers at the identity provider: while it exists, no second one is made.',
  },
} as const satisfies Record<string, Bilingual>;

export const command: Command = {
  usage:
    '[--root DIR] [--cell NETWORK/ENVIRONMENT] [--confirm DIGEST] [--retry NETWORK/ENVIRONMENT/ID] [--format text|json]',
  help: {
    fr: `Met les clients des fournisseurs d'identité en accord avec le registre de ce dossier : ce que montre « plan ».
Les courriels partent quand le service tourne. Les cellules que des personnes provisionnent demandent un accès à GitHub,
pour y ouvrir leurs demandes : GITHUB_TOKEN, ou APP_ID et PRIVATE_KEY.

  --confirm DIGEST   confirme ce qui doit l'être, par son empreinte
  --retry CLIENT     reprend ce qui a échoué, a été refusé ou n'est plus visible

Sortie : 0 tout est fait ou demandé, 1 quelque chose ne l'est pas et les lignes disent quoi, 2 impossible.
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
    const given = argumentsOf(args, { ...sessionOptions, confirm: 'values', retry: 'values' });
    const json = given.choice('format', ['text', 'json']) === 'json';
    return withProvisioning(terminal, given, true, async ({ tools, keyring, db }) => {
      for (const digest of given.values('confirm')) await tools.books.confirm(digest.toLowerCase(), tools.by);
      for (const client of given.values('retry')) await retry(tools, client);
      const result = await reconcile(tools, false);
      if (keyring !== undefined) await reseal(db, keyring);
      if (json) terminal.out(`${JSON.stringify(summary(result), null, 2)}\n`);
      else terminal.out(`${text(result, tools, terminal.language)}\n`);
      return isComplete(result) ? 0 : 1;
    });
  },
};

async function retry(tools: ReconcileTools & { readonly by: string }, client: string): Promise<void> {
  const account = (await tools.ledger.all()).find((one) => clientKey(one) === client);
  const taken = account === undefined ? 'nothing' : await takeUpAnew(tools, account, tools.by);
  if (taken === 'nothing') throw new Unable(words.unknown, { client });
  if (taken === 'still-there') throw new Unable(words.stillThere, { client });
}

function summary(result: Reconciliation) {
  const { steps, ...rest } = summaryOf(result, result.snapshot);
  return {
    ...rest,
    steps: steps.map((step) => {
      const settled = result.settlements.find((one) => one.step.digest === step.digest);
      return { ...step, ...(settled === undefined ? {} : { outcome: settled.kind }) };
    }),
  };
}

/** Whether nothing is left that this command could not do or ask for. */
function isComplete(result: Reconciliation): boolean {
  const { accounts, again, heldOutside, ruled, settlements, snapshot } = result;
  const done = ({ step }: Ruled) =>
    settlements.some((one) => one.step === step && one.kind !== 'failed') ||
    isAsked(step, accounts.get(clientKey(step)));
  return ruled.every(done) && again === undefined && snapshot.held.length + heldOutside.size === 0;
}

/** Whether people have this very step before them. */
function isAsked(step: Step, account: Account | undefined): boolean {
  return account?.request?.digest === step.digest;
}

function text(result: Reconciliation, tools: ReconcileTools, language: Language): string {
  const lineOf = (ruled: Ruled): string => {
    const { step } = ruled;
    const client = { ours: clientKey(step) };
    const account = result.accounts.get(clientKey(step));
    const action = { ours: outcomeWords(language)(`action-${step.action}`) };
    const settled = result.settlements.find((one) => one.step === step);
    if (settled?.kind === 'done') return tellIn(words.done, language, { client, action });
    if (settled?.kind === 'failed')
      return tellIn(words.failed, language, {
        client,
        reason: { ours: reasonOf(settled.failure, language) },
      });
    const idle = tools.cells.get(step.cell)?.idle;
    if (ruled.ruling !== 'apply' || idle === undefined || isAsked(step, account))
      return stepLine(ruled, account, tools, language);
    return tellIn(words.failed, language, {
      client,
      reason: { ours: reasonOf({ message: idle }, language) },
    });
  };
  const lines = [
    ...result.ruled.map(lineOf),
    ...heldLines(result, result.snapshot, language),
    ...guardLines(result.plan, result.ruled, language),
  ];
  return lines.length === 0 ? tellIn(words.nothing, language) : lines.join('\n');
}
