import { describe, expect, it } from 'vitest';
import { proposedCommits, routeEvent } from '#http/webhook/event-routing';
import { envelopeOf } from '#http/webhook/payload';

const registry = { id: '700123456', registry: 'org/first-name', name: 'org/registry' };
const audience = { registry, requests: ['5'], appLogin: 'greffier[bot]' };
const place = { installation: 1, repo: registry.registry };

function payload(extra: object, sender = 'alice', repo = 'org/registry', id = 700123456) {
  return {
    installation: { id: 1 },
    repository: { id, full_name: repo, default_branch: 'main' },
    sender: { login: sender },
    ...extra,
  };
}
function jobsOf(event: string, extra: object, sender?: string, repo?: string, id?: number) {
  return routeEvent(event, payload(extra, sender, repo, id), audience).jobs ?? [];
}
const pull = { pull_request: { number: 4 } };
const review = [{ kind: 'review', payload: { ...place, number: 4 } }];
function comment(body: string, type = 'User', action = 'created') {
  return {
    action,
    issue: { number: 4 },
    comment: { id: 9, body, created_at: '2026-01-02T03:04:05Z', user: { id: 2, login: 'alice', type } },
  };
}

describe('an event that causes nothing', () => {
  const of = (event: string, extra: object = {}, sender?: string, repo?: string, id?: number) =>
    routeEvent(event, payload(extra, sender, repo, id), audience);
  it.each([
    ['a greeting', of('ping')],
    ['no installation', routeEvent('push', { repository: { id: 1, full_name: 'a/b' } }, audience)],
    ['no repository', routeEvent('push', { installation: { id: 1 } }, audience)],
    ['another repository under the name of the registry', of('push', {}, 'alice', 'org/registry', 5)],
    ['another repository', of('push', {}, 'alice', 'org/other', 5)],
    ['another repository', of('push', {}, 'alice', 'org/requests', 5)],
    ['another branch', of('push', { ref: 'refs/heads/x' })],
    ['another event', of('star', { action: 'created' })],
    ['its own comment', of('issue_comment', comment('/greffier help'), 'greffier[bot]')],
    ["a bot's comment", of('issue_comment', comment('/greffier help', 'Bot'))],
    ['no command', of('issue_comment', comment('Bonjour'))],
    ['not a comment', of('issue_comment', { action: 'created', issue: { number: 4 } })],
    ['issue_comment.edited', of('issue_comment', comment('/greffier help', 'User', 'edited'))],
    ['issues.opened', of('issues', { action: 'opened' })],
    ['pull_request.labeled', of('pull_request', { action: 'labeled', ...pull })],
    ['pull_request_review.edited', of('pull_request_review', { action: 'edited', ...pull })],
    ['merge_group.destroyed', of('merge_group', { action: 'destroyed' })],
    ['check_run.created', of('check_run', { action: 'created', check_run: { head_sha: 'abc' } })],
    ['status', of('status', { state: 'failure', sha: 'abc' })],
  ])('says why: %s', (reason, routed) => {
    expect(routed).toEqual({ ignored: reason });
  });
});

it.each([1.5, 2 ** 53, 1e300, Number.POSITIVE_INFINITY])(
  'counts by no number that no store gives back: %j',
  (odd) => {
    const of = (event: string, extra: object) => routeEvent(event, payload(extra), audience);
    expect(of('push', { installation: { id: odd }, ref: 'refs/heads/main' })).toEqual({
      ignored: 'no installation',
    });
    expect(of('pull_request', { action: 'opened', pull_request: { number: odd } }).jobs).toBeUndefined();
    const said = comment('/greffier plan');
    expect(of('issue_comment', { ...said, issue: { number: odd } })).toEqual({ ignored: 'not a comment' });
    expect(of('issue_comment', { ...said, comment: { ...said.comment, id: odd } })).toEqual({
      ignored: 'not a comment',
    });
    expect(envelopeOf({ installation: { id: odd } })).toEqual({});
  },
);

describe('an event', () => {
  it.each(['opened', 'synchronize', 'reopened', 'ready_for_review', 'converted_to_draft', 'closed'])(
    'pull_request.%s asks for a review',
    (action) => {
      expect(jobsOf('pull_request', { action, ...pull })).toEqual(review);
    },
  );

  it('of an edited pull request asks for a review only when its base changed', () => {
    expect(jobsOf('pull_request', { action: 'edited', ...pull, changes: { base: { ref: {} } } })).toEqual(
      review,
    );
    expect(jobsOf('pull_request', { action: 'edited', ...pull, changes: { title: {} } })).toEqual([]);
  });

  it.each(['submitted', 'dismissed'])('pull_request_review.%s asks for a review', (action) => {
    expect(jobsOf('pull_request_review', { action, ...pull })).toEqual(review);
    expect(jobsOf('pull_request_review', { action, ...pull }, 'Greffier[bot]')).toEqual([]);
  });

  it('of a push by Greffier itself is judged like any other', () => {
    expect(jobsOf('pull_request', { action: 'synchronize', ...pull }, 'greffier[bot]')).toEqual(review);
  });

  it.each(['check_run', 'check_suite'])(
    '%s.rerequested is looked up by commit: forks are not listed',
    (event) => {
      const extra = { action: 'rerequested', [event]: { head_sha: 'abc', pull_requests: [] } };
      expect(jobsOf(event, extra)).toEqual([{ kind: 'rejudge', payload: { ...place, head: 'abc' } }]);
      expect(jobsOf(event, { ...extra, action: 'created' })).toEqual([]);
    },
  );

  it.each(['check_run', 'check_suite'])(
    '%s.completed has what waits to be merged on the commit looked at, where it passed and is not its own',
    (event) => {
      const of = (conclusion: string | null, sender?: string) =>
        jobsOf(event, { action: 'completed', [event]: { head_sha: 'abc', conclusion } }, sender);
      const look = [{ kind: 'rejudge', payload: { ...place, head: 'abc', merging: true } }];
      for (const conclusion of ['success', 'neutral', 'skipped']) expect(of(conclusion)).toEqual(look);
      for (const conclusion of ['failure', 'action_required', 'stale', null])
        expect(of(conclusion)).toEqual([]);
      expect(of('success', 'greffier[bot]')).toEqual([]);
      expect(jobsOf('status', { state: 'success', sha: 'abc' })).toEqual(look);
      expect(jobsOf('status', { state: 'pending', sha: 'abc' })).toEqual([]);
    },
  );

  it('that only greets is ignored, whatever else it says', () => {
    expect(routeEvent('ping', payload({}), audience)).toEqual({ ignored: 'a greeting' });
  });

  it('of a merge queue asks for a verdict on its commit', () => {
    const extra = { action: 'checks_requested', merge_group: { head_sha: 'h', base_sha: 'b' } };
    expect(jobsOf('merge_group', extra)).toEqual([
      { kind: 'merge-group', payload: { ...place, head: 'h', base: 'b' } },
    ]);
    expect(jobsOf('merge_group', { ...extra, action: 'destroyed' })).toEqual([]);
  });

  it('of a push to the default branch provisions, and judges open pull requests again', () => {
    const kinds = (ref: string) => jobsOf('push', { ref }).map((job) => job.kind);
    expect(kinds('refs/heads/main')).toEqual(['reconcile', 'rejudge']);
    expect(kinds('refs/heads/topic')).toEqual([]);
    expect(kinds('refs/tags/main')).toEqual([]);
  });

  it('of a comment is a command when a person gives one', () => {
    const facts = {
      id: 9,
      createdAt: '2026-01-02T03:04:05Z',
      body: 'hello\n/greffier check',
      author: { id: 2, login: 'alice', bot: false },
    };
    expect(jobsOf('issue_comment', comment('hello\n/greffier check'))).toEqual([
      { kind: 'command', payload: { ...place, number: 4, comment: facts } },
    ]);
  });

  it.each([
    ['without a command', comment('say /greffier check')],
    ['that was edited', comment('/greffier check', 'User', 'edited')],
    ['of a bot', comment('/greffier check', 'Bot')],
    [
      'without an author',
      { action: 'created', issue: { number: 4 }, comment: { id: 9, body: '/greffier x' } },
    ],
  ])('of a comment %s does nothing', (_what, extra) => {
    expect(jobsOf('issue_comment', extra)).toEqual([]);
  });

  it('of a comment of its own does nothing', () => {
    expect(jobsOf('issue_comment', comment('/greffier check'), 'greffier[bot]')).toEqual([]);
  });

  it('of the repository of issues is a command or a closed request, and nothing else', () => {
    const kinds = (event: string, extra: object) => jobsOf(event, extra, 'alice', 'org/requests', 5);
    expect(kinds('issue_comment', comment('/greffier provisioned x'))).toMatchObject([
      { kind: 'command', payload: { repo: 'org/requests', requests: '5' } },
    ]);
    expect(kinds('issues', { action: 'closed' })).toEqual([{ kind: 'reconcile', payload: place }]);
    expect(jobsOf('issues', { action: 'closed' }, 'greffier[bot]', 'org/requests', 5)).toEqual([]);
    expect(kinds('pull_request', { action: 'opened', ...pull })).toEqual([]);
    expect(kinds('push', { ref: 'refs/heads/main' })).toEqual([]);
  });

  it('of a repository that took the name of the one of requests does nothing', () => {
    expect(jobsOf('issue_comment', comment('/greffier provisioned x'), 'alice', 'org/requests', 6)).toEqual(
      [],
    );
    expect(jobsOf('issues', { action: 'closed' }, 'alice', 'org/requests', 6)).toEqual([]);
    const renamed = jobsOf('issues', { action: 'closed' }, 'alice', 'org/desk', 5);
    expect(renamed).toEqual([{ kind: 'reconcile', payload: place }]);
  });

  it('causes work at the turn of the account whose doing it is, however it is called', () => {
    const sent = { ...payload({ action: 'opened', ...pull }), sender: { login: 'alice', id: 77 } };
    expect(routeEvent('pull_request', sent, audience)).toEqual({ jobs: review, sender: '77' });
  });

  it('of the registry is known by its number, whatever it is called now', () => {
    const action = { action: 'opened', ...pull };
    for (const name of ['Org/Registry', 'org/renamed', 'elsewhere/registry'])
      expect(jobsOf('pull_request', action, 'alice', name), name).toEqual(review);
  });

  it('of another repository that took over its name does nothing, and says so', () => {
    const events = [
      ['push', { ref: 'refs/heads/main' }],
      ['pull_request', { action: 'opened', ...pull }],
      ['issue_comment', comment('/greffier confirm abc')],
      ['issues', { action: 'closed' }],
    ] as const;
    for (const [event, extra] of events)
      expect(routeEvent(event, payload(extra, 'alice', 'Org/registry', 666), audience), event).toEqual({
        ignored: 'another repository under the name of the registry',
      });
  });

  it.each([undefined, null, '700123456', 1.5, 2 ** 60])('of a repository numbered %j does nothing', (id) => {
    const odd = { ...payload({ action: 'opened', ...pull }), repository: { id, full_name: 'org/registry' } };
    expect(routeEvent('pull_request', odd, audience)).toEqual({ ignored: 'no repository' });
  });

  it('of a rename or a transfer of the registry makes Greffier look around', () => {
    for (const action of ['renamed', 'transferred', 'deleted'])
      expect(jobsOf('repository', { action }), action).toEqual([{ kind: 'sweep', payload: {} }]);
    expect(jobsOf('repository', { action: 'renamed' }, 'alice', 'org/other', 6)).toEqual([]);
  });

  it('of another repository is ignored, and its reason kept', () => {
    const other = payload({ action: 'opened', ...pull }, 'alice', 'org/other', 6);
    expect(routeEvent('pull_request', other, audience)).toEqual({ ignored: 'another repository' });
    const elsewhere = (extra: object) => payload(extra, 'alice', 'org/other', 6);
    for (const [event, odd] of [
      ['issue_comment', elsewhere(comment('/greffier provisioned x'))],
      ['issues', elsewhere({ action: 'closed' })],
      ['push', elsewhere({ ref: 'refs/heads/main' })],
    ] as const)
      expect(routeEvent(event, odd, audience), event).toEqual({ ignored: 'another repository' });
  });

  it('of an installation makes Greffier look around', () => {
    const extra = { action: 'created', installation: { id: 1 } };
    for (const event of ['installation', 'installation_repositories'])
      expect(routeEvent(event, extra, audience), event).toEqual({ jobs: [{ kind: 'sweep', payload: {} }] });
  });

  it.each([null, [], 'text', 7, {}, { installation: { id: '1' } }, { repository: null }])(
    'that says %j does nothing',
    (odd) => {
      for (const event of [
        'push',
        'pull_request',
        'issue_comment',
        'installation',
        'unheard-of',
        '__proto__',
      ])
        expect(routeEvent(event, odd, audience).jobs).toBeUndefined();
    },
  );
});

describe('an event, where there is a front desk', () => {
  const desk = { ...audience, frontDesk: true };
  const news = { kind: 'request-news', payload: { ...place, pull: 4 } };
  const told = (event: string, extra: object, sender?: string, id?: number) =>
    (routeEvent(event, payload(extra, sender, undefined, id), desk).jobs ?? []).filter(
      ({ kind }) => kind === 'request-news',
    );
  const onPull = (action: string) => ({
    ...comment('Bonjour', 'User', action),
    issue: { number: 4, pull_request: {} },
  });

  it.each(['created', 'edited', 'deleted'])('issue_comment.%s on a pull request is news', (action) => {
    expect(told('issue_comment', onPull(action))).toEqual([news]);
    expect(told('issue_comment', onPull(action), 'greffier[bot]')).toEqual([]);
    expect(told('issue_comment', comment('Bonjour', 'User', action))).toEqual([]);
  });

  it('of a review, and of the end of a pull request, is news beside its own work', () => {
    expect(told('pull_request_review', { action: 'submitted', ...pull })).toEqual([news]);
    expect(told('pull_request', { action: 'closed', ...pull }, 'greffier[bot]')).toEqual([news]);
    expect(routeEvent('pull_request', payload({ action: 'closed', ...pull }), desk).jobs).toEqual([
      ...review,
      news,
    ]);
    expect(told('pull_request', { action: 'opened', ...pull })).toEqual([]);
  });

  it('of another repository is none', () => {
    expect(told('pull_request', { action: 'closed', ...pull }, 'alice', 5)).toEqual([]);
  });
});

describe('the commits of a pull request', () => {
  const head = 'a'.repeat(40);
  const base = 'b'.repeat(40);
  const of = (changes: object = {}, action = 'opened', event = 'pull_request', ref = 'main') =>
    proposedCommits(
      'delivery',
      event,
      payload({
        action,
        pull_request: { number: 4, head: { sha: head }, base: { sha: base, ref }, ...changes },
      }),
    );

  it.each(['opened', 'synchronize'])('are told by an event that brings them: %s', (action) => {
    expect(of({}, action)).toMatchObject({ number: 4, head, base });
  });

  it('are told with the delivery where they are the first ones', () => {
    expect(of()).toHaveProperty('openedBy', 'delivery');
    expect(of({}, 'synchronize')).not.toHaveProperty('openedBy');
  });

  it.each([
    ['that brings no commit', of({}, 'reopened')],
    ['of a review', of({}, 'submitted', 'pull_request_review')],
    ['of a request into another branch', of({}, 'opened', 'pull_request', 'stable')],
    ['without a number', of({ number: '4' })],
    ['whose head is no commit', of({ head: { sha: '../../user' } })],
    ['whose base is no commit', of({ base: { sha: `${base}?`, ref: 'main' } })],
    ['without a head', of({ head: null })],
  ])('are not told by one %s', (_, told) => {
    expect(told).toBeUndefined();
  });
});
