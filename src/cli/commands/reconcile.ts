/** `greffier reconcile`: makes the clients what the registry on this disk says. */
import { quoted } from '../../language/render.ts';
import type { Bilingual } from '../../language/words.ts';
import { outcomeWords } from '../../provisioning/outcome.ts';
import { clientKey } from '../../provisioning/plan.ts';
import { sayProvisioning } from '../../provisioning/words.ts';
import { type Reconciliation, reconcile } from '../../service/reconcile.ts';
import { argumentsOf } from '../arguments.ts';
import { cellHere, configurationHere, snapshotOf, toolsHere } from '../provisioning.ts';
import { registryRoot } from '../registry-folder.ts';
import { withStore } from '../store.ts';
import type { Command, Terminal } from '../terminal.ts';
import { say } from '../words.ts';

const words = {
  done: { fr: '{client} : fait ({action}).', en: '{client}: done ({action}).' },
  failed: { fr: '{client} : {reason}', en: '{client}: {reason}' },
  nothing: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  waits: {
    fr: '{client} : attend une confirmation ({action}, empreinte {digest}).',
    en: '{client}: waits for a confirmation ({action}, digest {digest}).',
  },
} as const satisfies Record<string, Bilingual>;

export const command: Command = {
  usage: '[--root DIR] [--cell NETWORK/ENVIRONMENT] [--confirm DIGEST] [--format text|json]',
  help: {
    fr: `Met les clients des fournisseurs d'identité en accord avec le registre de ce dossier : ce que montre « plan ».
Ce qui doit être confirmé l'est avec --confirm et son empreinte. Les courriels partent quand le service tourne.

Sortie : 0 fait, 1 des définitions en erreur ou des échecs, 2 impossible.
`,
    en: `Makes the clients of the identity providers what the registry of this folder says: what "plan" shows. What
has to be confirmed is, with --confirm and its digest. Mails leave when the service runs.

Exit: 0 done, 1 definitions with errors or failures, 2 cannot run.
`,
  },
  async run(args, terminal) {
    const given = argumentsOf(args, { root: 'value', cell: 'value', confirm: 'values', format: 'value' });
    const json = given.choice('format', ['text', 'json']) === 'json';
    const root = registryRoot(terminal.folder, given.value('root'));
    const here = configurationHere(terminal);
    const only = cellHere(here.configuration, given.value('cell'));
    const snapshot = snapshotOf(root);
    return withStore(terminal, async (store) => {
      const tools = toolsHere(terminal, store, here, snapshot, only);
      for (const digest of given.values('confirm')) await tools.books.confirm(digest, 'command line');
      const result = await reconcile(tools, false);
      terminal.out(json ? `${JSON.stringify(summary(result), null, 2)}\n` : text(result, terminal));
      const failed = result.settlements.some((one) => one.kind === 'failed') || result.again !== undefined;
      return failed || snapshot.held.length > 0 ? 1 : 0;
    });
  },
};

function summary(result: Reconciliation) {
  return {
    commit: result.commit,
    held: result.snapshot.held,
    steps: result.ruled.map(({ step, ruling }) => {
      const settled = result.settlements.find((one) => one.step === step);
      return { ...step, ruling, ...(settled === undefined ? {} : { outcome: settled.kind }) };
    }),
  };
}

function text(result: Reconciliation, terminal: Terminal): string {
  const { language } = terminal;
  const speak = outcomeWords(language);
  const done = result.settlements.map((settled) => {
    const client = clientKey(settled.step);
    if (settled.kind === 'failed')
      return say(words.failed, language, {
        client,
        reason: sayProvisioning(settled.failure.message, language, quoted),
      });
    return say(words.done, language, { client, action: speak(`action-${settled.step.action}`) });
  });
  const waiting = result.ruled
    .filter(({ ruling }) => ruling !== 'apply')
    .map(({ step }) => {
      const guard = result.plan.guards.find((one) => one.cell === step.cell && step.action === 'deactivate');
      const digest = guard?.digest ?? step.digest;
      const action = speak(`action-${step.action}`);
      return say(words.waits, language, { client: clientKey(step), action, digest });
    });
  const lines = [...done, ...waiting];
  return `${(lines.length === 0 ? [say(words.nothing, language)] : lines).join('\n')}\n`;
}
