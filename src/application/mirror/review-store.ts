/** What reviews remember between runs. Lost, it is made again from GitHub at the price of some reading. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { defined } from '#base/defined';
import { placeFromPath } from '#domain/definition/cell';
import type { Claims } from '#domain/registry/claims';
import type { OpenClaim } from '#domain/registry/rules/rule';
import type { Conclusion } from '#domain/review/effects';
import type { FileFact } from '#domain/review/facts/facts';
import { typed, unflushedHere } from '#infrastructure/database/per-engine';
import { reusable, reusableQuery } from '#infrastructure/database/reusable';
import { rowBatches } from '#infrastructure/database/row-batches';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import type { KeptComparison } from '#infrastructure/database/tables/review';
import type { PublishedReview } from '#infrastructure/github/write/published-review';
import { type FencedDatabase, whileHeld } from '#infrastructure/queue/lease';
import { saveBlobs } from './kept-blobs.ts';

/** What is known of a pull request from the last time it was judged. */
export interface StoredPull {
  readonly head: string;
  readonly readAt: string;
  readonly open: boolean;
  readonly comparison?: KeptComparison;
  readonly claims: readonly Claims[];
  readonly touched: readonly string[];
  readonly published: PublishedReview;
}

export interface PullOfCommit {
  readonly number: number;
  /** Absent for a pull request into another branch. */
  readonly conclusion?: Conclusion;
  /** The check of the commit, where it was made for this pull request. */
  readonly check?: number;
}

const pullColumns = {
  repo: 'text',
  number: 'integer',
  head: 'text',
  read_at: 'text',
  open: 'boolean',
  comparison: 'json',
  claims: 'json',
  touched: 'json',
  published: 'json',
} as const satisfies Record<Exclude<keyof Tables['pulls'], 'unused_since'>, string>;

/** The values of `pullColumns`, in their order. */
type PullRow = readonly [
  repo: string,
  number: number,
  head: string,
  readAt: string,
  open: boolean,
  comparison: string | null,
  claims: string,
  touched: string,
  published: string,
];

/** @param from a table: the row is written once for each of its own. */
function upsertion(row: PullRow, from: RawBuilder<unknown>): RawBuilder<unknown> {
  const names = Object.keys(pullColumns);
  const values = Object.values(pullColumns).map((type, place) => typed(row[place], type));
  const replaced = names.slice(2).map((name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`);
  return sql`
    insert into pulls (${sql.join(names.map((name) => sql.id(name)))})
    select ${sql.join(values)} from ${from} where true
    on conflict (repo, number) do update set ${sql.join(replaced)}, unused_since = null`;
}

const upsertWhileHeld = reusable(11, (...given: readonly [...PullRow, job: number, claim: string]) => {
  const [, , , , , , , , , job, claim] = given;
  const row = given.slice(0, 9) as readonly unknown[] as PullRow;
  return sql`${upsertion(row, whileHeld(job, claim))} returning number, ${unflushedHere}`;
});

const pullOf = reusableQuery(2, (db, repo: string, number: number) =>
  db.selectFrom('pulls').selectAll().where('repo', '=', repo).where('number', '=', number),
);
const labelsOf = reusableQuery(1, (db, repo: string) =>
  db.selectFrom('known_labels').select('name').where('repo', '=', repo),
);
const claimsBesides = reusableQuery(2, (db, repo: string, besides: number) =>
  db
    .selectFrom('pulls')
    .select(['number', 'claims', 'touched'])
    .where('repo', '=', repo)
    .where('open', '=', true)
    .where('number', '!=', besides)
    .orderBy('number'),
);
const openAt = reusableQuery(3, (db, repo: string, head: string, besides: number) =>
  db
    .selectFrom('pulls')
    .select(['number', 'published'])
    .where('repo', '=', repo)
    .where('open', '=', true)
    .where('head', '=', head)
    .where('number', '!=', besides)
    .orderBy('number'),
);

export class ReviewStore {
  readonly #db: Kysely<Tables>;
  readonly #fenced: FencedDatabase;

  /** @param fenced under the lease of a job, where a job writes what was judged */
  constructor(db: Kysely<Tables>, fenced: FencedDatabase = db) {
    this.#db = db;
    this.#fenced = fenced;
  }

  /** The same, in which a job that lost its lease writes no verdict. */
  under(fenced: FencedDatabase): ReviewStore {
    return new ReviewStore(this.#db, fenced);
  }

  get database(): Kysely<Tables> {
    return this.#db;
  }

  /** For what others write: under the lease of the job, if there is one. */
  get fenced(): FencedDatabase {
    return this.#fenced;
  }

  /** The bytes of those blobs that were read before. */
  async blobs(ids: readonly string[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const slice of rowBatches([...new Set(ids)])) {
      const rows = await this.#db.selectFrom('blobs').selectAll().where('id', 'in', slice).execute();
      for (const { id, bytes } of rows) found.set(id, new Uint8Array(bytes));
    }
    return found;
  }

  saveBlobs(blobs: ReadonlyMap<string, Uint8Array>): Promise<void> {
    return saveBlobs(this.#db, blobs, false);
  }

  async pull(repo: string, number: number): Promise<StoredPull | undefined> {
    const [row] = await pullOf(this.#db, repo, number);
    if (row === undefined) return undefined;
    const { head, read_at: readAt, open, comparison, claims, touched, published } = row;
    return defined({
      head,
      readAt,
      open,
      comparison: comparison ?? undefined,
      claims,
      touched,
      published,
    });
  }

  async upsertPull(repo: string, number: number, pull: StoredPull): Promise<void> {
    const row: PullRow = [
      repo,
      number,
      pull.head,
      pull.readAt,
      pull.open,
      pull.comparison === undefined ? null : storableJson(pull.comparison),
      storableJson(pull.claims),
      storableJson(pull.touched),
      storableJson(pull.published),
    ];
    const { writeUnflushed } = this.#fenced;
    if (writeUnflushed !== undefined)
      await writeUnflushed((db, job, claim) => upsertWhileHeld(db, ...row, job, claim));
    else
      await this.#fenced
        .transaction()
        .execute((transaction) => upsertion(row, sql`(select 1) as once`).execute(transaction));
  }

  /** Remembers of a pull request what was remembered before, if anything was. */
  async restorePull(repo: string, number: number, before: StoredPull | undefined): Promise<void> {
    if (before !== undefined) return await this.upsertPull(repo, number, before);
    await this.#fenced
      .transaction()
      .execute((transaction) =>
        transaction.deleteFrom('pulls').where('repo', '=', repo).where('number', '=', number).execute(),
      );
  }

  /** Labels that are known to exist. */
  async labels(repo: string): Promise<string[]> {
    const rows = await labelsOf(this.#db, repo);
    return rows.map(({ name }) => name);
  }

  async saveLabels(repo: string, names: readonly string[]): Promise<void> {
    await this.#db
      .insertInto('known_labels')
      .values(names.map((name) => ({ repo, name })))
      .onConflict((conflict) => conflict.columns(['repo', 'name']).doNothing())
      .execute();
  }

  /** What the other open pull requests claim, by number. */
  async openClaims(repo: string, besides: number): Promise<OpenClaim[]> {
    const rows = await claimsBesides(this.#db, repo, besides);
    return rows.flatMap(({ number, claims, touched }) => {
      const told = new Set(claims.map(({ path }) => path));
      // A file that is removed, or that could not be understood, is still claimed.
      const bare = touched.filter((path) => !told.has(path) && placeFromPath(path) !== undefined);
      return [...claims, ...bare.map((path) => ({ path, redirectUris: [], scopes: [] }))].map((each) => ({
        pullRequest: number,
        claims: each,
      }));
    });
  }

  /** The other open pull requests that ask for the very same commit, and what its check is to say of each. */
  async openPullsAt(repo: string, head: string, besides: number): Promise<readonly PullOfCommit[]> {
    const rows = await openAt(this.#db, repo, head, besides);
    return rows.map(({ number, published: { conclusion, check } }) =>
      defined({ number, conclusion, check: check?.head === head ? check.id : undefined }),
    );
  }

  /** What merging would change by those open pull requests whose verdict is that they can be merged. */
  async mergeableFiles(repo: string): Promise<readonly FileFact[]> {
    const rows = await this.#db
      .selectFrom('pulls')
      .select(['comparison', 'published'])
      .where('repo', '=', repo)
      .where('open', '=', true)
      .execute();
    return rows.flatMap(({ comparison, published }) =>
      published.conclusion === 'success' ? (comparison?.files ?? []) : [],
    );
  }

  /** The commits of those open pull requests that were judged by what merging would change; undefined: not all are known. */
  async openHistories(repo: string): Promise<ReadonlyMap<number, readonly string[] | undefined>> {
    const rows = await this.#db
      .selectFrom('pulls')
      .select(['number', 'comparison'])
      .where('repo', '=', repo)
      .where('open', '=', true)
      .execute();
    return new Map(
      rows.flatMap(({ number, comparison }) =>
        comparison === null ? [] : [[number, comparison.commits] as const],
      ),
    );
  }

  /** The numbers of all pull requests that were ever judged. */
  async reviewedNumbers(repo: string): Promise<ReadonlySet<number>> {
    const rows = await this.#db.selectFrom('pulls').select('number').where('repo', '=', repo).execute();
    return new Set(rows.map(({ number }) => number));
  }

  /** Every open pull request that was judged. */
  async openPulls(repo: string): Promise<
    (Pick<StoredPull, 'head' | 'claims' | 'touched'> & {
      readonly number: number;
      readonly mergeWaits?: string;
    })[]
  > {
    const rows = await this.#db
      .selectFrom('pulls')
      .select(['number', 'head', 'claims', 'touched', 'published'])
      .where('repo', '=', repo)
      .where('open', '=', true)
      .orderBy('number')
      .execute();
    return rows.map(({ published, ...pull }) => ({
      ...pull,
      ...defined({ mergeWaits: published.mergeWaits }),
    }));
  }

  /** Notes at which commit a pull request waits to be merged by itself; undefined when it does not. */
  async setMergeWaits(repo: string, number: number, head: string | undefined): Promise<undefined> {
    const known = await this.pull(repo, number);
    if (known === undefined || known.published.mergeWaits === head) return;
    const { mergeWaits: _, ...published } = known.published;
    await this.upsertPull(repo, number, {
      ...known,
      published: { ...published, ...defined({ mergeWaits: head }) },
    });
  }
}
