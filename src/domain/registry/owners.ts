/**
 * Who the owners of a definition are. A file names them by login; a login can be given up, and taken by someone else,
 * so that where the account behind it is known, the account decides.
 */

/**
 * The accounts that were behind the logins when these were first seen on the default branch, by login in lower case.
 * `null`: there was no such account then, so that nobody who takes the login later is meant by it.
 */
export type OwnerAccounts = Readonly<Record<string, number | null>>;

/** The accounts of the owners of several definitions, by path. */
export type OwnerAccountsByPath = Readonly<Record<string, OwnerAccounts>>;

/** Whether someone is one of the owners. Where no account is known for a login, the login itself is compared. */
export function isOwner(
  person: { readonly id: number; readonly login: string },
  owners: readonly string[],
  accounts: OwnerAccounts = {},
): boolean {
  return owners.some((owner) => {
    const login = owner.toLowerCase();
    return Object.hasOwn(accounts, login)
      ? accounts[login] === person.id
      : login === person.login.toLowerCase();
  });
}
