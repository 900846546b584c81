import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { reusable } from '#infrastructure/database/reusable';
import { engines, newStore } from './engines.ts';

describe.each(engines)('a statement that is used again on $name', (engine) => {
  it('is made once, and has the values of each time in their places', async () => {
    let made = 0;
    const pair = reusable(2, (one: string, other: number) => {
      made += 1;
      return sql<object>`select ${other} + 1 as other, ${one} || ${'!'} || ${one} as one`;
    });
    const { db, close } = await newStore(engine);
    const within = await db.transaction().execute((transaction) => pair(transaction, 'a', 1));
    expect(within).toEqual([{ one: 'a!a', other: 2 }]);
    expect(await pair(db, 'b', 2)).toEqual([{ one: 'b!b', other: 3 }]);
    expect(made).toBe(1);
    await close();
  });

  it.runIf(engine.name === 'postgresql')(
    'is kept ready, until connections turn out to be shared',
    async () => {
      const double = reusable(
        1,
        (number: number) => sql<{ doubled: number }>`select ${number}::int * 2 as doubled`,
      );
      const { db, close } = await newStore(engine);
      // One after the other, all of this is asked on one connection.
      const ready = async () => {
        const { rows } =
          await sql`select name from pg_prepared_statements where name like 'greffier\\_%'`.execute(db);
        return rows.length;
      };
      expect(await double(db, 1)).toEqual([{ doubled: 2 }]);
      expect(await ready()).toBe(1);
      // As where a pooler gives the next transaction to another connection of its own.
      await sql`deallocate all`.execute(db);
      expect(await double(db, 2)).toEqual([{ doubled: 4 }]);
      expect(await double(db, 3)).toEqual([{ doubled: 6 }]);
      expect(await ready()).toBe(0);
      await close();
    },
  );

  it.runIf(engine.name === 'postgresql')(
    'is understood anew where another process, of a later version, has changed what it answers',
    async () => {
      const { db, close } = await newStore(engine);
      const all = reusable(
        1,
        (mark: string) => sql<{ body: unknown }>`select ${mark}::text as mark, body from deliveries`,
      );
      expect(await all(db, 'a')).toEqual([]);
      await sql`alter table deliveries alter column body type text using encode(body, 'hex')`.execute(db);
      await sql`insert into deliveries (id, event, body, state) values ('a', 'push', 'b', 'ignored')`.execute(
        db,
      );
      for (const mark of ['b', 'c']) expect(await all(db, mark)).toEqual([{ mark, body: 'b' }]);
      await close();
    },
  );
});
