/** Where a request is, in the eyes of the person who made it. */
import { digestOf } from './request-base.ts';
import type { StoredRequest } from './request-store.ts';
import { isToCorrect, type ReviewSummary } from './review-summary.ts';

const requestPhases = [
  'sending',
  'judging',
  'to-correct',
  'waiting',
  'ready',
  'provisioning',
  'removed',
  'keys',
  'closed',
  'withdrawing',
  'withdrawn',
] as const;
export type RequestPhase = (typeof requestPhases)[number];

/**
 * @param clientThere whether the client that was asked for is there, with its keys handed over or to be read
 * @returns since when it is so, too
 */
export function phaseOf(
  request: Pick<
    StoredRequest,
    'state' | 'state_at' | 'commit' | 'commits' | 'made' | 'review' | 'wanted' | 'base'
  >,
  clientThere: boolean,
): { readonly phase: RequestPhase; readonly since: Date } {
  const { state, state_at: since, commit, commits, made } = request;
  const review = request.review as ReviewSummary | null;
  switch (state) {
    case 'open': {
      // An earlier sending was judged, and the last one not yet, or it is not even there. A commit of somebody else is judged as what it is.
      const isSent = made === digestOf(request);
      if (review === null || !isSent || (review.head !== commit && commits.includes(review.head)))
        return { phase: 'judging', since };
      const at = new Date(review.since);
      if (isToCorrect(review)) return { phase: 'to-correct', since: at };
      return { phase: review.conclusion === 'success' ? 'ready' : 'waiting', since: at };
    }
    case 'merged':
      if (request.wanted === null) return { phase: 'removed', since };
      return { phase: clientThere ? 'keys' : 'provisioning', since };
    default:
      return { phase: state, since };
  }
}
