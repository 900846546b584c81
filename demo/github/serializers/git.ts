/** Commits, trees, blobs, files and comparisons as GitHub's REST API gives them. */
import type { components } from '@octokit/openapi-types';
import { notFound } from '#demo/github/api-error';
import { changedFilesBetween, type FileDiff } from '#demo/github/git/changes';
import type { Commit, Signature, TreeEntry } from '#demo/github/git/objects';
import { type Activity, fullName, type Repository } from '#demo/github/state';
import { nodeId, serializeAccount } from './account.ts';
import type { SerializerContext } from './context.ts';

type Schemas = components['schemas'];

const urlOf = (context: SerializerContext, of: Repository) => `${context.api}/repos/${fullName(of)}`;
const htmlOf = (context: SerializerContext, of: Repository) => `${context.html}/${fullName(of)}`;

export const verification = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
} as const;

/** Git keeps whole seconds. */
export const gitDate = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

const person = ({ name, email, date }: Signature) => ({ name, email, date: gitDate(date) });

export function findCommit(of: Repository, sha: string): Commit {
  const found = of.git.objects.commit(sha);
  if (found === undefined) throw notFound();
  return found;
}

export function serializeActivity(context: SerializerContext, move: Activity): Schemas['activity'] {
  return {
    id: move.id,
    node_id: nodeId('Push', move.id),
    before: move.before,
    after: move.after,
    ref: move.ref,
    timestamp: move.at.toISOString(),
    activity_type: move.kind,
    actor: serializeAccount(context, move.by),
  };
}

export function serializeGitCommit(
  context: SerializerContext,
  of: Repository,
  sha: string,
): Schemas['git-commit'] {
  const commit = findCommit(of, sha);
  const url = `${urlOf(context, of)}/git/commits/`;
  return {
    sha,
    node_id: nodeId('Commit', Number.parseInt(sha.slice(0, 8), 16)),
    url: url + sha,
    html_url: `${htmlOf(context, of)}/commit/${sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.tree, url: `${urlOf(context, of)}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: url + parent,
      html_url: `${htmlOf(context, of)}/commit/${parent}`,
    })),
    verification,
  };
}

/** A commit as `GET /repos/{owner}/{repo}/commits/{ref}` gives it; with the files it changed when asked. */
export function serializeCommit(
  context: SerializerContext,
  of: Repository,
  sha: string,
  withFiles = false,
): Schemas['commit'] {
  const inner = findCommit(of, sha);
  const url = `${urlOf(context, of)}/commits/`;
  const author = context.accountByEmail(inner.author.email);
  const committer = context.accountByEmail(inner.committer.email);
  const files = withFiles ? changesOfCommit(of, sha) : [];
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    sha,
    node_id: nodeId('Commit', Number.parseInt(sha.slice(0, 8), 16)),
    url: url + sha,
    html_url: `${htmlOf(context, of)}/commit/${sha}`,
    comments_url: `${url}${sha}/comments`,
    commit: {
      url: `${urlOf(context, of)}/git/commits/${sha}`,
      author: person(inner.author),
      committer: person(inner.committer),
      message: inner.message,
      comment_count: 0,
      tree: { sha: inner.tree, url: `${urlOf(context, of)}/git/trees/${inner.tree}` },
      verification,
    },
    author: author === undefined ? null : serializeAccount(context, author),
    committer: committer === undefined ? null : serializeAccount(context, committer),
    parents: inner.parents.map((parent) => ({
      sha: parent,
      url: url + parent,
      html_url: `${htmlOf(context, of)}/commit/${parent}`,
    })),
    ...(withFiles
      ? {
          stats: { additions, deletions, total: additions + deletions },
          files: files.map((file) => serializeChangedFile(context, of, sha, file)),
        }
      : {}),
  };
}

export function changesOfCommit(of: Repository, sha: string): FileDiff[] {
  const { parents, tree } = findCommit(of, sha);
  return changedFilesBetween(
    of.git,
    parents[0] === undefined ? undefined : findCommit(of, parents[0]).tree,
    tree,
  );
}

/** Changes from the common ancestor of two commits to the second: the three dots of a pull request. */
export function changesSinceFork(of: Repository, base: string, head: string): FileDiff[] {
  const ancestor = of.git.mergeBase(base, head);
  return changedFilesBetween(
    of.git,
    ancestor === undefined ? undefined : findCommit(of, ancestor).tree,
    findCommit(of, head).tree,
  );
}

export function serializeChangedFile(
  context: SerializerContext,
  of: Repository,
  head: string,
  file: FileDiff,
): Schemas['diff-entry'] {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${htmlOf(context, of)}/blob/${head}/${path}`,
    raw_url: `${htmlOf(context, of)}/raw/${head}/${path}`,
    contents_url: `${urlOf(context, of)}/contents/${path}?ref=${head}`,
    // GitHub leaves out the patch of a file that is too big to be shown.
    ...(file.patch === undefined || file.patch.length > 1_000_000 ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

export function serializeTreeItem(
  context: SerializerContext,
  of: Repository,
  entry: TreeEntry,
  path: string,
): Schemas['git-tree']['tree'][number] {
  const kind = entry.mode === '040000' ? 'tree' : entry.mode === '160000' ? 'commit' : 'blob';
  const size = kind === 'blob' ? of.git.objects.blob(entry.sha)?.length : undefined;
  return {
    path,
    mode: entry.mode,
    type: kind,
    sha: entry.sha,
    ...(size === undefined ? {} : { size }),
    ...(kind === 'commit' ? {} : { url: `${urlOf(context, of)}/git/${kind}s/${entry.sha}` }),
  };
}

export function serializeBlob(context: SerializerContext, of: Repository, sha: string): Schemas['blob'] {
  const bytes = of.git.objects.blob(sha);
  if (bytes === undefined) throw notFound();
  return {
    sha,
    node_id: nodeId('Blob', Number.parseInt(sha.slice(0, 8), 16)),
    size: bytes.length,
    url: `${urlOf(context, of)}/git/blobs/${sha}`,
    // GitHub breaks its base64 into lines of 60 characters.
    content: bytes.toString('base64').replace(/.{60}(?=.)/g, '$&\n'),
    encoding: 'base64',
  };
}

export function serializeReference(
  context: SerializerContext,
  of: Repository,
  name: string,
  sha: string,
): Schemas['git-ref'] {
  const kind = of.git.objects.kindOf(sha) ?? 'commit';
  return {
    ref: name,
    node_id: Buffer.from(name).toString('base64url'),
    url: `${urlOf(context, of)}/git/${name}`,
    object: { type: kind, sha, url: `${urlOf(context, of)}/git/${kind}s/${sha}` },
  };
}

/** What every entry of `contents` holds, whatever it is. */
export function serializeContentEntry(
  context: SerializerContext,
  of: Repository,
  entry: TreeEntry,
  path: string,
  ref: string,
) {
  const kind =
    entry.mode === '040000'
      ? 'dir'
      : entry.mode === '120000'
        ? 'symlink'
        : entry.mode === '160000'
          ? 'submodule'
          : 'file';
  const object = kind === 'dir' ? 'tree' : 'blob';
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const self = `${urlOf(context, of)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${urlOf(context, of)}/git/${object}s/${entry.sha}`;
  const html = `${htmlOf(context, of)}/${object}/${ref}/${encoded}`;
  return {
    type: kind,
    name: path.split('/').at(-1) ?? path,
    path,
    sha: entry.sha,
    size: of.git.objects.blob(entry.sha)?.length ?? 0,
    url: self,
    git_url: git,
    html_url: html,
    download_url: kind === 'dir' ? null : `${htmlOf(context, of)}/raw/${ref}/${encoded}`,
    _links: { self, git, html },
  };
}

export function serializeComparison(
  context: SerializerContext,
  of: Repository,
  base: string,
  head: string,
  page: { readonly number: number; readonly size: number },
): Schemas['commit-comparison'] {
  const ancestor = of.git.mergeBase(base, head);
  if (ancestor === undefined) throw notFound();
  const ahead = of.git.commitsBetween(base, head);
  const behind = of.git.commitsBetween(head, base).length;
  const html = `${htmlOf(context, of)}/compare/${base}...${head}`;
  const first = (page.number - 1) * page.size;
  return {
    url: `${urlOf(context, of)}/compare/${base}...${head}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: serializeCommit(context, of, base),
    merge_base_commit: serializeCommit(context, of, ancestor),
    status:
      ahead.length === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged',
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: ahead.slice(first, first + page.size).map(({ sha }) => serializeCommit(context, of, sha)),
    // The first 300 files, and on the first page only.
    ...(page.number === 1
      ? {
          files: changesSinceFork(of, base, head)
            .slice(0, 300)
            .map((file) => serializeChangedFile(context, of, head, file)),
        }
      : {}),
  };
}
