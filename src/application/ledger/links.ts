/** Links to keys: in whose hands they are, and when they work no longer. All within the transaction of what causes it. */
import type { Transaction } from 'kysely';
import type { AuditEvent, ClientAccount } from '#domain/provisioning/ledger';
import type { ClientRef, Sealed } from '#domain/provisioning/provider';
import { inSeconds, now } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';

/** A link to the keys of a client. */
export interface LinkToken {
  /** What the mail says; stored sealed, until the mail is sent. */
  readonly token: string;
  /** What is stored of it besides, by which the link is found. */
  readonly hash: string;
  /** For which it can be used. */
  readonly days: number;
}

/** Keys as a link hands them over. `mark`: by which the secret is recognised; absent where it cannot be opened. */
export interface LinkedKeys extends ClientRef {
  readonly clientId: string;
  readonly secret: Sealed;
  readonly mark: string | undefined;
  readonly name: string;
}

/**
 * Puts a secret behind a new link: older links of the client stop working. This is the only way to a link, and there is
 * none to a secret that someone was shown: nobody knows who pressed the button.
 *
 * @returns whether there is one
 */
export async function createLink(
  transaction: Transaction<Tables>,
  registry: string,
  client: LinkedKeys,
  link: LinkToken,
): Promise<boolean> {
  // Whoever presses its button at this very moment is waited for: then they were first.
  await endLinks(transaction, registry, client);
  if (await wereShown(transaction, registry, client)) return false;
  const { cell, id, clientId, secret, mark, name } = client;
  await transaction
    .insertInto('handovers')
    .values({
      token_hash: link.hash,
      registry,
      cell,
      id,
      client_id: clientId,
      name,
      secret,
      secret_mark: mark ?? null,
      expires_at: inSeconds(link.days * 86_400),
    })
    .execute();
  return true;
}

/** Whether a secret was shown behind a link. What an earlier version showed without noting which may be any of the client's. */
export async function wereShown(
  db: Pick<Transaction<Tables>, 'selectFrom'>,
  registry: string,
  { cell, id, clientId, mark }: Pick<LinkedKeys, 'cell' | 'id' | 'clientId' | 'mark'>,
): Promise<boolean> {
  const shown = await timesShown(db, registry, { cell, id, clientId });
  return shown.some((row) => mark === undefined || row.secret_mark === null || row.secret_mark === mark);
}

/** When the keys of a client were read behind a link for the first time; undefined when nobody did. */
export async function firstShown(
  db: Pick<Transaction<Tables>, 'selectFrom'>,
  registry: string,
  client: Pick<LinkedKeys, 'cell' | 'id' | 'clientId'>,
): Promise<Date | undefined> {
  const [first] = await timesShown(db, registry, client);
  return first?.revealed_at ?? undefined;
}

/** Each time that keys of a client were read behind a link, the first one first. */
function timesShown(
  db: Pick<Transaction<Tables>, 'selectFrom'>,
  registry: string,
  { cell, id, clientId }: Pick<LinkedKeys, 'cell' | 'id' | 'clientId'>,
) {
  return db
    .selectFrom('handovers')
    .select(['secret_mark', 'revealed_at'])
    .where('registry', '=', registry)
    .where('cell', '=', cell)
    .where('id', '=', id)
    .where('client_id', '=', clientId)
    .where('revealed_at', 'is not', null)
    .orderBy('revealed_at')
    .execute();
}

/** @returns how many links of a client work no longer that nobody had used */
export async function endLinks(
  transaction: Transaction<Tables>,
  registry: string,
  { cell, id }: ClientRef,
): Promise<bigint> {
  const ended = await transaction
    .updateTable('handovers')
    .set({ secret: null, replaced_at: now })
    .where('registry', '=', registry)
    .where('cell', '=', cell)
    .where('id', '=', id)
    .where('revealed_at', 'is', null)
    .where('replaced_at', 'is', null)
    .executeTakeFirst();
  return ended.numUpdatedRows;
}

/**
 * Takes back a link that nobody used yet, once it is in the hands of someone who is no contact any more, or the client
 * sleeps: its secret is in the account again, and waits for another link.
 */
export async function withoutStrayLink(
  transaction: Transaction<Tables>,
  registry: string,
  account: ClientAccount,
  event: AuditEvent | undefined,
): Promise<ClientAccount> {
  // The keys behind it are those of the client that another one replaces.
  if (event?.what === 'replaced') {
    await endLinks(transaction, registry, account);
    return account;
  }
  if (!isStray(account, event)) return account;
  const { linkSentTo = [], ...rest } = account;
  const link = await transaction
    .selectFrom('handovers')
    .select('secret')
    .where('registry', '=', registry)
    .where('cell', '=', account.cell)
    .where('id', '=', account.id)
    .where('revealed_at', 'is', null)
    .where('secret', 'is not', null)
    .executeTakeFirst();
  // Someone may press its button at this very moment: then they were first.
  const ended = await endLinks(transaction, registry, account);
  if (account.secret !== undefined) return account;
  const secret = ended > 0n ? link?.secret : undefined;
  return secret === undefined || secret === null ? rest : { ...rest, linkSentTo, secret: secret as Sealed };
}

/**
 * Whether the link to its keys, if nobody used it yet, is in wrong hands. To whom an earlier version sent one nobody knows:
 * it is taken for such when something of the client changes.
 */
function isStray({ linkSentTo, state, wanted }: ClientAccount, event: AuditEvent | undefined): boolean {
  if (linkSentTo === undefined) return event?.what === 'update' || event?.what === 'deactivate';
  return state === 'inactive' || !linkSentTo.every((address) => wanted?.contacts.includes(address));
}

/** Whether its keys, whose link was taken back, can go to its contacts as they are now. */
export function waitsForLink({ secret, linkSentTo, state, intent }: ClientAccount): boolean {
  return secret !== undefined && linkSentTo !== undefined && state === 'active' && intent === undefined;
}
