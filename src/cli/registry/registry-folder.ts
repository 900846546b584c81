/** A registry on a disk: which files it holds, read without ever following a symbolic link. */
import type { Dirent } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { cellNames } from '#base/config/cells';
import { messages } from '#cli/messages';
import { CliError } from '#cli/terminal';
import { definitionsFolder, type Place, placeFromPath } from '#domain/definition/cell';
import { isDefinitionPath, mayBeStray } from '#domain/definition/definition-path';
import { maxFileBytes } from '#domain/definition/parse/source';
import type { DefinitionFile } from '#domain/definition/read-definition';

/** Not by `import`, which would have Node load its streams and promises too, before a file is read. */
const { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readdirSync, readSync, statSync } =
  process.getBuiltinModule('node:fs');

/** A file of the registry that has not been read yet. */
export interface ListedFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** False for a symbolic link and whatever else is no ordinary file. */
  readonly ordinary: boolean;
}

/** The code of a failure of the system, such as `EACCES`. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function readError(path: string, error: unknown): CliError {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') return new CliError(messages.readDenied, { path });
  return new CliError(messages.unreadable, { path, code });
}

/** Why a file could not be written, in a sentence. */
export function writeError(path: string, error: unknown): CliError {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new CliError(messages.writeDenied, { path });
  return new CliError(messages.unwritable, { path, code });
}

/** @throws CliError when the folder is not a registry. */
export function registryRoot(folder: string, root: string | undefined): string {
  const path = resolve(folder, root ?? '.');
  if (!existsSync(path)) throw new CliError(messages.noRoot, { path: root ?? path });
  if (!existsSync(join(path, definitionsFolder)))
    throw new CliError(messages.noRegistry, { path: root ?? path });
  return path;
}

/** Whether a path is that of a folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Every file under the folder of definitions, sorted by path. */
export function listDefinitions(root: string): readonly ListedFile[] {
  const found: ListedFile[] = [];
  const visit = (folder: string): void => {
    let entries: readonly Dirent[];
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch (error) {
      throw readError(folder, error);
    }
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (isDefinitionPath(path)) found.push({ path, ordinary: entry.isFile() });
    }
  };
  if (lstatSync(join(root, definitionsFolder)).isSymbolicLink())
    return [{ path: definitionsFolder, ordinary: false }];
  visit(definitionsFolder);
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Folders in which nobody puts a definition, or which hold those that others start from. */
const otherFolders = /^(?:\..*|node_modules|vendor|dist|build|mod[eè]les?|models?|templates?|ex[ae]mples?)$/i;
/** A registry has few files besides its definitions: what holds more is not looked through. */
const maxOtherFiles = 2_000;

/** The files outside the definitions' folder that may be definitions. */
export function listStrays(root: string): readonly ListedFile[] {
  const found: ListedFile[] = [];
  let seen = 0;
  const visit = (folder: string, depth: number): void => {
    for (const entry of entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (++seen > maxOtherFiles) return;
      if (entry.isFile() && mayBeStray(path)) found.push({ path, ordinary: true });
      else if (
        entry.isDirectory() &&
        depth > 0 &&
        path !== definitionsFolder &&
        !otherFolders.test(entry.name)
      )
        visit(path, depth - 1);
    }
  };
  visit('', 4);
  return found;
}

/** What a folder holds; nothing when it may not be read. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Where a folder stands in the place of a definition, even an empty one, as that of a submodule that was not fetched. */
export function foldersInPlace(root: string): readonly Place[] {
  return cellNames.flatMap((cell) => {
    const folder = `${definitionsFolder}/${cell}`;
    if (!isFolder(join(root, folder))) return [];
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? (placeFromPath(`${folder}/${entry.name}`) ?? []) : [],
    );
  });
}

const buffer = new Uint8Array(maxFileBytes + 1);

/**
 * Reads one file. A file that is too big is not read to its end. The bytes are only valid until the next call.
 *
 * @throws CliError when the system refuses.
 */
export function readListedFile(root: string, { path, ordinary }: ListedFile): DefinitionFile {
  if (!ordinary) return { path, bytes: new Uint8Array(), link: true };
  let descriptor: number;
  try {
    descriptor = openSync(
      `${root}/${path}`,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
  } catch (error) {
    if (codeOf(error) === 'ELOOP') return { path, bytes: new Uint8Array(), link: true };
    // Its name is no UTF-8, so that nothing is found under what was read of it. That name is a finding, and no reason to
    // judge nothing else.
    if (codeOf(error) === 'ENOENT' && path.includes('\ufffd')) return { path, bytes: new Uint8Array() };
    throw readError(path, error);
  }
  try {
    let length = 0;
    while (length <= maxFileBytes) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (read === 0) break;
      length += read;
      // A read that fills less than the space left has reached the end of an ordinary file.
      if (length < buffer.length) break;
    }
    if (length <= maxFileBytes) return { path, bytes: buffer.subarray(0, length) };
    return { path, bytes: buffer.subarray(0, length), size: fstatSync(descriptor).size };
  } catch (error) {
    throw readError(path, error);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Which paths of the registry someone asked for, as prefixes with `/`; undefined for all of it.
 *
 * @param gone paths that may be asked for though nothing stands there any more.
 * @throws CliError for a path that does not exist or is outside of the registry.
 */
export function pathFilter(
  folder: string,
  root: string,
  paths: readonly string[],
  gone: ReadonlySet<string> = new Set(),
): ((path: string) => boolean) | undefined {
  if (paths.length === 0) return undefined;
  const prefixes = paths.map((path) => {
    const whole = resolve(folder, path);
    const inside = relative(root, whole);
    if (inside === '..' || inside.startsWith(`..${sep}`))
      throw new CliError(messages.outsideRoot, { path, root });
    const prefix = inside.split(sep).join('/');
    if (!gone.has(prefix) && lstatSync(whole, { throwIfNoEntry: false }) === undefined)
      throw new CliError(messages.noPath, { path });
    return prefix;
  });
  return (path) =>
    prefixes.some((prefix) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`));
}

/** The text of a file of the registry, for showing its lines; undefined when it cannot be read as text. */
export function readText(root: string, path: string): string | undefined {
  try {
    const { bytes, link } = readListedFile(root, { path, ordinary: true });
    return link === true ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}
