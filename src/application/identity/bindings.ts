/**
 * Which repository the rows of a registry belong to. In every other table a registry is a text, its key; here each key is
 * bound to the number of one repository, so that a rename or a transfer changes nothing, and a repository that takes over
 * a name gets nothing.
 */
import { type Kysely, sql } from 'kysely';
import { now, withoutMembers } from '#infrastructure/database/per-engine';
import { reusableQuery } from '#infrastructure/database/reusable';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';

/** Where GitHub last showed a repository. */
export interface Whereabouts {
  /** GitHub's number of the repository. */
  readonly id: string;
  /** `owner/name`. */
  readonly name: string;
  readonly installation: number;
}

export interface Binding extends Whereabouts {
  /** The key of the registry's rows. */
  readonly registry: string;
}

const columns = ['id', 'registry', 'name', 'installation'] as const;

/** Not ok: the store knows nothing of that key, but of these. */
export type Rebound = { readonly ok: true } | { readonly ok: false; readonly keys: readonly string[] };

const bindingOf = reusableQuery(1, (db, id: string) =>
  db.selectFrom('repositories').select(columns).where('id', '=', id),
);

export class Bindings {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** The one seen last comes first. */
  async all(): Promise<readonly Binding[]> {
    return this.#db.selectFrom('repositories').select(columns).orderBy('seen_at', 'desc').execute();
  }

  async ofRepository(id: string): Promise<Binding | undefined> {
    const [binding] = await bindingOf(this.#db, id);
    return binding;
  }

  /**
   * Binds a key to a repository that none is bound to.
   *
   * @returns what that repository is bound to now; undefined when the key is another repository's
   */
  async bind(binding: Binding): Promise<Binding | undefined> {
    await this.#db
      .insertInto('repositories')
      .values(binding)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return this.ofRepository(binding.id);
  }

  /** Notes where a repository is now. */
  async move({ id, name, installation }: Whereabouts): Promise<void> {
    await this.#db
      .updateTable('repositories')
      .set({ name, installation, seen_at: now })
      .where('id', '=', id)
      .execute();
  }

  /** The keys of rows that are no repository's yet: written before numbers were kept, or by a command without GitHub. */
  async unboundKeys(): Promise<readonly string[]> {
    const { rows } = await sql<{ key: string }>`
      select key from (
        select registry as key from clients union select registry from reconciliations
        union select repo from registry_commits union select repo from pulls
      ) keys where key not in (select registry from repositories) order by key`.execute(this.#db);
    return rows.map(({ key }) => key);
  }

  /**
   * The operator's word: from now on the rows of a key belong to this repository, whichever they belonged to. What is
   * remembered by numbers of the other one (its pull requests and issues) is forgotten with it; clients stay, and what is asked
   * for at the front desk is sent anew. A key of which there is nothing is refused: it would take the repository from the key
   * that has its clients.
   *
   * @param by who says so, for the audit trail
   */
  async rebind(registry: string, id: string, by: string): Promise<Rebound> {
    const bound = await this.all();
    const keys = [...bound.map((binding) => binding.registry), ...(await this.unboundKeys())];
    if (!keys.includes(registry)) return { ok: false, keys };
    await this.#db.transaction().execute(async (transaction) => {
      const before = await transaction
        .selectFrom('repositories')
        .select(columns)
        .where('registry', '=', registry)
        .executeTakeFirst();
      await transaction
        .deleteFrom('repositories')
        .where((or) => or.or([or('id', '=', id), or('registry', '=', registry)]))
        .execute();
      const { name = registry, installation = 0 } = before ?? {};
      await transaction.insertInto('repositories').values({ id, registry, name, installation }).execute();
      await transaction
        .insertInto('audit')
        .values({
          registry,
          cell: null,
          client: null,
          entry: storableJson({ what: 'bound', id, before: before?.id, by }),
        })
        .execute();
      if (before !== undefined && before.id !== id) await forgetNumbers(transaction, registry);
    });
    return { ok: true };
  }
}

async function forgetNumbers(db: Kysely<Tables>, registry: string): Promise<void> {
  for (const table of [
    'registry_commits',
    'registry_files',
    'pulls',
    'known_labels',
    'owners',
    'registry_moves',
  ] as const)
    await db.deleteFrom(table).where('repo', '=', registry).execute();
  for (const table of ['merges', 'topics', 'shown_plans', 'confirmations'] as const)
    await db.deleteFrom(table).where('registry', '=', registry).execute();
  await db.updateTable('origins').set({ pull: null, head: null }).where('registry', '=', registry).execute();
  await db
    .updateTable('clients')
    .set({ request: null, account: withoutMembers('account', 'request', 'last') })
    .where('registry', '=', registry)
    .execute();
  await forgetSent(db, registry);
  // What someone wrote beneath one pull request is no command for another one of its number.
  await db
    .deleteFrom('jobs')
    .where('kind', '=', 'command')
    .where(sql`payload ->> 'repo'`, '=', registry)
    .execute();
}

/** Under the same number there may be another one's pull request by now: none is closed, or written to, for a request's sake. */
async function forgetSent(db: Kysely<Tables>, registry: string): Promise<void> {
  const nothing = { pull: null, branch: null, commit: null, commits: '[]', made: null, review: null };
  await db
    .updateTable('requests')
    .set({ ...nothing, shared: false })
    .where('registry', '=', registry)
    .execute();
  await db
    .updateTable('requests')
    .set({ state: 'sending', state_at: now })
    .where('registry', '=', registry)
    .where('state', '=', 'open')
    .execute();
}
