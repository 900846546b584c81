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
  /** The number of the repository, in decimal, by which every call goes; without it they go by its name. */
  readonly id?: string;
}

/** A repository as GitHub describes it: the number that it keeps, and `owner/name`, which may change. */
export interface DescribedRepository {
  readonly id: number | bigint;
  readonly full_name: string;
}

/**
 * The way to a repository by its full name, `owner/name`; with `id`, to that very one, whatever becomes of the name.
 *
 * @param client whose calls go by name
 */
export function repositoryClient(client: OctokitRequester, fullName: string, id?: string): RepositoryClient {
  const [owner = '', repo = ''] = fullName.split('/');
  return {
    client: id === undefined ? client : byNumber(client, id, `${owner}/${repo}`),
    owner,
    repo,
    ...defined({ id }),
  };
}

/** What the routes of a repository begin with. */
const byName = '/repos/{owner}/{repo}';

/**
 * Calls of routes of a repository, made by its number. GitHub gives a name to another repository as soon as it is free,
 * between two calls if it happens so. It serves every route of a repository under `/repositories/NUMBER` too, and so do
 * its servers elsewhere: that is where it redirects to from a former name, and where its lists have their next pages.
 */
function byNumber(client: OctokitRequester, id: string, fullName: string): OctokitRequester {
  const request = (...[route, parameters]: Parameters<typeof client.request>) => {
    const [method, path = ''] = String(route).split(' ');
    if (!path.startsWith(byName)) return client.request(route, parameters);
    const { owner, repo, ...rest } = { owner: '', repo: '', ...parameters };
    if (`${owner}/${repo}` !== fullName) throw new Error(`This is the way to ${fullName} alone`);
    const numbered = `${method} /repositories/{repository_id}${path.slice(byName.length)}`;
    return client.request(numbered, { ...rest, repository_id: id });
  };
  return { request: Object.assign(request, client.request) as OctokitRequester['request'] };
}

/** `owner/name`, as it is asked for. */
export function fullNameOf({ owner, repo }: Pick<RepositoryClient, 'owner' | 'repo'>): string {
  return `${owner}/${repo}`;
}

/**
 * The repository that is served is called otherwise now, or is not shown any more: where it is must be looked up before
 * anything else is written, with links that would lead elsewhere.
 */
export class RepositoryMoved extends Error {
  override readonly name = 'RepositoryMoved';
  readonly code = unknownAnswerCode;

  constructor(asked: RepositoryClient, found: DescribedRepository | undefined) {
    const seen = found === undefined ? 'nothing' : `${found.full_name} (${found.id})`;
    super(`${fullNameOf(asked)} (${asked.id}) is not where it was: GitHub shows ${seen}`);
  }
}

/** @throws RepositoryMoved when GitHub describes the repository by another name, or another one */
export function mustBeServed(asked: RepositoryClient, found: DescribedRepository): void {
  if (asked.id === undefined) return;
  if (String(found.id) !== asked.id || found.full_name !== fullNameOf(asked))
    throw new RepositoryMoved(asked, found);
}

/** What GitHub shows by that name, or number; undefined when nothing. */
export async function describeRepository(
  repository: RepositoryClient,
): Promise<{ readonly id: string; readonly name: string } | undefined> {
  const answer = await undefinedIfMissing(
    repository.client.request('GET /repos/{owner}/{repo}', repoParams(repository)),
  );
  return answer && { id: String(answer.data.id), name: answer.data.full_name };
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

/**
 * A repository without a commit: GitHub says so by itself (409, « Git Repository is empty. »). There is nothing to read in
 * it yet, and nothing follows from that: what was there before, if anything was, is held.
 */
export class EmptyRepository extends Error {
  override readonly name = 'EmptyRepository';
}
