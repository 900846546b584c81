/** Which client is a definition's own, whatever others put beside it or the partner API says: played against that API. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { preview } from '#application/reconciliation/preview';
import { type Reconciliation, reconcile } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { clientKey } from '#domain/provisioning/plan';
import type { DesiredClient } from '#domain/registry/registry';
import type { Tables } from '#infrastructure/database/tables';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { aDesired } from '../../domain/provisioning/desired.ts';
import {
  type PartnerApi,
  partnerSecret,
  type StoredClient,
  startPartnerApi,
} from '../../infrastructure/identity-providers/partner-api.ts';
import { aStore, aVault, emptied } from '../../infrastructure/identity-providers/store.ts';

const cell = 'internet/integration' as const;
const registry = 'org/registre';
const domain = 'registre.example.fr';
const common = `greffier.registre@${domain}`;
const day = 86_400_000;

describe('a client at the partner API', () => {
  let db: Kysely<Tables>;
  let api: PartnerApi;
  let ledger: SqlLedger;
  let commits = 0;
  let ahead = 0;
  let fetcher: Fetch = fetch;
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
    fetcher = fetch;
    ahead = 0;
    ledger = new SqlLedger({ db, registry, vault: aVault(), newLink });
  });

  const now = () => Date.now() + ahead;
  const unchecked: ReconcileDeps['recheck'] = async () => undefined;

  const planned = (files: readonly DesiredClient[]) => reconciled(files, { sweep: true, isPlan: true });
  async function reconciled(
    files: readonly DesiredClient[],
    { sweep = false, isPlan = false }: { sweep?: boolean; isPlan?: boolean } = {},
  ) {
    commits += 1;
    const at = async (commit: string) => ({
      commit,
      desired: files,
      held: [],
      blobs: new Map(files.map((one) => [clientKey(one), JSON.stringify(one)])),
      approvals: { count: { integration: 0, production: 1 }, teams: [] },
    });
    const deps: ReconcileDeps = {
      source: {
        head: async () => `commit-${commits}`,
        at,
        verifiedAt: at,
        mergedBetween: async () => ({ items: [], complete: true }),
        lastChange: async () => ({ kind: 'push' }),
        touchedBetween: async () => new Set(),
      },
      configuredCells: [cell],
      cells: new Map([
        [
          cell,
          {
            provider: proconnectProvider({
              cell,
              url: api.url,
              secret: partnerSecret,
              identityDomain: domain,
              fetch: (url, init) => fetcher(url, init),
              now: Date.now,
            }),
            info: { provider: 'proconnect', method: 'client_secret_post' },
            repair: false,
          },
        ],
      ]),
      ledger,
      store: new ReconcileStore(db, registry),
      recheck: unchecked,
      removalDelay: day,
      sweepInterval: 300_000,
      now,
      language: 'fr',
    };
    return isPlan ? preview(deps, await at('plan'), { sweep }) : reconcile(deps, sweep);
  }
  const agenda = aDesired('agenda', { contacts: { technical: ['equipe@ville.example.fr'] } });
  const account = (id: string) => ledger.load({ cell, id });
  const plant = (collaborators: string[]): StoredClient => {
    const planted: StoredClient = {
      _id: 'e'.repeat(24),
      key: 'e'.repeat(64),
      client_secret: 'known-to-eve',
      name: 'Nouvelle application',
      collaborators,
      redirect_uris: [],
      post_logout_redirect_uris: [],
      id_token_signed_response_alg: 'RS256',
      active: true,
      createdAt: new Date(Date.now() - 30 * day).toISOString(),
    };
    api.clients.set(planted._id, planted);
    return planted;
  };

  const eve = 'eve@ailleurs.example.fr';

  it.each([
    ['the identity address alone', [eve, `agenda@${domain}`]],
    ['both addresses', [eve, `agenda@${domain}`, common]],
  ])('that a stranger prepared, with %s, is never given to a new definition', async (_, collaborators) => {
    const planted = plant(collaborators);
    await reconciled([agenda]);
    expect(await account('agenda')).toMatchObject({ state: 'active' });
    expect((await account('agenda'))?.clientId).not.toBe(planted.key);
    expect(api.clients.get(planted._id)).toBe(planted);
  });

  it('that a stranger prepared is not given either once a creation was announced and its answer lost', async () => {
    const planted = plant([eve, `agenda@${domain}`, common]);
    const collaborators = [eve, `agenda@${domain}`, common];
    api.dropAnswerTo('POST');
    await reconciled([agenda]);
    // They make one more now: after the attempt, and without its mark.
    api.clients.set('b'.repeat(24), {
      ...planted,
      _id: 'b'.repeat(24),
      key: 'b'.repeat(64),
      collaborators,
      createdAt: new Date().toISOString(),
    });
    await reconciled([agenda]);
    const { clientId } = (await account('agenda')) ?? {};
    const ours = [...api.clients.values()].filter(({ name }) => name === 'Service agenda');
    expect(ours).toMatchObject([{ key: clientId, active: true }]);
    expect(api.clients.size).toBe(3);
  });

  it('that carries our address and is nobody’s is told once, until it is gone, and neither taken nor touched', async () => {
    const unknownIn = async (options: { sweep?: boolean } = { sweep: true }) => {
      const { unknown } = (await reconciled([agenda], options)) as Reconciliation;
      return { told: unknown.unknownClients.get(cell), isNew: unknown.news.includes(cell) };
    };
    await reconciled([agenda]);
    expect(await unknownIn()).toEqual({ told: undefined, isNew: false });
    const planted = plant([eve, `agenda@${domain}`, common]);
    const told = { count: 1, first: [{ clientId: planted.key, name: planted.name }] };
    expect(await unknownIn()).toEqual({ told, isNew: true });
    expect(await unknownIn()).toEqual({ told, isNew: false });
    // Nothing is listed between sweeps: what was found stays told.
    expect(await unknownIn({ sweep: false })).toEqual({ told, isNew: false });
    expect(api.clients.get(planted._id)).toBe(planted);
    expect((await account('agenda'))?.clientId).not.toBe(planted.key);
    api.clients.delete(planted._id);
    expect(await unknownIn()).toEqual({ told: undefined, isNew: true });
  });

  it('that a creation of ours may have made, whose answer was lost, is not told as nobody’s', async () => {
    api.dropAnswerTo('POST');
    const { unknown } = (await reconciled([agenda], { sweep: true })) as Reconciliation;
    expect(unknown.unknownClients.size).toBe(0);
    const after = (await reconciled([agenda], { sweep: true })) as Reconciliation;
    expect(after.unknown.unknownClients.size).toBe(0);
    expect(await account('agenda')).toMatchObject({ state: 'active' });
  });

  it('is found among five thousand others, of which the first are named', async () => {
    await reconciled([agenda]);
    const planted = plant([eve, common]);
    for (let n = 0; n < 5_000; n += 1) {
      const _id = `d${n.toString(16).padStart(23, '0')}`;
      api.clients.set(_id, {
        ...planted,
        _id,
        key: `${n}`,
        redirect_uris: [`https://a.fr/${'x'.repeat(500)}`],
      });
    }
    const [client] = [...api.clients.values()].filter(({ name }) => name === 'Service agenda');
    api.asked.length = 0;
    const result = (await reconciled([agenda], { sweep: true })) as Reconciliation;
    expect(api.asked).toEqual(['GET /api/oidc_clients']);
    expect(result.unread.size + result.unreachable.size).toBe(0);
    expect(await account('agenda')).toMatchObject({ state: 'active', clientId: client?.key });
    expect(result.unknown.unknownClients.get(cell)).toMatchObject({ count: 5_001 });
    expect(result.unknown.unknownClients.get(cell)?.first).toHaveLength(50);
  });

  it('comes to be whatever strangers put beside it', async () => {
    const planted = plant([eve, `agenda@${domain}`, `x@${domain}`]);
    for (let at = 0; at < 20; at += 1) {
      const _id = `${String(at).padStart(23, '0')}f`;
      const redirect_uris = Array.from(
        { length: 50 },
        (_, n) => `https://eve.example.fr/${n}/${'x'.repeat(1300)}`,
      );
      api.clients.set(_id, { ...planted, _id, redirect_uris });
    }
    api.dropAnswerTo('POST');
    await reconciled([agenda]);
    await reconciled([agenda]);
    expect(await account('agenda')).toMatchObject({ state: 'active' });
  });

  it('that hides is not taken for deleted, though its deletion was begun', async () => {
    await reconciled([agenda]);
    await reconciled([]);
    ahead = 2 * day;
    fetcher = async (url, init) =>
      init?.method === 'DELETE'
        ? new Response('{"detail":"Internal Server Error"}', { status: 500 })
        : fetch(url, init);
    await reconciled([]);
    fetcher = fetch;
    const client = [...api.clients.values()][0] ?? expect.fail();
    api.clients.set(client._id, { ...client, collaborators: [eve], active: true });
    await reconciled([], { sweep: true });
    expect(await account('agenda')).toMatchObject({ state: 'lost' });
  });

  it('that hides between our look and its deletion is not taken for deleted either', async () => {
    await reconciled([agenda]);
    await reconciled([]);
    ahead = 2 * day;
    const client = [...api.clients.values()][0] ?? expect.fail();
    fetcher = async (url, init) => {
      if (init?.method === 'DELETE') api.clients.set(client._id, { ...client, collaborators: [eve] });
      return fetch(url, init);
    };
    await reconciled([]);
    expect(await account('agenda')).toMatchObject({ state: 'lost' });
  });

  it('is deleted when the answer to its deletion was lost, and it was shown to us before', async () => {
    await reconciled([agenda]);
    await reconciled([]);
    ahead = 2 * day;
    api.dropAnswerTo('DELETE');
    await reconciled([]);
    expect(await account('agenda')).toMatchObject({ deletionSent: true });
    await reconciled([]);
    expect(await account('agenda')).toBeUndefined();
  });

  it.each([
    ['as it is', 'creation-of-another', (live: object) => live],
    [
      'with the mark of the attempt',
      'client-of-another',
      (live: object, body: object) => ({ ...live, ...body }),
    ],
  ])(
    'that is recorded for another definition is not taken when it answers a creation, %s',
    async (_, why, answer) => {
      const victim = aDesired('victime', { contacts: { technical: ['victime@ville.example.fr'] } });
      await reconciled([victim]);
      const live = [...api.clients.values()][0] ?? expect.fail();
      fetcher = async (url, init) =>
        init?.method === 'POST'
          ? Response.json(answer(live, JSON.parse(String(init.body))))
          : fetch(url, init);
      await reconciled([victim, agenda]);
      expect(api.clients.get(live._id)).toEqual(live);
      const { clientId, failure } = (await account('agenda')) ?? {};
      expect(clientId).toBeUndefined();
      expect(failure).toMatchObject({ retry: false, message: { key: `provisioning#${why}` } });
    },
  );

  it('that is given another id under the same handle is lost and told: the id that was handed over stays', async () => {
    await reconciled([agenda]);
    const before = (await account('agenda'))?.clientId;
    const client = [...api.clients.values()][0] ?? expect.fail();
    api.clients.set(client._id, { ...client, key: 'f'.repeat(64) });
    await reconciled([agenda], { sweep: true });
    expect(await account('agenda')).toMatchObject({ state: 'lost', clientId: before });
    api.clients.set(client._id, client);
    await reconciled([agenda], { sweep: true });
    expect(await account('agenda')).toMatchObject({ state: 'active', clientId: before });
  });

  it('from which a person took Greffier is left as it is by a plan, and put right by a reconciliation', async () => {
    await reconciled([agenda]);
    const client = [...api.clients.values()][0] ?? expect.fail();
    const edited = { ...client, collaborators: ['equipe@ville.example.fr'] };
    api.clients.set(client._id, edited);
    const changes: string[] = [];
    fetcher = async (url, init) => {
      if (init?.method !== 'GET') changes.push(String(init?.method));
      return fetch(url, init);
    };
    await planned([agenda]);
    expect(changes).toEqual([]);
    expect(api.clients.get(client._id)).toEqual(edited);
    await reconciled([agenda], { sweep: true });
    expect(api.clients.get(client._id)?.collaborators).toEqual(
      expect.arrayContaining([common, `agenda@${domain}`]),
    );
  });
});
