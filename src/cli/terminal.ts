/** What a command needs of the place where it runs; tests give their own. */
import type { Bilingual, Language, Values } from '#base/i18n/message';
import { printed, printedCommands } from '#base/i18n/printed';
import { t } from './messages.ts';

export interface Terminal {
  readonly language: Language;
  /** Folder from which relative paths are read. */
  readonly folder: string;
  /** Whether standard output is a terminal on which colours are wanted. */
  readonly colours: boolean;
  /** Whether someone is there to watch progress (standard error is a terminal) and to answer questions. */
  readonly interactive: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
  /**
   * Writes to standard output.
   *
   * @param kind `commands`: lines that a CI runner is to obey. Of any other text, none is.
   */
  out(text: string, kind?: 'commands'): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** Shows a line of progress in the place of the one before, or wipes it; only where someone watches. */
  progress(line: string): void;
  /** The next line that someone types; undefined at the end of the input. Asks with `prompt`. */
  ask(prompt: string): Promise<string | undefined>;
}

/** A command of the command line. */
export interface CliCommand {
  /** What follows the command's name, one form a line. */
  readonly usage: string;
  /** What it does and what its options are, for `--help`. */
  readonly help: Bilingual;
  /** @returns the exit code */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** A failure that is shown in one sentence, without a stack; the exit code is 2. */
export class CliError extends Error {
  readonly sentence: Bilingual;
  readonly values: Values;

  constructor(sentence: Bilingual, values: Values = {}) {
    super(t(sentence, 'en', values));
    this.name = 'CliError';
    this.sentence = sentence;
    this.values = values;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const styles = /\x1b\[\d{1,2}m/g;

/** A terminal on which nothing acts that is printed, but for styles where there are any. */
export function safeTerminal(terminal: Terminal): Terminal {
  const safe = (text: string): string => {
    if (!terminal.colours) return printed(text);
    const own = text.match(styles) ?? [];
    return text
      .split(styles)
      .map((part, index) => printed(part) + (own[index] ?? ''))
      .join('');
  };
  return {
    ...terminal,
    out: (text, kind) => terminal.out(kind === 'commands' ? printedCommands(text) : safe(text)),
    err: (text) => terminal.err(safe(text)),
    progress: (line) => terminal.progress(printed(line)),
    ask: (prompt) => terminal.ask(printed(prompt)),
  };
}

/** The styles of the terminal (ECMA-48 §8.3.117), or nothing where colours are not wanted. */
export interface TextStyles {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  green(text: string): string;
  magenta(text: string): string;
}

export function textStyles(colours: boolean): TextStyles {
  const style = (open: number, close: number) => (text: string) =>
    colours ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    yellow: style(33, 39),
    blue: style(34, 39),
    green: style(32, 39),
    magenta: style(35, 39),
  };
}
