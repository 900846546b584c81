/** `greffier log`: the audit trail, one JSON object a line. */

import { auditTrail } from '#application/ledger/audit-trail';
import type { Bilingual } from '#base/i18n/message';
import { printableJson } from '#base/i18n/printed';
import { parseArguments } from '#cli/arguments';
import { t } from '#cli/messages';
import { withStoreToLook } from '#cli/provisioning/store';
import type { CliCommand } from '#cli/terminal';
import { cellName, definitionsFolder, placeFromPath } from '#domain/definition/cell';

const messages = {
  unknown: {
    fr: 'Rien dans le journal sur {id}. C’est le nom du fichier d’une définition, sans « .yaml », qu’il faut.',
    en: 'The log tells nothing of {id}. It takes the name of a definition’s file, without ".yaml".',
  },
} as const satisfies Record<string, Bilingual>;

export const command: CliCommand = {
  usage: '[ID] [--format json]',
  help: {
    fr: `Ce qui a été demandé, approuvé et fait, du plus ancien au plus récent, en JSON, un objet par ligne. Avec ID
(le nom du fichier d’une définition, sans « .yaml » ; ou son chemin, RÉSEAU/ENVIRONNEMENT/ID, quand deux cellules l’ont),
seulement ce qui la concerne.
`,
    en: `What was asked, approved and done, oldest first, as JSON, one object a line. With ID (the name of a
definition's file, without ".yaml"; or its path, NETWORK/ENVIRONMENT/ID, where two cells have it), only what concerns it.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { format: 'value' }, 1);
    // The one format that there is, for those who ask every command for it.
    given.choice('format', ['json']);
    const [written] = given.positionals;
    const place = placeFromPath(
      `${definitionsFolder}/${written?.replace(/^service-providers\/|\.yaml$/g, '')}.yaml`,
    );
    return withStoreToLook(terminal, async ({ db }) => {
      let told = false;
      for await (const line of auditTrail(db, place?.id ?? written)) {
        if (place !== undefined && line.cell !== cellName(place)) continue;
        terminal.out(`${printableJson(line)}\n`);
        told = true;
      }
      // Nothing at all would look like an answer; the output stays for programs.
      if (!told && written !== undefined)
        terminal.err(`${t(messages.unknown, terminal.language, { id: written })}\n`);
      return 0;
    });
  },
};
