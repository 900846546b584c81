/**
 * Ties clients that exist already to their definitions: an account in the ledger, and nothing else. No provider is asked
 * for anything, so that nobody's keys change and no second client comes to be.
 */
import type { SqlLedger } from '#application/ledger/sql-ledger';
import type { CellName, ProviderKind } from '#base/config/cells';
import { defined } from '#base/defined';
import { metadataFields, sameFieldValue, wantedMetadata } from '#domain/provisioning/client-metadata';
import type { ImportedClient } from '#domain/provisioning/import/imported-client';
import { newAccount } from '#domain/provisioning/ledger';
import { clientKey } from '#domain/provisioning/plan';
import { sealingPurpose, type Vault } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';

/** A definition, and the client that is its own. */
export interface Adoption {
  readonly desired: DesiredClient;
  readonly client: Partial<
    Pick<ImportedClient, 'clientId' | 'handle' | 'answers' | 'metadata' | 'management' | 'unkept'>
  >;
}

/** Why a client was left alone: a sentence `left-…` of `templates/import.*.json`. */
export type LeftReason =
  | 'left-another-client'
  | 'left-another-definition'
  | 'left-request-open'
  | 'left-no-management'
  | 'left-no-handle'
  | 'left-unkept'
  | 'left-inactive'
  | 'left-no-client-id'
  | 'left-untold'
  | 'left-ambiguous'
  | 'left-malformed';

export type Adopted =
  | { readonly kind: 'adopted' | 'already' }
  | { readonly kind: 'left'; readonly reason: LeftReason; readonly values: Readonly<Record<string, string>> };

export interface AdoptDeps {
  readonly ledger: SqlLedger;
  readonly vault: Vault;
  readonly kinds: ReadonlyMap<CellName, ProviderKind>;
  /** The operator. */
  readonly by: string;
}

function left(reason: LeftReason, values: Readonly<Record<string, string>> = {}): Adopted {
  return { kind: 'left', reason, values };
}

/** Records one. Whoever says it again changes nothing. */
export async function adoptClient(deps: AdoptDeps, { desired, client }: Adoption): Promise<Adopted> {
  const { ledger, vault, kinds, by } = deps;
  const { path, cell, id } = desired;
  const { clientId, metadata, management, unkept = [] } = client;
  const kind = kinds.get(cell);
  if (clientId === undefined) return left('left-no-client-id');
  if (!/^[\x21-\x7e]{1,255}$/.test(clientId)) return left('left-malformed');
  const handle = kind === 'proconnect' ? client.handle : clientId;
  if (handle === undefined) return left('left-no-handle');
  const before = await ledger.load({ cell, id });
  if (before?.clientId === clientId) return { kind: 'already' };
  if (before?.clientId !== undefined) return left('left-another-client', { path, known: before.clientId });
  if (before?.request !== undefined) return left('left-request-open', { path });
  // A creation that was begun may still come to be: a person must look first.
  if (before !== undefined && (before.intent !== undefined || before.unanswered > 0))
    return left('left-another-client', { path, known: '?' });
  const [holder] = await ledger.holdersOf({ handle, clientId });
  if (holder !== undefined) return left('left-another-definition', { path: clientKey(holder) });
  if (metadata?.active === false) return left('left-inactive');
  if (kind === 'registration' && management === undefined) return left('left-no-management');
  if (kind === 'registration' && unkept.length > 0) return left('left-unkept', { fields: unkept.join(', ') });
  const wanted = wantedMetadata(desired);
  const told = metadata && { ...metadata, contacts: metadata.contacts ?? contactsGiven(client) };
  const different = metadataFields.filter(
    (field) => told?.[field] !== undefined && !sameFieldValue(told[field], wanted[field]),
  );
  if (different.length > 0) return left('left-untold', { path, fields: different.join(', ') });
  const isSaved = await ledger.saveAdopted(
    {
      ...newAccount({ cell, id }),
      state: 'active',
      handle,
      clientId,
      wanted,
      seen: wanted,
      awaited: true,
      ...defined({
        management:
          management && vault.seal(JSON.stringify(management), sealingPurpose({ cell, id }, 'management')),
      }),
    },
    { cell, id, what: 'adopted', clientId, by },
  );
  // The service was at it meanwhile.
  return isSaved ? { kind: 'adopted' } : left('left-another-client', { path, known: '?' });
}

/**
 * Whom the operator names as the contacts of a client that tells of none: nobody, where nobody is named. The contacts of
 * a definition get the keys, and its name and addresses are for anyone to see and to write.
 */
function contactsGiven({ answers }: Adoption['client']): readonly string[] {
  return (answers?.contacts?.technical ?? []).map((contact) => contact.toLowerCase());
}
