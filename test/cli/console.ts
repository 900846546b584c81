/** A terminal that remembers what was written to it. */
import { runCommandLine } from '#cli/cli';
import type { Terminal } from '#cli/terminal';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in a folder, as if nobody watched; `answers` are what someone types. */
export async function greffier(
  folder: string,
  args: readonly string[],
  { language = 'fr', answers = [] }: { language?: 'fr' | 'en'; answers?: readonly string[] } = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const waiting = [...answers];
  const terminal: Terminal = {
    language,
    folder,
    colours: false,
    interactive: answers.length > 0,
    columns: 100,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    progress: () => {},
    ask: async (prompt) => {
      err += prompt;
      return waiting.shift();
    },
  };
  const code = await runCommandLine(args, terminal);
  return { code, out, err };
}
