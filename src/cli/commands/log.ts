/** `greffier log`: the audit trail, one JSON object a line. */

import { auditTrail } from '#application/ledger/audit-trail';
import { printableJson } from '#base/i18n/printed';
import { parseArguments } from '#cli/arguments';
import { withExistingStore } from '#cli/provisioning/store';
import type { CliCommand } from '#cli/terminal';

export const command: CliCommand = {
  usage: '[ID]',
  help: {
    fr: `Ce qui a été demandé, approuvé et fait, du plus ancien au plus récent, en JSON, un objet par ligne. Avec ID
(le nom du fichier d’une définition, sans « .yaml »), seulement ce qui la concerne.
`,
    en: `What was asked, approved and done, oldest first, as JSON, one object a line. With ID (the name of a
definition's file, without ".yaml"), only what concerns it.
`,
  },
  async run(args, terminal) {
    const [id] = parseArguments(args, {}, 1).positionals;
    return withExistingStore(terminal, async ({ db }) => {
      for await (const line of auditTrail(db, id)) terminal.out(`${printableJson(line)}\n`);
      return 0;
    });
  },
};
