/**
 * Statements that PostgreSQL keeps ready on a connection: to understand and to plan one that writes twenty rows takes it as
 * long as to execute it. Kysely hands texts to the driver, which wants a name for such a statement.
 */
import { createHash } from 'node:crypto';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient, QueryResult } from 'pg';

/** By text. The name says the text: where connections are shared, another one's statement of that name is the same. */
const names = new Map<string, string>();

/** From now on this statement is kept ready. */
export function keepReady(text: string): void {
  if (names.has(text)) return;
  names.set(text, `greffier_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`);
}

/**
 * There is none of that name, or there is one already, or what it answers is of another type by now, since a later version
 * has changed the tables (PostgreSQL's error codes, appendix A).
 */
const notReady = new Set<unknown>(['26000', '42P05', '0A000']);

/** Kysely has a narrower type for the driver's answer. */
function answered<R>(answer: Promise<QueryResult>): Promise<PostgresQueryResult<R>> {
  return answer as unknown as Promise<PostgresQueryResult<R>>;
}

/**
 * A pool, as Kysely uses one, whose connections keep statements ready. A pooler in between may give them to others from
 * one transaction to the next, and know nothing of what was made ready: once that is seen, nothing is any more.
 *
 * @param patience milliseconds that an answer may take, after which its connection is given up; 0: as long as it takes
 */
export function keepingReady(pool: Pool, patience: () => number): PostgresPool {
  const clients = new WeakMap<PoolClient, PostgresPoolClient>();
  let isOver = false;

  async function query<R>(
    client: PoolClient,
    text: string,
    parameters: readonly unknown[],
  ): Promise<PostgresQueryResult<R>> {
    const asked = { text, values: [...parameters], query_timeout: patience() };
    const name = isOver ? undefined : names.get(text);
    if (name === undefined) return answered(client.query(asked));
    try {
      return await answered<R>(client.query({ ...asked, name }));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && notReady.has(error.code))) throw error;
      isOver = true;
      // Nothing was done. Within a transaction this fails as well, and whoever began it begins again.
      return answered(client.query(asked));
    }
  }

  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client);
      if (known !== undefined) return known;
      const made = {
        query: (text: string, parameters: readonly unknown[]) => query(client, text, parameters),
        release: (destroy?: boolean) => client.release(destroy),
      } as PostgresPoolClient;
      clients.set(client, made);
      return made;
    },
    end: () => pool.end(),
  };
}
