/** One repository: named references over an object store, and the questions that GitHub's API asks of them. */
import type { Commit, Mode, ObjectStore, Signature, TreeEntry } from './objects.ts';

/** A path's new content; `null` removes it. A string is a regular file in UTF-8. */
export type FileChange =
  | string
  | Buffer
  | null
  | { readonly sha: string; readonly mode: Mode }
  | { readonly content: string | Buffer; readonly mode: Mode };

export type FileChanges = Readonly<Record<string, FileChange>>;

/** A file of a flattened tree. */
export interface GitTreeFile {
  readonly path: string;
  readonly mode: Mode;
  readonly sha: string;
}

export class GitRepository {
  /** Full names (`refs/heads/main`) to commits. */
  readonly refs = new Map<string, string>();
  readonly objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.objects = objects;
  }

  branch(name: string): string | undefined {
    return this.refs.get(`refs/heads/${name}`);
  }

  /** A commit named by its SHA (or an unambiguous start of it, 7 characters or more), a branch or a full reference. */
  resolve(name: string): string | undefined {
    if (/^[0-9a-f]{40}$/.test(name)) return this.objects.commit(name) === undefined ? undefined : name;
    const short = name.replace(/^refs\//, '');
    const named =
      this.refs.get(`refs/heads/${name}`) ??
      this.refs.get(`refs/tags/${name}`) ??
      this.refs.get(`refs/${short}`) ??
      this.refs.get(name);
    if (named !== undefined || !/^[0-9a-f]{7,39}$/.test(name)) return named;
    return this.#reachable().find((sha) => sha.startsWith(name));
  }

  #reachable(): string[] {
    const seen = new Set<string>();
    for (const sha of this.refs.values()) for (const ancestor of this.ancestors(sha)) seen.add(ancestor);
    return [...seen];
  }

  /** Commits a set of files over `parents[0]` (an empty tree without parents) and answers the commit. */
  commitFiles(parents: readonly string[], changes: FileChanges, message: string, author: Signature): string {
    const base = parents[0] === undefined ? undefined : this.objects.commit(parents[0])?.tree;
    const tree = this.writeFiles(base, changes);
    return this.objects.writeCommit({ tree, parents, author, committer: author, message });
  }

  /** A new tree: `base` with the changes applied. Only the folders that change are rewritten. */
  writeFiles(base: string | undefined, changes: FileChanges): string {
    const here = new Map<string, TreeEntry>();
    for (const entry of base === undefined ? [] : (this.objects.tree(base) ?? []))
      here.set(entry.name, entry);
    const below = new Map<string, Record<string, FileChange>>();
    for (const [path, change] of Object.entries(changes)) {
      const slash = path.indexOf('/');
      if (slash !== -1) {
        const folder = below.get(path.slice(0, slash)) ?? {};
        folder[path.slice(slash + 1)] = change;
        below.set(path.slice(0, slash), folder);
      } else if (change === null) here.delete(path);
      else here.set(path, { name: path, ...this.#store(change) });
    }
    for (const [folder, inside] of below) {
      const present = here.get(folder);
      const tree = this.writeFiles(present?.mode === '040000' ? present.sha : undefined, inside);
      if (this.objects.tree(tree)?.length === 0) here.delete(folder);
      else here.set(folder, { name: folder, mode: '040000', sha: tree });
    }
    return this.objects.writeTree([...here.values()]);
  }

  #store(change: Exclude<FileChange, null>): { mode: Mode; sha: string } {
    if (typeof change === 'string' || Buffer.isBuffer(change))
      return { mode: '100644', sha: this.objects.write('blob', Buffer.from(change)) };
    if ('sha' in change) return { mode: change.mode, sha: change.sha };
    return { mode: change.mode, sha: this.objects.write('blob', Buffer.from(change.content)) };
  }

  /** Every file under a tree, folders walked, in the order of the paths. */
  files(tree: string, prefix = ''): GitTreeFile[] {
    return (this.objects.tree(tree) ?? []).flatMap((entry) =>
      entry.mode === '040000'
        ? this.files(entry.sha, `${prefix}${entry.name}/`)
        : [{ path: prefix + entry.name, mode: entry.mode, sha: entry.sha }],
    );
  }

  /** The entry at a path of a tree; the tree itself for an empty path. */
  entryAt(tree: string, path: string): TreeEntry | undefined {
    let entry: TreeEntry | undefined = { mode: '040000', name: '', sha: tree };
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (entry === undefined || entry.mode !== '040000') return undefined;
      entry = this.objects.tree(entry.sha)?.find((child) => child.name === name);
    }
    return entry;
  }

  /** The text of a file at a commit; undefined when it is not there. */
  textAt(commit: string, path: string): string | undefined {
    const tree = this.objects.commit(commit)?.tree;
    const entry = tree === undefined ? undefined : this.entryAt(tree, path);
    return entry === undefined ? undefined : this.objects.blob(entry.sha)?.toString('utf8');
  }

  /** A commit and everything before it, nearest first. */
  ancestors(start: string): Set<string> {
    const seen = new Set<string>([start]);
    for (const sha of seen) for (const parent of this.objects.commit(sha)?.parents ?? []) seen.add(parent);
    return seen;
  }

  /** The nearest common ancestor of two commits, the first found of several. */
  mergeBase(a: string, b: string): string | undefined {
    return this.mergeBases(a, b)[0];
  }

  /** The best common ancestors of two commits: those that lie before no other one. */
  mergeBases(a: string, b: string): string[] {
    const ofA = this.ancestors(a);
    if (ofA.has(b)) return [b];
    const seen = new Set<string>([b]);
    const common: string[] = [];
    for (const sha of seen) {
      // What lies before a common commit is common too, and farther away.
      if (ofA.has(sha)) common.push(sha);
      else for (const parent of this.objects.commit(sha)?.parents ?? []) seen.add(parent);
    }
    if (common.length < 2) return common;
    return common.filter((sha) => !common.some((other) => other !== sha && this.ancestors(other).has(sha)));
  }

  /** The commits of `head` that `base` does not have, oldest first. */
  commitsBetween(base: string, head: string): { sha: string; commit: Commit }[] {
    const known = this.ancestors(base);
    const ordered: { sha: string; commit: Commit }[] = [];
    const visited = new Set<string>();
    // Depth first without recursion: a commit comes after its parents.
    const stack = [{ sha: head, expanded: false }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const commit = this.objects.commit(next.sha);
      if (commit === undefined) continue;
      if (next.expanded) ordered.push({ sha: next.sha, commit });
      else if (!known.has(next.sha) && !visited.has(next.sha)) {
        visited.add(next.sha);
        stack.push({ sha: next.sha, expanded: true });
        for (const parent of commit.parents.toReversed()) stack.push({ sha: parent, expanded: false });
      }
    }
    return ordered;
  }
}
