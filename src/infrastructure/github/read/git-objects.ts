/** Git's own names for what is stored: a name proves its content, so nothing is believed that can be computed. */
import { createHash, type Hash } from 'node:crypto';
import type { FileMode } from '#domain/review/facts/facts';

/** What a repository's ids are made with: SHA-1 nearly everywhere, and always at GitHub. */
export type ObjectHash = 'sha1' | 'sha256';

/** The hash that an id was made with, which its length tells; that of nearly every repository without one. */
export function hashOfId(id: string | undefined): ObjectHash {
  return id?.length === 64 ? 'sha256' : 'sha1';
}

/** A hash to which an object's content is still to be given, of so many bytes. */
export function objectHash(kind: 'blob' | 'tree', length: number, hash: ObjectHash = 'sha1'): Hash {
  return createHash(hash).update(`${kind} ${length}\0`);
}

/** The id that Git gives to a file's content. */
export function blobId(bytes: Uint8Array, hash?: ObjectHash): string {
  return objectHash('blob', bytes.length, hash).update(bytes).digest('hex');
}

/** A file of a tree: its path from the root and what it is. */
export interface TreeFile {
  readonly path: string;
  readonly mode: FileMode;
  readonly blob: string;
}

const modeDigits: Readonly<Record<FileMode, string>> = {
  file: '100644',
  executable: '100755',
  symlink: '120000',
  submodule: '160000',
};

/** The mode as trees write it; undefined for a folder. */
export function fileModeOf(digits: string | undefined): FileMode | undefined {
  switch (digits) {
    case '100644':
    case '100664':
      return 'file';
    case '100755':
      return 'executable';
    case '120000':
      return 'symlink';
    case '160000':
      return 'submodule';
    default:
      return undefined;
  }
}

type Folder = Map<string, Folder | TreeFile>;

function folderId(folder: Folder): string {
  const rows = [...folder].map(([name, entry]) => {
    const isFolder = entry instanceof Map;
    return {
      // Git sorts folders as if their names ended with a slash.
      key: Buffer.from(isFolder ? `${name}/` : name),
      bytes: Buffer.concat([
        Buffer.from(`${isFolder ? '40000' : modeDigits[entry.mode]} ${name}\0`),
        Buffer.from(isFolder ? folderId(entry) : entry.blob, 'hex'),
      ]),
    };
  });
  rows.sort((a, b) => Buffer.compare(a.key, b.key));
  const bytes = Buffer.concat(rows.map((row) => row.bytes));
  return objectHash('tree', bytes.length).update(bytes).digest('hex');
}

/**
 * The id that Git gives to the tree of these files. An archive whose tree has the id that the commit names holds
 * every file of the commit, unchanged; attributes such as `export-ignore` make it differ.
 */
export function treeId(files: Iterable<TreeFile>): string {
  const root: Folder = new Map();
  for (const file of files) {
    const parts = file.path.split('/');
    const name = parts.pop() ?? '';
    let folder = root;
    for (const part of parts) {
      const below = folder.get(part);
      const next: Folder = below instanceof Map ? below : new Map();
      folder.set(part, next);
      folder = next;
    }
    folder.set(name, file);
  }
  return folderId(root);
}
