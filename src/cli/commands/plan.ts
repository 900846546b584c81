/** `greffier plan`: what `reconcile` would do, field by field. */

import { preview } from '#application/reconciliation/preview';
import { printableJson } from '#base/i18n/printed';
import { parseArguments } from '#cli/arguments';
import {
  changeLines,
  hasTrouble,
  heldLines,
  planAsJson,
  planFooter,
  stepLine,
} from '#cli/provisioning/messages';
import { sessionOptions, withProvisioning } from '#cli/provisioning/session';
import type { CliCommand } from '#cli/terminal';
import { clientKey } from '#domain/provisioning/plan';

export const command: CliCommand = {
  usage: '[--root DIR] [--cell NETWORK/ENVIRONMENT] [--format text|json]',
  help: {
    fr: `Montre ce que ferait « reconcile », champ par champ, sans rien changer chez les fournisseurs d’identité. Les
cellules sont celles de GREFFIER_CONFIG ; pour celles que des personnes provisionnent, ce qui leur serait demandé.

Sortie : 0 rien à faire, 3 des changements, 1 des définitions bloquées, des clients introuvables ou un fournisseur muet,
2 impossible.
`,
    en: `Shows what "reconcile" would do, field by field, and changes nothing at the identity providers. The cells are
those of GREFFIER_CONFIG; for those that people provision, what they would be asked.

Exit: 0 nothing to do, 3 changes, 1 definitions that are held, clients that are lost or a provider that is silent,
2 cannot run.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, sessionOptions);
    const json = given.choice('format', ['text', 'json']) === 'json';
    return withProvisioning(terminal, given, false, async ({ deps, snapshot }) => {
      const previewed = await preview(deps, snapshot, { sweep: true });
      if (json) terminal.out(`${printableJson(planAsJson(previewed, snapshot), 2)}\n`);
      else {
        const { language } = terminal;
        const lines = previewed.decidedSteps.flatMap((decided) => [
          stepLine(decided, previewed.accounts.get(clientKey(decided.step)), deps, language),
          ...changeLines(decided.step, language),
        ]);
        lines.push(
          ...heldLines(previewed, snapshot, language),
          ...planFooter(previewed, hasTrouble(previewed, snapshot), language),
        );
        terminal.out(`${lines.join('\n')}\n`);
      }
      if (hasTrouble(previewed, snapshot)) return 1;
      return previewed.plan.steps.length === 0 ? 0 : 3;
    });
  },
};
