/** Requests of the desk are served in turns between those who sent them, whoever sends how many. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/database/database';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { createRequestWork, type RequestWorkDeps } from '#main/requests';
import { engines, newStore } from '../infrastructure/database/engines.ts';
import { aVault } from '../infrastructure/identity-providers/store.ts';

describe.each(engines)('someone at the desk, on $name', (engine) => {
  let store: Database;
  beforeAll(async () => {
    store = await newStore(engine);
  });
  afterAll(() => store.close());

  it('waits for one or two of another one’s forty requests, and of the reviews of them', async () => {
    const jobs = new JobQueue(store.db);
    // Only the store and the queue have a part in it.
    const deps = { db: store.db, jobs, repo: '1', installation: 1, vault: aVault() } as RequestWorkDeps;
    const { requests } = createRequestWork(deps);
    const file = (person: string, id: string) =>
      requests.create({
        id: randomUUID(),
        person: person.repeat(64),
        applicant: { email: `${person}@ville.fr` },
        path: `service-providers/internet/integration/${id}.yaml`,
        wanted: 'version: 1\n',
      });
    const numbers: number[] = [];
    for (let count = 0; count < 40; count += 1) numbers.push(Number(await file('e', `flood-${count}`)));
    const own = Number(await file('c', 'agenda'));
    const next = async () => {
      const claimed = await jobs.claim();
      if (claimed !== undefined) await jobs.complete(claimed);
      return claimed?.job;
    };
    const first = [await next(), await next(), await next()];
    expect(first.map((job) => job?.payload)).toContainEqual({ installation: 1, repo: '1', request: own });
    while ((await next()) !== undefined);
    for (const number of numbers) await requests.sent(number, 1000 + number);
    await requests.sent(own, 7);
    const reviews = [await next(), await next(), await next()];
    expect(reviews.map((job) => job?.payload)).toContainEqual({ installation: 1, repo: '1', number: 7 });
  });
});
