/** The file that a store is copied to, or comes from. */
import { randomUUID } from 'node:crypto';
import { createWriteStream, lstatSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bilingual } from '#base/i18n/message';
import { isJsonObject, parseJson } from '#base/json';
import { CliError } from '#cli/terminal';

const unreadable = {
  fr: 'Impossible d’ouvrir {path}.',
  en: 'Cannot open {path}.',
} as const satisfies Bilingual;
const cutShort = {
  fr: '{path} est coupé : il en manque la fin, et rien n’est entré dans le magasin. Refaites la copie, ou prenez-en une autre.',
  en: '{path} is cut short: its end is missing, and nothing entered the store. Copy it again, or take another one.',
} as const satisfies Bilingual;
const damaged = {
  fr: '{path} est abîmé, ligne {line} : rien n’est entré dans le magasin. Refaites la copie, ou prenez-en une autre.',
  en: '{path} is damaged at line {line}: nothing entered the store. Copy it again, or take another one.',
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

/**
 * The lines of an archive, and one more that says how many they are: the first announces it. An archive that was cut short
 * between two lines would otherwise be taken for a whole one, and the clients that it lacks be made a second time.
 */
export async function* withEnd(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let count = 0;
  for await (const line of lines) {
    yield count === 0 ? `${JSON.stringify({ ...(JSON.parse(line) as object), ends: true })}\n` : line;
    count += 1;
  }
  yield `${JSON.stringify({ end: count })}\n`;
}

/**
 * The lines of an archive without that last one; those of an archive of before there was one as they are.
 *
 * @throws CliError at the line that cannot be read, or at the end of a file that is not all there
 */
export async function* untilEnd(lines: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  let line = 0;
  let entries = 0;
  let announced = false;
  let ended = false;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const entry = parseJson(text);
    if (entries === 0) {
      // Something else than an archive is for the store to tell.
      if (!isJsonObject(entry)) return;
      announced = entry.ends === true;
    } else if (isJsonObject(entry) && !ended && entry.end === entries) {
      ended = true;
      continue;
    } else if (ended || !Array.isArray(entry)) throw new CliError(damaged, { path, line });
    entries += 1;
    yield text;
  }
  if (announced && !ended) throw new CliError(cutShort, { path });
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
