/** What the ledger says of a creation before it is asked for, and after it failed. */
import { randomUUID } from 'node:crypto';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { CreationAttempt, ProviderFailure } from '#domain/provisioning/provider';

/** To be saved before the provider is asked. An attempt whose answer is missing is gone on with, under its own mark and key. */
export function withAttempt(
  account: ClientAccount,
  now: number,
): ClientAccount & { readonly creation: CreationAttempt } {
  return {
    ...account,
    unanswered: account.unanswered + 1,
    unansweredSince: account.unansweredSince ?? now,
    creation: account.creation ?? { mark: randomUUID(), key: randomUUID() },
  };
}

/** Once something was answered: see `CreationAttempt.key`. */
export function withNewKey(account: ClientAccount): ClientAccount {
  const { creation } = account;
  return creation === undefined ? account : { ...account, creation: { ...creation, key: randomUUID() } };
}

/**
 * A clear refusal made nothing. A lost answer leaves something behind that may have to be found, and so may an error of
 * the server's own, or an answer about something else; only lost answers are counted, since a server that is down says so
 * again and again.
 */
export function afterFailure(
  { message, fault }: ProviderFailure,
  before: ClientAccount,
  counted: ClientAccount,
): ClientAccount {
  if (message.key === 'provisioning#answer-lost') return counted;
  const isUnsure = fault === 'passing' || fault === 'client';
  return withNewKey(isUnsure ? { ...counted, unanswered: before.unanswered } : before);
}
