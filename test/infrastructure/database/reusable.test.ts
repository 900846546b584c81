import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { reusable } from '#infrastructure/database/reusable';
import { engines, opened } from './engines.ts';

describe.each(engines)('a statement that is used again on $name', (engine) => {
  it('is made once, and has the values of each time in their places', async () => {
    let made = 0;
    const pair = reusable(2, (one: string, other: number) => {
      made += 1;
      return sql<object>`select ${other} + 1 as other, ${one} || ${'!'} || ${one} as one`;
    });
    const scratch = await engine.scratch();
    const { db, close } = await opened(scratch.location);
    const within = await db.transaction().execute((transaction) => pair(transaction, 'a', 1));
    expect(within).toEqual([{ one: 'a!a', other: 2 }]);
    expect(await pair(db, 'b', 2)).toEqual([{ one: 'b!b', other: 3 }]);
    expect(made).toBe(1);
    await close();
    await scratch.remove();
  });
});
