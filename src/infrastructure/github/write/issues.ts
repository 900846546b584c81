/** Issues of Greffier's own: found by a marker on their first line, opened once, kept equal, closed with a word. */

import { defined } from '#base/defined';
import type { RequestState } from '#domain/provisioning/manual-request';
import { exactId } from '#infrastructure/github/client/exact-id';
import { commentsOf, openIssuesOf } from '#infrastructure/github/client/pagination';
import {
  type RepositoryClient,
  repoParams,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { confirmWriter } from '#infrastructure/github/read/rights';
import { type Author, isMarkedBy, isSameText, isWrittenBy } from './authorship.ts';
import { githubBody } from './github-body.ts';

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
    body: githubBody(body),
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
  const present = await readIssue(repository, number);
  if (present === undefined || (isSameText(present.body, body) && present.title === title)) return;
  await repository.client.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
    ...repoParams(repository),
    issue_number: number,
    title,
    body: githubBody(body),
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
  const state = { state: 'closed', state_reason: 'completed' } as const;
  if ((await readIssue(repository, number))?.state === 'open')
    await sayAndSet(repository, number, comment, state, author);
}

/** Says why, once, and opens again. */
export async function reopenIssue(
  repository: RepositoryClient,
  number: number,
  comment: string,
  author: Author,
): Promise<void> {
  await sayAndSet(repository, number, comment, { state: 'open' }, author);
}

async function sayAndSet(
  repository: RepositoryClient,
  number: number,
  comment: string,
  state: { readonly state: 'open' } | { readonly state: 'closed'; readonly state_reason: 'completed' },
  author: Author,
): Promise<void> {
  if (!(await isAlreadyCommented(repository, number, comment, author)))
    await repository.client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...repoParams(repository),
      issue_number: number,
      body: githubBody(comment),
    });
  await repository.client.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
    ...repoParams(repository),
    issue_number: number,
    ...state,
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

/** Undefined when GitHub does not show it: it never was, was deleted, or is not shown just now. */
async function readIssue(repository: RepositoryClient, number: number) {
  const present = await undefinedIfMissing(
    repository.client.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
      ...repoParams(repository),
      issue_number: number,
    }),
  );
  return present?.data;
}

/**
 * What people say by leaving an issue open or declining what it asks for. Who closed it is in the answer, and what they may do
 * is one call more. One that GitHub does not show says nothing, as if it were open.
 */
export async function issueState(repository: RepositoryClient, number: number): Promise<RequestState> {
  const issue = await readIssue(repository, number);
  if (issue === undefined || issue.state === 'open') return { kind: 'open' };
  const { closed_by: closer, state_reason: reason } = issue;
  if (reason !== 'not_planned' && reason !== 'duplicate') return { kind: 'unsaid' };
  const by =
    closer === null || closer === undefined
      ? undefined
      : await confirmWriter(repository, { id: exactId(closer.id), login: closer.login });
  if (by === undefined) return { kind: 'disputed', ...defined({ login: closer?.login }) };
  return { kind: 'declined', by };
}
