/** The command line: finds the command and runs it. Commands are loaded only when they are asked for. */
import { join } from 'node:path';
import type { Bilingual, Language } from '#base/i18n/message';
import { asTyped, calledAs, invocationOf } from '#base/invocation';
import { messages, t } from './messages.ts';
import { systemFault } from './system-fault.ts';
import { type CliCommand, CliError, safeTerminal, type Terminal } from './terminal.ts';

export interface CommandEntry {
  readonly summary: Bilingual;
  /** What is typed before its options; `greffier NAME` when absent. */
  readonly invocation?: string;
  load(): Promise<{ readonly command: CliCommand }>;
}

export type CommandTable = Readonly<Record<string, CommandEntry>>;

/** Every command, in the order of the help. */
const greffierCommands: CommandTable = {
  validate: {
    summary: { fr: 'vérifie les définitions d’un registre', en: 'checks the definitions of a registry' },
    load: () => import('./commands/validate.ts'),
  },
  fix: {
    summary: { fr: 'applique les corrections sûres', en: 'applies the certain corrections' },
    load: () => import('./commands/fix.ts'),
  },
  explain: {
    summary: { fr: 'explique une règle, avec des exemples', en: 'explains a rule, with examples' },
    load: () => import('./commands/explain.ts'),
  },
  new: {
    summary: {
      fr: 'pose les questions du formulaire et écrit une définition',
      en: 'asks the questions of the form and writes a definition',
    },
    load: () => import('./commands/new.ts'),
  },
  import: {
    summary: {
      fr: 'écrit les définitions de clients qui existent déjà',
      en: 'writes the definitions of clients that exist already',
    },
    load: () => import('./commands/import.ts'),
  },
  adopt: {
    summary: {
      fr: 'rattache à sa définition un client qui existe déjà',
      en: 'ties a client that exists already to its definition',
    },
    load: () => import('./commands/adopt.ts'),
  },
  promote: {
    summary: {
      fr: 'écrit la définition de production d’un service en intégration',
      en: 'writes the production definition of a service that is in integration',
    },
    load: () => import('./commands/promote.ts'),
  },
  try: {
    summary: {
      fr: 'essaie la connexion d’une application, sans s’y connecter',
      en: 'tries the sign-in of an application, without signing in',
    },
    load: () => import('./commands/try.ts'),
  },
  app: {
    summary: {
      fr: 'crée la GitHub App (app create), en un clic',
      en: 'makes the GitHub App (app create), with one click',
    },
    load: () => import('./commands/app.ts'),
  },
  doctor: {
    summary: {
      fr: 'vérifie une installation, et dit comment sortir de chaque défaut',
      en: 'checks an installation, and says the way out of each fault',
    },
    load: () => import('./commands/doctor.ts'),
  },
  plan: {
    summary: { fr: 'montre ce que ferait « reconcile »', en: 'shows what "reconcile" would do' },
    load: () => import('./commands/plan.ts'),
  },
  reconcile: {
    summary: {
      fr: 'met les clients en accord avec le registre',
      en: 'makes the clients what the registry says',
    },
    load: () => import('./commands/reconcile.ts'),
  },
  log: {
    summary: { fr: 'raconte ce qui a été fait, et par qui', en: 'tells what was done, and by whom' },
    load: () => import('./commands/log.ts'),
  },
  keys: {
    summary: {
      fr: 'dit qui a lu les clés de chaque client, et les remplace',
      en: 'tells whose keys were read, and replaces them',
    },
    load: () => import('./commands/keys.ts'),
  },
  serve: {
    summary: { fr: 'fait tourner la GitHub App', en: 'runs the GitHub App' },
    load: () => import('./commands/serve.ts'),
  },
  jobs: {
    summary: { fr: 'montre et relance le travail de « serve »', en: 'shows and retries the work of "serve"' },
    load: () => import('./commands/jobs.ts'),
  },
  store: {
    summary: {
      fr: 'copie le magasin de « serve », ou en change la clé',
      en: 'copies the store of "serve", or changes its key',
    },
    load: () => import('./commands/store.ts'),
  },
};

/** The language that the environment asks for; French when it does not say. */
function languageOf(environment: NodeJS.ProcessEnv): Language {
  const wanted = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return wanted.toLowerCase().startsWith('en') ? 'en' : 'fr';
}

/** Takes `--lang` out of the arguments, wherever it stands. */
function extractLanguage(
  args: readonly string[],
  byDefault: Language,
): { rest: string[]; language: Language } {
  const rest: string[] = [];
  let language = byDefault;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg !== '--lang' && !arg.startsWith('--lang=')) {
      rest.push(arg);
      continue;
    }
    const value = arg === '--lang' ? (args[++index] ?? '') : arg.slice('--lang='.length);
    if (value !== 'fr' && value !== 'en')
      throw new CliError(messages.badOption, { name: '--lang', value, allowed: ['fr', 'en'] });
    language = value;
  }
  return { rest, language };
}

function help(commands: CommandTable, language: Language): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary[language]}`,
  );
  return [
    t(messages.about, language),
    '',
    t(messages.usage, language),
    '',
    `${t(messages.commands, language)}`,
    ...lines,
    '',
    t(messages.options, language),
    `  ${t(messages.everywhere, language)}`,
    `  ${t(messages.versionOption, language)}`,
    '',
    t(messages.moreHelp, language),
    '',
  ].join('\n');
}

function unknownCommand(commands: CommandTable, name: string): CliError {
  const proposal = Object.keys(commands).find(
    (known) => known.startsWith(name.slice(0, 3)) || name.startsWith(known.slice(0, 3)),
  );
  return proposal === undefined
    ? new CliError(messages.unknownCommand, { name })
    : new CliError(messages.nearCommand, { name, proposal });
}

/**
 * Runs a command line.
 *
 * @param args what follows the program's name
 * @param anyTerminal what is printed there goes through `safeTerminal`
 * @param commands which there are; Greffier's own when absent
 * @returns the exit code: 2 when the command could not run, else the command's own
 */
export async function runCommandLine(
  args: readonly string[],
  anyTerminal: Terminal,
  commands: CommandTable = greffierCommands,
): Promise<number> {
  const terminal = safeTerminal(anyTerminal);
  let language = terminal.language;
  try {
    const taken = extractLanguage(args, language);
    language = taken.language;
    const here: Terminal = { ...terminal, language };
    const [name, ...rest] = taken.rest;
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      here.out(help(commands, language));
      return name === undefined ? 2 : 0;
    }
    if (name === '--version') {
      const { versionLine } = await import('./version.ts');
      here.out(`${versionLine()}\n`);
      return 0;
    }
    const listed = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (listed === undefined) throw unknownCommand(commands, name);
    const { command } = await listed.load();
    if (rest.includes('--help') || rest.includes('-h')) {
      const usage = command.usage
        .split('\n')
        .map((line) => `${listed.invocation ?? asTyped(`greffier ${name}`)} ${line}`.trimEnd());
      here.out(
        `${usage.join('\n')}\n\n${asTyped(command.help[language])}\n  ${t(messages.everywhere, language)}\n`,
      );
      return 0;
    }
    return await command.run(rest, here);
  } catch (error) {
    const { sentence, values } = failureOf(error);
    terminal.err(`${t(sentence, language, values)}\n`);
    return 2;
  }
}

/** What is said of anything that a command threw. */
function failureOf(error: unknown): Pick<CliError, 'sentence' | 'values'> {
  if (error instanceof CliError) return error;
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE')
    return new CliError(messages.brokenPipe);
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return systemFault(error) ?? new CliError(messages.bug, { reason: reason.slice(0, 300) });
}

/**
 * The terminal of this process.
 *
 * @param closing receives what is to be closed at the end, so that the process can end
 */
function processTerminal(closing: Set<() => void>): Terminal {
  const { stdout, stderr, env } = process;
  const wanted = env.NO_COLOR === undefined || env.NO_COLOR === '';
  return {
    language: languageOf(env),
    folder: process.cwd(),
    colours: stdout.isTTY === true && wanted && env.TERM !== 'dumb',
    interactive: stderr.isTTY === true,
    columns: stdout.columns ?? 100,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    progress: (line) => void stderr.write(`\r\x1b[K${line}`),
    ask: async (prompt) => {
      const { closeInput: closeQuestions, askLine: questions } = await import('./interview/ask-line.ts');
      closing.add(closeQuestions);
      return questions(prompt);
    },
  };
}

/**
 * Runs this process's own command line, and sets its exit code.
 *
 * @param args what follows the program's name
 * @param commands which there are; Greffier's own when absent
 */
export async function main(args = process.argv.slice(2), commands = greffierCommands): Promise<void> {
  calledAs(
    invocationOf({
      script: process.argv[1] ?? '',
      environment: process.env,
      folder: process.cwd(),
      // The package is compiled.
      clone: import.meta.filename.endsWith('.ts') ? join(import.meta.dirname, '../..') : undefined,
    }),
  );
  const closing = new Set<() => void>();
  const terminal = processTerminal(closing);
  // A reader that goes away (`| head`), and a full disk (`> report.json`), are reported asynchronously. What was to be said is
  // not, so that no exit code of the command may stand for it.
  process.stdout.on('error', (error) => {
    const { sentence, values } = failureOf(error);
    terminal.err(`${t(sentence, terminal.language, values)}\n`);
    process.exit(2);
  });
  process.stderr.on('error', () => process.exit(2));
  process.exitCode = await runCommandLine(args, terminal, commands);
  for (const close of closing) close();
}

if (import.meta.main) await main();
