/** Reconciling with providers that have manners of their own, that are in trouble, or that do not answer at all. */
import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eraseExpiredSecrets } from '#application/handover/handover-store';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import type { OutcomePublisher } from '#application/reconciliation/outcomes/outcome-publisher';
import { publishOutcomes } from '#application/reconciliation/outcomes/publish-outcomes';
import { reconcile } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { ServedCell } from '#application/reconciliation/served-cell';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import type { CellName } from '#base/config/cells';
import { failure } from '#domain/provisioning/failures';
import { clientKey } from '#domain/provisioning/plan';
import { sealingPurpose } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import type { Tables } from '#infrastructure/database/tables';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { redirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { type IssueBoard, issueBoard } from '../../infrastructure/identity-providers/issue-board.ts';
import {
  glewlwydManners,
  type RegistrationServer,
  startRegistrationServer,
} from '../../infrastructure/identity-providers/registration-server.ts';
import { aStore, aVault, emptied } from '../../infrastructure/identity-providers/store.ts';

const here = 'internet/integration' as const;
const there = 'rie/integration' as const;
const day = 86_400_000;
const registry = 'org/registre';

describe('reconciling with providers as they are', () => {
  let db: Kysely<Tables>;
  let server: RegistrationServer;
  let other: RegistrationServer;
  let vault: ReturnType<typeof aVault>;
  let ledger: SqlLedger;
  let board: IssueBoard;
  let clock: number;
  let files: readonly DesiredClient[];
  let initialToken: string;
  let comments: Map<number, string>;
  /** What stands between Greffier and the servers. */
  let between: Fetch;
  let cells: Map<CellName, ServedCell>;
  let auditBefore: number;

  beforeAll(async () => {
    db = await aStore();
    server = await startRegistrationServer('initial');
    other = await startRegistrationServer();
  });
  afterAll(async () => {
    await server.stop();
    await other.stop();
    await db.destroy();
  });
  beforeEach(async () => {
    await emptied(db);
    const last = await db.selectFrom('audit').select('number').orderBy('number', 'desc').executeTakeFirst();
    auditBefore = Number(last?.number ?? 0);
    for (const one of [server, other]) {
      one.reset();
      one.manners = {};
    }
    vault = aVault();
    ledger = new SqlLedger({ db, registry, vault, newLink });
    board = issueBoard();
    clock = 1_767_225_600_000;
    files = [];
    initialToken = 'initial';
    comments = new Map();
    between = fetch;
    cells = new Map([[here, served(here, server)]]);
  });
  afterEach(() => {
    server.trouble = undefined;
  });

  function served(cell: CellName, { issuer }: RegistrationServer, repair = false): ServedCell {
    const fetcher: Fetch = (url, init) => between(url, init);
    return {
      get provider() {
        return registrationProvider({
          cell,
          issuer,
          vault,
          fetch: fetcher,
          initialAccessToken: initialToken,
        });
      },
      info: { provider: 'registration', issuer, method: 'client_secret_post' },
      probe: redirectUriProbe(fetcher, async () => new URL(`${issuer}/auth`)),
      repair,
    };
  }

  async function run(sweep = true) {
    const commit = JSON.stringify(files);
    const blobs = new Map(files.map((one) => [clientKey(one), JSON.stringify(one)]));
    const approvals = { count: { integration: 0, production: 0 }, teams: [] };
    const at = async () => ({ commit, desired: files, held: [], blobs, approvals });
    const deps: ReconcileDeps = {
      source: {
        head: async () => commit,
        at,
        verifiedAt: at,
        mergedBetween: async () => ({ items: [], complete: true }),
        lastChange: async () => ({ kind: 'push', author: '7' }),
        touchedBetween: async () => new Set(),
      },
      cells,
      configuredCells: [...cells.keys()],
      ledger,
      store: new ReconcileStore(db, registry),
      recheck: async () => undefined,
      removalDelay: 7 * day,
      sweepInterval: 300_000,
      now: () => clock,
      language: 'fr',
    };
    const publisher: OutcomePublisher = {
      comment: async (pull, _marker, body) => void comments.set(pull, body),
      deploy: async () => 1,
      setDeployment: async () => undefined,
      issues: board.issues(),
    };
    const result = await reconcile(deps, sweep);
    await publishOutcomes(deps, publisher, result);
    return result;
  }

  const account = async () => (await ledger.all())[0] ?? expect.fail();
  const mails = async () =>
    (await db.selectFrom('mails').select('facts').execute()).map(({ facts }) => facts);
  const count = (method: string) => server.asked.filter((one) => one.startsWith(method)).length;
  /** In the audit trail, where nothing is ever taken away. */
  const failures = async () => {
    const rows = await db.selectFrom('audit').select('entry').where('number', '>', auditBefore).execute();
    return rows.filter(({ entry }) => (entry as { what?: string }).what === 'failed').length;
  };
  const agenda = aDesired('agenda');
  const many = (number: number, cell: CellName = here) =>
    Array.from({ length: number }, (_, index) => aDesired(`service-${index}`, {}, cell));
  const page = (status: number) => ({
    answer: (response: import('node:http').ServerResponse) =>
      void response
        .writeHead(status, { 'content-type': 'text/html', location: '/ailleurs' })
        .end('<h1>…</h1>'),
  });

  describe('what is renewed by a read', () => {
    it('is kept: a registration token of each read, so that the next one succeeds', async () => {
      files = [agenda];
      await run();
      server.manners = { renewsToken: ['read'] };
      for (let time = 0; time < 4; time += 1) await run();
      expect(await account()).toMatchObject({ state: 'active' });
      files = [aDesired('agenda', { name: 'Agenda nouveau' })];
      expect(await run()).toMatchObject({ results: [{ kind: 'done' }] });
    });

    it('is kept also when nothing else comes of it', async () => {
      files = [agenda];
      await run();
      server.manners = { renewsToken: ['read'] };
      // The description of the provider, asked after the client, is not given.
      between = (url, init) =>
        url.pathname.startsWith('/.well-known')
          ? Promise.resolve(new Response('', { status: 503 }))
          : fetch(url, init);
      await run();
      between = fetch;
      await run();
      expect(await account()).toMatchObject({ state: 'active' });
    });

    it('is handed over: a secret, once a day however often it is renewed', async () => {
      files = [agenda];
      await run();
      server.manners = { renewsSecret: ['read'] };
      for (let time = 0; time < 20; time += 1) {
        clock += 300_000;
        await run();
      }
      expect(await mails()).toMatchObject([{ notice: 'created' }, { notice: 'changed' }]);
      // What waits for its mail is not swept away, nor renewed once more before it is sent.
      server.manners = {};
      await eraseExpiredSecrets(db);
      clock += day;
      await run();
      expect(await mails()).toHaveLength(3);
      const [link] = await db.selectFrom('handovers').selectAll().where('replaced_at', 'is', null).execute();
      const { clientId = '' } = await account();
      expect(vault.open(link?.secret as never, sealingPurpose(agenda, 'client-secret'))).toBe(
        server.clients.get(clientId)?.secret,
      );
    });
  });

  describe('what a provider leaves out', () => {
    it('is no drift, and nothing is repaired of it: no secret is renewed in a loop', async () => {
      cells = new Map([[here, served(here, server, true)]]);
      server.manners = glewlwydManners;
      files = [agenda];
      await run();
      const before = count('PUT');
      for (let time = 0; time < 10; time += 1)
        expect((await run()).plan).toMatchObject({ steps: [], unchanged: 1 });
      expect(count('PUT')).toBe(before);
      expect(await mails()).toHaveLength(1);
    });

    it('is changed all the same when the definition changes it', async () => {
      server.manners = glewlwydManners;
      files = [agenda];
      await run();
      files = [aDesired('agenda', { userinfo_signed_response_alg: 'ES256' })];
      await run();
      expect([...server.clients.values()][0]?.metadata).toMatchObject({
        userinfo_signed_response_alg: 'ES256',
      });
    });
  });

  it('does not repair again what does not take, and tells it once', async () => {
    cells = new Map([[here, served(here, server, true)]]);
    files = [agenda];
    await run();
    const before = count('PUT');
    server.manners = {
      renewsSecret: ['update'],
      readsAs: { redirect_uris: ['https://intrus.example.fr/cb'] },
    };
    for (let time = 0; time < 33; time += 1) {
      clock += 60_000;
      await run();
    }
    expect(count('PUT') - before).toBe(1);
    expect(board.all.filter(({ body }) => body.includes('intrus'))).toMatchObject([{ open: true }]);
    // Another value each time: once a day at most.
    for (let time = 0; time < 5; time += 1) {
      server.manners = {
        ...server.manners,
        readsAs: { redirect_uris: [`https://intrus-${time}.example.fr/cb`] },
      };
      await run();
    }
    expect(count('PUT') - before).toBe(1);
    expect((await mails()).length).toBeLessThanOrEqual(2);
  });

  describe('what a provider makes in its own way', () => {
    it('is handed over and told where it is not essential, and is no drift', async () => {
      server.manners = {
        scopes: () => ['email', 'web-origins'],
        tells: { client_name: 'AGENDA', contacts: [], token_endpoint_auth_method: 'client_secret_basic' },
        leavesOut: ['post_logout_redirect_uris'],
      };
      files = [agenda];
      expect(await run()).toMatchObject({ results: [{ kind: 'done' }] });
      expect(await mails()).toMatchObject([{ notice: 'created' }]);
      expect(await account()).toMatchObject({
        accepted: { client_name: 'AGENDA', contacts: [], scopes: ['email', 'web-origins'] },
        untold: ['post_logout_redirect_uris'],
        method: 'client_secret_basic',
      });
      expect((await run()).plan.steps).toEqual([]);
      // What it makes of it another time is drift.
      server.manners = { ...server.manners, tells: { ...server.manners.tells, client_name: 'Banque' } };
      expect((await run()).decidedSteps).toMatchObject([{ decision: 'drift' }]);
    });

    it.each([
      [
        'a redirect URI that is dropped',
        {
          keeps: ({ redirect_uris, ...rest }: object & { redirect_uris?: string[] }) => ({
            ...rest,
            redirect_uris: redirect_uris?.slice(0, 1),
          }),
        },
      ],
      ['an algorithm that nobody asked for', { tells: { id_token_signed_response_alg: 'PS256' } }],
      ['plain userinfo for a signed one', { tells: { userinfo_signed_response_alg: 'none' } }],
      ['redirect URIs of which nothing is said', { leavesOut: ['redirect_uris'] }],
    ])('is not reported as done: %s', async (_what, manners) => {
      files = [aDesired('agenda', { redirect_uris: ['https://a.ville.fr/1', 'https://a.ville.fr/2'] })];
      server.manners = manners as RegistrationServer['manners'];
      expect(await run()).toMatchObject({
        results: [{ kind: 'failed', failure: { message: { key: 'provisioning#metadata-changed' } } }],
      });
      expect(await mails()).toEqual([]);
      const before = count('PUT');
      await run();
      expect(count('PUT')).toBe(before);
    });

    it.each([
      ['a secret', { leavesOut: ['client_secret'] }],
      ['a way to show it', { tells: { token_endpoint_auth_method: 'none' } }],
    ])('is not reported as done: a client without %s', async (_what, manners) => {
      files = [agenda];
      server.manners = manners;
      await run();
      expect(await mails()).toEqual([]);
      expect(board.all).toMatchObject([{ open: true, body: expect.stringContaining('secret') }]);
      server.manners = {};
      await run();
      expect(await mails()).toMatchObject([{ notice: 'created' }]);
    });
  });

  describe('a fault of the whole provider', () => {
    it.each([
      [
        'a wrong initial token',
        () => {
          initialToken = 'wrong';
        },
        () => {
          initialToken = 'initial';
        },
      ],
      [
        'a redirection',
        () => {
          server.trouble = { method: 'POST', ...page(307) };
        },
        () => {
          server.trouble = undefined;
        },
      ],
      [
        'a description that is gone',
        () => {
          server.trouble = page(301);
        },
        () => {
          server.trouble = undefined;
        },
      ],
    ])('%s: told once, for all, and over by itself when it is over', async (_what, begin, end) => {
      begin();
      files = many(5);
      for (let time = 0; time < 3; time += 1) await run();
      expect(count('POST')).toBeLessThanOrEqual(3);
      expect(board.all).toMatchObject([
        { open: true, title: expect.stringContaining('internet/integration') },
      ]);
      expect(await failures()).toBeLessThanOrEqual(1);
      end();
      await run();
      expect(server.clients.size).toBe(5);
      expect(board.all).toMatchObject([{ open: false }]);
    });

    it.each([
      ['a page of maintenance', 200],
      ['a firewall', 403],
      ['a gateway that lost its way', 404],
      ['a server that is away', 502],
    ])('%s: told once it has lasted, and no definition remembers it', async (_what, status) => {
      files = many(5);
      server.trouble = { method: 'POST', ...page(status) };
      for (let time = 0; time < 3; time += 1) await run();
      expect(board.all).toEqual([]);
      // Two of them are enough to see that it is not theirs.
      expect(count('POST')).toBe(6);
      clock += 20 * 60_000;
      await run();
      await run();
      expect(board.all).toMatchObject([{ open: true }]);
      server.trouble = undefined;
      await run();
      expect(server.clients.size).toBe(5);
      expect(board.all).toMatchObject([{ open: false }]);
    });

    it('that an earlier version took for final is tried again', async () => {
      files = [agenda];
      initialToken = 'wrong';
      await run();
      const begun = await account();
      const { digest } = begun.intent ?? expect.fail();
      const { message } = failure('initial-token-refused', { issuer: server.issuer });
      await ledger.save({ ...begun, failure: { digest, message, retry: false } });
      initialToken = 'initial';
      expect(await run()).toMatchObject({ results: [{ kind: 'done' }] });
    });

    it('is not what one client alone meets: the others go on, before and after it', async () => {
      files = many(4);
      await run();
      const poisoned = (await ledger.all())[0]?.clientId ?? '';
      between = (url, init) =>
        url.pathname.endsWith(poisoned)
          ? Promise.resolve(new Response('<h1>', { status: 500 }))
          : fetch(url, init);
      files = files.map((one) => aDesired(one.id, { name: `Nouveau ${one.id}` }));
      const result = await run();
      expect(result.results.map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
      expect([...result.unread.keys()]).toEqual([`${here}/service-0`]);
      expect(result.unreachable.size).toBe(0);
    });
  });

  it('a dead provider holds up nobody: it is asked twice, and the others at the same time', async () => {
    cells = new Map([
      [here, served(here, server)],
      [there, served(there, other)],
    ]);
    files = [...many(20), ...many(3, there)];
    let dead = 0;
    between = async (url, init) => {
      if (url.origin !== server.issuer || init.method !== 'POST') return fetch(url, init);
      dead += 1;
      // It answers nothing before the other cell is done: one after the other, this would never end.
      while (other.clients.size < 3) await new Promise((resolve) => setTimeout(resolve, 5));
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    };
    const result = await run();
    expect(other.clients.size).toBe(3);
    expect(dead).toBeLessThanOrEqual(2);
    expect([...result.unreachable.keys()]).toEqual([here]);
  });

  it('leaves what a slow provider has no time for to the next run, which follows at once', async () => {
    files = many(6);
    between = async (url, init) => {
      clock += 10_000;
      return fetch(url, init);
    };
    const result = await run();
    expect(result.retry).toMatchObject({ reason: 'unfinished', wait: true });
    expect(server.clients.size).toBeLessThan(6);
    for (let time = 0; time < 4; time += 1) await run(false);
    expect(server.clients.size).toBe(6);
  });

  describe('a deletion', () => {
    async function removed() {
      files = [agenda];
      await run();
      files = [];
      await run();
      clock += 8 * day;
    }

    it('is not done because a gateway has no page there', async () => {
      await removed();
      server.trouble = { method: 'DELETE', ...page(404) };
      await run();
      expect(await ledger.all()).toMatchObject([{ state: 'inactive' }]);
      expect(await mails()).not.toContainEqual(expect.objectContaining({ notice: 'deleted' }));
      server.trouble = undefined;
      await run();
      expect(server.clients.size).toBe(0);
      expect(await ledger.all()).toEqual([]);
    });

    it('is not done because the provider no longer knows our token: the client itself shows that it is there', async () => {
      await removed();
      server.trouble = {
        method: 'DELETE',
        answer: (response) =>
          void response
            .writeHead(401, { 'content-type': 'application/json' })
            .end('{"error":"invalid_token"}'),
      };
      await run();
      expect(await ledger.all()).toMatchObject([{ state: 'lost' }]);
      expect(server.clients.size).toBe(1);
    });
  });
});
