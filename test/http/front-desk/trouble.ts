/** A store in which everything that operators are shown is as bad as it may be. */
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import type { SignedInDesk } from './signed-in-desk.ts';

const wanted = {
  client_name: 'Agenda',
  redirect_uris: ['https://agenda.montfictif.fr/retour'],
  post_logout_redirect_uris: [],
  id_token_signed_response_alg: 'RS256',
  userinfo_signed_response_alg: 'RS256',
  scopes: ['openid'],
  contacts: ['equipe@montfictif.fr'],
  ip_addresses: [],
  active: true,
};

export async function trouble({ db }: Pick<SignedInDesk, 'db'>): Promise<void> {
  const registry = 'org/registre';
  const account = {
    cell: 'internet/integration',
    state: 'active',
    clientId: 'c-1',
    handle: 'https://idp.example.fr/reg/c-1',
    management: 'SEALED-MANAGEMENT',
    secret: 'SEALED-SECRET',
    secretMark: 'SECRET-MARK',
    unanswered: 0,
    wanted,
  };
  const drifted = { ...wanted, redirect_uris: ['https://agenda.montfictif.fr/<b>'] };
  const rows = [
    { id: 'agenda', account: { ...account, id: 'agenda', seen: drifted } },
    { id: 'bureau', account: { ...account, id: 'bureau', seen: wanted } },
    {
      id: 'cartes',
      account: { ...account, id: 'cartes', seen: drifted, intent: { action: 'update', digest: 'd' } },
    },
  ];
  const at = { registry, cell: 'internet/integration', state: 'active', client_id: 'c-1', request: null };
  for (const { id, account: own } of rows)
    await db
      .insertInto('clients')
      .values({ ...at, id, account: JSON.stringify(own) })
      .execute();
  await db
    .insertInto('drift')
    .values({ registry, cell: at.cell, clients: 1 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const store = new ReconcileStore(db, registry);
  const freeze = { cell: 'internet/integration', until: '2027-01-04', reason: 'Fêtes <b>' } as const;
  await store.observations.recordFreezes(['internet/integration'], [freeze], 'c');
  await store.topics.save('silence internet/integration', undefined, String(Date.UTC(2026, 10, 27, 8)));
  await store.topics.save('drift internet/integration', 12, 'd');
  await store.observations.saveLiveCheck('internet/integration/bureau', {
    at: 1,
    objection: 'le SIRET `1` est fermé',
  });
  await store.confirmations.saveConfirmable(new Map([['0123abc', []]]));
  const job = {
    kind: 'review',
    lane: 'a',
    key: 'a',
    payload: '{}',
    priority: 1,
    request: 'delivery',
  } as const;
  const made = await db
    .insertInto('jobs')
    .values({ ...job, state: 'waiting' })
    .returning('id')
    .executeTakeFirst();
  await db
    .updateTable('jobs')
    .set({ state: 'dead', last_error: 'boom <b>' })
    .where('id', '=', made?.id ?? 0)
    .execute();
}
