/** `greffier validate`: reads a registry and reports every finding. */
import { join, posix } from 'node:path';
import { defined } from '#base/defined';
import { parseArguments } from '#cli/arguments';
import { validationSummary } from '#cli/formats/summary';
import { progressOn } from '#cli/progress';
import type { ChangeValidation } from '#cli/registry/change-since';
import { pathFilter, registryRoot } from '#cli/registry/registry-folder';
import { type ShownValidation, validateRegistry } from '#cli/registry/validate-registry';
import type { CliCommand, Terminal } from '#cli/terminal';
import type { RuleCatalogue } from '#domain/definition/rules/rule-catalogue';
import type { RegistryFinding } from '#domain/registry/rules/rule';
import { isNearSettings, settingsPath } from '#domain/registry/settings-path';

const formats = ['text', 'json', 'github', 'sarif'] as const;

/** The rules of these findings: mostly those on one definition, which are loaded already. */
async function catalogueFor({ findings }: ShownValidation): Promise<RuleCatalogue> {
  const { definitionCatalogue } = await import('#domain/definition/rules/rule-catalogue');
  return findings.every(({ rule }) => definitionCatalogue.rule(rule) !== undefined)
    ? definitionCatalogue
    : (await import('#domain/registry/rules/rule-catalogue')).catalogue;
}

/**
 * The report in a format, in parts. What renders findings knows every rule; it is loaded when there are findings.
 */
async function reportOf(
  format: (typeof formats)[number],
  validation: ShownValidation,
  terminal: Terminal,
): Promise<Iterable<string>> {
  const { language } = terminal;
  switch (format) {
    case 'json':
      return [(await import('#cli/formats/json')).jsonReport(validation, language)];
    case 'github':
      return [(await import('#cli/formats/github')).githubReport(validation, language)];
    case 'sarif':
      return [(await import('#cli/formats/sarif')).sarifReport(validation, language)];
    case 'text': {
      if (validation.findings.length === 0)
        return [`${validationSummary(validation, terminal).join('\n')}\n`];
      const [{ textReportParts }, catalogue] = await Promise.all([
        import('#cli/formats/text'),
        catalogueFor(validation),
      ]);
      return textReportParts(validation, terminal, validation.lineOf, catalogue);
    }
  }
}

/** Validates what the folder changes since a reference; prints what was not understood of the settings. */
async function changeSince(root: string, base: string, terminal: Terminal): Promise<ChangeValidation> {
  const { validateChangeSince, settingsProblemText } = await import('#cli/registry/change-since');
  const change = await validateChangeSince(root, base);
  for (const problem of change.problems)
    terminal.err(`${settingsPath}: ${settingsProblemText(problem, terminal.language)}\n`);
  return change;
}

/** What is wrong with the settings that stand there. Of a change, only what it makes of them is judged. */
async function settingsAsTheyAre(root: string): Promise<readonly RegistryFinding[]> {
  const names = [...namesIn(root, ''), ...namesIn(root, `${posix.dirname(settingsPath)}/`)];
  if (!names.some((name) => name === settingsPath || isNearSettings(name))) return [];
  const { settingsFindings } = await import('#cli/registry/settings-on-disk');
  return settingsFindings(root, names);
}

/** What stands in a folder of the registry, each from the root; nothing where there is no such folder. */
function namesIn(root: string, folder: string): readonly string[] {
  const { readdirSync } = process.getBuiltinModule('node:fs');
  try {
    return readdirSync(join(root, folder)).map((name) => folder + name);
  } catch {
    return [];
  }
}

/**
 * Exists only for speed and memory. What is made of one file is thrown away before the next: V8 would make room for sixteen
 * megabytes of it, three times, and collect hardly faster; and so little stays that several threads have less to do than to
 * wait for each other. And it would compile a third time, beside, with the compiler that thinks longest: in a registry of
 * ten thousand definitions that takes longer than it saves. What compiling needed goes at once: left to a thread beside, it
 * stays where the machine is busy, twenty megabytes at a peak.
 */
function forManyFiles(): void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--no-turbofan');
  setFlagsFromString('--no-maglev-destroy-on-background');
}

export const command: CliCommand = {
  usage: '[PATH…] [--root DIR] [--base REF] [--format text|json|github|sarif]',
  help: {
    fr: `Vérifie les définitions et les réglages d’un registre, sans réseau. PATH limite ce qui est dit, pas ce qui est lu.

  --root DIR     dossier du registre (par défaut : le dossier courant)
  --base REF     juge aussi le changement depuis une référence Git
  --format       text (par défaut), json, github (annotations) ou sarif

Code de sortie : 0 sans erreur, 1 s’il y a des erreurs, 2 si rien n’a pu être vérifié.
`,
    en: `Checks the definitions and the settings of a registry, without network. PATH narrows what is said, not what is read.

  --root DIR     folder of the registry (default: the current one)
  --base REF     also judges the change since a Git reference
  --format       text (default), json, github (annotations) or sarif

Exit code: 0 no error, 1 errors, 2 nothing could be checked.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(
      args,
      { root: 'value', base: 'value', format: 'value' },
      Number.POSITIVE_INFINITY,
    );
    const format = given.choice('format', formats);
    const root = registryRoot(terminal.folder, given.value('root'));
    const base = given.value('base');
    const change = base === undefined ? undefined : await changeSince(root, base, terminal);
    const only = pathFilter(terminal.folder, root, given.positionals, change?.paths);
    const progress = progressOn(terminal);
    forManyFiles();
    const validation = await validateRegistry(root, {
      only,
      progress: progress.step,
      additional: change === undefined ? await settingsAsTheyAre(root) : change.findings,
    });
    progress.end();
    for (const part of await reportOf(
      format,
      { ...validation, ...defined({ root: given.value('root') }) },
      terminal,
    ))
      terminal.out(part, format === 'github' ? 'commands' : undefined);
    return validation.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};
