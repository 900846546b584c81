/** `greffier fix`: applies every certain correction, and leaves every other byte as it was. */
import { escapeInvisible } from '#base/i18n/invisible';
import { quoteInBackticks } from '#base/i18n/render';
import { parseArguments } from '#cli/arguments';
import { shownLines } from '#cli/formats/excerpt';
import { textReport } from '#cli/formats/text';
import { messages, t } from '#cli/messages';
import { progressOn } from '#cli/progress';
import {
  listDefinitions,
  pathFilter,
  readListedFile,
  readText,
  registryRoot,
} from '#cli/registry/registry-folder';
import { validateRegistry } from '#cli/registry/validate-registry';
import { replaceFile } from '#cli/registry/write-file';
import { type CliCommand, textStyles } from '#cli/terminal';
import { compareFindings } from '#domain/definition/finding-order';
import { shown } from '#domain/definition/fix/corrected-lines';
import { applyFixes } from '#domain/definition/fix/fixes';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

/** More lines than this are not read one by one. */
const maxLines = 6;

/** Lines with what became of them before each: gone, or new. */
function signed(sign: '-' | '+', lines: readonly string[]): readonly string[] {
  const rows = lines.slice(0, maxLines).map((line) => `${sign} ${shown(line)}`);
  return lines.length > maxLines ? [...rows, `${sign} …`] : rows;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export const command: CliCommand = {
  usage: '[PATH…] [--root DIR] [--dry-run]',
  help: {
    fr: `Applique les corrections sûres, en gardant commentaires, ordre et mise en page. Le refaire ne change plus rien.

  --root DIR     dossier du registre (par défaut : le dossier courant)
  --dry-run      montre les corrections sans rien écrire

Code de sortie : 0 sans erreur restante, 1 s’il en reste, 2 si rien n’a pu être fait.
`,
    en: `Applies the certain corrections, keeping comments, order and layout. Doing it again changes nothing more.

  --root DIR     folder of the registry (default: the current one)
  --dry-run      shows the corrections and writes nothing

Exit code: 0 no error left, 1 some left, 2 nothing could be done.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { root: 'value', 'dry-run': 'switch' }, Number.POSITIVE_INFINITY);
    const root = registryRoot(terminal.folder, given.value('root'));
    const only = pathFilter(terminal.folder, root, given.positionals);
    const dry = given.has('dry-run');
    const { language } = terminal;
    const style = textStyles(terminal.colours);
    let count = 0;
    const rewritten = new Map<string, string>();
    for (const file of listDefinitions(root)) {
      if (only !== undefined && !only(file.path)) continue;
      const { path, bytes, link, size } = readListedFile(root, file);
      const text = link === true || size !== undefined ? undefined : decoded(bytes);
      if (text === undefined) continue;
      const { text: after, applied } = applyFixes(path, text);
      if (applied.length === 0) continue;
      count += applied.length;
      rewritten.set(path, after);
      // Only what is written is said to be done.
      if (!dry) replaceFile(root, path, after);
      terminal.out(`${style.bold(escapeInvisible(path))}\n`);
      for (const { rule, range, fix, lines } of applied.toSorted(compareFindings)) {
        terminal.out(
          `  ${style.green(dry ? '·' : '✓')} ${range.start.line}  ${catalogue.translate(fix.title, language, quoteInBackticks)}  ${style.dim(rule)}\n`,
        );
        for (const { before, after: now } of lines)
          for (const line of [...signed('-', before), ...signed('+', now)])
            terminal.out(`      ${style.dim(line)}\n`);
      }
    }
    const sentence = dry
      ? count === 1
        ? messages.wouldFixOne
        : messages.wouldFix
      : count === 1
        ? messages.fixedOne
        : messages.fixedMany;
    terminal.out(`${count === 0 ? t(messages.nothingToFix, language) : t(sentence, language, { count })}\n`);
    const progress = progressOn(terminal);
    const validation = await validateRegistry(root, {
      only,
      progress: progress.step,
      ...(dry && { override: (path: string) => rewritten.get(path) }),
    });
    progress.end();
    const errors = validation.findings.filter(({ severity }) => severity === 'error');
    if (errors.length === 0) return 0;
    const left = { files: validation.files, findings: errors };
    terminal.out(
      `\n${t(messages.left, language)}\n\n${textReport(
        left,
        terminal,
        shownLines((path) => rewritten.get(path) ?? readText(root, path)),
        catalogue,
      )}`,
    );
    return 1;
  },
};
