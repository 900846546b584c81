/** The way to one repository: a client that may act there, and whose repository it is. */
import type { Octokit } from '@octokit/rest';
import { defined } from '#base/defined';
import { unknownAnswerCode } from '#base/unknown-answer';

/** The part of Octokit that is used here: plain requests. Throttling and retries belong to the queue. */
export interface OctokitRequester {
  readonly request: Octokit['request'];
}

export interface RepositoryClient {
  readonly client: OctokitRequester;
  readonly owner: string;
  readonly repo: string;
  /**
   * The number of the repository that must be behind that name, in decimal. GitHub gives a name to another repository
   * as soon as it is free: whatever is read of the repository itself is held to it (`mustBeServed`).
   */
  readonly id?: string;
}

/** A repository as GitHub describes it: the number that it keeps, and `owner/name`, which may change. */
export interface DescribedRepository {
  readonly id: number | bigint;
  readonly full_name: string;
}

/** The way to a repository by its full name, `owner/name`; `id` when it must be that very one. */
export function repositoryClient(client: OctokitRequester, fullName: string, id?: string): RepositoryClient {
  const [owner = '', repo = ''] = fullName.split('/');
  return { client, owner, repo, ...defined({ id }) };
}

/** `owner/name`, as it is asked for. */
export function fullNameOf({ owner, repo }: Pick<RepositoryClient, 'owner' | 'repo'>): string {
  return `${owner}/${repo}`;
}

/**
 * The repository that is served is called otherwise now, or its name leads to another one: where it is must be looked
 * up by its number before anything else is believed, or written.
 */
export class RepositoryMoved extends Error {
  override readonly name = 'RepositoryMoved';
  readonly code = unknownAnswerCode;

  constructor(asked: RepositoryClient, found: DescribedRepository) {
    super(
      `${fullNameOf(asked)} (${asked.id}) is not where it was: GitHub shows ${found.full_name} (${found.id})`,
    );
  }
}

/** @throws RepositoryMoved when GitHub describes another repository than the one meant, or the same by another name */
export function mustBeServed(asked: RepositoryClient, found: DescribedRepository): void {
  if (asked.id === undefined) return;
  if (String(found.id) !== asked.id || found.full_name !== fullNameOf(asked))
    throw new RepositoryMoved(asked, found);
}

/** The coordinates that every route of a repository begins with. */
export function repoParams(repository: RepositoryClient): { owner: string; repo: string } {
  return { owner: repository.owner, repo: repository.repo };
}

/** The HTTP status of what Octokit threw; undefined when it is no answer of GitHub. */
export function statusOf(problem: unknown): number | undefined {
  if (typeof problem !== 'object' || problem === null || !('status' in problem)) return undefined;
  return typeof problem.status === 'number' ? problem.status : undefined;
}

/**
 * GitHub did not show what must be there: an object that it named itself, a branch that it calls the default one. That
 * says neither yes nor no: what depends on it waits, and is asked again (see `classifyError`).
 */
export class UnknownAnswer extends Error {
  override readonly name = 'UnknownAnswer';
  readonly code = unknownAnswerCode;

  /** @param what was asked for */
  constructor(what: string) {
    super(`GitHub does not show ${what}`);
  }
}

/**
 * The answer about something that must be there.
 *
 * @throws UnknownAnswer when GitHub says that there is no such thing (404), or that it is gone (410)
 */
export async function mustBeShown<T>(what: string, answer: Promise<T>): Promise<T> {
  const shown = await undefinedIfMissing(answer);
  if (shown === undefined) throw new UnknownAnswer(what);
  return shown;
}

/**
 * The answer about something that may well not be there, or undefined when GitHub says that there is no such thing (404), or that it is gone (410).
 * Everything else is thrown on.
 */
export async function undefinedIfMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (problem) {
    const status = statusOf(problem);
    if (status === 404 || status === 410) return undefined;
    throw problem;
  }
}
