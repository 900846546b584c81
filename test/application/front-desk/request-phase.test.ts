import { describe, expect, it } from 'vitest';
import { newsOf } from '#application/front-desk/follow-request';
import { digestOf } from '#application/front-desk/request-base';
import { phaseOf } from '#application/front-desk/request-phase';
import { type ReviewSummary, summarize } from '#application/front-desk/review-summary';
import type { Review } from '#domain/review/evaluate/evaluate';

const since = new Date('2026-11-27T08:00:00Z');
const review: ReviewSummary = {
  head: 'two',
  outcome: 'judged',
  conclusion: 'action_required',
  findings: [],
  required: [{ reason: 'decision', decisions: 1 }],
  missing: [{ reason: 'decision', decisions: 1 }],
  approvedBy: [],
  changesRequestedBy: [],
  since: '2026-11-27T09:00:00Z',
};
const request = {
  state: 'open',
  state_at: since,
  commit: 'two',
  commits: ['one', 'two'],
  base: null,
  made: digestOf({ wanted: 'x', base: null }),
  wanted: 'x',
  review,
} as const;
const phase = (change: Partial<Parameters<typeof phaseOf>[0]>, there = false) =>
  phaseOf({ ...request, ...change }, there).phase;

describe('the phase of a request', () => {
  it('follows its state, its verdict and its client', () => {
    expect(phase({ state: 'sending' })).toBe('sending');
    expect(phase({ review: null })).toBe('judging');
    expect(phaseOf(request, false)).toEqual({ phase: 'waiting', since: new Date(review.since) });
    expect(phase({ review: { ...review, conclusion: 'failure' } })).toBe('to-correct');
    expect(phase({ review: { ...review, changesRequestedBy: ['bob'] } })).toBe('to-correct');
    expect(phase({ review: { ...review, conclusion: 'success' } })).toBe('ready');
    expect(phase({ state: 'merged' })).toBe('provisioning');
    expect(phase({ state: 'merged' }, true)).toBe('keys');
    expect(phase({ state: 'merged', wanted: null })).toBe('removed');
    expect(phase({ state: 'closed' })).toBe('closed');
  });

  it('is the reviewer’s turn once there is a commit after the review that asked for changes', () => {
    const asked = { ...review, changesRequestedBy: ['bob'] };
    expect(phase({ review: { ...asked, lookAgainBy: [] } })).toBe('to-correct');
    expect(phase({ review: { ...asked, lookAgainBy: ['bob'] } })).toBe('waiting');
    expect(phase({ review: { ...asked, changesRequestedBy: ['bob', 'dan'], lookAgainBy: ['bob'] } })).toBe(
      'to-correct',
    );
  });

  it('counts since it asks what it asks', () => {
    const [before, now] = ['2026-11-27T09:00:00Z', '2026-11-27T10:00:00Z'];
    const bob = { login: 'bob', id: 2, bot: false };
    const judged = (changesRequestedBy: (typeof bob)[], lookAgainBy: (typeof bob)[]) =>
      summarize(
        {
          outcome: 'judged',
          conclusion: 'action_required',
          files: [],
          general: [],
          approvals: { required: [], missing: [], approvedBy: [], changesRequestedBy, lookAgainBy },
        } as unknown as Review,
        'two',
        { ...review, since: before },
        now,
      );
    expect(judged([], []).since).toBe(before);
    expect(judged([bob], []).since).toBe(now);
    expect(judged([bob], [bob]).since).toBe(before);
  });

  it('is being judged as long as an earlier sending is what was judged', () => {
    expect(phase({ review: { ...review, head: 'one' } })).toBe('judging');
    // A correction that has not left yet.
    expect(phase({ wanted: 'y' })).toBe('judging');
    // Somebody else pushed: that was judged, and it is what can be merged.
    expect(phase({ review: { ...review, head: 'other' } })).toBe('waiting');
  });
});

describe('what is news to an applicant', () => {
  const now = Date.parse('2026-11-27T10:00:00Z');
  const remark = { id: 'comment-1', login: 'bob', at: '2026-11-27T08:00:00Z', text: 'Bonjour' };
  const accepted = { ...review, conclusion: 'success' } as const;

  it('is each thing once', () => {
    const first = newsOf({ told: {}, review: accepted }, 'open', [remark], 'no', now);
    expect(first.news).toEqual(['commented', 'accepted']);
    expect(newsOf({ told: first.told, review: accepted }, 'open', [remark], 'no', now).news).toEqual([]);
    const keys = newsOf({ told: first.told, review: accepted }, 'merged', [remark], 'yes', now);
    expect(keys.news).toEqual(['keys']);
    expect(newsOf({ told: keys.told, review: accepted }, 'merged', [remark], 'yes', now).news).toEqual([]);
  });

  it('is no approval without a word, nor what an applicant is mailed anyway', () => {
    const approval = { ...remark, text: '', decision: 'approved' } as const;
    expect(newsOf({ told: {}, review }, 'open', [approval], 'no', now).news).toEqual([]);
    expect(
      newsOf({ told: { events: ['accepted'] }, review }, 'merged', [], 'to-applicant', now).news,
    ).toEqual([]);
  });

  it('is no acceptance where nobody was asked, before it is merged', () => {
    const ready = { ...accepted, required: [] };
    expect(newsOf({ told: {}, review: ready }, 'open', [], 'no', now).news).toEqual([]);
    expect(newsOf({ told: {}, review: ready }, 'merged', [], 'no', now).news).toEqual(['accepted']);
  });

  it('tells a second closing as well', () => {
    const { told } = newsOf({ told: {}, review: null }, 'closed', [], 'no', now);
    const reopened = newsOf({ told, review: null }, 'open', [], 'no', now);
    expect(newsOf({ told: reopened.told, review: null }, 'closed', [], 'no', now).news).toEqual(['closed']);
  });

  it('is what people wrote once an hour, together, and nothing of it is lost', () => {
    const said = (n: number) => ({ ...remark, id: `comment-${n}` });
    const asked = { ...remark, id: 'review-9', decision: 'changes-requested' } as const;
    const first = newsOf({ told: {}, review: null }, 'open', [said(1)], 'no', now);
    expect(first).toMatchObject({ news: ['commented'] });
    const hour = 3_600_000;
    const second = newsOf({ told: first.told, review: null }, 'open', [said(1), said(2)], 'no', now + 1);
    expect(second).toMatchObject({ news: [], restMs: hour - 1 });
    const talk = [said(1), said(2), asked, said(3)];
    const third = newsOf({ told: second.told, review: null }, 'open', talk, 'no', now + hour - 1);
    expect(third).toMatchObject({ news: [], restMs: 1 });
    const fourth = newsOf({ told: third.told, review: null }, 'open', talk, 'no', now + hour);
    expect(fourth.news).toEqual(['changes-requested']);
    expect(newsOf({ told: fourth.told, review: null }, 'open', talk, 'no', now + 2 * hour).news).toEqual([]);
    // All else that happens is told at once.
    expect(newsOf({ told: third.told, review: null }, 'closed', talk, 'no', now + 1).news).toEqual([
      'closed',
    ]);
    // A clock that was put back.
    expect(newsOf({ told: third.told, review: null }, 'open', talk, 'no', now - 9 * hour).restMs).toBe(hour);
  });
});
