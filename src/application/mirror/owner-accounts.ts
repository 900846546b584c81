/**
 * Which accounts the owners of definitions are. A login is looked up soon after the default branch first names it, and
 * keeps its account as long as it is named there: whoever takes the login later is not meant by it.
 */
import type { Kysely, Transaction } from 'kysely';
import { isLogin } from '#domain/definition/rules/owner/login';
import type { OwnerAccountsByPath } from '#domain/registry/owners';
import { rowBatches } from '#infrastructure/database/row-batches';
import type { Tables } from '#infrastructure/database/tables';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { readAccount } from '#infrastructure/github/read/rights';
import type { ReviewStore } from './review-store.ts';

/** Logins that are looked up at a time, each with a call; the others have their turn at the next occasion. */
const maxLookups = 100;

/**
 * Brings the owners of definitions up to date: those that are named anew are yet to be looked up, but for those of a file
 * that was moved. What is said of other paths stays, also of files that are gone: they can come back.
 *
 * @param logins of the owners, by the paths of the files that name them now
 * @param removed paths of the files that went at the same time
 */
export async function upsertOwners(
  db: Transaction<Tables>,
  repo: string,
  logins: ReadonlyMap<string, readonly string[]>,
  removed: readonly string[],
): Promise<void> {
  const moved = await accountsAt(db, repo, removed);
  const wanted = Array.from(logins, ([path, names]) => ({
    path,
    // What no account can be called means nobody; the store does not even take all of it (a NUL, a whole page).
    logins: new Set(names.filter(isLogin).map((name) => name.toLowerCase())),
  }));
  for (const slice of rowBatches(wanted)) {
    const paths = slice.map(({ path }) => path);
    const old = await db
      .selectFrom('owners')
      .select(['path', 'login'])
      .where('repo', '=', repo)
      .where('path', 'in', paths)
      .execute();
    const named = new Map(slice.map(({ path, logins: own }) => [path, own]));
    for (const { path, login } of old)
      if (named.get(path)?.has(login) !== true)
        await db
          .deleteFrom('owners')
          .where('repo', '=', repo)
          .where('path', '=', path)
          .where('login', '=', login)
          .execute();
    const known = new Set(old.map(({ path, login }) => `${path} ${login}`));
    const fresh = slice.flatMap(({ path, logins: own }) =>
      [...own]
        .filter((login) => !known.has(`${path} ${login}`))
        .map((login) => {
          const account = moved.get(login) ?? null;
          return { repo, path, login, account, known: account !== null };
        }),
    );
    for (const batch of rowBatches(fresh)) await db.insertInto('owners').values(batch).execute();
  }
}

/** Whom the logins at these paths mean, where they mean somebody. */
async function accountsAt(
  db: Transaction<Tables>,
  repo: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const slice of rowBatches(paths)) {
    const rows = await db
      .selectFrom('owners')
      .select(['login', 'account'])
      .where('repo', '=', repo)
      .where('path', 'in', slice)
      .where('account', 'is not', null)
      .execute();
    for (const { login, account } of rows) if (account !== null) found.set(login, account);
  }
  return found;
}

export interface OwnerAccountsDeps {
  /** `owner/name` of the registry. */
  readonly repo: string;
  readonly repository: RepositoryClient;
  readonly store: Pick<ReviewStore, 'database'>;
}

/**
 * Looks up the accounts of owners that are named anew. Where the registry has the login for somebody else's already, nobody can
 * tell who is meant, and nobody is: whoever took it over, or whoever gave it up.
 */
export async function resolveOwnerAccounts(deps: OwnerAccountsDeps): Promise<void> {
  const { database } = deps.store;
  const unknown = await database
    .selectFrom('owners')
    .select('login')
    .distinct()
    .where('repo', '=', deps.repo)
    .where('known', '=', false)
    .orderBy('login')
    .limit(maxLookups)
    .execute();
  for (const { login } of unknown) {
    const present = (await readAccount(deps.repository, login)) ?? null;
    const others = await database
      .selectFrom('owners')
      .select('account')
      .where('repo', '=', deps.repo)
      .where('login', '=', login)
      .where('account', 'is not', null)
      .execute();
    const account = others.every((other) => other.account === present) ? present : null;
    await database
      .updateTable('owners')
      .set({ account, known: true })
      .where('repo', '=', deps.repo)
      .where('login', '=', login)
      .where('known', '=', false)
      .execute();
  }
}

/** The accounts of the owners of these definitions, as far as they were looked up. */
export async function ownerAccountsOf(
  db: Kysely<Tables>,
  repo: string,
  paths: readonly string[],
): Promise<OwnerAccountsByPath> {
  if (paths.length === 0) return {};
  const rows = await db
    .selectFrom('owners')
    .select(['path', 'login', 'account'])
    .where('repo', '=', repo)
    .where('path', 'in', paths)
    .where('known', '=', true)
    .orderBy('login')
    .execute();
  return Object.fromEntries(
    Array.from(
      Map.groupBy(rows, ({ path }) => path),
      ([path, own]) => [path, Object.fromEntries(own.map(({ login, account }) => [login, account]))],
    ),
  );
}
