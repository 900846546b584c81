/**
 * The one way to write files of a registry on the disk. A registry is what others wrote: a symbolic link in it may lead anywhere
 * on this machine, so that nothing is written through one.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { messages } from '#cli/messages';
import { CliError } from '#cli/terminal';
import { writeError } from './registry-folder.ts';

/**
 * @param path from `root`; an absolute one, or one that begins outside, is the word of who typed it, and not the registry's
 * @throws CliError when a symbolic link is on the way, or at its end
 */
export function refuseLinks(root: string, path: string): void {
  const steps = normalize(path).split(sep);
  if (isAbsolute(path) || steps[0] === '..') return;
  for (const [index] of steps.entries()) {
    const step = steps.slice(0, index + 1).join('/');
    const there = lstatSync(join(root, step), { throwIfNoEntry: false });
    if (there?.isSymbolicLink() === true) throw new CliError(messages.link, { path: step });
  }
}

/**
 * The one way to make a new file.
 *
 * @param path from `root`, or absolute
 * @param mode of the file; what the system gives by default when absent
 * @returns false when something stands there: what someone wrote is never lost
 * @throws CliError when the system refuses, or a symbolic link leads elsewhere
 */
export function createFile(root: string, path: string, text: string, mode?: number): boolean {
  const whole = isAbsolute(path) ? path : join(root, path);
  try {
    refuseLinks(root, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeNew(whole, text, mode);
    return true;
  } catch (error) {
    if (error instanceof CliError) throw error;
    // The same is said of a file where a folder should be.
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (syscall === 'open' || syscall === 'link')) return false;
    throw writeError(path, error);
  }
}

/** The whole of it or nothing, also on a full disk: a part of a definition is one that says something else. */
function writeNew(whole: string, text: string, mode: number | undefined): void {
  const options = { flag: 'wx', ...(mode !== undefined && { mode }) };
  const temporary = `${whole}.${randomUUID()}`;
  try {
    writeFileSync(temporary, text, options);
    linkSync(temporary, whole);
  } catch (error) {
    // File systems of memory sticks and the like have no second names.
    const { code = '', syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'link' || code === 'EEXIST') throw error;
    writeFileSync(whole, text, options);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * The one way to make a new file that only its owner may read.
 *
 * @returns as `createFile`
 */
export function createPrivateFile(root: string, path: string, text: string): boolean {
  return createFile(root, path, text, 0o600);
}

/**
 * The one way to change a file: the whole of it or nothing, keeping its permissions.
 *
 * @param path from `root`
 * @throws CliError when the system refuses, or a symbolic link leads elsewhere
 */
export function replaceFile(root: string, path: string, text: string): void {
  refuseLinks(root, path);
  const whole = join(root, path);
  const temporary = `${whole}.greffier-${process.pid}`;
  try {
    writeFileSync(temporary, text, { mode: statSync(whole).mode & 0o777, flag: 'wx' });
    renameSync(temporary, whole);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeError(path, error);
  }
}
