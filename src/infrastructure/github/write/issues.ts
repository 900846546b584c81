/** Issues of Greffier's own: found by a marker on their first line, opened once, kept equal, closed with a word. */

import { commentsOf, openIssuesOf } from '#infrastructure/github/client/pagination';
import {
  type RepositoryClient,
  repoParams,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { type Author, isMarkedBy, isSameText, isWrittenBy } from './authorship.ts';

export interface OwnIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

/**
 * The open issue of ours whose text begins with a marker. Read from the list, which shows what was opened a moment
 * ago; someone else's issue with the marker is not ours.
 */
export async function findOpenIssue(
  repository: RepositoryClient,
  marker: string,
  author: Author,
): Promise<OwnIssue | undefined> {
  for await (const issue of openIssuesOf(repository))
    if (issue.pull_request === undefined && isMarkedBy(issue, marker, author))
      return { number: issue.number, title: issue.title, body: issue.body ?? '' };
  return undefined;
}

/** @returns its number */
export async function openIssue(repository: RepositoryClient, title: string, body: string): Promise<number> {
  const { data } = await repository.client.request('POST /repos/{owner}/{repo}/issues', {
    ...repoParams(repository),
    title,
    body,
  });
  return data.number;
}

/** Writes nothing when nothing differs. */
export async function editIssue(
  repository: RepositoryClient,
  number: number,
  title: string,
  body: string,
): Promise<void> {
  const present = await undefinedIfMissing(
    repository.client.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
      ...repoParams(repository),
      issue_number: number,
    }),
  );
  if (present === undefined) return;
  if (isSameText(present.data.body, body) && present.data.title === title) return;
  await repository.client.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
    ...repoParams(repository),
    issue_number: number,
    title,
    body,
  });
}

/**
 * Says why, once, and closes. An issue that is closed already is left as it is; one on which it was said already,
 * before a crash, is only closed.
 */
export async function closeIssue(
  repository: RepositoryClient,
  number: number,
  comment: string,
  author: Author,
): Promise<void> {
  if ((await issueState(repository, number)) !== 'open') return;
  if (!(await isAlreadyCommented(repository, number, comment, author)))
    await repository.client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...repoParams(repository),
      issue_number: number,
      body: comment,
    });
  await repository.client.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
    ...repoParams(repository),
    issue_number: number,
    state: 'closed',
    state_reason: 'completed',
  });
}

/** Whether a comment of ours says just this. */
async function isAlreadyCommented(
  repository: RepositoryClient,
  number: number,
  text: string,
  author: Author,
): Promise<boolean> {
  for await (const comment of commentsOf(repository, number))
    if (isWrittenBy(comment, author) && isSameText(comment.body, text)) return true;
  return false;
}

/** `declined`: closed as not planned or as a duplicate, or deleted. */
export async function issueState(
  repository: RepositoryClient,
  number: number,
): Promise<'open' | 'done' | 'declined'> {
  const present = await undefinedIfMissing(
    repository.client.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
      ...repoParams(repository),
      issue_number: number,
    }),
  );
  if (present === undefined) return 'declined';
  if (present.data.state === 'open') return 'open';
  const reason = present.data.state_reason;
  return reason === 'not_planned' || reason === 'duplicate' ? 'declined' : 'done';
}
