/**
 * What anyone may be told of a service in production: as its definition was when its client was made what it is, or as the
 * word that production takes has had it since. What is pushed, or merged without approvals, is not told while it waits;
 * nor is a description, which no client has, and for which no step ever waits.
 */
import type { ClientAccounts } from '#application/ledger/client-accounts';
import type { CellName } from '#base/config/cells';
import { isWordForProduction, type Word } from '#domain/provisioning/approval-gate';
import { sameMetadata, wantedMetadata } from '#domain/provisioning/client-metadata';
import { digestOf } from '#domain/provisioning/digest';
import type { ClientAccount, Described } from '#domain/provisioning/ledger';
import { clientKey } from '#domain/provisioning/plan';
import type { DesiredClient } from '#domain/registry/registry';
import type { Preview } from './preview.ts';
import type { RegistrySnapshot } from './registry-source.ts';

/** The only cell of which anyone is told. */
export const listedCell: CellName = 'internet/production';

/** To be called after the steps of a plan. @param wordsOf read only where something is told otherwise */
export async function describeClients(
  accounts: ClientAccounts,
  { desired }: Pick<RegistrySnapshot, 'desired'>,
  { heldByLookups }: Pick<Preview, 'heldByLookups'>,
  wordsOf: () => Promise<ReadonlyMap<string, Word>>,
): Promise<void> {
  let words: ReadonlyMap<string, Word> | undefined;
  for (const one of desired) {
    const key = clientKey(one);
    if (one.cell !== listedCell || heldByLookups.has(key)) continue;
    const known = accounts.byClient.get(key);
    const described = known && describedAnew(known, one);
    if (known === undefined || described === undefined) continue;
    // A client that is another one than was told has had its word.
    if (known.described?.client === described.client) {
      words ??= await wordsOf();
      if (!isWordForProduction(words.get(key))) continue;
    }
    const account = await accounts.load(known);
    if (account !== undefined && describedAnew(account, one) !== undefined)
      await accounts.save({ ...account, described });
  }
}

/** What there is to tell of a client that is what its definition says; undefined where nothing is new. */
function describedAnew(account: ClientAccount, desired: DesiredClient): Described | undefined {
  const { state, clientId, intent, request, wanted, described: before } = account;
  if (state !== 'active' || clientId === undefined || intent !== undefined || request !== undefined)
    return undefined;
  const present = wantedMetadata(desired);
  if (wanted === undefined || !sameMetadata(wanted, present)) return undefined;
  const { name, description = '', organization } = desired.definition;
  const described: Described = {
    client: digestOf({ ...present }),
    name: name.normalize('NFC'),
    description: description.normalize('NFC'),
    siret: organization.siret,
  };
  return before !== undefined && digestOf({ ...before }) === digestOf({ ...described })
    ? undefined
    : described;
}
