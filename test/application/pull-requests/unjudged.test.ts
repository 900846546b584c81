/** What GitHub shows when a judgement fails for a fault of Greffier's own, or when GitHub refuses what it is to show. */
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReviewDeps } from '#application/mirror/deps';
import { createReviewHandlers } from '#application/pull-requests/handlers';
import { createMetrics, type Metrics } from '#base/observability/metrics';
import type { PullRequest } from '#demo/github/state';
import type { Handlers, Job, JobKind, JobPayloads } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { freeLease } from '../../infrastructure/queue/leases.ts';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

const checkRoute = 'POST /repos/{owner}/{repo}/check-runs';
const commentRoute = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const labelRoute = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
const reactionRoute = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';

describe('what cannot be judged, or said', () => {
  let environment: ReviewEnvironment;
  let metrics: Metrics;
  let logged: { level: number; msg: string; [field: string]: unknown }[];
  let broken: boolean;
  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(() => environment.close());
  beforeEach(() => {
    environment.createRegistry(serviceFile('voisin'));
    environment.github.calls.clear();
    environment.github.faults.clear();
    metrics = createMetrics();
    logged = [];
    broken = true;
  });

  const deps = (): ReviewDeps => ({
    ...environment.deps,
    lookUp: async () => {
      if (broken) throw new TypeError("reading 'x' of @everyone");
      return {};
    },
  });
  async function run<K extends JobKind & keyof ReturnType<typeof createReviewHandlers>>(
    kind: K,
    payload: Omit<JobPayloads[K], 'installation' | 'repo'>,
    attempt = 1,
  ) {
    const review = deps();
    const handlers = createReviewHandlers({
      review,
      jobs: new JobQueue(environment.store.db),
      log: pino({ level: 'info' }, { write: (line) => void logged.push(JSON.parse(line)) }),
      metrics,
      installation: 1,
      repositoryNumbered: () => review.repository,
    });
    const job = { id: 1, kind, request: 'test', since: new Date(), attempt };
    const whole = { ...job, payload: { installation: 1, repo: review.repo, ...payload } };
    return (handlers as unknown as Handlers)[kind](
      whole as unknown as Job<K>,
      freeLease(environment.store.db),
    );
  }
  const errors = () => logged.filter(({ level }) => level >= 50).map(({ msg }) => msg);
  const count = async (name: 'unjudged' | 'refused') =>
    Object.fromEntries((await metrics[name].get()).values.map(({ labels, value }) => [labels.kind, value]));
  const checks = (head: string) =>
    environment.repository.checkRuns
      .filter(({ headSha }) => headSha === head)
      .map(({ conclusion, title }) => `${conclusion}: ${title}`);
  const reviewComments = (pull: PullRequest) =>
    pull.comments.map(({ body }) => body).filter((body) => body.startsWith('<!-- greffier:review -->'));
  const unjudged = 'failure: Greffier n’a pas pu juger cette pull request';

  it('a review that fails is a failing check at once, tells the operator, and is replaced by one that works', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    for (const attempt of [1, 2])
      await expect(run('review', { number: pull.number }, attempt)).rejects.toThrow(TypeError);
    expect(checks(pull.pull.headSha)).toEqual([unjudged]);
    expect(reviewComments(pull)).toHaveLength(1);
    expect(reviewComments(pull)[0]).toContain('`/greffier check`');
    expect(reviewComments(pull)[0]).not.toContain('@everyone');
    expect([...pull.labels]).toEqual(['invalid']);
    expect(errors()).toEqual(['could not be judged', 'could not be judged']);
    expect(await count('unjudged')).toEqual({ review: 2 });
    // A sweep has no reason to ask for it again.
    const open = await environment.deps.store.openPulls(environment.deps.repo);
    expect(open.map(({ head }) => head)).toEqual([pull.pull.headSha]);
    broken = false;
    await run('review', { number: pull.number });
    expect(checks(pull.pull.headSha)).toEqual([expect.stringMatching(/^success: /)]);
    expect(reviewComments(pull)).toHaveLength(1);
    expect([...pull.labels]).toContain('ready');
  });

  it('takes back a verdict that can no longer be made', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    broken = false;
    await run('review', { number: pull.number });
    broken = true;
    await expect(run('review', { number: pull.number })).rejects.toThrow(TypeError);
    expect(checks(pull.pull.headSha)).toEqual([unjudged]);
  });

  it('says nothing of what passes, until it has not passed for a while', async () => {
    broken = false;
    const pull = environment.propose(serviceFile('agenda'));
    const missing = { on: 'GET /repos/{owner}/{repo}/compare/{basehead}' };
    for (const attempt of [1, 4, 5]) {
      environment.github.faults.inject({ kind: 'not-found' }, missing);
      await expect(run('review', { number: pull.number }, attempt)).rejects.toMatchObject({
        name: 'UnknownAnswer',
      });
      expect(checks(pull.pull.headSha)).toEqual(attempt < 5 ? [] : [unjudged]);
    }
    expect(await count('unjudged')).toEqual({});
  });

  it('a merge group that fails is a failing check too', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const { headSha: head, baseSha: base } = pull.pull;
    await expect(run('merge-group', { head, base })).rejects.toThrow(TypeError);
    expect(checks(head)).toEqual([unjudged]);
    expect(await count('unjudged')).toEqual({ 'merge-group': 1 });
    broken = false;
    await run('merge-group', { head, base });
    expect(checks(head)).toEqual([expect.stringMatching(/^success: /)]);
  });

  const command = (pull: PullRequest, body: string) => {
    const said = environment.alice.comment(environment.repository, pull, body);
    const author = { id: environment.alice.account.id, login: 'alice', bot: false };
    const comment = { id: said.id, body, createdAt: said.createdAt.toISOString(), author };
    return { said, payload: { number: pull.number, comment } };
  };

  it('a command that fails is answered once, and obeyed when it can be', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const { said, payload } = command(pull, '/greffier plan');
    for (const attempt of [1, 2]) await expect(run('command', payload, attempt)).rejects.toThrow(TypeError);
    const answers = () => pull.comments.filter(({ body }) => body.startsWith('<!-- greffier:reply:'));
    expect(answers()).toHaveLength(1);
    expect(answers()[0]?.body).toContain('Greffier s’est trompé');
    expect(said.reactions.map(({ content }) => content)).toEqual(['confused']);
    expect(await count('unjudged')).toEqual({ command: 2 });
    broken = false;
    await run('command', payload);
    expect(answers()).toHaveLength(2);
    expect(said.reactions.map(({ content }) => content)).toEqual(['confused', '+1']);
  });

  it.each([
    ['a commit that is gone', checkRoute, 422, 'No commit found for SHA', 'check'],
    ['labels that are refused', labelRoute, 422, 'Validation Failed', 'labels'],
    [
      'a conversation that is locked',
      commentRoute,
      403,
      'Unable to create comment because issue is locked.',
      'comment',
    ],
    ['a conversation that was deleted', commentRoute, 410, 'This issue was deleted', 'comment'],
  ] as const)(
    'says all the rest, and tells the operator once, of %s',
    async (_, route, status, message, kind) => {
      broken = false;
      const pull = environment.propose(serviceFile('agenda'));
      environment.github.faults.inject({ kind: 'refusal', status, message }, { on: route, times: 50 });
      await run('review', { number: pull.number });
      const shown = {
        check: checks(pull.pull.headSha).length > 0,
        labels: pull.labels.size > 0,
        comment: reviewComments(pull).length > 0,
      };
      expect(shown).toEqual({
        check: kind !== 'check',
        labels: kind !== 'labels',
        comment: kind !== 'comment',
      });
      environment.github.calls.clear();
      await run('review', { number: pull.number });
      expect(environment.github.calls.count(route)).toBe(0);
      expect(errors()).toEqual(['GitHub refuses to have this said; it is not tried again as it is']);
      expect(logged.find(({ level }) => level >= 50)).toMatchObject({
        what: kind,
        status,
        number: pull.number,
      });
      expect(await count('refused')).toEqual({ [kind]: 1 });
      // Someone asks for it again, and it is taken.
      environment.github.faults.clear();
      await run('review', { number: pull.number, again: true });
      expect(checks(pull.pull.headSha)).toHaveLength(1);
      expect(pull.labels.size).toBeGreaterThan(0);
      expect(reviewComments(pull)).toHaveLength(1);
    },
  );

  it('gives the labels that GitHub takes where it refuses one', async () => {
    broken = false;
    const pull = environment.propose(serviceFile('agenda'));
    const refusal = { kind: 'refusal', status: 422, message: 'Validation Failed' } as const;
    environment.github.faults.inject(refusal, { on: labelRoute, times: 2 });
    await run('review', { number: pull.number });
    expect(pull.labels.size).toBe(3);
    expect(await count('refused')).toEqual({ labels: 1 });
  });

  it('writes its check and its comment anew where they were deleted between reading and writing', async () => {
    broken = false;
    const pull = environment.propose(serviceFile('agenda'));
    await run('review', { number: pull.number });
    environment.repository.checkRuns.length = 0;
    const [comment] = pull.comments;
    if (comment === undefined) throw new Error('no comment');
    environment.bob.deleteComment(environment.repository, pull, comment);
    broken = true;
    await expect(run('review', { number: pull.number })).rejects.toThrow(TypeError);
    expect(checks(pull.pull.headSha)).toEqual([unjudged]);
    expect(reviewComments(pull)).toHaveLength(1);
  });

  it('obeys a command whose comment was deleted meanwhile', async () => {
    broken = false;
    const pull = environment.propose(serviceFile('agenda'));
    const { said, payload } = command(pull, '/greffier plan');
    environment.alice.deleteComment(environment.repository, pull, said);
    expect(await run('command', payload)).toBeUndefined();
    expect(pull.comments.filter(({ body }) => body.startsWith('<!-- greffier:reply:'))).toHaveLength(1);
    expect(errors()).toEqual([]);
  });

  it.each([
    ['reaction', reactionRoute],
    ['answer', commentRoute],
  ])('obeys a command whose %s GitHub refuses', async (kind, route) => {
    broken = false;
    const pull = environment.propose(serviceFile('agenda'));
    environment.github.faults.inject(
      { kind: 'refusal', status: 403, message: 'locked' },
      { on: route, times: 9 },
    );
    expect(await run('command', command(pull, '/greffier plan').payload)).toBeUndefined();
    expect(errors()).toHaveLength(1);
    expect(await count('refused')).toEqual({ [kind]: 1 });
  });

  it('ends with a merge group whose commit is gone when its check is refused', async () => {
    broken = false;
    const pull = environment.propose(serviceFile('agenda'));
    const { headSha: head, baseSha: base } = pull.pull;
    const refusal = { kind: 'refusal', status: 422, message: 'No commit found for SHA' } as const;
    environment.github.faults.inject(refusal, { on: checkRoute });
    expect(await run('merge-group', { head, base })).toBeUndefined();
    expect(await count('refused')).toEqual({ check: 1 });
  });
});
