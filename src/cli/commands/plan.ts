/** `greffier plan`: what `reconcile` would do, field by field. */

import { foresee } from '#application/reconciliation/reconcile';
import { argumentsOf } from '#cli/arguments';
import { changeLines, heldLines, stepLine, summaryOf, trailer } from '#cli/provisioning/messages';
import { sessionOptions, withProvisioning } from '#cli/provisioning/session';
import type { Command } from '#cli/terminal';
import { clientKey } from '#domain/provisioning/plan';

export const command: Command = {
  usage: '[--root DIR] [--cell NETWORK/ENVIRONMENT] [--format text|json]',
  help: {
    fr: `Montre ce que ferait « reconcile », champ par champ, sans rien changer chez les fournisseurs d'identité. Les
cellules sont celles de GREFFIER_CONFIG ; pour celles que des personnes provisionnent, ce qui leur serait demandé.

Sortie : 0 rien à faire, 3 des changements, 1 des définitions bloquées ou un fournisseur muet, 2 impossible.
`,
    en: `Shows what "reconcile" would do, field by field, and changes nothing at the identity providers. The cells are
those of GREFFIER_CONFIG; for those that people provision, what they would be asked.

Exit: 0 nothing to do, 3 changes, 1 definitions that are held or a provider that is silent, 2 cannot run.
`,
  },
  async run(args, terminal) {
    const given = argumentsOf(args, sessionOptions);
    const json = given.choice('format', ['text', 'json']) === 'json';
    return withProvisioning(terminal, given, false, async ({ tools, snapshot }) => {
      const foresight = await foresee(tools, snapshot, { sweep: true });
      const held = snapshot.held.length + foresight.heldOutside.size + foresight.silent.size;
      if (json) terminal.out(`${JSON.stringify(summaryOf(foresight, snapshot), null, 2)}\n`);
      else {
        const { language } = terminal;
        const lines = foresight.ruled.flatMap((ruled) => [
          stepLine(ruled, foresight.accounts.get(clientKey(ruled.step)), tools, language),
          ...changeLines(ruled.step, language),
        ]);
        lines.push(...heldLines(foresight, snapshot, language), ...trailer(foresight, language));
        terminal.out(`${lines.join('\n')}\n`);
      }
      if (held > 0) return 1;
      return foresight.plan.steps.length === 0 ? 0 : 3;
    });
  },
};
