/** What is kept on the disk of what a stranger pushes, push by push. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

let environment: ReviewEnvironment;
beforeAll(async () => {
  environment = await ReviewEnvironment.open();
});
afterAll(() => environment.close());

it('is half a megabyte for each at most, whatever it brings', async () => {
  environment.createRegistry(serviceFile('voisin'));
  const many = (push: number) =>
    Object.assign(
      {},
      ...Array.from({ length: 60 }, (_, n) =>
        serviceFile(`flot-${n}`, 'internet/integration', `\n# ${push} ${'x'.repeat(60_000)}`),
      ),
    );
  const pull = environment.propose(many(0));
  const kept = async () => {
    const { rows } = await sql<{ bytes: number }>`select sum(length(bytes)) as bytes from blobs`.execute(
      environment.store.db,
    );
    return Number(rows[0]?.bytes ?? 0);
  };
  await reviewPullRequest(environment.deps, pull.number);
  const before = await kept();
  environment.alice.pushCommit(environment.repository, pull.pull.headRef, many(1));
  expect(await reviewPullRequest(environment.deps, pull.number)).toMatchObject({ kind: 'judged' });
  expect((await kept()) - before).toBeLessThanOrEqual(512 * 1024);
});
