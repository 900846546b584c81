/**
 * What people said of an account while a run was at it: whoever comes back with the account of before does not take it back.
 * Pure.
 */
import { defined } from '#base/defined';
import type { ClientAccount } from '#domain/provisioning/ledger';

/** Whether the client of an account was replaced since it was read. */
export function isReplacedIn(
  present: ClientAccount | undefined,
  { clientId }: ClientAccount,
): present is ClientAccount {
  return clientId !== undefined && present?.former?.clientId === clientId;
}

/** The account with the words that were given since it was read: those who give one say it of the account as it stands. */
export function withWordsOf(present: ClientAccount | undefined, account: ClientAccount): ClientAccount {
  if (present === undefined) return account;
  const { renewal: _, former, ...rest } = account;
  const isRevoked = former !== undefined && former.clientId === present.former?.clientId;
  const { revoked } = (isRevoked ? present.former : undefined) ?? {};
  return {
    ...rest,
    ...defined({
      renewal: present.renewal,
      former: former && defined({ ...former, ...defined({ revoked }) }),
    }),
  };
}
