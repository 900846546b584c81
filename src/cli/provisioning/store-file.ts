/** The file that a store is copied to, or comes from. */
import { randomUUID } from 'node:crypto';
import { createWriteStream, lstatSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bilingual } from '#base/i18n/message';
import { CliError } from '#cli/terminal';

const unreadable = {
  fr: 'Impossible d’ouvrir {path}.',
  en: 'Cannot open {path}.',
} as const satisfies Bilingual;

/**
 * Writes a file that its owner alone reads, whole or not at all. What others may read, or have open, is never written into:
 * another file takes its place. Pipes and devices are written to.
 */
export async function writeOwn(path: string, content: Readable): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return pipeline(content, createWriteStream(path));
  const temporary = `${path}.${randomUUID()}`;
  try {
    await pipeline(content, createWriteStream(temporary, { flags: 'wx', mode: 0o600 }));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Lines as JSON has them: Node's own reader ends some at U+2028 and U+2029 too, which JSON leaves as they are in what people
 * wrote. Opened when the first line is asked for: what a stream says before anyone listens is lost.
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path);
  try {
    let begun: string[] = [];
    for await (const part of file.createReadStream({ encoding: 'utf8' }) as AsyncIterable<string>) {
      const [rest = '', ...others] = part.split('\n');
      begun.push(rest);
      for (const next of others) {
        yield begun.join('');
        begun = [next];
      }
    }
    yield begun.join('');
  } finally {
    await file.close();
  }
}

/** A file that cannot be opened, or is a folder, is reported in a sentence. */
export async function opened<T>(work: Promise<T>, path: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall === 'open' || code === 'EISDIR') throw new CliError(unreadable, { path });
    throw error;
  }
}
