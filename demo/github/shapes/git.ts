/** Commits, trees, blobs, files and comparisons as GitHub's REST API tells them. */
import type { components } from '@octokit/openapi-types';
import { type ChangedFile, changesBetween } from '#demo/github/git/changes';
import type { Commit, Signature, TreeEntry } from '#demo/github/git/objects';
import { notFound } from '#demo/github/refusal';
import { fullName, type Repository } from '#demo/github/state';
import type { Addresses } from '#demo/github/world';
import { account, nodeId } from './account.ts';

type Schemas = components['schemas'];

const urlOf = (at: Addresses, of: Repository) => `${at.api}/repos/${fullName(of)}`;
const htmlOf = (at: Addresses, of: Repository) => `${at.html}/${fullName(of)}`;

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

export function commitOf(of: Repository, sha: string): Commit {
  const found = of.git.objects.commit(sha);
  if (found === undefined) throw notFound();
  return found;
}

export function gitCommit(at: Addresses, of: Repository, sha: string): Schemas['git-commit'] {
  const commit = commitOf(of, sha);
  const url = `${urlOf(at, of)}/git/commits/`;
  return {
    sha,
    node_id: nodeId('Commit', Number.parseInt(sha.slice(0, 8), 16)),
    url: url + sha,
    html_url: `${htmlOf(at, of)}/commit/${sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.tree, url: `${urlOf(at, of)}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: url + parent,
      html_url: `${htmlOf(at, of)}/commit/${parent}`,
    })),
    verification,
  };
}

/** A commit as `GET /repos/{owner}/{repo}/commits/{ref}` gives it; with the files it changed when asked. */
export function commit(at: Addresses, of: Repository, sha: string, withFiles = false): Schemas['commit'] {
  const inner = commitOf(of, sha);
  const url = `${urlOf(at, of)}/commits/`;
  const author = at.accountByEmail(inner.author.email);
  const committer = at.accountByEmail(inner.committer.email);
  const files = withFiles ? changesOfCommit(of, sha) : [];
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    sha,
    node_id: nodeId('Commit', Number.parseInt(sha.slice(0, 8), 16)),
    url: url + sha,
    html_url: `${htmlOf(at, of)}/commit/${sha}`,
    comments_url: `${url}${sha}/comments`,
    commit: {
      url: `${urlOf(at, of)}/git/commits/${sha}`,
      author: person(inner.author),
      committer: person(inner.committer),
      message: inner.message,
      comment_count: 0,
      tree: { sha: inner.tree, url: `${urlOf(at, of)}/git/trees/${inner.tree}` },
      verification,
    },
    author: author === undefined ? null : account(at, author),
    committer: committer === undefined ? null : account(at, committer),
    parents: inner.parents.map((parent) => ({
      sha: parent,
      url: url + parent,
      html_url: `${htmlOf(at, of)}/commit/${parent}`,
    })),
    ...(withFiles
      ? {
          stats: { additions, deletions, total: additions + deletions },
          files: files.map((file) => changedFile(at, of, sha, file)),
        }
      : {}),
  };
}

export function changesOfCommit(of: Repository, sha: string): ChangedFile[] {
  const { parents, tree } = commitOf(of, sha);
  return changesBetween(of.git, parents[0] === undefined ? undefined : commitOf(of, parents[0]).tree, tree);
}

/** Changes from the common ancestor of two commits to the second: the three dots of a pull request. */
export function changesSinceFork(of: Repository, base: string, head: string): ChangedFile[] {
  const ancestor = of.git.mergeBase(base, head);
  return changesBetween(
    of.git,
    ancestor === undefined ? undefined : commitOf(of, ancestor).tree,
    commitOf(of, head).tree,
  );
}

export function changedFile(
  at: Addresses,
  of: Repository,
  head: string,
  file: ChangedFile,
): Schemas['diff-entry'] {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${htmlOf(at, of)}/blob/${head}/${path}`,
    raw_url: `${htmlOf(at, of)}/raw/${head}/${path}`,
    contents_url: `${urlOf(at, of)}/contents/${path}?ref=${head}`,
    // GitHub leaves out the patch of a file that is too big to be shown.
    ...(file.patch === undefined || file.patch.length > 1_000_000 ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

export function treeItem(
  at: Addresses,
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
    ...(kind === 'commit' ? {} : { url: `${urlOf(at, of)}/git/${kind}s/${entry.sha}` }),
  };
}

export function blob(at: Addresses, of: Repository, sha: string): Schemas['blob'] {
  const bytes = of.git.objects.blob(sha);
  if (bytes === undefined) throw notFound();
  return {
    sha,
    node_id: nodeId('Blob', Number.parseInt(sha.slice(0, 8), 16)),
    size: bytes.length,
    url: `${urlOf(at, of)}/git/blobs/${sha}`,
    // GitHub breaks its base64 into lines of 60 characters.
    content: bytes.toString('base64').replace(/.{60}(?=.)/g, '$&\n'),
    encoding: 'base64',
  };
}

export function reference(at: Addresses, of: Repository, name: string, sha: string): Schemas['git-ref'] {
  const kind = of.git.objects.kindOf(sha) ?? 'commit';
  return {
    ref: name,
    node_id: Buffer.from(name).toString('base64url'),
    url: `${urlOf(at, of)}/git/${name}`,
    object: { type: kind, sha, url: `${urlOf(at, of)}/git/${kind}s/${sha}` },
  };
}

/** What every entry of `contents` holds, whatever it is. */
export function contentEntry(at: Addresses, of: Repository, entry: TreeEntry, path: string, ref: string) {
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
  const self = `${urlOf(at, of)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${urlOf(at, of)}/git/${object}s/${entry.sha}`;
  const html = `${htmlOf(at, of)}/${object}/${ref}/${encoded}`;
  return {
    type: kind,
    name: path.split('/').at(-1) ?? path,
    path,
    sha: entry.sha,
    size: of.git.objects.blob(entry.sha)?.length ?? 0,
    url: self,
    git_url: git,
    html_url: html,
    download_url: kind === 'dir' ? null : `${htmlOf(at, of)}/raw/${ref}/${encoded}`,
    _links: { self, git, html },
  };
}

export function comparison(
  at: Addresses,
  of: Repository,
  base: string,
  head: string,
  page: { readonly number: number; readonly size: number },
): Schemas['commit-comparison'] {
  const ancestor = of.git.mergeBase(base, head);
  if (ancestor === undefined) throw notFound();
  const ahead = of.git.commitsBetween(base, head);
  const behind = of.git.commitsBetween(head, base).length;
  const html = `${htmlOf(at, of)}/compare/${base}...${head}`;
  const first = (page.number - 1) * page.size;
  return {
    url: `${urlOf(at, of)}/compare/${base}...${head}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commit(at, of, base),
    merge_base_commit: commit(at, of, ancestor),
    status:
      ahead.length === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged',
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: ahead.slice(first, first + page.size).map(({ sha }) => commit(at, of, sha)),
    // The first 300 files, and on the first page only.
    ...(page.number === 1
      ? {
          files: changesSinceFork(of, base, head)
            .slice(0, 300)
            .map((file) => changedFile(at, of, head, file)),
        }
      : {}),
  };
}
