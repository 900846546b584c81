/** What the provider and the outbox show of the clients of a registry. */
import { dormantUri } from '#infrastructure/identity-providers/registration/wire-format';
import type { RegistryWorld } from '../reconciliation/registry-world.ts';
import { type Key, metadataOf } from './definitions.ts';
import type { ClientState, Clients } from './words.ts';

/** @returns the clients by definition, and what must never be seen of them */
export async function clientsOf({ environment, openid }: RegistryWorld): Promise<{
  readonly clients: Clients;
  readonly violations: readonly string[];
}> {
  const rows = await environment.store.db
    .selectFrom('clients')
    .select(['cell', 'id', 'client_id'])
    .where('registry', '=', environment.deps.repo)
    .where('client_id', 'is not', null)
    .execute();
  const present = new Map(openid.clients().map((client) => [String(client.client_id), client]));
  const clients = new Map<Key, ClientState>();
  const violations: string[] = [];
  const known = new Set<string>();
  for (const { cell, id, client_id: clientId } of rows) {
    const client = present.get(clientId ?? '');
    if (clientId === null || client === undefined) continue;
    if (known.has(clientId)) violations.push(`${cell}/${id}: its client is that of another definition too`);
    known.add(clientId);
    clients.set(`${cell}/${id}`, isDormant(client) ? { clientId } : { clientId, live: metadataOf(client) });
  }
  for (const [clientId, client] of present)
    if (!known.has(clientId) && !isDormant(client))
      violations.push(`a second client is live, of no definition: ${metadataOf(client)}`);
  return { clients, violations };
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
