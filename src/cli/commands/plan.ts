/** `greffier plan`: what `reconcile` would do, field by field. */
import { quoted } from '../../language/render.ts';
import type { Bilingual } from '../../language/words.ts';
import { changeLine, outcomeWords } from '../../provisioning/outcome.ts';
import { clientKey, type Plan } from '../../provisioning/plan.ts';
import { look } from '../../provisioning/settle.ts';
import { foresee, type ReconcileTools } from '../../service/reconcile.ts';
import { argumentsOf } from '../arguments.ts';
import { cellHere, configurationHere, snapshotOf, toolsHere } from '../provisioning.ts';
import { registryRoot } from '../registry-folder.ts';
import { withStore } from '../store.ts';
import type { Command, Terminal } from '../terminal.ts';
import { say } from '../words.ts';

const words = {
  nothing: { fr: 'Rien à faire : {count} clients à jour.', en: 'Nothing to do: {count} clients up to date.' },
  digest: { fr: 'Empreinte du plan : {digest}', en: 'Digest of the plan: {digest}' },
  held: {
    fr: '{count} définitions comportent des erreurs et sont laissées telles quelles : voyez « greffier validate ».',
    en: '{count} definitions have errors and are left as they are: see "greffier validate".',
  },
  guard: {
    fr: '{removals} suppressions sur {of} clients dans {cell} : une personne devra les confirmer.',
    en: '{removals} removals of {of} clients in {cell}: someone will have to confirm them.',
  },
} as const satisfies Record<string, Bilingual>;

export const command: Command = {
  usage: '[--root DIR] [--cell NETWORK/ENVIRONMENT] [--format text|json]',
  help: {
    fr: `Montre ce que ferait « reconcile », champ par champ, sans rien changer chez les fournisseurs d'identité. Les
cellules sont celles de GREFFIER_CONFIG ; celles que des personnes provisionnent sont laissées au service.

Sortie : 0 rien à faire, 3 des changements, 1 des définitions en erreur, 2 impossible.
`,
    en: `Shows what "reconcile" would do, field by field, and changes nothing at the identity providers. The cells are
those of GREFFIER_CONFIG; those that people provision are left to the service.

Exit: 0 nothing to do, 3 changes, 1 definitions with errors, 2 cannot run.
`,
  },
  async run(args, terminal) {
    const given = argumentsOf(args, { root: 'value', cell: 'value', format: 'value' });
    const json = given.choice('format', ['text', 'json']) === 'json';
    const root = registryRoot(terminal.folder, given.value('root'));
    const here = configurationHere(terminal);
    const only = cellHere(here.configuration, given.value('cell'));
    const snapshot = snapshotOf(root);
    return withStore(terminal, async (store) => {
      const tools = toolsHere(terminal, store, here, snapshot, only);
      await lookAtAll(tools);
      const plan = await foresee(tools, snapshot);
      terminal.out(json ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan, terminal));
      if (snapshot.held.length > 0) {
        if (!json) terminal.out(`${say(words.held, terminal.language, { count: snapshot.held.length })}\n`);
        return 1;
      }
      return plan.steps.length === 0 ? 0 : 3;
    });
  },
};

/** What the providers say today; a provider that does not answer leaves what was known. */
async function lookAtAll(tools: ReconcileTools): Promise<void> {
  for (const account of await tools.ledger.all()) {
    const cell = tools.cells.get(account.cell);
    if (cell !== undefined)
      await look({ provider: cell.provider, ledger: tools.ledger, now: tools.now }, account);
  }
}

/** A plan for a terminal. */
function planText(plan: Plan, terminal: Terminal): string {
  const { language } = terminal;
  if (plan.steps.length === 0) return `${say(words.nothing, language, { count: plan.unchanged })}\n`;
  const speak = outcomeWords(language);
  const lines = plan.steps.flatMap((step) => [
    `${clientKey(step)} : ${speak(`action-${step.action}`)}`,
    ...step.changes.map((change) => `  ${changeLine(change, language, quoted)}`),
  ]);
  const guards = plan.guards.map(({ cell, removals, of }) =>
    say(words.guard, language, { cell, removals, of }),
  );
  return `${[...lines, ...guards, '', say(words.digest, language, { digest: plan.digest })].join('\n')}\n`;
}
