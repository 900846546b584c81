/** Parses the arguments of a command, with sentences for what is wrong. */
import { asTyped, shellWord } from '#base/invocation';
import { messages } from './messages.ts';
import { CliError } from './terminal.ts';

/** An option takes a value, or is a switch. */
export type Options = Readonly<Record<string, 'value' | 'values' | 'switch'>>;

export interface Arguments {
  readonly positionals: readonly string[];
  /** The last value given to an option. */
  value(name: string): string | undefined;
  /** Every value given to an option. */
  values(name: string): readonly string[];
  has(name: string): boolean;
  /** The value of an option that has a closed set of values; the first of them by default. */
  choice<const T extends string>(name: string, allowed: readonly [T, ...T[]]): T;
}

/**
 * @throws CliError for an unknown option, a missing value, or too many arguments.
 */
export function parseArguments(args: readonly string[], options: Options, maxPositionals = 0): Arguments {
  const known = Object.fromEntries(
    Object.entries(options).map(([name, kind]) => [
      name,
      { type: kind === 'switch' ? ('boolean' as const) : ('string' as const), multiple: true as const },
    ]),
  );
  // Not by `import`, which would have Node load its threads too, for one function.
  const { tokens } = process.getBuiltinModule('node:util').parseArgs({
    args: [...args],
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (positionals.length === maxPositionals) throw new CliError(messages.tooMany, { value: token.value });
      positionals.push(token.value);
    } else if (token.kind === 'option') {
      const kind = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
      if (kind === undefined || (kind === 'switch' && token.value !== undefined))
        throw new CliError(messages.unknownOption, { name: token.rawName });
      // `--root --format json`: an option is no value.
      if (
        kind !== 'switch' &&
        (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))
      )
        throw new CliError(messages.optionNeedsValue, { name: token.rawName });
      given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? '']);
    }
  }
  return {
    positionals,
    value: (name) => given.get(name)?.at(-1),
    values: (name) => given.get(name) ?? [],
    has: (name) => given.has(name),
    choice: (name, allowed) => {
      const value = given.get(name)?.at(-1) ?? allowed[0];
      const found = allowed.find((one) => one === value);
      if (found === undefined) throw new CliError(messages.badOption, { name: `--${name}`, value, allowed });
      return found;
    },
  };
}

/**
 * A command that is to be typed next, with the registry that this one was given: it works in the same folder.
 *
 * @param command in words of our own; what is foreign comes after it
 */
export function typedNext(command: string, given: Arguments): string {
  const root = given.value('root');
  return root === undefined ? asTyped(command) : `${asTyped(command)} --root ${shellWord(root)}`;
}
