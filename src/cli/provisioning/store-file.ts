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

/** Opened when the first line is asked for: what a stream says before anyone listens is lost. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path);
  try {
    yield* file.readLines();
  } finally {
    await file.close();
  }
}

/** A file that cannot be opened is reported in a sentence. */
export async function opened<T>(work: Promise<T>, path: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && error.syscall === 'open')
      throw new CliError(unreadable, { path });
    throw error;
  }
}
