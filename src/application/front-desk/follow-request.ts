/** What became of a request at GitHub: its state, what people wrote, and what the applicant is to be told of it. */
import { defined } from '#base/defined';
import type { RequestRemark, RequestState, ToldOfRequest } from '#infrastructure/database/tables/front-desk';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { readConversation } from '#infrastructure/github/read/conversation';
import { readPullRequest } from '#infrastructure/github/read/pull-request';
import type { RetryLater } from '#infrastructure/queue/job-kinds';
import type { RequestNews } from './request-news.ts';
import { wasTold } from './request-state.ts';
import type { RequestStore, StoredRequest } from './request-store.ts';
import { isAccepted, type ReviewSummary } from './review-summary.ts';

/**
 * Milliseconds between two mails about what people write on a request: on a public registry anybody may write, as often as
 * they like. What is written meanwhile waits, and is told together.
 */
const remarksRestMs = 3_600_000;

export interface FollowDeps {
  readonly requests: RequestStore;
  readonly repository: RepositoryClient;
  readonly keysThere: (request: StoredRequest) => Promise<'no' | 'yes' | 'to-applicant'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export async function followRequest(
  { requests, repository, keysThere, now }: FollowDeps,
  number: number,
): Promise<RetryLater | undefined> {
  const request = await requests.numbered(number);
  if (request === undefined) return undefined;
  if (request.pull === null) {
    // Withdrawn before anything was there.
    const gone = { state: 'withdrawn', talk: [], told: request.told } as const;
    if (request.state === 'withdrawing') await requests.follow(request, gone, []);
    return undefined;
  }
  const reading = await readPullRequest(repository, request.pull);
  if (reading === undefined) return { again: 'GitHub does not show the pull request', wait: true };
  const talk = await readConversation(repository, reading);
  const state = stateOf(request, reading);
  const keys = state === 'merged' && !wasTold(request.told, 'keys') ? await keysThere(request) : 'no';
  const { told, news, restMs } = newsOf(request, state, talk, keys, now());
  await requests.follow(request, { state, talk, told }, news, restMs);
  return undefined;
}

function stateOf(
  { state }: StoredRequest,
  { open, merged }: { readonly open: boolean; readonly merged: boolean },
): RequestState {
  if (merged) return 'merged';
  if (state === 'withdrawing') return open ? 'withdrawing' : 'withdrawn';
  return open ? 'open' : 'closed';
}

/** What is news to the applicant, and what they have been told with it. Pure. */
export function newsOf(
  { told, review }: Pick<StoredRequest, 'told' | 'review'>,
  state: RequestState,
  talk: readonly RequestRemark[],
  keys: 'no' | 'yes' | 'to-applicant',
  now: number,
): {
  readonly told: ToldOfRequest;
  readonly news: readonly RequestNews[];
  /** Milliseconds until what people wrote since the last mail is to be told; undefined when nothing waits. */
  readonly restMs?: number;
} {
  const known = new Set(told.remarks);
  const fresh = talk.filter(({ id }) => !known.has(id));
  const word = fresh.some(({ decision }) => decision === 'changes-requested')
    ? 'changes-requested'
    : fresh.some(({ text }) => text.trim() !== '')
      ? 'commented'
      : undefined;
  // A clock that was put back keeps nobody waiting for longer.
  const rest = Math.min(remarksRestMs, (told.remarksAt ?? 0) + remarksRestMs - now);
  const waits = word !== undefined && rest > 0;
  const events = new Set(told.events);
  const news: RequestNews[] = [];
  const once = (event: RequestNews, mailed = true) => {
    if (events.has(event)) return;
    events.add(event);
    if (mailed) news.push(event);
  };
  if (word !== undefined && !waits) news.push(word);
  // Opened again, it may be closed again.
  if (state === 'open') events.delete('closed');
  if (state === 'closed') once('closed');
  const judged = review as ReviewSummary | null;
  if (state === 'merged' || (state === 'open' && judged !== null && isAccepted(judged))) once('accepted');
  // Whoever is a technical contact has a mail with the link itself.
  if (keys !== 'no') once('keys', keys === 'yes');
  return {
    told: {
      // What waits is told by nothing but being absent here, so that no crash loses it.
      remarks: waits ? [...known] : [...new Set([...known, ...talk.map(({ id }) => id)])],
      events: [...events],
      ...defined({ remarksAt: word !== undefined && !waits ? now : told.remarksAt }),
    },
    news,
    ...(waits && { restMs: rest }),
  };
}
