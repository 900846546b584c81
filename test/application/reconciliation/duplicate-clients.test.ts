/** A creation that is carried out after one has looked for it and made another: in the end there is one client. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { auditTrail } from '#application/ledger/audit-trail';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { applyStep } from '#application/reconciliation/apply-step';
import { removeDuplicates } from '#application/reconciliation/duplicate-clients';
import { type Cause, type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import type { Step } from '#domain/provisioning/plan';
import type { Tables } from '#infrastructure/database/tables';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { aDesired } from '../../domain/provisioning/desired.ts';
import {
  type PartnerApi,
  partnerSecret,
  startPartnerApi,
} from '../../infrastructure/identity-providers/partner-api.ts';
import { aStore, aVault, emptied } from '../../infrastructure/identity-providers/store.ts';

const cell = 'internet/integration' as const;
const day = 86_400_000;
const cause: Cause = { commit: 'c0ffee' };

describe('a creation that comes late', () => {
  let db: Kysely<Tables>;
  let api: PartnerApi;
  let ledger: SqlLedger;
  let ahead = 0;
  beforeAll(async () => {
    db = await aStore();
    api = await startPartnerApi();
  });
  afterAll(async () => {
    await api.close();
    await db.destroy();
  });
  beforeEach(async () => {
    await emptied(db);
    api.clients.clear();
    ahead = 0;
    ledger = new SqlLedger({ db, registry: 'org/registre', vault: aVault(), newLink });
  });

  const now = () => Date.now() + ahead;
  function deps(fetcher: Fetch = fetch) {
    const provider = proconnectProvider({
      cell,
      url: api.url,
      secret: partnerSecret,
      identityDomain: 'registre.example.fr',
      fetch: fetcher,
      now: Date.now,
    });
    return { provider, ledger, now };
  }
  const step = (action: Step['action']): Step => ({
    cell,
    id: 'agenda',
    action,
    changes: [],
    left: [],
    digest: action,
  });
  const create = () => applyStep(deps(), step('create'), aDesired('agenda'), cause);
  const account = async (): Promise<ClientAccount> =>
    (await ledger.load({ cell, id: 'agenda' })) ?? newAccount({ cell, id: 'agenda' });
  const keys = () => [...api.clients.values()].map((client) => client.key);

  /** The first creation is still under way when the second is done. */
  async function overtaken(): Promise<() => void> {
    const commit = api.delay('POST');
    expect(await create()).toMatchObject({ kind: 'failed', failure: { retry: true } });
    expect(await create()).toMatchObject({ kind: 'done' });
    return commit;
  }

  it('is removed: the client that was recorded stays, and the trail says so', async () => {
    const commit = await overtaken();
    const { clientId } = await account();
    commit();
    expect(keys()).toHaveLength(2);
    expect(await removeDuplicates(deps(), await account())).toMatchObject([{ id: 'agenda', removed: true }]);
    expect(keys()).toEqual([clientId]);
    expect(await removeDuplicates(deps(), await account())).toEqual([]);
    const trail = [];
    for await (const { what } of auditTrail(db, 'agenda')) trail.push(what);
    expect(trail).toEqual(['failed', 'recorded', 'create', 'twin-removed']);
  });

  it('is looked for during a day, however late it comes, and no longer', async () => {
    const commit = await overtaken();
    ahead = day - 60_000;
    expect(await removeDuplicates(deps(), await account())).toEqual([]);
    commit();
    expect(await removeDuplicates(deps(), await account())).toMatchObject([{ removed: true }]);
    ahead = day + 60_000;
    await removeDuplicates(deps(), await account());
    api.asked.length = 0;
    await removeDuplicates(deps(), await account());
    expect(api.asked).toEqual([]);
  });

  it('also when the server said that it had failed', async () => {
    const commit = api.delay('POST');
    const gateway: Fetch = (url, init) => fetch(url, init).catch(() => new Response('', { status: 504 }));
    const { provider } = deps(gateway);
    await applyStep({ ...deps(), provider }, step('create'), aDesired('agenda'), cause);
    await create();
    commit();
    await removeDuplicates(deps(), await account());
    expect(keys()).toEqual([(await account()).clientId]);
  });

  it('is told, and tried again, when the API does not let it be deleted', async () => {
    const commit = await overtaken();
    commit();
    const refusing: Fetch = async (url, init) =>
      init.method === 'DELETE' ? new Response('{}', { status: 403 }) : fetch(url, init);
    expect(await removeDuplicates(deps(refusing), await account())).toMatchObject([{ removed: false }]);
    expect(await removeDuplicates(deps(), await account())).toMatchObject([{ removed: true }]);
    expect(keys()).toEqual([(await account()).clientId]);
  });

  it('is never mistaken for a client that was there long before, or looked for when nothing went wrong', async () => {
    await overtaken();
    const other = [...api.clients.values()][0] ?? expect.fail();
    const old = { ...other, _id: 'a'.repeat(24), key: 'old', createdAt: '2025-01-01T00:00:00.000Z' };
    api.clients.set(old._id, old);
    expect(await removeDuplicates(deps(), await account())).toEqual([]);
    expect(keys()).toContain('old');

    await emptied(db);
    api.clients.clear();
    await create();
    api.asked.length = 0;
    await removeDuplicates(deps(), await account());
    expect(api.asked).toEqual([]);
  });

  it('lets nobody in when its definition went away meanwhile', async () => {
    const commit = api.delay('POST');
    await create();
    const leave = () => applyStep(deps(), step('deactivate'), undefined, cause);
    await leave();
    commit();
    await leave();
    expect([...api.clients.values()]).toMatchObject([{ active: false }]);
    expect(await account()).toMatchObject({ state: 'inactive' });
  });

  it('that never comes is forgotten after a day', async () => {
    api.delay('POST');
    await create();
    const leave = () => applyStep(deps(), step('deactivate'), undefined, cause);
    await leave();
    expect(await ledger.all()).toHaveLength(1);
    ahead = day + 60_000;
    await leave();
    expect(await ledger.all()).toEqual([]);
  });
});
