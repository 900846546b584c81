/** The lease of a process that ends in the middle of its work. */
import { defined } from '#base/defined';
import { LeaseLost } from '#base/lease-lost';
import type { FencedDatabase, Lease } from '#infrastructure/queue/lease';

function before(
  take: () => void | Promise<void>,
  write: FencedDatabase['writeUnflushed'],
): FencedDatabase['writeUnflushed'] {
  return (
    write &&
    (async (statement) => {
      await take();
      await write(statement);
    })
  );
}

/**
 * Under it nothing is written and nobody is called any more from the `nth` time on, as if the process had been killed
 * right before.
 */
export function killingLease(lease: Lease, nth: number): Lease & { wasKilled(): boolean } {
  let left = nth;
  const take = () => {
    left -= 1;
    if (left <= 0) throw new LeaseLost();
  };
  return {
    signal: lease.signal,
    wasKilled: () => left <= 0,
    async hold() {
      take();
      await lease.hold();
    },
    database: dying(lease.database),
    unflushed: dying(lease.unflushed),
  };

  function dying(database: FencedDatabase): FencedDatabase {
    return {
      selectFrom: database.selectFrom.bind(database),
      transaction: () => ({
        async execute(work) {
          take();
          return await database.transaction().execute(work);
        },
      }),
      ...defined({ writeUnflushed: before(take, database.writeUnflushed) }),
    };
  }
}

/** The lease of a process right before whose `nth` step another one does something. */
export function meddledLease(
  lease: Lease,
  nth: number,
  meddle: () => Promise<void>,
): Lease & { wasMeddled(): boolean } {
  let left = nth;
  const take = async () => {
    left -= 1;
    if (left === 0) await meddle();
  };
  return {
    signal: lease.signal,
    wasMeddled: () => left <= 0,
    async hold() {
      await take();
      await lease.hold();
    },
    database: meddled(lease.database),
    unflushed: meddled(lease.unflushed),
  };

  function meddled(database: FencedDatabase): FencedDatabase {
    return {
      selectFrom: database.selectFrom.bind(database),
      transaction: () => ({
        async execute(work) {
          await take();
          return await database.transaction().execute(work);
        },
      }),
      ...defined({ writeUnflushed: before(take, database.writeUnflushed) }),
    };
  }
}
