/**
 * Reads the files of a registry at a commit: all of them once, from the commit's archive, and from then on only
 * what changed between two commits.
 */
import { defined } from '#base/defined';
import { definitionsFolder } from '#domain/definition/cell';
import { maxFileBytes } from '#domain/definition/parse/source';
import { settingsPath } from '#domain/registry/settings';
import { type RepositoryClient, UnknownAnswer } from '#infrastructure/github/client/repository-client';
import { compareHistories } from './comparison.ts';
import { readFiles } from './file-contents.ts';
import { type TreeFile, treeId } from './git-objects.ts';
import { readBlob, readCommitTree, readTree } from './stored-objects.ts';
import { readArchive } from './tarball.ts';

/** A file of the registry, with its bytes unless GitHub could not give them. */
export interface RegistryFile extends TreeFile {
  readonly bytes?: Uint8Array;
}

/** Longer files are no definitions: their bytes are not kept, and the rule on size needs no more than this. */
const longestKept = maxFileBytes + 1;

/** Definitions, whatever else stands in their folder or in its place, and the settings. */
function isRegistryPath(path: string): boolean {
  return path === settingsPath || path === definitionsFolder || path.startsWith(`${definitionsFolder}/`);
}

function bounded(bytes: Uint8Array): Uint8Array {
  return bytes.length > longestKept ? bytes.subarray(0, longestKept) : bytes;
}

async function* walk(repository: RepositoryClient, tree: string, folder: string): AsyncGenerator<TreeFile> {
  for (const row of await readTree(repository, tree)) {
    const path = `${folder}${row.name}`;
    if (row.mode !== undefined) {
      if (isRegistryPath(path)) yield { path, mode: row.mode, blob: row.id };
    } else if (isRegistryPath(`${path}/`) || settingsPath.startsWith(`${path}/`)) {
      yield* walk(repository, row.id, `${path}/`);
    }
  }
}

/** @throws UnknownAnswer for a file whose bytes GitHub did not give: it must not be remembered as empty */
function complete(file: RegistryFile): RegistryFile {
  if (file.bytes === undefined && file.mode !== 'submodule')
    throw new UnknownAnswer(`the blob ${file.blob} of ${file.path}`);
  return file;
}

/** The bytes of blobs that are not at hand, one by one. */
async function withBytes(
  repository: RepositoryClient,
  file: TreeFile,
  known: ReadonlyMap<string, Uint8Array>,
): Promise<RegistryFile> {
  const bytes = known.get(file.blob);
  if (bytes !== undefined) return { ...file, bytes };
  if (file.mode === 'submodule') return file;
  const reading = await readBlob(repository, file.blob);
  if ('bytes' in reading) return { ...file, bytes: bounded(reading.bytes) };
  return reading.unreadable === 'too-large' ? { ...file, bytes: new Uint8Array(longestKept) } : file;
}

/**
 * Reads every file of the registry at a commit, usually in one or two calls. The archive is believed only when its
 * files make up the very tree that the commit names; else (attributes such as `export-ignore` left files out or
 * altered them, or there are submodules) the trees are read themselves.
 *
 * @param tree the tree of the commit, when it is known already.
 */
export async function readRegistryFiles(
  repository: RepositoryClient,
  commit: string,
  tree?: string,
): Promise<RegistryFile[]> {
  const wanted = tree ?? (await readCommitTree(repository, commit));
  const archived = (await readArchive(repository, commit, isRegistryPath)) ?? [];
  const ours = archived.filter(({ path }) => isRegistryPath(path));
  if (treeId(archived) === wanted)
    return ours.map((file) => (file.bytes === undefined ? file : { ...file, bytes: bounded(file.bytes) }));
  const known = new Map(
    ours.flatMap(({ blob, bytes }) => (bytes === undefined ? [] : [[blob, bounded(bytes)]])),
  );
  const files: RegistryFile[] = [];
  for await (const file of walk(repository, wanted, '')) files.push(await withBytes(repository, file, known));
  return files.map(complete);
}

/**
 * Whether these are the very files of the registry at a commit, by the ids of Git's own trees: two or three calls,
 * whatever the registry's size.
 *
 * @throws UnknownAnswer when GitHub does not show the trees
 */
export async function isRegistryAt(
  repository: RepositoryClient,
  commit: string,
  files: Iterable<TreeFile>,
): Promise<boolean> {
  const [settingsFolder = '', settingsName = ''] = settingsPath.split('/');
  const known = [...files];
  const root = await readTree(repository, await readCommitTree(repository, commit));
  const below = known.filter(({ path }) => path.startsWith(`${definitionsFolder}/`));
  const folder = root.find(({ name }) => name === definitionsFolder);
  const inPlace = known.find(({ path }) => path === definitionsFolder);
  const expected =
    below.length === 0
      ? inPlace?.blob
      : treeId(below.map((file) => ({ ...file, path: file.path.slice(definitionsFolder.length + 1) })));
  if (folder?.id !== expected) return false;
  const holder = root.find(({ name, mode }) => name === settingsFolder && mode === undefined);
  const rows = holder === undefined ? [] : await readTree(repository, holder.id);
  const settings = known.find(({ path }) => path === settingsPath);
  return rows.find(({ name }) => name === settingsName)?.id === settings?.blob;
}

/** What changed in the registry between two commits. */
export interface RegistryDelta {
  readonly removed: readonly string[];
  readonly changed: readonly RegistryFile[];
  /** The commits from the one to the other; absent when not all are known. */
  readonly commits?: readonly string[];
}

/**
 * Reads what changed from one commit to a later one.
 *
 * @param known bytes of blobs that were read before.
 * @returns undefined when a comparison cannot tell: the history was rewritten, or too much changed.
 */
export async function readRegistryDelta(
  repository: RepositoryClient,
  from: string,
  to: string,
  known: (blobs: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>,
): Promise<RegistryDelta | undefined> {
  const comparison = await compareHistories(repository, from, to);
  if (comparison === undefined || !comparison.complete || comparison.mergeBase !== from) return undefined;
  const ours = comparison.files.filter(
    ({ path, previousPath }) => isRegistryPath(path) || isRegistryPath(previousPath ?? ''),
  );
  const come = ours.flatMap(({ path, status, blob }) =>
    status !== 'removed' && blob !== undefined && isRegistryPath(path) ? [{ path, blob }] : [],
  );
  const readings = await readFiles(repository, to, come);
  const bytes = await known(come.map(({ blob }) => blob));
  const read: RegistryFile[] = [];
  for (const file of come) {
    const { mode = 'file', content } = readings.get(file.path) ?? {};
    const told =
      content !== undefined && 'bytes' in content ? [[file.blob, bounded(content.bytes)] as const] : [];
    read.push(await withBytes(repository, { ...file, mode }, new Map([...bytes, ...told])));
  }
  return {
    removed: ours.flatMap(({ path, previousPath, status }) =>
      status === 'removed' ? [path] : previousPath === undefined ? [] : [previousPath],
    ),
    changed: read.map(complete),
    ...defined({ commits: comparison.commits }),
  };
}
