import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openReviewWorkshop, type ReviewWorkshop } from '#application/pull-requests/handlers';
import { reviewPull } from '#application/pull-requests/review-pull-request';
import { createMeasures } from '#base/observability/metrics';
import { listJobs } from '#infrastructure/queue/dead-letters';
import type { Job } from '#infrastructure/queue/job-kinds';
import { Jobs } from '#infrastructure/queue/job-queue';
import { Stage, service } from './review-stage.ts';

describe('judging again what is open', () => {
  let stage: Stage;
  let workshop: ReviewWorkshop;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    stage.registry({ 'README.md': '# Registre\n' });
    await stage.store.db.deleteFrom('jobs').execute();
    workshop = openReviewWorkshop({
      db: stage.store.db,
      jobs: new Jobs(stage.store.db),
      log: pino({ level: 'silent' }),
      measures: createMeasures(),
      registry: { repo: stage.room.repo, installation: 1 },
      appId: stage.github.appId,
      github: { installation: async () => stage.client() },
    });
  });

  const rejudge = (head?: string) => {
    const payload = { installation: 1, repo: stage.room.repo, ...(head === undefined ? {} : { head }) };
    const job: Job<'rejudge'> = {
      id: 1,
      kind: 'rejudge',
      payload,
      request: 'test',
      since: new Date(),
      attempt: 1,
    };
    return workshop.handlers.rejudge(job, new AbortController().signal);
  };
  const asked = async () => (await listJobs(stage.store.db)).map(({ kind, payload }) => [kind, payload]);

  it('asks for the pull request of a commit, even when nothing about it changed', async () => {
    const one = stage.propose(service('agenda'));
    const other = stage.propose(service('annuaire'));
    for (const pull of [one, other]) await reviewPull(stage.room, pull.number);
    await rejudge(one.pull.headSha);
    expect(await asked()).toEqual([['review', expect.objectContaining({ number: one.number, again: true })]]);
  });

  it('asks for those that a move of the default branch concerns, and for no other', async () => {
    const one = stage.propose(service('agenda'));
    const other = stage.propose(service('annuaire'));
    for (const pull of [one, other]) await reviewPull(stage.room, pull.number);
    const [text = ''] = Object.values(service('agenda'));
    stage.bob.pushCommit(stage.repository, 'main', {
      'service-providers/internet/integration/copie.yaml': text,
    });
    await rejudge();
    expect(await asked()).toEqual([['review', expect.not.objectContaining({ again: true })]]);
    expect(await asked()).toMatchObject([['review', { number: one.number }]]);
  });

  it('asks for all of them when the registry was never read before', async () => {
    const pulls = [stage.propose(service('agenda')), stage.propose(service('annuaire'))];
    for (const pull of pulls) await reviewPull(stage.room, pull.number);
    await sql`truncate registry_commits, registry_files`.execute(stage.store.db);
    await rejudge();
    expect((await asked()).length).toBe(2);
  });
});
