/** Asks on the terminal, one line at a time. */
import { createInterface, type Interface } from 'node:readline';

let reader: { readonly lines: AsyncIterator<string>; readonly interface: Interface } | undefined;

/** @returns what was typed; undefined at the end of the input. */
export async function askLine(prompt: string): Promise<string | undefined> {
  if (reader === undefined) {
    const opened = createInterface({ input: process.stdin, terminal: false });
    reader = { lines: opened[Symbol.asyncIterator](), interface: opened };
  }
  process.stderr.write(prompt);
  const { value, done } = await reader.lines.next();
  return done === true ? undefined : value;
}

/** Lets the process end. */
export function closeInput(): void {
  reader?.interface.close();
  process.stdin.destroy();
  reader = undefined;
}
