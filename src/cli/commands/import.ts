/** `greffier import SOURCE`: writes the definitions of clients, or of requests, that exist already. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { printableJson } from '#base/i18n/printed';
import { trusted } from '#base/i18n/translator';
import { shellWord } from '#base/invocation';
import { type Arguments, parseArguments, typedNext } from '#cli/arguments';
import { importError, readSource, sourceOptions } from '#cli/import/read-source';
import { listDefinitions, readListedFile, registryRoot } from '#cli/registry/registry-folder';
import { createFile, createPrivateFile } from '#cli/registry/write-file';
import type { CliCommand, Terminal } from '#cli/terminal';
import { readDefinition } from '#domain/definition/read-definition';
import { decideImport, type ImportDecision } from '#domain/provisioning/import/decide-import';
import { importMessage } from '#domain/provisioning/import/imported-client';
import {
  countsInWords,
  importTranslator,
  isOfCompletion,
  reasonText,
  type ToldBy,
} from '#domain/provisioning/import/messages';

/** How many are told on the terminal; the report has them all. */
const maxTold = 20;

export const command: CliCommand = {
  usage: `SOURCE --from demarches [--root DIR] [--report FILE]
SOURCE --from clients --cell NETWORK/ENVIRONMENT [--complete FILE] [--root DIR] [--report FILE]
--cell NETWORK/ENVIRONMENT --as EMAIL [--complete FILE] [--root DIR] [--report FILE]`,
  help: {
    fr: `Écrit les définitions de ce qui existe déjà, chacune exactement telle qu’est le client, sans rien changer chez
ProConnect. Ce qui ne peut pas être dit n’est pas deviné : le rapport le laisse à une personne. N’écrase jamais rien ;
lancé deux fois, n’écrit rien de plus. Ensuite, « greffier adopt » avec la même source garde à chacun ses clés.

  --from demarches   SOURCE est l’export du formulaire (CSV, avec ses libellés)
  --from clients     SOURCE est une liste de clients (JSON) : documents RFC 7591, ou champs de ProConnect
  --cell CELLULE     la cellule de ces clients ; sans SOURCE, les demande à l’API partenaires (GREFFIER_CONFIG)
  --as EMAIL         la personne dont l’API partenaires montre les clients
  --complete FICHIER ce qu’aucune liste ne dit, en CSV : client_id, siret, contacts, support, datapass, description,
                     private_sector (oui ou non), justification
  --root DIR         dossier du registre (par défaut : le dossier courant)
  --report FICHIER   tout le détail, en JSON

Code de sortie : 0 tout est là, 1 une personne doit décider, 2 rien n’a pu être lu.
`,
    en: `Writes the definitions of what exists already, each exactly as the client is, and changes nothing at ProConnect.
What cannot be told is not guessed: the report leaves it to a person. Never overwrites; run twice, it writes nothing
more. Afterwards "greffier adopt" with the same source keeps everyone's keys.

  --from demarches   SOURCE is the export of the form (CSV, with its labels)
  --from clients     SOURCE is a list of clients (JSON): documents of RFC 7591, or ProConnect's fields
  --cell CELL        the cell of these clients; without SOURCE, asks the partner API for them (GREFFIER_CONFIG)
  --as EMAIL         the person whose clients the partner API shows
  --complete FILE    what no list tells, as CSV: client_id, siret, contacts, support, datapass, description,
                     private_sector (yes or no), justification
  --root DIR         folder of the registry (default: the current one)
  --report FILE      everything in detail, as JSON

Exit code: 0 all is there, 1 a person must decide, 2 nothing could be read.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { ...sourceOptions, root: 'value', report: 'value' }, 1);
    const root = registryRoot(terminal.folder, given.value('root'));
    const report = given.value('report');
    // Before anything is written: what is written without its report is told to nobody.
    if (report !== undefined && existsSync(resolve(terminal.folder, report)))
      throw importError('report-taken', { path: report });
    const [source] = given.positionals;
    const clients = await readSource(terminal, given, source);
    const existing = listDefinitions(root).map((file) => readDefinition(readListedFile(root, file)));
    const decisions = decideImport(clients, existing).map((decision) => written(root, decision));
    const by = given.value('from') === 'demarches' ? 'form' : 'list';
    if (report !== undefined) writeReport(terminal, report, decisions, by);
    tell(terminal, decisions, report, by);
    if (source !== undefined && by === 'list' && decisions.some(({ outcome }) => outcome !== 'undecided'))
      terminal.out(
        `${importTranslator(terminal.language)('adopt-next', { command: adoptCommand(source, given) })}\n`,
      );
    return decisions.some(({ outcome }) => outcome === 'undecided') ? 1 : 0;
  },
};

/** The same source, and what was told besides: a client is adopted by what it is, and by whom it is said to be for. */
function adoptCommand(source: string, given: Arguments): string {
  const complete = given.value('complete');
  const besides = complete === undefined ? '' : ` --complete ${shellWord(complete)}`;
  return `${typedNext('greffier adopt', given)} ${shellWord(source)} --cell ${given.value('cell')}${besides}`;
}

/** Writes one. What appeared there meanwhile stays: then a person decides. */
function written(root: string, decision: ImportDecision): ImportDecision {
  const { outcome, path, text } = decision;
  if (outcome !== 'write' || path === undefined || text === undefined) return decision;
  if (createFile(root, path, text)) return decision;
  return { ...decision, outcome: 'undecided', reasons: [importMessage('path-taken', { path })] };
}

function writeReport(
  terminal: Terminal,
  path: string,
  decisions: readonly ImportDecision[],
  by: ToldBy,
): void {
  const rows = decisions.map(({ client, outcome, path: file, reasons, text }) => ({
    position: client.position,
    ...(client.clientId === undefined ? {} : { client_id: client.clientId }),
    ...(client.answers.name === undefined ? {} : { name: client.answers.name }),
    outcome: { write: 'written', there: 'there', undecided: 'undecided' }[outcome],
    ...(file === undefined ? {} : { path: file }),
    ...(outcome === 'undecided'
      ? {
          reasons: reasons.map((message) => ({
            reason: message.key,
            message: reasonText(message, terminal.language, by),
          })),
          ...(text === undefined ? {} : { proposal: text }),
        }
      : {}),
  }));
  if (!createPrivateFile(terminal.folder, path, `${printableJson(rows, 2)}\n`))
    throw importError('report-taken', { path });
}

function tell(
  terminal: Terminal,
  decisions: readonly ImportDecision[],
  report: string | undefined,
  by: ToldBy,
): void {
  const t = importTranslator(terminal.language);
  const count = (wanted: ImportDecision['outcome']) =>
    decisions.filter(({ outcome }) => outcome === wanted).length;
  const undecided = decisions.filter(({ outcome }) => outcome === 'undecided');
  const done = countsInWords(t, [
    ['written', count('write')],
    ['there', count('there')],
    ['to-decide', undecided.length],
  ]);
  const lines = [`${done}.`];
  for (const { client, reasons } of undecided.slice(0, maxTold)) {
    const { name = '' } = client.answers;
    const which = client.clientId ?? trusted(t('position', { position: client.position }));
    lines.push(name === '' ? t('undecided-one', { client: which }) : t('undecided', { name, client: which }));
    lines.push(...reasons.map((message) => `  - ${reasonText(message, terminal.language, by)}`));
  }
  if (undecided.length > maxTold) lines.push(t('more', { count: undecided.length - maxTold }));
  if (by === 'list' && undecided.some(({ reasons }) => reasons.some(isOfCompletion)))
    lines.push(t('complete-next'));
  if (report !== undefined) lines.push(t('report', { path: report }));
  terminal.out(`${lines.join('\n')}\n`);
}
