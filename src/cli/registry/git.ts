/**
 * What a working folder changes since a Git commit, read with Git's own plumbing: nothing is checked out, nothing is
 * written, nothing is fetched.
 */

import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Bilingual } from '#base/i18n/message';
import { maxFileBytes } from '#domain/definition/parse/source';

/** A file that differs between the base and the working folder. */
export interface ChangedFile {
  /** Relative to the root of the registry, with `/`. */
  readonly path: string;
  /** Whether Git follows it, or did at the base. */
  readonly tracked: boolean;
  /** What it was at the base; absent when it is new. */
  readonly before?: GitBaseFile;
}

export interface GitBaseFile {
  readonly blob: string;
  readonly bytes: Uint8Array;
  /** A symbolic link: the bytes are its target. */
  readonly link: boolean;
}

export interface GitBase {
  /** The commit that the folder is compared with: where it and the asked-for one part. */
  readonly commit: string;
  /** Sorted by path. Only files under the root count. */
  readonly changed: readonly ChangedFile[];
  /** The file at a path at the base, whether or not it changed. */
  read(path: string): Promise<GitBaseFile | undefined>;
}

/** Why there is no base. */
export interface GitFailure {
  readonly ok: false;
  readonly messageId: keyof typeof gitMessages;
  readonly values: Readonly<Record<string, string>>;
}

/** The sentences of failures, each with a way out. */
export const gitMessages = {
  missing: {
    fr: 'La commande `git` est introuvable. Installez Git, ou lancez la commande sans `--base`.',
    en: 'The command `git` is not to be found. Install Git, or run without `--base`.',
  },
  repository: {
    fr: '{root} n’est pas dans un dépôt Git. Lancez la commande dans votre clone du registre, ou sans `--base`.',
    en: '{root} is not in a Git repository. Run this in your clone of the registry, or without `--base`.',
  },
  unknown: {
    fr: 'Git ne connaît pas {ref} ici. Vérifiez le nom de la branche ou du commit ; pour une branche distante, lancez d’abord `git fetch`.',
    en: 'Git does not know {ref} here. Check the name of the branch or commit; for a remote branch run `git fetch` first.',
  },
  shallow: {
    fr: 'Ce clone est superficiel : l’historique jusqu’à {ref} n’y est pas. Lancez `git fetch --unshallow`, ou mettez `fetch-depth: 0` à l’étape `actions/checkout`.',
    en: 'This clone is shallow: the history up to {ref} is not in it. Run `git fetch --unshallow`, or set `fetch-depth: 0` on the `actions/checkout` step.',
  },
  failed: {
    fr: 'Git n’a pas pu comparer avec {ref} : {reason}',
    en: 'Git could not compare with {ref}: {reason}',
  },
} satisfies Record<string, Bilingual>;

/** Longer files are no definitions: no more of them is kept than the rule on size needs. */
const maxKeptBytes = maxFileBytes + 1;

/**
 * Compares the folder, as it stands on disk, with the commit where its history and that of `ref` part; so what
 * happened on the base branch meanwhile is not taken for a change.
 *
 * @param root the root of the registry.
 * @param ref whatever `git rev-parse` takes for a commit.
 */
export async function openGitBase(
  root: string,
  ref: string,
): Promise<{ readonly ok: true; readonly base: GitBase } | GitFailure> {
  const asked = await git(root, ['rev-parse', '--is-inside-work-tree', '--is-shallow-repository']);
  if (asked.code === 'ENOENT') return { ok: false, messageId: 'missing', values: {} };
  if (asked.code !== 0)
    return asked.error.includes('not a git repository')
      ? { ok: false, messageId: 'repository', values: { root } }
      : failed(ref, asked);
  const [inside, shallow] = lines(asked);
  if (inside !== 'true') return { ok: false, messageId: 'repository', values: { root } };
  const lost = { ok: false, messageId: shallow === 'true' ? 'shallow' : 'unknown', values: { ref } } as const;

  const named = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  const [tip] = lines(named);
  if (named.code !== 0 || tip === undefined) return lost;
  const parted = await git(root, ['merge-base', tip, 'HEAD']);
  const [fork] = lines(parted);
  // Without a common ancestor, in a whole clone, there is nothing to take the ref's own changes away with.
  if (fork === undefined && shallow === 'true') return lost;
  const commit = fork ?? tip;

  const compared = await gitWithOwnIndex(root, [
    'diff',
    '--raw',
    '--no-abbrev',
    '-z',
    '--relative',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules',
    commit,
    '--',
    '.',
  ]);
  if (compared.code !== 0) return failed(ref, compared);
  const others = await git(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  if (others.code !== 0) return failed(ref, others);

  const differing = rawDiff(compared.output.toString('utf8'));
  const contents = await readBlobs(
    root,
    differing.flatMap(({ blob }) => (blob === undefined ? [] : [blob])),
  );
  const changed: ChangedFile[] = differing.map(({ path, blob, link }) => {
    const bytes = blob === undefined ? undefined : contents.get(blob);
    const before = blob === undefined || bytes === undefined ? {} : { before: { blob, bytes, link } };
    return { path, tracked: true, ...before };
  });
  const known = new Set(changed.map(({ path }) => path));
  for (const path of others.output.toString('utf8').split('\0')) {
    if (path !== '' && !known.has(path)) changed.push({ path, tracked: false });
  }
  changed.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ok: true, base: { commit, changed, read: (path) => readAt(root, commit, path) } };
}

interface Difference {
  readonly path: string;
  /** Undefined for a new file. */
  readonly blob: string | undefined;
  readonly link: boolean;
}

/** Reads `:100644 100644 <old id> <new id> M\0<path>\0` and so on, as `git diff --raw -z` writes it. */
function rawDiff(output: string): readonly Difference[] {
  const fields = output.split('\0');
  const found: Difference[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [mode = '', , old = ''] = (fields[at] ?? '').slice(1).split(' ');
    const isFile = mode === '100644' || mode === '100755' || mode === '120000';
    found.push({ path: fields[at + 1] ?? '', blob: isFile ? old : undefined, link: mode === '120000' });
  }
  return found;
}

async function readAt(root: string, commit: string, path: string): Promise<GitBaseFile | undefined> {
  const listed = await git(root, ['ls-tree', '-z', commit, '--', path]);
  const [mode, type, blob] = listed.output.toString('utf8').split(/[ \t\0]/);
  if (listed.code !== 0 || type !== 'blob' || blob === undefined) return undefined;
  const bytes = (await readBlobs(root, [blob])).get(blob);
  return bytes === undefined ? undefined : { blob, bytes, link: mode === '120000' };
}

/** Reads blobs in one process, as `git cat-file --batch` writes them: `<id> blob <size>\n<bytes>\n`. */
async function readBlobs(root: string, blobs: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  if (blobs.length === 0) return contents;
  const { output } = await git(root, ['cat-file', '--batch', '--buffer'], {
    input: `${[...new Set(blobs)].join('\n')}\n`,
  });
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(10, at);
    if (end === -1) break;
    const [id = '', , size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (size === undefined) continue;
    contents.set(id, Uint8Array.from(output.subarray(at, at + Math.min(Number(size), maxKeptBytes))));
    at += Number(size) + 1;
  }
  return contents;
}

interface GitOutput {
  /** The exit code, or Node's word when there is no such command. */
  readonly code: number | 'ENOENT';
  readonly output: Buffer;
  readonly error: string;
}

function lines({ output }: GitOutput): readonly string[] {
  return output
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function failed(ref: string, { error, code }: GitOutput): GitFailure {
  const reason = error.split('\n').find((line) => line !== '') ?? `exit ${code}`;
  return { ok: false, messageId: 'failed', values: { ref, reason } };
}

/**
 * Runs Git on a copy of the index. `git diff` writes down there which files were touched and not changed, optional
 * writes or not: in the way of whatever Git the person runs meanwhile.
 */
async function gitWithOwnIndex(root: string, args: readonly string[]): Promise<GitOutput> {
  const [path = ''] = lines(await git(root, ['rev-parse', '--git-path', 'index']));
  const index = resolve(root, path);
  const folder = await mkdtemp(join(tmpdir(), 'greffier-index-'));
  try {
    const copy = join(folder, 'index');
    // A repository in which nothing was added yet has none.
    const kept = await stat(index).catch(() => undefined);
    if (kept !== undefined) {
      await copyFile(index, copy);
      // Of what was written as late as the index, Git looks at the content: not any more, were the copy younger.
      const second = Math.floor(kept.mtimeMs / 1000);
      await utimes(copy, second, second);
    }
    return await git(root, args, { environment: { GIT_INDEX_FILE: copy } });
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface GitOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs Git in a folder, without its optional writes, prompts, hooks for file watching, or downloads. */
function git(root: string, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const child = spawn(
    'git',
    ['-C', root, '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', ...args],
    {
      env: {
        ...process.env,
        LC_ALL: 'C',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        GIT_NO_LAZY_FETCH: '1',
        ...options.environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const output: Buffer[] = [];
  const error: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => error.push(chunk));
  // Git may leave before it has read everything; its exit code tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input);
  return new Promise((resolve, reject) => {
    child.on('error', (problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ENOENT') resolve({ code: 'ENOENT', output: Buffer.alloc(0), error: '' });
      else reject(problem);
    });
    child.on('close', (code) =>
      resolve({
        code: code ?? 1,
        output: Buffer.concat(output),
        error: Buffer.concat(error).toString('utf8'),
      }),
    );
  });
}
