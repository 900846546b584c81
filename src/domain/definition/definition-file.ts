/** A file as it comes from a disk or from Git. */
export interface DefinitionFile {
  /** Relative to the root of the registry, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** True for a symbolic link (or whatever else is no ordinary file), which is never followed. */
  readonly link?: boolean;
  /** The size of the file in bytes, when `bytes` is only the start of a file that is too big. */
  readonly size?: number;
}
