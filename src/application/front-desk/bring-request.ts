/**
 * Brings GitHub to what a request of the front desk says: one branch, its commits, one pull request; or, withdrawn,
 * neither. By level: each step looks for what an earlier try may have done, and is written down before the next, so
 * that whoever goes on after a crash does nothing twice.
 */
import { randomBytes } from 'node:crypto';
import type { Language } from '#base/i18n/message';
import { placeFromPath } from '#domain/definition/cell';
import { storableJson } from '#infrastructure/database/storable-json';
import { type RepositoryClient, statusOf } from '#infrastructure/github/client/repository-client';
import { compareCommits } from '#infrastructure/github/read/comparison';
import { readPullRequest } from '#infrastructure/github/read/pull-request';
import { defaultBranchHead, readRepository } from '#infrastructure/github/read/repository';
import {
  branchHead,
  bringBranch,
  closeProposal,
  deleteBranch,
  findProposal,
  makeCommit,
  openProposal,
} from '#infrastructure/github/write/proposals';
import { replyOnce } from '#infrastructure/github/write/replies';
import type { RetryLater } from '#infrastructure/queue/job-kinds';
import { followRequest } from './follow-request.ts';
import { joinOthers } from './join-others.ts';
import { answerComment, proposalWords } from './proposal-words.ts';
import { digestOf } from './request-base.ts';
import type { RequestStore, StoredRequest } from './request-store.ts';

export interface BringDeps {
  /** Under the lease of the job. */
  readonly requests: RequestStore;
  /** Writes under the lease too. */
  readonly repository: RepositoryClient;
  readonly appLogin: string;
  readonly appId: number;
  /** That of the registry. */
  readonly language: () => Promise<Language>;
  /** Whether there is a client of the definition that this request asked for. */
  readonly keysThere: (request: StoredRequest) => Promise<'no' | 'yes' | 'to-applicant'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Seconds after which it is tried again where the App may not write. */
const forbiddenRetrySeconds = 300;

const clocksDifferByMs = 3_600_000;

/** What a try came to: the request as it is now, or why it is to be tried again. */
type Brought = StoredRequest | RetryLater;

export async function bringRequest(deps: BringDeps, number: number): Promise<RetryLater | undefined> {
  const request = await deps.requests.numbered(number);
  if (request === undefined || request.state === 'withdrawn') return undefined;
  try {
    return request.state === 'withdrawing' ? await withdraw(deps, request) : await goOn(deps, request);
  } catch (problem) {
    if (statusOf(problem) !== 403 || !/not accessible by integration/i.test(String(problem))) throw problem;
    return { again: 'the App may not write there', after: forbiddenRetrySeconds, wait: true };
  }
}

async function goOn(deps: BringDeps, request: StoredRequest): Promise<RetryLater | undefined> {
  const brought =
    request.state === 'sending' || request.state === 'open' ? await send(deps, request) : request;
  if ('again' in brought) return brought;
  await postAnswers(deps, brought);
  return followRequest(deps, brought.number);
}

/** The branch, its last commit and the pull request, as far as they are not there. */
async function send(deps: BringDeps, request: StoredRequest): Promise<Brought> {
  if (request.pull !== null && !(await isOpen(deps, request.pull))) return request;
  const committed = await ensureCommit(deps, request);
  if ('again' in committed) return committed;
  if (committed.commit === null || committed.branch === null) return committed;
  if (!(await bringBranch(deps.repository, committed.branch, committed.commit)))
    return committed.pull === null && !(await isOwnBranch(deps, committed))
      ? retakeBranch(deps, committed)
      : recommit(deps, committed);
  return ensurePull(deps, committed);
}

async function isOpen({ repository }: BringDeps, pull: number): Promise<boolean> {
  return (await readPullRequest(repository, pull))?.open ?? true;
}

async function ensureCommit(deps: BringDeps, given: StoredRequest): Promise<Brought> {
  const { requests, repository, language } = deps;
  if (given.made === digestOf(given)) return given;
  const branch = given.branch ?? branchName(given);
  const head = given.branch === null ? undefined : await branchHead(repository, branch);
  const isOthers = given.commit !== null && head !== undefined && !given.commits.includes(head);
  const wanted = isOthers ? await joinOthers(repository, given, head) : given.wanted;
  if (wanted !== given.wanted && !(await requests.joined(given, wanted)))
    return { again: 'it was corrected meanwhile', after: 1, wait: true };
  const request = { ...given, wanted };
  const made = digestOf(request);
  // A branch on which no commit of ours ever was is somebody else's: see `retakeBranch`.
  const parent = request.commit === null ? undefined : head;
  const commit = await makeCommit(
    repository,
    await parentsOf(repository, request, parent),
    { path: request.path, text: request.wanted },
    proposalWords(request, await language()).commit,
  );
  const shared = request.shared || (parent !== undefined && !request.commits.includes(parent));
  const change = { branch, commit, made, shared };
  const commits = [...request.commits, commit];
  await requests.save(request.number, { ...change, commits: storableJson(commits) });
  return { ...request, ...change, commits };
}

/**
 * A change stands on what the person read, whatever the default branch says by now: what others changed meanwhile is then
 * Git's to put together, or a conflict, and never undone. A correction that began from a newer version joins that one.
 *
 * @param head of the branch; undefined while there is none of ours
 */
async function parentsOf(
  repository: RepositoryClient,
  { base, commits }: StoredRequest,
  head: string | undefined,
): Promise<readonly [string, ...string[]]> {
  if (head === undefined) return [base ?? (await defaultBranchHead(repository))];
  // Where somebody else pushed, what is joined is theirs to decide.
  if (base === null || !commits.includes(head)) return [head];
  const isThere = (await compareCommits(repository, base, head))?.mergeBase === base;
  return isThere ? [head] : [head, base];
}

function branchName({ number, path }: StoredRequest): string {
  return `demande/${number}-${placeFromPath(path)?.id ?? 'fiche'}`;
}

async function isOwnBranch({ repository }: BringDeps, { branch, commits }: StoredRequest): Promise<boolean> {
  const head = await branchHead(repository, branch ?? '');
  return head === undefined || commits.includes(head);
}

/** Somebody has a branch of that name: the request takes another one. */
async function retakeBranch({ requests }: BringDeps, request: StoredRequest): Promise<RetryLater> {
  const branch = `${branchName(request)}-${randomBytes(4).toString('hex')}`;
  await requests.save(request.number, { branch });
  return { again: 'somebody has a branch of that name', after: 1, wait: true };
}

/** Somebody pushed before the correction: it is made anew on top of that. */
async function recommit({ requests }: BringDeps, request: StoredRequest): Promise<RetryLater> {
  await requests.save(request.number, { made: null });
  return { again: 'the branch moved', after: 1, wait: true };
}

async function ensurePull(deps: BringDeps, request: StoredRequest): Promise<StoredRequest> {
  const { repository, requests, appLogin, language } = deps;
  if (request.pull !== null && request.state === 'open') return request;
  const { branch } = request;
  if (branch === null) return request;
  const pull =
    request.pull ??
    (await findProposal(repository, { branch, commits: request.commits }, appLogin)) ??
    (await openProposal(repository, {
      branch,
      base: (await readRepository(repository)).defaultBranch,
      ...proposalWords(request, await language()),
    }));
  await requests.sent(request.number, pull);
  return { ...request, pull, state: 'open' };
}

/** What the applicant answered, each once. */
async function postAnswers(deps: BringDeps, { number, pull }: StoredRequest): Promise<void> {
  if (pull === null) return;
  for (const { id, text, at, posted } of await deps.requests.answers(number)) {
    if (posted) continue;
    const marker = `<!-- greffier:answer:${id} -->`;
    // It cannot have been posted before it was written, however little GitHub's clock and ours agree.
    const since = new Date(at.getTime() - clocksDifferByMs).toISOString();
    await replyOnce(
      deps.repository,
      pull,
      { marker, text: answerComment(text, await deps.language()) },
      deps.appId,
      since,
    );
    await deps.requests.answerPosted(id);
  }
}

/** Closes the pull request and takes the branch away. What was merged meanwhile is merged. */
async function withdraw(deps: BringDeps, request: StoredRequest): Promise<RetryLater | undefined> {
  const { repository, requests, appLogin } = deps;
  const { branch, commits, number } = request;
  const pull =
    request.pull ??
    (branch === null ? undefined : await findProposal(repository, { branch, commits }, appLogin));
  if (pull !== undefined) {
    const reading = await readPullRequest(repository, pull);
    if (reading === undefined) return { again: 'GitHub does not show the pull request', wait: true };
    if (reading.open) await closeProposal(repository, pull);
    if (request.pull === null) await requests.save(number, { pull });
  }
  if (branch !== null && (await isOwnBranch(deps, request))) await deleteBranch(repository, branch);
  return followRequest(deps, number);
}
