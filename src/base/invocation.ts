/**
 * How this program was called, so that each command that a sentence names is one that works where it was run from: the package
 * puts `greffier` on nobody's PATH by itself. Sentences write `greffier COMMAND`; what is shown on a terminal goes through `asTyped`.
 */
import { basename, isAbsolute, relative } from 'node:path';

export interface Call {
  /** The script that Node was given, absolute (`process.argv[1]`). */
  readonly script: string;
  /** What npm says of itself, among others (docs.npmjs.com, « npm run-script », « npm exec »). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  /** The folder of Greffier's sources; undefined in the package, which has none. */
  readonly clone?: string | undefined;
}

export interface Invocation {
  /** What stands before a command. */
  readonly program: string;
  /** What starts the service. */
  readonly serve: string;
}

const byName: Invocation = { program: 'greffier', serve: 'greffier serve' };
let current = byName;

/** What is to be typed for a call like this one. */
export function invocationOf({ script, environment, folder, clone }: Call): Invocation {
  // What a runner prints is read by people at machines of their own.
  if ((environment.CI ?? '') !== '') return byName;
  const name = basename(script);
  const byScript = ['greffier', 'serve'].includes(environment.npm_lifecycle_event ?? '');
  const program = byScript
    ? 'npm run greffier --'
    : environment.npm_command === 'exec' && environment.npm_lifecycle_event === 'npx'
      ? 'npx greffier'
      : name === 'greffier.js'
        ? `node ${shellWord(shortest(script, folder))}`
        : 'greffier';
  // The script of a clone starts it with the memory that it is measured with.
  const isThere = clone !== undefined && clone === folder && program.startsWith('np');
  return { program, serve: isThere ? 'npm run serve' : `${program} serve` };
}

/** Of this process, once, when it is the command line. */
export function calledAs(invocation: Invocation = byName): void {
  current = invocation;
}

/** Every command that there is to be named. */
export const commandNames = [
  ...['validate', 'fix', 'explain', 'new', 'import', 'adopt', 'promote', 'try', 'app', 'doctor', 'plan'],
  ...['reconcile', 'log', 'keys', 'serve', 'jobs', 'store'],
] as const;

// Not `/greffier fix`, which is written in a comment at GitHub.
const named = new RegExp(
  `(?<![\\w/.-])greffier (?:(${commandNames.join('|')})(?![\\w-])|(?=--help|--version|<))`,
  'g',
);

/** A sentence of our own, before what is foreign is put into it, with the commands that it names as they are to be typed here. */
export function asTyped(sentence: string): string {
  return sentence.replace(named, (_whole, command: string | undefined) =>
    command === 'serve' ? current.serve : `${current.program} ${command ?? ''}`,
  );
}

/** The sentences of a catalogue, each `asTyped`. */
export function catalogueAsTyped<Catalogue extends Readonly<Record<string, string>>>(
  catalogue: Catalogue,
): Readonly<Record<keyof Catalogue & string, string>> {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, sentence]) => [key, asTyped(sentence)]),
  ) as Readonly<Record<keyof Catalogue & string, string>>;
}

function shortest(script: string, folder: string): string {
  const near = relative(folder, script);
  return near === '' || near.startsWith('..') || isAbsolute(near) ? script : near;
}

/** As a shell reads it. */
export function shellWord(value: string): string {
  return /^[\w./:@+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
