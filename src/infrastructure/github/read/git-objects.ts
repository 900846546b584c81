/** Git's own names for what is stored: a name proves its content, so nothing is believed that can be computed. */
import { createHash } from 'node:crypto';
import type { FileMode } from '#domain/review/facts/facts';

function objectId(kind: 'blob' | 'tree', bytes: Uint8Array): string {
  return createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The id that Git gives to a file's content. */
export function blobId(bytes: Uint8Array): string {
  return objectId('blob', bytes);
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
  return objectId('tree', Buffer.concat(rows.map((row) => row.bytes)));
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
