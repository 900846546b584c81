/** What is sent to PostgreSQL before the answer to what begins a transaction is there. */
import { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import { PipelinedDialect } from '#infrastructure/database/postgres-dialect';
import { patience } from '../../patience.ts';

interface Rows {
  readonly things: { readonly id: number };
}

/** A store whose client notes what it is sent. @param begun the answer to `begin` */
function noted(begun: Promise<unknown>) {
  const sent: string[] = [];
  const client = {
    async query(text: string) {
      sent.push(text.split(' ')[0] ?? '');
      if (text === 'begin') await begun;
      return { command: text.toUpperCase(), rowCount: 0, rows: [] };
    },
    release: () => undefined,
  };
  const pool = { connect: async () => client, end: async () => undefined, options: {} };
  return { sent, db: new Kysely<Rows>({ dialect: new PipelinedDialect({ pool: pool as unknown as Pool }) }) };
}

describe('a transaction on PostgreSQL', () => {
  it('is begun together with its first statement where that only reads', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { sent, db } = noted(promise);
    await db.transaction().execute(async (transaction) => {
      const read = transaction.selectFrom('things').select('id').execute();
      await expect.poll(() => sent, { timeout: patience }).toEqual(['begin', 'select']);
      resolve();
      await read;
      await transaction.insertInto('things').values({ id: 1 }).execute();
    });
    expect(sent).toEqual(['begin', 'select', 'insert', 'commit']);
  });

  it('is waited for before anything is changed: were it not there, that would stand alone', async () => {
    const { sent, db } = noted(Promise.reject(new Error('cancelled')));
    const write = db
      .transaction()
      .execute((transaction) => transaction.insertInto('things').values({ id: 1 }).execute());
    await expect(write).rejects.toThrow('cancelled');
    expect(sent).toEqual(['begin', 'rollback']);
  });

  it('costs nothing where nothing is said', async () => {
    const { sent, db } = noted(Promise.resolve());
    await db.transaction().execute(async () => undefined);
    await expect(db.transaction().execute(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(sent).toEqual([]);
  });
});
