/** Clients that were made by hand before, and are tied to definitions that are not merged yet. */
import * as openid from 'openid-client';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { adoptClient } from '#application/reconciliation/adopt';
import type { CellName } from '#base/config/cells';
import { readDefinition } from '#domain/definition/read-definition';
import { readClientList } from '#domain/provisioning/import/from-clients';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { type RegistryWorld, worldVault } from '../reconciliation/registry-world.ts';
import { type Key, newDefinition, pathOf } from './definitions.ts';

const scope = 'openid given_name usual_name email uid siret phone idp_id custom roles organization_label';

/** Makes a client as a definition would describe it, and adopts it for that. @returns its id */
export async function adoptedClient(world: RegistryWorld, cell: CellName, key: Key): Promise<string> {
  const path = pathOf(key);
  const { definition, place } = readDefinition({ path, bytes: Buffer.from(newDefinition(key)) });
  if (definition === undefined || place === undefined) throw new Error(path);
  const { issuer, initialAccessToken } = world.openid;
  const made = await openid.dynamicClientRegistration(
    new URL(issuer),
    {
      client_name: definition.name,
      redirect_uris: definition.redirect_uris,
      post_logout_redirect_uris: definition.post_logout_redirect_uris,
      contacts: definition.contacts.technical,
      id_token_signed_response_alg: definition.id_token_signed_response_alg,
      userinfo_signed_response_alg: definition.userinfo_signed_response_alg,
      token_endpoint_auth_method: 'client_secret_post',
      scope,
    },
    undefined,
    { execute: [openid.allowInsecureRequests], initialAccessToken },
  );
  const [client] = readClientList([made.clientMetadata()], cell) ?? [];
  if (client === undefined) throw new Error('no client');
  const { store, deps } = world.environment;
  const ledger = new SqlLedger({ db: store.db, registry: deps.repo, vault: worldVault, newLink });
  const kinds = new Map([[cell, 'registration' as const]]);
  await adoptClient(
    { ledger, vault: worldVault, kinds, by: 'operator' },
    { desired: { path, cell, id: place.id, definition }, client },
  );
  return client.clientId ?? '';
}

/** Clients whose definitions Greffier never saw on the default branch. */
export async function awaitedKeys({ environment }: RegistryWorld): Promise<readonly Key[]> {
  const rows = await environment.store.db
    .selectFrom('clients')
    .select(['cell', 'id', 'account'])
    .where('registry', '=', environment.deps.repo)
    .execute();
  return rows.flatMap(({ cell, id, account }) =>
    (account as ClientAccount).awaited === true ? [`${cell}/${id}`] : [],
  );
}
