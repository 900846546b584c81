/** Asks on the terminal, one line at a time. */
import { createInterface, type Interface } from 'node:readline';

interface Reader {
  readonly interface: Interface;
  /** What was typed and not asked for yet. */
  readonly lines: string[];
  /** Who waits for the next line; undefined stands for the end of the input. */
  waiting: ((line: string | undefined) => void) | undefined;
  ended: boolean;
}

let reader: Reader | undefined;

/** Escape sequences of keys (ECMA-48 §5.4, and the keys that send SS3), as a pipe or a terminal in raw mode gives them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const keys = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|.)?/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A typed line without the keys that are no text: arrows, deletions, function keys. */
export function withoutKeys(line: string): string {
  return line.replace(keys, '').replace(controls, '');
}

function open(): Reader {
  const { stdin, stderr } = process;
  const edited = stdin.isTTY === true && stderr.isTTY === true;
  const opened: Reader = {
    // On a terminal the line can be edited with the arrow keys; the answers of before are not offered again.
    interface: createInterface({ input: stdin, output: stderr, terminal: edited, historySize: 0 }),
    lines: [],
    waiting: undefined,
    ended: false,
  };
  const give = (line: string | undefined) => {
    const { waiting } = opened;
    opened.waiting = undefined;
    if (waiting !== undefined) waiting(line);
    else if (line !== undefined) opened.lines.push(line);
  };
  opened.interface.on('line', (line) => give(withoutKeys(line)));
  // Ctrl-C ends the questions like Ctrl-D does: whoever asks then says that nothing was written.
  opened.interface.on('SIGINT', () => opened.interface.close());
  opened.interface.on('close', () => {
    opened.ended = true;
    if (edited) stderr.write('\n');
    give(undefined);
  });
  return opened;
}

/** @returns what was typed; undefined at the end of the input, and after Ctrl-C. */
export async function askLine(prompt: string): Promise<string | undefined> {
  reader ??= open();
  const here = reader;
  const ready = here.lines.shift();
  if (ready !== undefined || here.ended) {
    process.stderr.write(`${prompt}${here.ended ? '' : '\n'}`);
    return ready;
  }
  here.interface.setPrompt(prompt);
  here.interface.prompt();
  return new Promise((resolve) => {
    here.waiting = resolve;
  });
}

/** Lets the process end. */
export function closeInput(): void {
  const closing = reader;
  reader = undefined;
  closing?.interface.removeAllListeners('close');
  closing?.interface.close();
  process.stdin.destroy();
}
