/** What the provider and the outbox show of the clients of a registry. */

import type { ClientAccount } from '#domain/provisioning/ledger';
import { dormantUri } from '#infrastructure/identity-providers/registration/wire-format';
import { identityDomain, type RegistryWorld } from '../reconciliation/registry-world.ts';
import { cells, type Key, metadataOf } from './definitions.ts';
import type { ClientState, Clients } from './words.ts';

/** @returns the clients by definition, and what must never be seen of them */
export async function clientsOf(world: RegistryWorld): Promise<{
  readonly clients: Clients;
  readonly violations: readonly string[];
}> {
  const { environment, openid, partner } = world;
  const rows = await environment.store.db
    .selectFrom('clients')
    .select(['cell', 'id', 'client_id', 'account'])
    .where('registry', '=', environment.deps.repo)
    .execute();
  const registered = openid
    .clients()
    .map((client) => [String(client.client_id), isDormant(client) ? undefined : metadataOf(client)] as const);
  const partners = [...partner.clients.values()].filter(({ key }) => !key.startsWith(strangersKey));
  const present = new Map([
    ...registered,
    ...partners.map((client) => [client.key, atPartner(client)] as const),
  ]);
  const clients = new Map<Key, ClientState>();
  const violations: string[] = [];
  const known = new Set<string>();
  /** The addresses that the creations carry whose answers are missing: what has one is of who announced it. */
  const announced = new Set(
    rows.flatMap(({ client_id: clientId, account }) => {
      const { creation } = account as ClientAccount;
      return clientId === null && creation !== undefined
        ? [`creation.${creation.mark}@${identityDomain}`]
        : [];
    }),
  );
  const isAnnounced = (clientId: string) =>
    partners.find(({ key }) => key === clientId)?.collaborators.some((address) => announced.has(address)) ===
    true;
  for (const { cell, id, client_id: clientId, account } of rows) {
    const provider = world.providerOf(cells.find((one) => one === cell) ?? cells[0]);
    if (provider === 'manual' || typeof provider === 'object') {
      clients.set(`${cell}/${id}`, madeByPeople(`${cell}/${id}`, account as ClientAccount));
      continue;
    }
    if (clientId?.startsWith(strangersKey) === true)
      violations.push(`${cell}/${id}: its client is a stranger's`);
    if (clientId === null || !present.has(clientId)) continue;
    const live = present.get(clientId);
    if (known.has(clientId)) violations.push(`${cell}/${id}: its client is that of another definition too`);
    known.add(clientId);
    clients.set(`${cell}/${id}`, live === undefined ? { clientId } : { clientId, live });
  }
  for (const [clientId, live] of present)
    if (!known.has(clientId) && live !== undefined && !isAnnounced(clientId))
      violations.push(`a second client is live, of no definition: ${live}`);
  return { clients, violations };
}

/** How the client ids begin of those that a stranger has made at the partner API. */
export const strangersKey = 'of-a-stranger-';

function atPartner(client: Readonly<Record<string, unknown>>): string | undefined {
  if (client.active !== true) return undefined;
  const collaborators = client.collaborators as readonly string[];
  const contacts = collaborators.filter((one) => !one.endsWith(`@${identityDomain}`));
  return metadataOf({ ...client, client_name: client.name, contacts });
}

function madeByPeople(key: Key, account: ClientAccount): ClientState {
  const { state, seen, request, clientId } = account;
  const standing = state === 'active' ? metadataOf(seen as Record<string, unknown>) : undefined;
  const isAsked = request !== undefined && request.declined !== true;
  const wanted = request?.wanted?.active === true ? metadataOf({ ...request.wanted }) : undefined;
  const live = isAsked ? wanted : standing;
  const isDeclined = request?.declined === true;
  return {
    clientId: `that of ${key}`,
    ...(live !== undefined && { live }),
    people: {
      isDeclined,
      ...(clientId !== undefined && { clientId }),
      ...(standing !== undefined && { standing }),
      ...(request !== undefined && { request: request.name }),
    },
  };
}

function isDormant(client: Readonly<Record<string, unknown>>): boolean {
  return String(client.redirect_uris) === dormantUri;
}

/** Looks at the mails that give keys: they go to those who were contacts of the client while it was live. */
export class KeyMails {
  readonly #contacts = new Map<Key, Set<string>>();

  async violations({ environment }: RegistryWorld, clients: Clients): Promise<readonly string[]> {
    for (const [key, { live }] of clients) {
      const known = this.#contacts.get(key) ?? new Set<string>();
      this.#contacts.set(key, known);
      if (live !== undefined) for (const contact of contactsIn(live)) known.add(contact);
    }
    const mails = await environment.store.db
      .selectFrom('mails')
      .select(['cell', 'client', 'facts'])
      .where('registry', '=', environment.deps.repo)
      .where('token', 'is not', null)
      .execute();
    return mails.flatMap(({ cell, client, facts }) => {
      const known = this.#contacts.get(`${cell}/${client}`);
      return (facts as { to: string[] }).to.flatMap((one) =>
        known?.has(one) === true ? [] : [`the keys of ${cell}/${client} are sent to ${one}`],
      );
    });
  }
}

function contactsIn(metadata: string): readonly string[] {
  return (JSON.parse(metadata) as [string, [], [], string, string, string[]])[5];
}
