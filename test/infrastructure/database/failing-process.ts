/** Keeps three things, each waiting for the disk, which fails at the second one, and says of each whether it is kept. */
import { rmSync, writeFileSync } from 'node:fs';
import { opened } from './engines.ts';

const [folder = '', sign = ''] = process.argv.slice(2);
const store = await opened({ folder });
for (const id of ['a', 'b', 'c']) {
  if (id === 'b') writeFileSync(sign, '');
  const kept = await store.db
    .insertInto('blobs')
    .values({ id, bytes: Buffer.from(id) })
    .execute()
    .then(
      () => 'kept',
      () => 'refused',
    );
  rmSync(sign, { force: true });
  process.stdout.write(`${kept}\n`);
}
process.exit();
