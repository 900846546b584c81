/**
 * The files of the embedded store, with an `fsync` that reaches the disk.
 *
 * PGlite starts PostgreSQL with `-F` (no fsync). Removing it is not enough: Emscripten's file system for Node has no
 * `fsync` operation, and its `fdatasync` answers 0 without doing anything, so that a power cut still loses committed
 * transactions. Here `fsync` is given to it, and `wal_sync_method=fsync` keeps PostgreSQL from using `fdatasync`.
 */
import fs from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** An open file of Emscripten's Node file system; a folder has no descriptor of its own. */
interface OpenFile {
  readonly node: unknown;
  readonly nfd?: number;
}

interface EmscriptenModule {
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (file: OpenFile) => number };
    readonly realPath: (node: unknown) => string;
  };
}

/**
 * What PostgreSQL is started with: PGlite's own parameters, less `-F`; and less memory and disk than a server of many
 * connections is given.
 */
export const fsyncOptions: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'fsync=on',
  '-c',
  'wal_sync_method=fsync',
  '-c',
  'shared_buffers=32MB',
  '-c',
  'min_wal_size=32MB',
];

export class FsyncFiles extends NodeFS {
  override async init(...parameters: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const prepared = await super.init(...parameters);
    const giveFsync = (module: unknown): void => {
      const { NODEFS } = module as EmscriptenModule;
      NODEFS.stream_ops.fsync = (file) => {
        if (file.nfd !== undefined) fs.fsyncSync(file.nfd);
        else syncFolder(NODEFS.realPath(file.node));
        return 0;
      };
    };
    const { emscriptenOpts } = prepared;
    const before = (emscriptenOpts.preRun ?? []) as ((module: unknown) => void)[];
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...before, giveFsync] } };
  }
}

/** Makes the names within a folder durable. */
function syncFolder(path: string): void {
  const descriptor = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
