/** `greffier validate`: reads a registry and says everything that is to be said of it. */
import { argumentsOf } from '#cli/arguments';
import { summaryOf } from '#cli/formats/summary';
import { progressOn } from '#cli/progress';
import type { ChangeJudgement } from '#cli/registry/change-since';
import { askedFor, registryRoot, textOfFile } from '#cli/registry/registry-folder';
import { type Judgement, judge } from '#cli/registry/validate-registry';
import type { Command, Terminal } from '#cli/terminal';

const formats = ['text', 'json', 'github', 'sarif'] as const;

/**
 * The report of a judgement in a format. What says findings knows every rule; it is loaded when there is something
 * to say.
 */
async function reportOf(
  format: (typeof formats)[number],
  judgement: Judgement,
  terminal: Terminal,
  root: string,
): Promise<string> {
  const { language } = terminal;
  switch (format) {
    case 'json':
      return (await import('#cli/formats/json')).jsonReport(judgement, language);
    case 'github':
      return (await import('#cli/formats/github')).githubReport(judgement, language);
    case 'sarif':
      return (await import('#cli/formats/sarif')).sarifReport(judgement, language);
    case 'text': {
      if (judgement.findings.length === 0) return `${summaryOf(judgement, terminal).join('\n')}\n`;
      const { textReport } = await import('#cli/formats/text');
      return textReport(judgement, terminal, (path) => textOfFile(root, path));
    }
  }
}

/** What the folder changes since a reference; says on the way what was not understood of the settings. */
async function changeSince(root: string, base: string, terminal: Terminal): Promise<ChangeJudgement> {
  const [{ judgeSince, sayProblem }, { settingsPath }] = await Promise.all([
    import('#cli/registry/change-since'),
    import('#domain/registry/settings'),
  ]);
  const change = await judgeSince(root, base);
  for (const { message } of change.problems)
    terminal.err(`${settingsPath}: ${sayProblem(message, terminal.language)}\n`);
  return change;
}

export const command: Command = {
  usage: '[PATH…] [--root DIR] [--base REF] [--format text|json|github|sarif]',
  help: {
    fr: `Vérifie les définitions d’un registre, sans réseau. PATH limite ce qui est dit, pas ce qui est lu.

  --root DIR     dossier du registre (par défaut : le dossier courant)
  --base REF     juge aussi le changement depuis une référence Git
  --format       text (par défaut), json, github (annotations) ou sarif

Code de sortie : 0 sans erreur, 1 s’il y a des erreurs, 2 si rien n’a pu être vérifié.
`,
    en: `Checks the definitions of a registry, without network. PATH narrows what is said, not what is read.

  --root DIR     folder of the registry (default: the current one)
  --base REF     also judges the change since a Git reference
  --format       text (default), json, github (annotations) or sarif

Exit code: 0 no error, 1 errors, 2 nothing could be checked.
`,
  },
  async run(args, terminal) {
    const given = argumentsOf(
      args,
      { root: 'value', base: 'value', format: 'value' },
      Number.POSITIVE_INFINITY,
    );
    const format = given.choice('format', formats);
    const root = registryRoot(terminal.folder, given.value('root'));
    const base = given.value('base');
    const change = base === undefined ? undefined : await changeSince(root, base, terminal);
    const only = askedFor(terminal.folder, root, given.positionals, change?.paths);
    const progress = progressOn(terminal);
    const judgement = await judge(root, { only, progress: progress.step, besides: change?.notices });
    progress.end();
    terminal.out(await reportOf(format, judgement, terminal, root));
    return judgement.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};
