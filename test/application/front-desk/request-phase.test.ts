import { describe, expect, it } from 'vitest';
import { newsOf } from '#application/front-desk/follow-request';
import { digestOf } from '#application/front-desk/request-base';
import { phaseOf } from '#application/front-desk/request-phase';
import type { ReviewSummary } from '#application/front-desk/review-summary';

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

  it('is being judged as long as an earlier sending is what was judged', () => {
    expect(phase({ review: { ...review, head: 'one' } })).toBe('judging');
    // A correction that has not left yet.
    expect(phase({ wanted: 'y' })).toBe('judging');
    // Somebody else pushed: that was judged, and it is what can be merged.
    expect(phase({ review: { ...review, head: 'other' } })).toBe('waiting');
  });
});

describe('what is news to an applicant', () => {
  const remark = { id: 'comment-1', login: 'bob', at: '2026-11-27T08:00:00Z', text: 'Bonjour' };
  const accepted = { ...review, conclusion: 'success' } as const;

  it('is each thing once', () => {
    const first = newsOf({ told: {}, review: accepted }, 'open', [remark], 'no');
    expect(first.news).toEqual(['commented', 'accepted']);
    expect(newsOf({ told: first.told, review: accepted }, 'open', [remark], 'no').news).toEqual([]);
    const keys = newsOf({ told: first.told, review: accepted }, 'merged', [remark], 'yes');
    expect(keys.news).toEqual(['keys']);
    expect(newsOf({ told: keys.told, review: accepted }, 'merged', [remark], 'yes').news).toEqual([]);
  });

  it('is no approval without a word, nor what an applicant is mailed anyway', () => {
    const approval = { ...remark, text: '', decision: 'approved' } as const;
    expect(newsOf({ told: {}, review }, 'open', [approval], 'no').news).toEqual([]);
    expect(newsOf({ told: { events: ['accepted'] }, review }, 'merged', [], 'to-applicant').news).toEqual([]);
  });

  it('is no acceptance where nobody was asked, before it is merged', () => {
    const ready = { ...accepted, required: [] };
    expect(newsOf({ told: {}, review: ready }, 'open', [], 'no').news).toEqual([]);
    expect(newsOf({ told: {}, review: ready }, 'merged', [], 'no').news).toEqual(['accepted']);
  });

  it('tells a second closing as well', () => {
    const { told } = newsOf({ told: {}, review: null }, 'closed', [], 'no');
    const reopened = newsOf({ told, review: null }, 'open', [], 'no');
    expect(newsOf({ told: reopened.told, review: null }, 'closed', [], 'no').news).toEqual(['closed']);
  });
});
