import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReviewHandlers, type ReviewHandlers } from '#application/pull-requests/handlers';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { createMetrics } from '#base/observability/metrics';
import type { PullRequest } from '#demo/github/state';
import { listJobs } from '#infrastructure/queue/dead-letters';
import type { Job } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { emptyTables } from '../../infrastructure/database/engines.ts';
import { freeLease } from '../../infrastructure/queue/leases.ts';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

describe('judging again what is open', () => {
  let environment: ReviewEnvironment;
  let handlers: ReviewHandlers;
  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(() => environment.close());
  beforeEach(async () => {
    environment.createRegistry({ 'README.md': '# Registre\n' });
    await environment.store.db.deleteFrom('jobs').execute();
    handlers = createReviewHandlers({
      review: environment.createDeps(),
      jobs: new JobQueue(environment.store.db),
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
      installation: 1,
      repositoryNumbered: () => environment.deps.repository,
    });
  });

  const rejudge = (head?: string) => {
    const payload = { installation: 1, repo: environment.deps.repo, ...(head === undefined ? {} : { head }) };
    const job: Job<'rejudge'> = {
      id: 1,
      kind: 'rejudge',
      payload,
      request: 'test',
      sender: '77',
      since: new Date(),
      attempt: 1,
    };
    return handlers.rejudge(job, freeLease(environment.store.db));
  };
  const asked = async () =>
    (await listJobs(environment.store.db)).map(({ kind, payload }) => [kind, payload]);

  /** @param daysBefore it arrived, the comment was written */
  function command(pull: PullRequest, daysBefore: number): Job<'command'> {
    const body = '/greffier help';
    const { account, login } = environment.bob;
    const { id } = environment.bob.comment(environment.repository, pull, body);
    const since = new Date();
    const createdAt = new Date(+since - daysBefore * 86_400_000).toISOString();
    const comment = { id, body, createdAt, author: { id: account.id, login, bot: false } };
    const payload = { installation: 1, repo: environment.deps.repo, number: pull.number, comment };
    return { id: 1, kind: 'command', payload, request: 'test', since, attempt: 1 };
  }

  it('keeps what came of a command on the disk before it is answered: a power cut has no second answer given', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const { db } = environment.store;
    const unflushed = {
      selectFrom: db.selectFrom.bind(db),
      transaction: () => expect.fail('not waited for'),
    };
    await handlers.command(command(pull, 0), { ...freeLease(db), unflushed });
    expect(pull.comments).toHaveLength(2);
  });

  it('takes no command of long before it was delivered: GitHub sends again for three days', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    await handlers.command(command(pull, 8), freeLease(environment.store.db));
    expect(pull.comments).toHaveLength(1);
    await handlers.command(command(pull, 6), freeLease(environment.store.db));
    expect(pull.comments).toHaveLength(3);
  });

  it('asks for the pull request of a commit, even when nothing about it changed', async () => {
    const one = environment.propose(serviceFile('agenda'));
    const other = environment.propose(serviceFile('annuaire'));
    for (const pull of [one, other]) await reviewPullRequest(environment.deps, pull.number);
    await rejudge(one.pull.headSha);
    expect(await asked()).toEqual([['review', expect.objectContaining({ number: one.number, again: true })]]);
  });

  it('asks for those that a move of the default branch concerns, and for no other', async () => {
    const one = environment.propose(serviceFile('agenda'));
    const other = environment.propose(serviceFile('annuaire'));
    for (const pull of [one, other]) await reviewPullRequest(environment.deps, pull.number);
    const [text = ''] = Object.values(serviceFile('agenda'));
    environment.bob.pushCommit(environment.repository, 'main', {
      'service-providers/internet/integration/copie.yaml': text,
    });
    await rejudge();
    expect(await asked()).toEqual([['review', expect.not.objectContaining({ again: true })]]);
    expect(await asked()).toMatchObject([['review', { number: one.number }]]);
  });

  it('takes the turns of whoever moved it, and of nobody else', async () => {
    const pulls = [environment.propose(serviceFile('agenda')), environment.propose(serviceFile('annuaire'))];
    for (const pull of pulls) await reviewPullRequest(environment.deps, pull.number);
    await emptyTables(environment.store.db, 'registry_commits', 'registry_files');
    await rejudge();
    const jobs = await listJobs(environment.store.db);
    expect(jobs.map(({ sender }) => sender)).toEqual(['77', '77']);
    expect(jobs.map(({ turn }) => turn).toSorted()).toEqual([0, 1]);
  });

  it('asks for all of them when the registry was never read before', async () => {
    const pulls = [environment.propose(serviceFile('agenda')), environment.propose(serviceFile('annuaire'))];
    for (const pull of pulls) await reviewPullRequest(environment.deps, pull.number);
    await emptyTables(environment.store.db, 'registry_commits', 'registry_files');
    await rejudge();
    expect((await asked()).length).toBe(2);
  });
});
