/** Random histories to merge: small trees, and on each side the changes that make merges hard. */
import type { Mode } from '#demo/github/git/objects';
import type { FileChange } from '#demo/github/git/repository';

/** What a tree holds, by path. A symbolic link's text is its target. */
export type Snapshot = ReadonlyMap<string, { readonly text: string; readonly mode: Mode }>;

export interface History {
  readonly base: Snapshot;
  readonly ours: Snapshot;
  readonly theirs: Snapshot;
}

/** Numbers from 0 up to 1 that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const folders = ['', 'a/', 'b/', 'a/x/', 'c/', 'A/', 'a/x/y/'];
const names = ['f', 'g', 'h', 'F', 'k'];
const common = ['', '}', 'end', 'url:'];

interface Draft {
  text: string;
  mode: Mode;
}

class Writer {
  readonly #random: () => number;
  readonly #finalNewline: boolean;
  #line = 0;

  constructor(random: () => number, finalNewline: boolean) {
    this.#random = random;
    this.#finalNewline = finalNewline;
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  pick<T>(from: readonly T[]): T | undefined {
    return from[this.below(from.length)];
  }

  path(): string {
    return `${this.pick(folders)}${this.pick(names)}`;
  }

  /** A line that is nowhere else, or one of a few that are everywhere. */
  line(): string {
    return this.chance(0.25) ? `${this.pick(common)}\n` : `ligne ${++this.#line} ${this.below(1000)}\n`;
  }

  file(): Draft {
    if (this.chance(0.04)) return { text: `cible ${++this.#line}`, mode: '120000' };
    if (this.chance(0.04)) return { text: `\0${++this.#line}\n${'x'.repeat(40)}\n`, mode: '100644' };
    if (this.chance(0.03)) return { text: '', mode: '100644' };
    const lines = Array.from({ length: 1 + this.below(12) }, () => this.line());
    return { text: this.#end(lines.join('')), mode: this.chance(0.1) ? '100755' : '100644' };
  }

  edit({ text, mode }: Draft): Draft {
    if (mode === '120000' || text.startsWith('\0')) return this.chance(0.5) ? this.file() : { text, mode };
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    for (let edits = 1 + this.below(2); edits > 0; edits--) {
      const at = this.below(lines.length + 1);
      const gone = this.below(3);
      const come = Array.from({ length: this.below(3) }, () => this.line());
      lines.splice(at, gone, ...come);
    }
    const written = lines.map((line, at) =>
      line.endsWith('\n') || at === lines.length - 1 ? line : `${line}\n`,
    );
    return { text: this.#end(written.join('')), mode };
  }

  #end(text: string): string {
    return !this.#finalNewline && this.chance(0.3) ? text.replace(/\n$/, '') : text;
  }
}

/** Puts a file at a path, taking away whatever is in its way. */
function put(files: Map<string, Draft>, path: string, file: Draft): void {
  for (const other of [...files.keys()])
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) files.delete(other);
  files.set(path, file);
}

function change(files: Map<string, Draft>, write: Writer): void {
  const path = write.pick([...files.keys()]);
  const file = path === undefined ? undefined : files.get(path);
  if (path === undefined || file === undefined) {
    put(files, write.path(), write.file());
    return;
  }
  const kind = write.below(16);
  if (kind < 5) files.set(path, write.edit(file));
  else if (kind < 8) {
    files.delete(path);
    put(files, write.path(), write.chance(0.6) ? file : write.edit(file));
  } else if (kind < 9) files.delete(path);
  else if (kind < 11) put(files, write.path(), write.file());
  else if (kind < 12) files.set(path, { ...file, mode: file.mode === '100644' ? '100755' : file.mode });
  else if (kind < 13) put(files, write.path(), file);
  else if (kind < 14) put(files, `${path}/${write.pick(names)}`, write.chance(0.5) ? file : write.file());
  else if (kind < 15) {
    const [from, to] = [write.pick(folders) ?? '', write.pick(['d/', 'e/z/', 'b/', 'c/']) ?? 'd/'];
    if (from === '') return;
    for (const [inside, moved] of [...files])
      if (inside.startsWith(from)) {
        files.delete(inside);
        put(files, to + inside.slice(from.length), write.chance(0.8) ? moved : write.edit(moved));
      }
  } else files.set(path, write.file());
}

/**
 * @param finalNewline whether every text ends with one: older versions of Git leave a last line without it out when
 *   they look for renames, newer ones do not.
 */
export function randomHistory(seed: number, finalNewline = true): History {
  const write = new Writer(randomFrom(seed), finalNewline);
  const base = new Map<string, Draft>();
  for (let files = 1 + write.below(9); files > 0; files--) put(base, write.path(), write.file());
  const side = () => {
    const files = new Map([...base].map(([path, file]) => [path, { ...file }]));
    for (let changes = write.below(5); changes > 0; changes--) change(files, write);
    return files;
  };
  return { base, ours: side(), theirs: side() };
}

export function asFiles(snapshot: Snapshot): Record<string, FileChange> {
  return Object.fromEntries([...snapshot].map(([path, { text, mode }]) => [path, { content: text, mode }]));
}
