/** A registry in which nothing is yet is healthy, and nothing follows from it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import { runReconciliation } from '#application/reconciliation/run-reconciliation';
import { createLog } from '#base/observability/logger';
import { EmptyRepository } from '#infrastructure/github/client/repository-client';
import { defaultBranchHead } from '#infrastructure/github/read/repository';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { ReviewEnvironment } from './pull-requests/review-environment.ts';

describe('a registry', () => {
  let world: ReviewEnvironment;
  beforeAll(async () => {
    world = await ReviewEnvironment.open();
  });
  afterAll(() => world.close());

  const asked: number[] = [];
  const rereview = () => rereviewAffected(world.deps, async (numbers) => void asked.push(...numbers));

  it('without a commit asks for nothing, and is told as such to who reads it', async () => {
    world.createRegistry({}).git.refs.clear();
    await expect(defaultBranchHead(world.deps.repository)).rejects.toThrow(EmptyRepository);
    await rereview();
    expect(asked).toEqual([]);
  });

  it.each([
    ['without a folder of definitions', {}],
    ['with settings that say nothing', { '.github/greffier.yaml': '' }],
    ['with settings that are only a comment', { '.github/greffier.yaml': '# rien\n' }],
  ])('%s is read', async (_what, files) => {
    world.createRegistry(files as Record<string, string>);
    await rereview();
    expect(asked).toEqual([]);
  });

  it('without a commit is reconciled with nothing done, and other errors are not taken for that', async () => {
    const deps = (error: Error) => ({
      reconcile: new Proxy({} as ReconcileDeps, {
        get: () => {
          throw error;
        },
      }),
      publisher: {} as never,
      db: world.store.db,
      jobs: new JobQueue(world.store.db),
      log: createLog('silent'),
      sendsMails: false,
      forgetAfter: 86_400,
    });
    const job = { kind: 'reconcile', payload: { sweep: true }, request: 'x' } as never;
    expect(await runReconciliation(deps(new EmptyRepository()), job)).toBeUndefined();
    await expect(runReconciliation(deps(new Error('a bug')), job)).rejects.toThrow('a bug');
  });
});
