/**
 * Receives deliveries for ever, sixteen at a time, and prints the id of each once it was answered: to be killed. Before
 * each it keeps something under the same id without waiting for the disk.
 */
import { unflushed } from '#infrastructure/database/per-engine';
import { Inbox } from '#infrastructure/queue/inbox';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { opened } from './engines.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const store = await opened({ folder });
const inbox = new Inbox(store.db, new JobQueue(store.db));
const bytes = Buffer.from('{"repository":{"full_name":"org/registre"}}');

async function receive(lane: number): Promise<void> {
  for (let number = 0; ; number += 1) {
    const id = `${name}-${lane}-${number}`;
    const job = { kind: 'review' as const, payload: { installation: 1, repo: 'org/registre', number: lane } };
    await unflushed(store.db).insertInto('blobs').values({ id, bytes }).execute();
    await inbox.receive({ id, event: 'push' }, { jobs: [job] });
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, lane) => receive(lane)));
