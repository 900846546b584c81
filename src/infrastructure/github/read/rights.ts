/** What people may do in a repository, asked of GitHub at the moment when it counts. */
import type { ConfirmedByWriter } from '#domain/provisioning/confirmed-by-writer';
import { mayWrite, type Permission, permissions } from '#domain/review/facts/facts';
import { exactId } from '#infrastructure/github/client/exact-id';
import {
  type RepositoryClient,
  repoParams,
  UnknownAnswer,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';

/** Someone as GitHub names them in what they did. */
export interface GitHubAccount {
  readonly id: number;
  readonly login: string;
}

/** What an account may do in the repository, as far as GitHub says: nothing that it does not say is a right. */
export async function readPermission(
  repository: RepositoryClient,
  account: GitHubAccount,
): Promise<Permission> {
  return (await askPermission(repository, account)) ?? 'none';
}

/**
 * The same; undefined when GitHub does not say. It is asked by login, and an answer about another account says nothing.
 *
 * @throws UnknownAnswer when GitHub does not say it of a person who is there: to be asked again. It never says it of
 *   Apps, nor of who is gone.
 */
export async function askPermission(
  repository: RepositoryClient,
  { id, login }: GitHubAccount,
): Promise<Permission | undefined> {
  const answer = await undefinedIfMissing(
    repository.client.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      ...repoParams(repository),
      username: login,
    }),
  );
  if (answer === undefined) {
    const person = await readUser(repository, login);
    if (person?.id === id && person.isPerson) throw new UnknownAnswer(`the rights of account ${id}`);
    return undefined;
  }
  if (Number(answer.data.user?.id) !== id) return undefined;
  const { role_name: role, permission } = answer.data;
  // A custom role has a name of its own, and the permission it is built on.
  const known = [role, permission].map((name) => permissions.find((each) => each === name));
  return known.find((each) => each !== undefined) ?? 'none';
}

/** The number of an account, which it keeps when its login changes. Undefined when nobody has the login. */
export async function readAccount(repository: RepositoryClient, login: string): Promise<number | undefined> {
  return (await readUser(repository, login))?.id;
}

async function readUser(
  repository: RepositoryClient,
  login: string,
): Promise<{ readonly id: number; readonly isPerson: boolean } | undefined> {
  const answer = await undefinedIfMissing(
    repository.client.request('GET /users/{username}', { username: login }),
  );
  return answer === undefined
    ? undefined
    : { id: exactId(answer.data.id), isPerson: answer.data.type === 'User' };
}

/** @returns undefined for whoever may not write to the repository */
export async function confirmWriter(
  repository: RepositoryClient,
  account: GitHubAccount,
): Promise<ConfirmedByWriter | undefined> {
  if (!mayWrite(await readPermission(repository, account))) return undefined;
  return { login: account.login, account: account.id } as ConfirmedByWriter;
}
