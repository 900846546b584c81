/**
 * Git's own objects: how blobs, trees and commits are written, named and read back (git-scm.com, « Git Internals »,
 * chapter 10.2). What is stored here is what `git fsck` expects, so that a real `git` can clone it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export type ObjectKind = 'blob' | 'tree' | 'commit' | 'tag';

/** `100644` file, `100755` executable, `120000` symbolic link, `040000` folder, `160000` submodule. */
export type Mode = '100644' | '100755' | '120000' | '040000' | '160000';

const modes: readonly Mode[] = ['100644', '100755', '120000', '040000', '160000'];

export interface TreeEntry {
  readonly mode: Mode;
  readonly name: string;
  readonly sha: string;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

export interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

interface StoredObject {
  readonly kind: ObjectKind;
  readonly content: Buffer;
}

/**
 * The objects of one network of repositories (a repository and its forks). They live in memory; a folder is
 * written only when a real `git` comes to fetch or push, and what it pushed is read back from there.
 */
export class ObjectStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #trees = new Map<string, readonly TreeEntry[]>();
  readonly #commits = new Map<string, Commit>();
  readonly #unwritten = new Set<string>();
  #folder: string | undefined;

  /** Stores an object and answers its name. Storing it twice is storing it once. */
  write(kind: ObjectKind, content: Buffer): string {
    const sha = createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
    if (this.#lookUp(sha) === undefined) {
      this.#objects.set(sha, { kind, content });
      this.#unwritten.add(sha);
    }
    return sha;
  }

  writeTree(entries: readonly TreeEntry[]): string {
    // Git orders entries by bytes, and a folder as if its name ended in a slash.
    const key = (entry: TreeEntry) => Buffer.from(entry.mode === '040000' ? `${entry.name}/` : entry.name);
    const sorted = entries.toSorted((a, b) => Buffer.compare(key(a), key(b)));
    return this.write(
      'tree',
      Buffer.concat(
        sorted.flatMap(({ mode, name, sha }) => [
          Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
          Buffer.from(sha, 'hex'),
        ]),
      ),
    );
  }

  writeCommit(commit: Commit): string {
    const signature = ({ name, email, date }: Signature) =>
      `${name} <${email}> ${Math.floor(date.getTime() / 1000)} +0000`;
    const lines = [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${signature(commit.author)}`,
      `committer ${signature(commit.committer)}`,
    ];
    return this.write('commit', Buffer.from(`${lines.join('\n')}\n\n${commit.message}`));
  }

  kindOf(sha: string): ObjectKind | undefined {
    return this.#lookUp(sha)?.kind;
  }

  /** The bytes of a blob; undefined when there is no blob of that name. */
  blob(sha: string): Buffer | undefined {
    const found = this.#lookUp(sha);
    return found?.kind === 'blob' ? found.content : undefined;
  }

  tree(sha: string): readonly TreeEntry[] | undefined {
    const known = this.#trees.get(sha);
    if (known !== undefined) return known;
    const found = this.#lookUp(sha);
    if (found?.kind !== 'tree') return undefined;
    const entries = parseTree(found.content);
    this.#trees.set(sha, entries);
    return entries;
  }

  commit(sha: string): Commit | undefined {
    const known = this.#commits.get(sha);
    if (known !== undefined) return known;
    const found = this.#lookUp(sha);
    if (found?.kind !== 'commit') return undefined;
    const commit = parseCommit(found.content.toString('utf8'));
    this.#commits.set(sha, commit);
    return commit;
  }

  /** Writes what is new as loose objects under `folder` (a repository's `objects`), for a real `git` to read. */
  flush(folder: string): void {
    this.#folder = folder;
    for (const sha of this.#unwritten) {
      const stored = this.#objects.get(sha);
      if (stored === undefined) continue;
      const file = join(folder, sha.slice(0, 2), sha.slice(2));
      if (existsSync(file)) continue;
      mkdirSync(join(folder, sha.slice(0, 2)), { recursive: true });
      writeFileSync(
        file,
        deflateSync(
          Buffer.concat([Buffer.from(`${stored.kind} ${stored.content.length}\0`), stored.content]),
        ),
        { mode: 0o444 },
      );
    }
    this.#unwritten.clear();
  }

  #lookUp(sha: string): StoredObject | undefined {
    const known = this.#objects.get(sha);
    if (known !== undefined || this.#folder === undefined || !/^[0-9a-f]{40}$/.test(sha)) return known;
    const file = join(this.#folder, sha.slice(0, 2), sha.slice(2));
    if (!existsSync(file)) return undefined;
    const bytes = inflateSync(readFileSync(file));
    const end = bytes.indexOf(0);
    const kind = bytes.subarray(0, bytes.indexOf(0x20)).toString('latin1');
    if (kind !== 'blob' && kind !== 'tree' && kind !== 'commit' && kind !== 'tag') return undefined;
    const stored = { kind, content: bytes.subarray(end + 1) } satisfies StoredObject;
    this.#objects.set(sha, stored);
    return stored;
  }
}

function parseTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    const written = content.subarray(at, space).toString('latin1').padStart(6, '0');
    entries.push({
      mode: modes.find((mode) => mode === written) ?? '100644',
      name: content.subarray(space + 1, end).toString('utf8'),
      sha: content.subarray(end + 1, end + 21).toString('hex'),
    });
    at = end + 21;
  }
  return entries;
}

function parseCommit(text: string): Commit {
  const split = text.indexOf('\n\n');
  const head = text.slice(0, split === -1 ? text.length : split).split('\n');
  const header = (name: string) =>
    head.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    tree: header('tree')[0] ?? '',
    parents: header('parent'),
    author: parseSignature(header('author')[0] ?? ''),
    committer: parseSignature(header('committer')[0] ?? ''),
    message: split === -1 ? '' : text.slice(split + 2),
  };
}

function parseSignature(text: string): Signature {
  const [, name, email, seconds] = /^(.*?) ?<([^>]*)> (\d+)/.exec(text) ?? [];
  return { name: name ?? '', email: email ?? '', date: new Date(Number(seconds ?? 0) * 1000) };
}
