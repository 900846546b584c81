/**
 * A process that is paused for longer than its lease, anywhere in a reconciliation, and wakes up when another one has
 * done its work: the provider, the ledger and the mails know of one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { outboxUnder, sendMail } from '#application/handover/outbox';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { ReviewStore } from '#application/mirror/review-store';
import { type CellsDeps, servedCells } from '#application/reconciliation/cells';
import type { OutcomePublisher } from '#application/reconciliation/outcomes/outcome-publisher';
import { touchedClients } from '#application/reconciliation/plan-change';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { MergedPull } from '#application/reconciliation/registry-source';
import { runReconciliation } from '#application/reconciliation/run-reconciliation';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { publisherUnder, reconciliationUnder } from '#application/reconciliation/under-lease';
import { readConfiguration } from '#base/config/config-file';
import { LeaseLost } from '#base/lease-lost';
import { createLog } from '#base/observability/logger';
import { newAccount } from '#domain/provisioning/ledger';
import { clientKey } from '#domain/provisioning/plan';
import { inSeconds } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';
import type { Fetch } from '#infrastructure/http-client/fetch';
import type { Job } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import type { LeasedJob } from '#infrastructure/queue/job-rows';
import { holding, type Lease } from '#infrastructure/queue/lease';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { emptyTables, thisEngine } from '../../infrastructure/database/engines.ts';
import { issueBoard } from '../../infrastructure/identity-providers/issue-board.ts';
import {
  initialAccessToken,
  type RunningProvider,
  startOpenidProvider,
} from '../../infrastructure/identity-providers/openid-provider.ts';
import {
  type PartnerApi,
  partnerSecret,
  startPartnerApi,
} from '../../infrastructure/identity-providers/partner-api.ts';
import { aStore, aVault, emptied } from '../../infrastructure/identity-providers/store.ts';

const cell = 'internet/integration' as const;
const registry = 'org/registre';
const agenda = aDesired('agenda');

/** Where a process can be paused: reaching the chosen point, it waits until it is woken. */
function pausing(at: number) {
  const paused = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<void>();
  let points = 0;
  return {
    async point() {
      points += 1;
      if (points !== at) return;
      paused.resolve();
      await woken.promise;
    },
    paused: paused.promise,
    wake: () => woken.resolve(),
  };
}

describe('a process that wakes up after its lease', () => {
  let db: Kysely<Tables>;
  let partner: PartnerApi;
  let openid: RunningProvider;
  let jobs: JobQueue;
  beforeAll(async () => {
    db = await aStore();
    partner = await startPartnerApi();
    openid = await startOpenidProvider();
  });
  afterAll(async () => {
    await partner.close();
    await openid.stop();
    await db.destroy();
  });
  const vault = aVault();
  const board = issueBoard();
  beforeEach(async () => {
    await emptied(db);
    await emptyTables(db, 'jobs');
    partner.clients.clear();
    openid.forget();
    board.reset();
    jobs = new JobQueue(db);
  });

  const configurations = {
    proconnect: () =>
      `provider: proconnect, url: "${partner.url}", secret: ${partnerSecret}, identity_domain: registre.example.fr, issuer: "https://fca.example.fr/api/v2"`,
    registration: () =>
      `provider: registration, issuer: "${openid.issuer}", initial_access_token: ${initialAccessToken}`,
    manual: () => 'provider: manual',
  };
  type Kind = keyof typeof configurations;
  const clientsAt: Readonly<Record<Kind, () => number>> = {
    proconnect: () => partner.clients.size,
    registration: () => openid.clients().length,
    manual: () => board.all.length,
  };

  const at = async () => ({
    commit: 'c0ffee',
    desired: [agenda],
    held: [],
    blobs: new Map([[clientKey(agenda), 'blob']]),
    approvals: { count: { integration: 0, production: 1 }, teams: [] },
  });

  const merged: MergedPull = {
    pull: 7,
    head: 'head',
    commit: 'c0ffee',
    author: 'a',
    authorId: '1',
    approvedBy: [],
    clients: new Map([[clientKey(agenda), 'blob']]),
  };

  interface Process {
    readonly lease: Lease;
    readonly deps: ReconcileDeps;
    readonly publisher: OutcomePublisher;
    readonly job: Job<'reconcile'>;
  }
  interface Written {
    comments: number;
  }

  /** A process that has taken the job, and passes these points on its way. */
  async function taking(
    kind: Kind,
    points: { readonly proof?: () => Promise<void>; readonly within?: () => Promise<void> } = {},
    written: Written = { comments: 0 },
  ): Promise<Process> {
    const claimed: LeasedJob = (await jobs.claim()) ?? expect.fail('there is no job');
    const real = jobs.leaseOf(claimed, new AbortController().signal);
    const { proof = async () => undefined, within = async () => undefined } = points;
    // Paused before each proof; and, which no proof can see, between the proof and what follows it.
    const lease: Lease = {
      signal: real.signal,
      async hold() {
        await proof();
        await real.hold();
      },
      unflushed: real.unflushed,
      database: {
        selectFrom: real.database.selectFrom,
        transaction: () => ({
          async execute(work) {
            await proof();
            return real.database.transaction().execute(work);
          },
        }),
      },
    };
    const read = readConfiguration(`cells: { ${cell}: { ${configurations[kind]()} } }`, 'c.yaml', {});
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    const slow: Fetch = async (url, init) => {
      await within();
      return fetch(url, init);
    };
    const cells: CellsDeps = {
      configuration: read.configuration,
      repo: registry,
      trackerFor: () => board.issues(),
      vault,
      fetch: slow,
      now: Date.now,
      language: () => 'fr',
    };
    const store = new ReconcileStore(db, registry);
    const plain = new SqlLedger({ db, registry, vault, newLink });
    // What the review of the merged pull request had shown.
    if (written.comments === 0 && (await plain.all()).length === 0)
      await touchedClients(
        { cells: servedCells(cells), ledger: plain, store, now: Date.now, removalDelay: 0 },
        [agenda.path],
      )
        .then(({ plan }) =>
          plan({ number: 7, head: 'head', desired: [agenda], freezes: [], touched: [agenda.path] }),
        )
        .then(({ markShown }) => markShown(new Map()));
    const deps = reconciliationUnder(lease, {
      cells,
      ledger: { registry, vault, newLink },
      source: {
        head: async () => 'c0ffee',
        at,
        verifiedAt: at,
        mergedBetween: async () => ({ items: [merged], complete: true }),
        lastChange: async () => ({ kind: 'pull', pull: merged }),
        touchedBetween: async () => new Set(),
      },
      recheck: async () => undefined,
      removalDelay: 0,
      sweepInterval: 300_000,
    });
    // And before each thing that the provider is asked, whether a proof follows or not.
    const passing = new Map(
      Array.from(deps.cells, ([name, served]) => {
        return [name, { ...served, provider: holding({ hold: proof }, served.provider) }] as const;
      }),
    );
    const publisher = publisherUnder(lease, {
      comment: async () => {
        written.comments += 1;
      },
      deploy: async () => 1,
      setDeployment: async () => undefined,
      issues: board.issues(),
    });
    return { lease, deps: { ...deps, cells: passing }, publisher, job: claimed.job as Job<'reconcile'> };
  }

  const ask = () =>
    jobs.enqueue([{ kind: 'reconcile', payload: { installation: 1, repo: registry } }], { request: 'd' });

  async function run({ deps, publisher, job }: Process): Promise<void> {
    const log = createLog('fatal');
    await runReconciliation(
      { reconcile: deps, publisher, db, jobs, log, sendsMails: false, forgetAfter: 86_400 },
      job,
    );
  }

  /** As if the time of the lease had passed: the job is put back, for whoever takes it next. */
  async function expire(): Promise<void> {
    await sql`update jobs set held_until = ${inSeconds(-1)} where state = 'running'`.execute(db);
    await jobs.reclaimExpired();
  }

  const mails = async () =>
    (await db.selectFrom('mails').select('facts').execute()).map(({ facts }) => facts);
  const trail = async () =>
    (await db.selectFrom('audit').select('entry').where('client', '=', 'agenda').execute()).map(
      ({ entry }) => (entry as { what?: string }).what,
    );

  describe.each(['proconnect', 'registration', 'manual'] as const)('with %s', (kind) => {
    it('at any point changes nothing any more: one client, one mail, one comment', async () => {
      let played = 0;
      for (let number = 1; ; number += 1) {
        await emptied(db);
        await emptyTables(db, 'jobs');
        partner.clients.clear();
        openid.forget();
        board.reset();
        const trailBefore = (await trail()).length;
        const written = { comments: 0 };
        await ask();
        const pause = pausing(number);
        const first = run(await taking(kind, { proof: pause.point }, written));
        const ended = await Promise.race([first.then(() => true), pause.paused.then(() => false)]);
        if (ended) break;
        played += 1;

        await expire();
        await run(await taking(kind, {}, written));
        const clients = clientsAt[kind]();
        const account = await db.selectFrom('clients').select('account').execute();
        pause.wake();
        await expect(first, `point ${number}`).rejects.toBeInstanceOf(LeaseLost);

        expect(clientsAt[kind](), `point ${number}`).toBe(clients);
        expect(await db.selectFrom('clients').select('account').execute()).toEqual(account);
        // The first process may have made it before it was paused: then the second has found it, or is the one told.
        if (kind !== 'registration') expect(clients, `point ${number}`).toBe(1);
        expect(await mails()).toHaveLength(kind === 'manual' ? 0 : 1);
        const what = (await trail()).slice(trailBefore);
        const outcome = kind === 'manual' ? 'requested' : 'create';
        expect(
          what.filter((one) => one === outcome),
          `point ${number}`,
        ).toHaveLength(1);
        // A comment that was written right before the pause is written again: it is edited in place.
        expect(written.comments).toBeLessThanOrEqual(2);
      }
      expect(played).toBeGreaterThan(8);
    });
  });

  it('in the window that no proof closes, right before its request, leaves one client in the end', async () => {
    await ask();
    // The first request: what was never asked for is not looked for.
    const pause = pausing(1);
    const first = run(await taking('proconnect', { within: pause.point }));
    await pause.paused;
    await expire();
    await run(await taking('proconnect'));
    const [made] = [...partner.clients.values()];
    pause.wake();
    await expect(first).rejects.toBeInstanceOf(LeaseLost);
    expect(partner.clients.size).toBe(2);
    await jobs.complete((await jobs.claim()) ?? (await releasedJob()));
    await ask();
    await run(await taking('proconnect'));
    expect([...partner.clients.values()].map(({ key }) => key)).toEqual([made?.key]);
    expect(await mails()).toHaveLength(1);
  });

  /** The job that the second process has not ended: no worker runs here. */
  async function releasedJob(): Promise<LeasedJob> {
    await expire();
    return (await jobs.claim()) ?? expect.fail('there is no job');
  }

  it('is refused every single thing that the ledger and the store write', async () => {
    await ask();
    const claimed = (await jobs.claim()) ?? expect.fail('there is no job');
    const lease = jobs.leaseOf(claimed, new AbortController().signal);
    const ledger = new SqlLedger({ db: lease.database, registry, vault, newLink });
    const store = new ReconcileStore(lease.database, registry);
    const reviews = new ReviewStore(db);
    const pull = { head: 'c0ffee', readAt: '', open: true, claims: [], touched: [], published: {} };
    const account = { ...newAccount(agenda), state: 'active' as const };
    const event = { cell, id: 'agenda', what: 'create' as const };
    const writes: Readonly<Record<string, () => Promise<unknown>>> = {
      save: () => ledger.save(account, event),
      drop: () => ledger.drop(account, event),
      saveServer: () => ledger.saveServer(cell, { server: 'x' }),
      advance: () => store.origins.advance('c0ffee', [], [], [cell]),
      saveConfirmable: () => store.confirmations.saveConfirmable(new Map([['digest', []]])),
      markPublished: () => store.merges.markPublished(7, 'digest', {}),
      saveShownPlan: () => store.shownPlans.save(7, 'head', []),
      saveConfirmation: () => store.confirmations.save('digest', 'operatrice'),
      consumeConfirmations: () => store.confirmations.consume(['digest']),
      saveDrift: () => store.observations.saveDrift(new Map([[cell, 1]])),
      saveTopic: () => store.topics.save('drift', 1, 'digest'),
      upsertPull: () => reviews.under(lease.database).upsertPull(registry, 7, pull),
      upsertPullUnflushed: () => reviews.under(lease.unflushed).upsertPull(registry, 7, pull),
    };
    // As long as it is held, all of them do.
    for (const [name, write] of Object.entries(writes)) await expect(write(), name).resolves.not.toThrow();
    await emptied(db);
    await emptyTables(db, 'pulls');
    await expire();
    for (const [name, write] of Object.entries(writes))
      await expect(write(), name).rejects.toThrow(LeaseLost);
    await expect(lease.hold()).rejects.toThrow(LeaseLost);
    const written = [
      'clients',
      'reconciliations',
      'confirmations',
      'topics',
      'cell_servers',
      'pulls',
    ] as const;
    for (const table of written) expect(await db.selectFrom(table).selectAll().execute(), table).toEqual([]);
    // Also when it is the same process that has taken the work again.
    await jobs.claim();
    await expect(ledger.save(account, event)).rejects.toThrow(LeaseLost);
  });

  // The embedded store does one transaction at a time.
  it.runIf(thisEngine.name === 'postgresql')(
    'cannot be overtaken while it writes: the job is locked until it is written',
    async () => {
      await ask();
      const claimed = (await jobs.claim()) ?? expect.fail('there is no job');
      const lease = jobs.leaseOf(claimed, new AbortController().signal);
      const free = () => db.selectFrom('jobs').select('id').forUpdate().skipLocked().execute();
      const during = await lease.database.transaction().execute(free);
      expect(during).toEqual([]);
      expect(await free()).toHaveLength(1);
    },
  );

  it('has been given no other ledger and no other store', () => {
    const source = join(import.meta.dirname, '../../../src');
    const built = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => /new (?:SqlLedger|ReconcileStore)\(/.test(readFileSync(join(source, name), 'utf8')))
      // A command line holds no job.
      .filter((name) => !name.startsWith('cli/'));
    expect(built).toEqual(['application/reconciliation/under-lease.ts']);
  });

  it('sends no mail', async () => {
    await ask();
    await run(await taking('proconnect'));
    const { id } = await db.selectFrom('mails').select('id').executeTakeFirstOrThrow();
    await emptyTables(db, 'jobs');
    await jobs.enqueue([{ kind: 'mail', payload: { id } }], { request: 'd' });
    const claimed = (await jobs.claim()) ?? expect.fail('there is no job');
    let sent = 0;
    const outbox = outboxUnder(jobs.leaseOf(claimed, new AbortController().signal), {
      vault,
      sender: {
        send: async () => {
          sent += 1;
          return { ok: true };
        },
      },
      publicUrl: 'https://greffier.example.fr',
      answerPlaces: { registryUrl: 'https://github.com/org/registre' },
      cell: () => undefined,
    });
    await expire();
    await expect(sendMail(outbox, id)).rejects.toThrow(LeaseLost);
    expect(sent).toBe(0);
    expect(await db.selectFrom('mails').select('state').execute()).toEqual([{ state: 'waiting' }]);
  });
});
