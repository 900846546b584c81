/** How a command is answered on GitHub: a reaction, a comment, a commit, suggestions on lines. */
import type { ConfirmedByWriter } from '#domain/provisioning/confirmed-by-writer';
import type { FixedFile, Suggestion } from '#domain/review/evaluate/fixes';
import { reviewsOf } from '#infrastructure/github/client/pagination';
import { type RepositoryClient, repoParams, statusOf } from '#infrastructure/github/client/repository-client';
import { readCommitTree } from '#infrastructure/github/read/stored-objects';
import { isMarkedBy } from './authorship.ts';
import { findComment } from './find-comment.ts';
import { githubBody } from './github-body.ts';

/** 👍 when it was done, 😕 when it was refused. GitHub gives the same reaction only once. */
export async function addReaction(
  repository: RepositoryClient,
  comment: number,
  content: '+1' | 'confused',
): Promise<void> {
  await repository.client.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
    ...repoParams(repository),
    comment_id: comment,
    content,
  });
}

/**
 * Posts an answer, once. It is always looked for before: whoever tries again after a crash, a limit or a lost answer
 * does not know how far the first try went.
 *
 * @param marker the first line of the answer, by which it is found.
 * @param since before which nothing can have been answered (ISO 8601)
 */
export async function replyOnce(
  repository: RepositoryClient,
  number: number,
  { marker, text }: { readonly marker: string; readonly text: string },
  appId: number,
  since?: string,
): Promise<void> {
  if ((await findComment(repository, number, marker, appId, since)) !== undefined) return;
  await repository.client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...repoParams(repository),
    issue_number: number,
    body: githubBody(`${marker}\n${text}`),
  });
}

export type CommitResult =
  | { readonly kind: 'committed'; readonly commit: string }
  /** The branch is not where it was. */
  | { readonly kind: 'moved' }
  /** The App may not write there. */
  | { readonly kind: 'forbidden' };

/** Where to commit. `by`: on whose word, since what the App may do to a branch is more than what others may. */
export interface CommitPlace {
  readonly branch: string;
  readonly head: string;
  readonly by: ConfirmedByWriter;
}

/** Commits files to a branch, on top of the very commit that was judged: one commit, or nothing. */
export async function commitFiles(
  repository: RepositoryClient,
  { branch, head }: CommitPlace,
  files: readonly FixedFile[],
  message: string,
): Promise<CommitResult> {
  try {
    const base = await readCommitTree(repository, head);
    const tree = await repository.client.request('POST /repos/{owner}/{repo}/git/trees', {
      ...repoParams(repository),
      base_tree: base,
      tree: files.map(({ path, text }) => ({
        path,
        mode: '100644' as const,
        type: 'blob' as const,
        content: text,
      })),
    });
    const commit = await repository.client.request('POST /repos/{owner}/{repo}/git/commits', {
      ...repoParams(repository),
      message,
      tree: tree.data.sha,
      parents: [head],
    });
    await repository.client.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
      ...repoParams(repository),
      ref: `heads/${branch}`,
      sha: commit.data.sha,
      force: false,
    });
    return { kind: 'committed', commit: commit.data.sha };
  } catch (problem) {
    const status = statusOf(problem);
    if (status === 422 || status === 409) return { kind: 'moved' };
    if (status === 403 || status === 404) return { kind: 'forbidden' };
    throw problem;
  }
}

/** GitHub takes no more comments than this in a review without showing signs of weakness. */
const maxSuggestions = 50;

async function hasReviewWithMarker(
  repository: RepositoryClient,
  number: number,
  marker: string,
  appId: number,
): Promise<boolean> {
  for await (const review of reviewsOf(repository, number))
    if (isMarkedBy(review, marker, { appId })) return true;
  return false;
}

/**
 * Posts suggestions as one review, which says nothing for or against the pull request; once, like an answer.
 *
 * @param head the commit on whose lines they are.
 */
export async function reviewWithSuggestions(
  repository: RepositoryClient,
  number: number,
  head: string,
  { marker, text }: { readonly marker: string; readonly text: string },
  suggestions: readonly Suggestion[],
  appId: number,
): Promise<void> {
  if (await hasReviewWithMarker(repository, number, marker, appId)) return;
  // Half of a correction would be another one.
  const whole = suggestions.filter(({ body }) => githubBody(body) === body);
  await repository.client.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
    ...repoParams(repository),
    pull_number: number,
    commit_id: head,
    event: 'COMMENT',
    body: githubBody(`${marker}\n${text}`),
    comments: whole.slice(0, maxSuggestions).map(({ path, first, last, body: words }) => ({
      path,
      body: githubBody(words),
      side: 'RIGHT',
      line: last,
      ...(first === last ? {} : { start_line: first, start_side: 'RIGHT' }),
    })),
  });
}
