/** Reconciling by level, with a real OpenID provider, a real store, and a registry and GitHub in memory. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { newLink, tokenHash } from '#application/handover/link-token';
import { auditTrail } from '#application/ledger/audit-trail';
import { tokenSealingPurpose } from '#application/ledger/client-mails';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { runHandover, runRotate } from '#application/reconciliation/key-commands';
import {
  resetForRetry,
  runConfirm,
  runProvisioned,
  runRetry,
} from '#application/reconciliation/operator-commands';
import type { OutcomePublisher } from '#application/reconciliation/outcomes/outcome-publisher';
import { publishOutcomes } from '#application/reconciliation/outcomes/publish-outcomes';
import type { Objection } from '#application/reconciliation/recheck-outside-answers';
import { reconcile } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { MergedPull } from '#application/reconciliation/registry-source';
import { runReconciliation } from '#application/reconciliation/run-reconciliation';
import type { ServedCell } from '#application/reconciliation/served-cell';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import type { CellName } from '#base/config/cells';
import { createLog } from '#base/observability/logger';
import { createMetrics } from '#base/observability/metrics';
import { cellState } from '#domain/provisioning/known-clients';
import { type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import { clientKey, planFor } from '#domain/provisioning/plan';
import type { Sealed, Vault } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import type { Tables } from '#infrastructure/database/tables';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { type IssueTracker, manualProvider } from '#infrastructure/identity-providers/manual';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { redirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { unkept } from '../../domain/provisioning/outcomes.ts';
import { type IssueBoard, issueBoard } from '../../infrastructure/identity-providers/issue-board.ts';
import {
  initialAccessToken,
  type RunningProvider,
  startOpenidProvider,
} from '../../infrastructure/identity-providers/openid-provider.ts';
import { partnerSecret, startPartnerApi } from '../../infrastructure/identity-providers/partner-api.ts';
import { aStore, aVault, emptied } from '../../infrastructure/identity-providers/store.ts';
import { writer } from '../writer.ts';

const registry = 'org/registre';
const day = 86_400_000;
const here: CellName = 'internet/integration';
const byHand: CellName = 'internet/production';

describe('reconciling', () => {
  let db: Kysely<Tables>;
  let openid: RunningProvider;
  let vault: Vault;
  beforeAll(async () => {
    db = await aStore();
    openid = await startOpenidProvider();
  });
  afterAll(async () => {
    await openid.stop();
    await db.destroy();
  });

  let world: Awaited<ReturnType<typeof aWorld>>;
  beforeEach(async () => {
    await emptied(db);
    openid.forget();
    world = await aWorld();
  });

  async function aWorld() {
    vault = aVault();
    const board: IssueBoard = issueBoard();
    const ledger = new SqlLedger({ db, registry, vault, newLink });
    const store = new ReconcileStore(db, registry);
    let clock = 1_767_225_600_000;
    let commits = 0;
    let files = new Map<string, DesiredClient>();
    const broken = new Set<string>();
    const merged: (MergedPull & { readonly at: number })[] = [];
    const refusals = new Map<string, Objection>();
    const comments = new Map<number, string>();
    const deployments: { id: number; environment: string; states: string[] }[] = [];
    let writes = 0;

    const registration: ServedCell = {
      provider: registrationProvider({ cell: here, issuer: openid.issuer, vault, fetch, initialAccessToken }),
      info: { provider: 'registration', issuer: openid.issuer, method: 'client_secret_post' },
      probe: redirectUriProbe(fetch, async () => new URL(`${openid.issuer}/auth`)),
      repair: false,
    };
    const manual: ServedCell = {
      provider: manualProvider({ cell: byHand, tracker: board.issues(), language: () => 'fr' }),
      info: {
        provider: 'manual',
        issuer: 'https://auth.agentconnect.gouv.fr/api/v2',
        method: 'client_secret_post',
      },
      repair: false,
      requests: { tracker: board.issues(), repository: registry, inRegistry: true },
    };
    const cells = new Map<CellName, ServedCell>([
      [here, registration],
      [byHand, manual],
    ]);
    const at = async (commit: string) => ({
      commit,
      desired: [...files].filter(([key]) => !broken.has(key)).map(([, desired]) => desired),
      held: [...files].filter(([key]) => broken.has(key)).map(([, { cell, id }]) => ({ cell, id })),
      blobs: new Map([...files].map(([key, desired]) => [key, JSON.stringify(desired)])),
      approvals: { count: { integration: 0, production: 1 }, teams: [] },
    });
    const deps: ReconcileDeps = {
      source: {
        head: async () => `commit-${commits}`,
        at,
        verifiedAt: at,
        mergedBetween: async (from) => ({
          items: merged.filter(
            (one) => one.at > (from === undefined ? commits - 1 : Number(from.split('-')[1])),
          ),
          complete: true,
        }),
        lastChange: async () => ({ kind: 'push', author: '7' }),
        touchedBetween: async () => new Set(),
      },
      cells,
      get configuredCells() {
        return [...cells.keys()];
      },
      ledger,
      store,
      issues: board.issues(),
      recheck: async (desired) => refusals.get(clientKey(desired)),
      removalDelay: 7 * day,
      sweepInterval: 300_000,
      now: () => clock,
      language: 'fr',
    };
    const refuses = new Map<string, number>();
    const publisher: OutcomePublisher = {
      comment: async (pull, _marker, body) => {
        writes += 1;
        const status = refuses.get('comment');
        if (status !== undefined) throw Object.assign(new Error('Unable to create comment'), { status });
        comments.set(pull, body);
      },
      deploy: async (_commit, environment) =>
        deployments.push({ id: deployments.length, environment, states: [] }) - 1,
      setDeployment: async (id, state) => void deployments[id]?.states.push(state),
      issues: board.issues(),
    };

    /** What a review shows of a pull request: the plan of what it touches. */
    async function show(
      pull: number,
      desired: readonly DesiredClient[],
      only: readonly string[],
      decisions: readonly string[] = [],
    ): Promise<void> {
      const accounts = await ledger.all();
      const { steps } = planFor({
        desired,
        cells: [...cells.values()].map((cell) => cellState(cell.provider, accounts)),
        now: clock,
        removalDelay: 7 * day,
        only: new Set(only),
      });
      const paths = only.map((key) => [`service-providers/${key}.yaml`, decisions] as const);
      await store.shownPlans.save(pull, `head-${pull}`, steps, new Map(paths));
    }

    return {
      board,
      store,
      ledger,
      deps,
      publisher,
      comments,
      deployments,
      broken,
      refusals,
      refuses,
      get writes() {
        return writes;
      },
      serve: (cell: CellName, served: ServedCell) => void cells.set(cell, served),
      unserve: (cell: CellName) => void cells.delete(cell),
      later: (milliseconds: number) => {
        clock += milliseconds;
      },
      /** A pull request that is reviewed, approved and merged. */
      async merge(
        pull: number,
        next: readonly DesiredClient[],
        between: () => Promise<void> = async () => undefined,
        decisions: readonly string[] = [],
      ) {
        const before = files;
        const after = new Map(next.map((desired) => [clientKey(desired), desired]));
        const touched = [...new Set([...before.keys(), ...after.keys()])].filter(
          (key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)),
        );
        await show(pull, next, touched, decisions);
        await between();
        files = after;
        commits += 1;
        merged.push({
          pull,
          at: commits,
          head: `head-${pull}`,
          commit: `commit-${commits}`,
          author: 'autrice',
          authorId: '7',
          approvedBy: ['relecteur'],
          approved: true,
          clients: new Map(
            touched.map((key) => [key, after.has(key) ? JSON.stringify(after.get(key)) : undefined]),
          ),
        });
      },
      /** A push without a pull request. */
      push(next: readonly DesiredClient[]) {
        files = new Map(next.map((desired) => [clientKey(desired), desired]));
        commits += 1;
      },
      async run(sweep = false) {
        const result = await reconcile(deps, sweep);
        const unsaid = await publishOutcomes(deps, publisher, result);
        return { ...result, unsaid };
      },
    };
  }

  const named = (name: string) => openid.clients().filter((client) => client.client_name === name);
  const agenda = aDesired('agenda');
  const given = (number: number) => ({ number, by: writer('operatrice') });

  it('provisions what was there before Greffier like anything else', async () => {
    world.push([agenda]);
    await world.run();
    expect(named('Service agenda')).toHaveLength(1);
    expect(world.comments.size).toBe(0);
  });

  it('tells the merged pull request, with everything to go on with and no secret', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    const comment = world.comments.get(7) ?? '';
    const [client] = named('Service agenda');
    expect(comment.startsWith('<!-- greffier:provisioning -->')).toBe(true);
    for (const part of [
      'client créé',
      String(client?.client_id),
      `${openid.issuer}/.well-known/openid-configuration`,
      'client_secret_post',
      'https%3A%2F%2Fagenda.ville.example.fr%2Fcallback',
      'le fournisseur d’identité accepte cette URL',
      '/greffier handover',
      'service-providers/internet/production/',
    ])
      expect(comment).toContain(part);
    expect(comment).not.toContain(String(client?.client_secret));
    expect(world.deployments).toEqual([{ id: 0, environment: 'internet-integration', states: ['success'] }]);
  });

  it('tells how to authenticate as the provider really has it', async () => {
    const method = 'client_secret_basic';
    const basic = await startOpenidProvider({
      clientAuthMethods: [method],
      clientDefaults: { token_endpoint_auth_method: method },
    });
    const { issuer } = basic;
    world.serve(here, {
      provider: registrationProvider({ cell: here, issuer, vault, fetch, initialAccessToken }),
      info: { provider: 'registration', issuer, method: 'client_secret_post' },
      repair: false,
    });
    await world.merge(7, [agenda]);
    await world.run();
    await basic.stop();
    expect(world.comments.get(7)).toContain(`/token\`\u00a0: \`${method}\``);
    const mail = await db.selectFrom('mails').selectAll().executeTakeFirstOrThrow();
    const token = vault.open(mail.token as Sealed, tokenSealingPurpose(mail.id)) ?? '';
    const handovers = sqlHandoverStore(db, vault, () => ({ method: 'client_secret_post' }));
    expect(await handovers.reveal(tokenHash(token))).toMatchObject({ method });
  });

  it('does nothing and writes nothing when nothing changed', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    const writes = world.writes;
    const again = await world.run(true);
    expect(again.results).toEqual([]);
    expect(world.writes).toBe(writes);
  });

  it('notes when all of it was compared, where nothing changed as well', async () => {
    await world.merge(7, [agenda]);
    await world.run(true);
    const comparedAt = async () =>
      (await db.selectFrom('reconciliations').select('at').executeTakeFirstOrThrow()).at;
    const long = new Date('2026-01-01T00:00:00Z');
    await db.updateTable('reconciliations').set({ at: long }).execute();
    await world.run();
    expect(await comparedAt()).toEqual(long);
    await world.run(true);
    expect(+(await comparedAt())).toBeGreaterThan(+long);
  });

  it('tells everything else when GitHub refuses one comment, for good: once, and not again', async () => {
    world.refuses.set('comment', 403);
    await world.merge(7, [agenda]);
    const intrusion = async () => {
      const [client] = openid.clients();
      openid.tamper(String(client?.client_id), { redirect_uris: ['https://intrus.example.fr/cb'] });
    };
    expect((await world.run()).unsaid).toEqual([{ what: 'comment 7', status: 403 }]);
    expect(world.deployments).toMatchObject([{ states: ['success'] }]);
    await intrusion();
    expect((await world.run(true)).unsaid).toEqual([]);
    expect(world.board.all).toMatchObject([{ open: true, body: expect.stringContaining('intrus') }]);
    expect(world.writes).toBe(1);
  });

  it('takes nothing for refused since GitHub once did not find its place: that is told once, and tried again', async () => {
    world.refuses.set('comment', 404);
    await world.merge(7, [agenda]);
    expect((await world.run()).unsaid).toEqual([{ what: 'comment 7', status: 404 }]);
    expect((await world.run()).unsaid).toEqual([]);
    world.refuses.clear();
    await world.run();
    expect(world.comments.get(7)).toContain('client créé');
  });

  it('tells everything else when GitHub is away for one comment, and that one later', async () => {
    world.refuses.set('comment', 502);
    await world.merge(7, [agenda]);
    await expect(world.run()).rejects.toThrow('Unable to create comment');
    expect(world.deployments).toMatchObject([{ states: ['success'] }]);
    world.refuses.clear();
    await world.run();
    expect(world.comments.get(7)).toContain('client créé');
  });

  it.each(['looked up', 'asked of its provider'])(
    'does everything for the others when one definition makes Greffier fail while it is %s',
    async (when) => {
      const broken = (id: string) => {
        if (id === agenda.id) throw new TypeError('words of the applicant');
      };
      const served = world.deps.cells.get(here);
      if (served === undefined) throw new Error('no cell');
      const { provider } = served;
      const create: typeof provider.create = async (desired, ...rest) => {
        broken(desired.id);
        return provider.create(desired, ...rest);
      };
      const { recheck } = world.deps;
      if (when === 'looked up')
        Object.assign(world.deps, {
          recheck: async (desired: DesiredClient) => {
            broken(desired.id);
            return recheck(desired);
          },
        });
      else world.serve(here, { ...served, provider: { ...provider, create } });
      await world.merge(7, [agenda, aDesired('carte')]);
      const metrics = createMetrics();
      await runReconciliation(
        {
          reconcile: world.deps,
          publisher: world.publisher,
          db,
          jobs: new JobQueue(db),
          log: createLog('silent'),
          metrics,
          sendsMails: false,
          forgetAfter: 86_400,
        },
        { kind: 'reconcile', payload: {}, request: 'x' } as never,
      );
      expect((await metrics.unjudged.get()).values).toMatchObject([{ labels: { kind: 'client' }, value: 1 }]);
      expect(openid.clients()).toHaveLength(1);
      expect(world.comments.get(7)).toMatch(/Greffier s['’]est trompé/);
      expect(world.comments.get(7)).not.toContain('words of the applicant');
      Object.assign(world.deps, { recheck });
      world.serve(here, served);
      await world.run(true);
      expect(openid.clients()).toHaveLength(2);
    },
  );

  it('catches up with everything that was merged while it was away', async () => {
    await world.run();
    await world.merge(7, [agenda]);
    await world.merge(8, [agenda, aDesired('carte')]);
    await world.run();
    expect([...world.comments.keys()].sort()).toEqual([7, 8]);
  });

  it('stops when what would be applied is not what was shown, and goes on when someone confirms it', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    const renamed = aDesired('agenda', { name: 'Nouveau nom' });
    // Between the review and the merge somebody changes the client at the provider.
    await world.merge(8, [renamed], async () => {
      const [account] = await world.ledger.all();
      if (account !== undefined)
        await world.ledger.save({
          ...account,
          seen: { ...account.seen, contacts: ['intrus@ailleurs.example.fr'] },
        });
    });
    const shownOnly = await world.ledger.all();
    expect(shownOnly[0]?.seen.contacts).toEqual(['intrus@ailleurs.example.fr']);
    const frozen = { ...world.deps, cells: new Map(world.deps.cells) };
    const cell = frozen.cells.get(here);
    if (cell === undefined) throw new Error('no cell');
    frozen.cells.set(here, {
      ...cell,
      provider: { ...cell.provider, read: async () => ({ ok: true, value: { kind: 'unknown' } }) },
    });
    const result = await reconcile(frozen, false);
    expect(result.decidedSteps).toMatchObject([{ decision: 'stopped' }]);
    expect(named('Nouveau nom')).toEqual([]);
    const digest = result.decidedSteps[0]?.step.digest ?? '';
    await runConfirm(frozen, given(8), digest);
    await reconcile(frozen, false);
    expect(named('Nouveau nom')).toHaveLength(1);
  });

  it('never applies a definition that is invalid at the commit, nor takes it for removed', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    world.broken.add(clientKey(agenda));
    await world.merge(8, [aDesired('agenda', { name: 'Cassé' })]);
    const result = await world.run();
    expect(result.results).toEqual([]);
    expect(named('Service agenda')).toHaveLength(1);
    expect(world.comments.get(8)).toContain('comporte une erreur');
  });

  it('waits while an outside check refuses, and says why', async () => {
    world.refusals.set(clientKey(agenda), { kind: 'refused', text: 'le DataPass est révoqué' });
    await world.merge(7, [agenda]);
    await world.run();
    expect(openid.clients()).toEqual([]);
    expect(world.comments.get(7)).toContain('le DataPass est révoqué');
    expect(world.deployments[0]?.states).toEqual(['in_progress']);
    world.refusals.clear();
    await world.run();
    expect(named('Service agenda')).toHaveLength(1);
    expect(world.deployments[0]?.states).toEqual(['in_progress', 'success']);
  });

  it('waits while a public service is silent, told once, until it answers or a writer does without', async () => {
    const silence = { kind: 'silent', text: 'DataPass n’a pas répondu.' } as const;
    world.refusals.set(clientKey(agenda), silence);
    await world.merge(7, [agenda]);
    await world.run();
    const told = world.comments.get(7) ?? '';
    expect(told).toContain('DataPass n’a pas répondu. Rien n’est fait sans cette réponse.');
    await world.run(true);
    expect(world.comments.get(7)).toBe(told);
    expect(openid.clients()).toEqual([]);
    // A refusal is not silence: nobody can do without it.
    const [digest = ''] = /(?<=confirm )[0-9a-f]{32}/.exec(told) ?? [];
    await runConfirm(world.deps, given(7), digest);
    world.refusals.set(clientKey(agenda), { kind: 'refused', text: 'le DataPass est révoqué' });
    await world.run();
    expect(openid.clients()).toEqual([]);
    world.refusals.set(clientKey(agenda), silence);
    await world.run();
    expect(named('Service agenda')).toHaveLength(1);
    // The word was for that step alone.
    await world.merge(8, [aDesired('agenda', { ...agenda.definition, name: 'Service agenda 2' })]);
    await world.run();
    expect(named('Service agenda 2')).toEqual([]);
    world.refusals.clear();
    await world.run();
    expect(named('Service agenda 2')).toHaveLength(1);
  });

  it('waits for a person to decide what the review that was merged did not show, and asks once', async () => {
    const decision = 'outside/datapass-organization';
    const text = 'Le DataPass est celui d’une autre organisation.';
    world.refusals.set(clientKey(agenda), { kind: 'undecided', text, decisions: [decision] });
    await world.merge(7, [agenda]);
    await world.run();
    const told = world.comments.get(7) ?? '';
    expect(told).toContain(`${text} Rien n’est fait avant`);
    expect(openid.clients()).toEqual([]);
    const [digest = ''] = /(?<=confirm )[0-9a-f]{32}/.exec(told) ?? [];
    await runConfirm(world.deps, given(7), digest);
    await world.run();
    expect(named('Service agenda')).toHaveLength(1);
  });

  it('asks nobody again what the review that was merged showed them to decide', async () => {
    const decisions = ['outside/datapass-organization'];
    world.refusals.set(clientKey(agenda), { kind: 'undecided', text: 'Une autre organisation.', decisions });
    await world.merge(7, [agenda], undefined, decisions);
    await world.run();
    expect(named('Service agenda')).toHaveLength(1);
  });

  it('finds drift in a sweep, shows it in one issue that closes by itself, and repairs only when told to', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    const [account] = await world.ledger.all();
    const provider = world.deps.cells.get(here)?.provider;
    if (account === undefined || provider === undefined || account.wanted === undefined)
      throw new Error('no client');
    // Somebody changes the client with its own management token.
    const held = {
      handle: account.handle ?? '',
      clientId: account.clientId ?? '',
      metadata: {},
      confirmed: {},
    };
    const changed = await provider.update(
      account,
      { ...held, ...(account.management === undefined ? {} : { management: account.management }) },
      { ...account.wanted, redirect_uris: ['https://intrus.example.fr/cb'] },
      unkept,
    );
    if (!changed.ok || changed.value.kind !== 'issued') throw new Error('not changed');
    const { management } = changed.value;
    await world.ledger.save({ ...account, ...(management === undefined ? {} : { management }) });

    const found = await world.run(true);
    expect(found.decidedSteps).toMatchObject([{ decision: 'drift' }]);
    const [issue] = world.board.all;
    expect(issue).toMatchObject({ open: true });
    expect(issue?.body).toContain('https://intrus.example.fr/cb');
    await world.run(true);
    expect(world.board.all).toHaveLength(1);

    await runConfirm(world.deps, given(1), found.decidedSteps[0]?.step.digest ?? '');
    await world.run();
    expect(named('Service agenda')[0]?.redirect_uris).toEqual(agenda.definition.redirect_uris);
    expect(world.board.all).toMatchObject([{ open: false }]);
  });

  it('says in the issue of drift that a second client came to be and cannot be removed, until it is', async () => {
    const api = await startPartnerApi();
    let refuse = true;
    const fetcher: Fetch = async (url, init) =>
      refuse && init.method === 'DELETE' ? new Response('{}', { status: 403 }) : fetch(url, init);
    const options = { cell: here, url: api.url, secret: partnerSecret, fetch: fetcher };
    world.serve(here, {
      provider: proconnectProvider({ ...options, identityDomain: 'registre.example.fr', now: Date.now }),
      info: { provider: 'proconnect', issuer: openid.issuer, method: 'client_secret_post' },
      repair: false,
    });
    const late = api.delay('POST');
    await world.merge(7, [agenda]);
    await world.run();
    await world.run();
    late();
    await world.run();
    const [account] = await world.ledger.all();
    const second = [...api.clients.values()].find((client) => client.key !== account?.clientId);
    expect(world.board.all[0]).toMatchObject({ open: true });
    expect(world.board.all[0]?.body).toContain(second?.key);
    refuse = false;
    await world.run();
    await world.run();
    expect(world.board.all).toMatchObject([{ open: false }]);
    expect([...api.clients.values()]).toMatchObject([{ key: account?.clientId }]);
    await api.close();
  });

  it('keeps no secret once it is handed over, though every answer repeats it', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    await world.merge(8, [aDesired('agenda', { name: 'Nouveau nom' })]);
    await world.run(true);
    expect(await world.ledger.all()).toMatchObject([{ last: { action: 'update' } }]);
    expect((await world.ledger.all())[0]).not.toHaveProperty('secret');
    const mails = await db.selectFrom('mails').select('facts').execute();
    expect(mails.map((mail) => mail.facts)).toMatchObject([{ notice: 'created' }]);
  });

  it('hands over the secret that a provider gave anew when the client was changed', async () => {
    const cell = world.deps.cells.get(here) ?? expect.fail();
    const rotating: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (init.method !== 'PUT' || !String(init.body).includes('Nouveau nom')) return response;
      return Response.json({ ...((await response.json()) as object), client_secret: 'another-secret' });
    };
    const { issuer } = openid;
    await world.merge(7, [agenda]);
    await world.run();
    world.serve(here, {
      ...cell,
      provider: registrationProvider({ cell: here, issuer, vault, fetch: rotating, initialAccessToken }),
    });
    await world.merge(8, [aDesired('agenda', { name: 'Nouveau nom' })]);
    await world.run();
    const mail = await db
      .selectFrom('mails')
      .selectAll()
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(mail.facts).toMatchObject({ notice: 'changed' });
    const token = vault.open(mail.token as Sealed, tokenSealingPurpose(mail.id)) ?? '';
    const handovers = sqlHandoverStore(db, vault, () => ({ method: 'client_secret_post' }));
    expect(await handovers.reveal(tokenHash(token))).toMatchObject({ secret: 'another-secret' });
  });

  it('removes in two strides, and revives the same client in between', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    const id = named('Service agenda')[0]?.client_id;
    await world.merge(8, []);
    await world.run();
    expect(named('Service agenda')[0]?.redirect_uris).toEqual(['https://greffier.invalid/dormant']);
    expect(world.comments.get(8)).toMatch(/client désactivé[\s\S]*sera supprimé le 8 janvier 2026/);
    await world.merge(9, [agenda]);
    await world.run();
    expect(named('Service agenda')).toMatchObject([
      { client_id: id, redirect_uris: agenda.definition.redirect_uris },
    ]);
    expect(world.comments.get(9)).toContain('réactivé, avec les mêmes clés');
    await world.merge(10, []);
    await world.run();
    world.later(7 * day);
    await world.run(true);
    expect(openid.clients()).toEqual([]);
    expect(await world.ledger.all()).toEqual([]);
    expect(world.comments.get(10)).toContain('client supprimé');
  });

  it('makes another client for a definition that was renamed, and retires the old one', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    await world.merge(8, [aDesired('agenda-2')]);
    await world.run();
    const comment = world.comments.get(8) ?? '';
    expect(comment).toMatch(/agenda`\*\* : client désactivé/);
    expect(comment).toMatch(/agenda-2`\*\* : client créé/);
  });

  it('asks before it removes many clients at once, in one issue, and does it once confirmed', async () => {
    const many = Array.from({ length: 11 }, (_, n) => aDesired(`service-${n}`));
    world.push(many);
    await world.run();
    await world.merge(8, []);
    const result = await world.run();
    expect(result.results).toEqual([]);
    expect(world.board.all).toMatchObject([{ open: true }]);
    expect(world.comments.get(8)).toContain('beaucoup de suppressions');
    const digest = /confirm ([0-9a-f]{32})/.exec(world.board.all[0]?.body ?? '')?.[1] ?? '';
    await runConfirm(world.deps, given(1), digest);
    const done = await world.run();
    expect(done.results).toHaveLength(11);
    expect(world.board.all).toMatchObject([{ open: false }]);
  });

  describe('cells that people run', () => {
    const paper = aDesired(
      'agenda',
      { ip_addresses: ['10.1.2.3'], private_sector: false, datapass: 'H123' },
      byHand,
    );

    /** The issues of a repository whose answers to what is opened are lost, while they are. */
    function losing(tracker: IssueTracker, isLost: () => boolean): IssueTracker {
      return {
        ...tracker,
        async open(title, body) {
          const opened = await tracker.open(title, body);
          if (isLost()) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
          return opened;
        },
      };
    }
    function askOver(isLost: () => boolean): void {
      const tracker = losing(world.board.issues(), isLost);
      const served = world.deps.cells.get(byHand) as ServedCell;
      const provider = manualProvider({ cell: byHand, language: () => 'fr', tracker });
      world.serve(byHand, { ...served, provider });
    }

    it('takes back a request whose opening was answered to nobody, once the definition is as it was', async () => {
      await world.merge(7, [paper]);
      await world.run();
      await runProvisioned(world.deps, given(1), 'd7c9a1d2');
      await world.merge(8, [aDesired('agenda', { ...paper.definition, name: 'Autre nom' }, byHand)]);
      askOver(() => true);
      await expect(world.run()).rejects.toThrow('socket hang up');
      expect(world.board.openRequests()).toEqual([2]);
      await world.merge(9, [paper]);
      await world.run();
      expect(world.board.openRequests()).toEqual([]);
      expect((await world.ledger.all())[0]).toMatchObject({ state: 'active', clientId: 'd7c9a1d2' });
    });

    it('asks for another secret no longer once the definition is gone, and says so', async () => {
      await world.merge(7, [paper]);
      await world.run();
      await runProvisioned(world.deps, given(1), 'd7c9a1d2');
      expect(await runRotate(world.deps, given(7), 'd7c9a1d2')).toMatchObject({ ok: true });
      expect(world.board.openRequests()).toEqual([2]);
      world.broken.add(clientKey(paper));
      await world.run();
      expect(world.board.openRequests()).toEqual([2]);
      world.broken.clear();
      await world.merge(8, []);
      await world.run();
      expect(world.board.all[1]).toMatchObject({
        open: false,
        comments: [expect.stringMatching(/la définition de ce service n’est plus dans le registre/)],
      });
      expect(world.board.openRequests()).toEqual([3]);
      const [account] = await world.ledger.all();
      expect(account).toMatchObject({ state: 'active', request: { action: 'deactivate' } });
      expect(account?.renewal).toBeUndefined();
      // Back again, and asked for again: in an issue of its own.
      await world.merge(9, [paper]);
      await world.run();
      await runRotate(world.deps, given(7), 'd7c9a1d2');
      expect(world.board.openRequests()).toEqual([4]);
    });

    it.each([
      ['a creation', [paper]],
      ['a change', [aDesired('agenda', { ...paper.definition, name: 'Autre nom' }, byHand)]],
      ['a removal', []],
      ['a creation, as it is begun', [paper]],
    ] as const)('does not do again what people say is done while a run is at it: %s', async (when, next) => {
      const isCreation = next[0] === paper;
      await world.merge(7, [paper]);
      await world.run();
      if (!isCreation) {
        await runProvisioned(world.deps, given(1), 'd7c9a1d2');
        await world.merge(8, next);
        await world.run();
      }
      const [request] = world.board.openRequests();
      const find = world.store.merges.find.bind(world.store.merges);
      let heard: unknown;
      const say = async () => {
        heard = await runProvisioned(world.deps, given(Number(request)), 'd7c9a1d2');
      };
      const amend = world.ledger.amend.bind(world.ledger);
      if (when.endsWith('begun')) {
        // What was asked for is another thing by now, so that the step is begun anew.
        const [account] = await world.ledger.all();
        if (account?.request === undefined) return expect.fail('nothing is asked');
        await world.ledger.save({ ...account, request: { ...account.request, digest: 'of before' } });
        vi.spyOn(world.ledger, 'amend').mockImplementationOnce(async (...args) => {
          await say();
          return amend(...args);
        });
      }
      // Once the steps are decided, and before the first is taken.
      else
        vi.spyOn(world.store.merges, 'find').mockImplementationOnce(async (pull) => {
          await say();
          return find(pull);
        });
      await world.run(true);
      expect(heard).toMatchObject({ ok: true });
      await world.run(true);
      expect(world.board.all).toHaveLength(Number(request));
      expect(world.board.openRequests()).toEqual([]);
      const mails = await db.selectFrom('mails').select('facts').execute();
      const notices = mails.map(({ facts }) => (facts as { notice: string }).notice);
      expect(notices).toEqual(['created', ...(next.length === 0 ? ['deactivated'] : [])]);
    });

    it('leaves a request to people while a public service is silent about its definition', async () => {
      await world.merge(7, [paper]);
      await world.run();
      expect(world.board.openRequests()).toEqual([1]);
      world.refusals.set(clientKey(paper), { kind: 'silent', text: 'DataPass ne répond pas.' });
      await world.run(true);
      expect(world.board.openRequests()).toEqual([1]);
      expect(await runProvisioned(world.deps, given(1), 'd7c9a1d2')).toMatchObject({ ok: true });
    });

    it('asks in one issue, keeps it up to date, and finishes on /greffier provisioned', async () => {
      await world.merge(7, [paper]);
      await world.run();
      expect(world.comments.get(7)).toContain('Demande\u00a0: #1');
      await world.merge(8, [aDesired('agenda', { ...paper.definition, name: 'Autre nom' }, byHand)]);
      await world.run();
      expect(world.board.all).toHaveLength(1);
      expect(world.board.all[0]?.body).toContain('Autre nom');

      const wrong = await runProvisioned(world.deps, given(1), 'CLIENT_ID');
      expect(wrong).toMatchObject({ ok: false });
      const answer = await runProvisioned(world.deps, given(1), 'd7c9a1d2-0000-4000-8000-1234567890ab');
      expect(answer).toMatchObject({ ok: true, reconcile: true });
      // As after a crash between what the command did and the closing of its issue.
      Object.assign(world.board.all[0] ?? {}, { open: true });
      expect(await runProvisioned(world.deps, given(1), 'd7c9a1d2-0000-4000-8000-1234567890ab')).toEqual(
        answer,
      );
      await world.run();
      expect(world.board.all).toMatchObject([{ open: false }]);
      expect(world.comments.get(8)).toMatch(/client créé[\s\S]*d7c9a1d2-0000-4000-8000-1234567890ab/);
      const mails = await db.selectFrom('mails').select('facts').execute();
      expect(mails.map((mail) => mail.facts)).toMatchObject([{ notice: 'created' }]);
    });

    it('keeps what is said in a request whose opening GitHub answered to nobody, until it is known which one it is', async () => {
      await world.merge(7, [paper]);
      let isLost = true;
      askOver(() => isLost);
      await expect(world.run()).rejects.toThrow('socket hang up');
      expect(world.board.openRequests()).toEqual([1]);
      const early = await runProvisioned(world.deps, given(1), 'd7c9a1d2');
      expect(early).toMatchObject({ retryReason: expect.any(String), after: expect.any(Number) });
      // Another issue, or the same number in another repository, is no request: whoever says it there is told so.
      for (const elsewhere of [given(2), { ...given(1), repository: '5' }])
        expect(await runProvisioned(world.deps, elsewhere, 'd7c9a1d2')).toMatchObject({ ok: false });
      isLost = false;
      await world.run();
      expect(world.board.all).toHaveLength(1);
      expect(await runProvisioned(world.deps, given(1), 'd7c9a1d2')).toMatchObject({ ok: true });
      await world.run();
      expect(world.board.openRequests()).toEqual([]);
      expect((await world.ledger.all())[0]).toMatchObject({ state: 'active', clientId: 'd7c9a1d2' });
    });

    it('answers a request in the very repository where it was opened: numbers of two repositories meet', async () => {
      await world.merge(7, [paper]);
      await world.run();
      const elsewhere = { ...given(1), repository: '5' };
      expect(await runProvisioned(world.deps, elsewhere, 'd7c9a1d2')).toMatchObject({ ok: false });
      expect(await runRetry(world.deps, elsewhere)).toMatchObject({ ok: false });
      expect((await world.ledger.all())[0]).toMatchObject({ state: 'begun' });
      expect(await runProvisioned(world.deps, given(1), 'd7c9a1d2')).toMatchObject({ ok: true });
    });

    it('closes what was left open when a command that said of a secret that it is renewed was interrupted', async () => {
      await world.merge(7, [paper]);
      await world.run();
      await runProvisioned(world.deps, given(1), 'd7c9a1d2');
      await runRotate(world.deps, given(7), 'd7c9a1d2');
      const said = (comment: number) => runProvisioned(world.deps, { ...given(2), comment }, 'd7c9a1d2');
      expect(await said(77)).toMatchObject({ ok: true });
      expect(world.board.openRequests()).toEqual([]);
      Object.assign(world.board.all[1] ?? {}, { open: true });
      expect(await said(78)).toMatchObject({ ok: false });
      expect(world.board.openRequests()).toEqual([2]);
      expect(await said(77)).toMatchObject({ ok: true });
      expect(world.board.openRequests()).toEqual([]);
    });

    it('remembers with what people did who asked for it, who approved it, and in which commit', async () => {
      await world.merge(7, [paper]);
      await world.run();
      await runProvisioned(world.deps, given(1), 'd7c9a1d2');
      await world.merge(8, []);
      await world.run();
      await runProvisioned(world.deps, given(2), 'd7c9a1d2');
      const trail: Record<string, unknown>[] = [];
      for await (const line of auditTrail(db, 'agenda')) trail.push(line);
      const digest = expect.stringMatching(/^[0-9a-f]{32}$/);
      const asked = { author: 'autrice', approvedBy: ['relecteur'] };
      const first = { digest, cause: { ...asked, pull: 7, commit: 'commit-1' } };
      const second = { digest, cause: { ...asked, pull: 8, commit: 'commit-2' } };
      expect(trail.slice(-4)).toMatchObject([
        { what: 'requested', ...first },
        { what: 'create', by: 'operatrice', clientId: 'd7c9a1d2', ...first },
        { what: 'requested', ...second },
        { what: 'deactivate', by: 'operatrice', clientId: 'd7c9a1d2', ...second },
      ]);
    });

    it('takes a request back when the definition no longer asks for it', async () => {
      await world.merge(7, [paper]);
      await world.run();
      await runProvisioned(world.deps, given(1), 'd7c9a1d2');
      await world.merge(8, [aDesired('agenda', { ...paper.definition, name: 'Autre nom' }, byHand)]);
      await world.run();
      expect(world.board.openRequests()).toEqual([2]);
      await world.merge(9, [paper]);
      await world.run();
      expect(world.board.openRequests()).toEqual([]);
      expect((await world.ledger.all())[0]).toMatchObject({ state: 'active', clientId: 'd7c9a1d2' });
    });

    it('takes nothing for done that was closed, nor for declined by someone who may not write there', async () => {
      await world.merge(7, [paper]);
      await world.run();
      await runProvisioned(world.deps, given(1), 'd7c9a1d2');
      await world.merge(8, []);
      await world.run();
      const [request] = world.board.openRequests();
      for (const declined of [false, true]) {
        world.board.close(Number(request), declined ? { declined, by: 'trieuse' } : {});
        await world.run();
        expect(world.board.openRequests()).toEqual([request]);
        expect((await world.ledger.all())[0]).toMatchObject({
          state: 'active',
          request: { action: 'deactivate' },
        });
      }
      expect(world.board.all.at(-1)?.comments).toEqual([
        expect.stringMatching(/^Demande rouverte\u00a0: GitHub ferme de lui-même/),
        expect.stringMatching(/^Demande rouverte\u00a0: `trieuse`/),
      ]);
      await runProvisioned(world.deps, given(Number(request)), 'd7c9a1d2');
      expect((await world.ledger.all())[0]).toMatchObject({ state: 'inactive' });
    });

    it('does not ask again for what was closed as not planned, until it is told to', async () => {
      await world.merge(7, [paper]);
      await world.run();
      world.board.close(1, { declined: true });
      await world.run();
      await world.run(true);
      expect(world.board.all).toHaveLength(1);
      expect(world.comments.get(7)).toContain('demande refusée');
      expect(await runRetry(world.deps, given(7))).toMatchObject({ ok: true });
      await world.run();
      expect(world.board.all).toHaveLength(2);
    });
  });

  describe('commands', () => {
    it('handover sends a new link to the same keys', async () => {
      await world.merge(7, [agenda]);
      await world.run();
      expect(await runHandover(world.deps, given(7))).toMatchObject({ ok: true });
      const links = await db.selectFrom('handovers').select(['secret', 'replaced_at']).execute();
      expect(links.filter((link) => link.secret !== null)).toHaveLength(1);
      expect(links).toHaveLength(2);
      expect(await runHandover(world.deps, given(99))).toMatchObject({ ok: false });
    });

    it('handover makes one link a comment, however often it is tried', async () => {
      await world.merge(7, [agenda]);
      await world.run();
      const asked = { ...given(7), comment: 12 };
      const first = await runHandover(world.deps, asked);
      expect(await runHandover(world.deps, asked)).toEqual(first);
      expect(await db.selectFrom('handovers').selectAll().execute()).toHaveLength(2);
      await runHandover(world.deps, { ...asked, comment: 13 });
      expect(await db.selectFrom('handovers').selectAll().execute()).toHaveLength(3);
    });

    it('rotate says how it is done where no API can', async () => {
      await world.merge(7, [agenda]);
      await world.run();
      const answer = await runRotate(world.deps, given(7));
      expect(answer.text).toMatch(/RFC 7592/);
    });

    it('rotate goes on whatever public services say or do not say: the service is live as it stands', async () => {
      await world.merge(7, [agenda]);
      await world.run();
      const before = (await world.ledger.load(agenda))?.clientId ?? expect.fail();
      world.refusals.set(clientKey(agenda), { kind: 'refused', text: 'DataPass révoqué' });
      await runRotate(world.deps, given(7), before);
      await world.run();
      const { clientId, former } = (await world.ledger.load(agenda)) ?? expect.fail();
      expect(former).toMatchObject({ clientId: before });
      expect(named('Service agenda').map(({ client_id }) => client_id)).toContain(clientId);
      expect(clientId).not.toBe(before);
    });

    it('rotate makes what is live, and leaves what was merged since to its own word', async () => {
      await world.merge(7, [agenda]);
      await world.run();
      const before = (await world.ledger.load(agenda))?.clientId ?? expect.fail();
      await world.merge(8, [aDesired('agenda', { name: 'Nouveau nom' })]);
      await runRotate(world.deps, given(7), before);
      await world.run();
      // What the review of the other pull request showed was a change: a creation of it is confirmed.
      expect(await world.ledger.load(agenda)).toMatchObject({ state: 'begun', former: { clientId: before } });
      const digest = /confirm ([0-9a-f]{32})/.exec(world.board.all.map(({ body }) => body).join())?.[1] ?? '';
      expect(await runConfirm(world.deps, given(8), digest)).toMatchObject({ ok: true });
      await world.run();
      expect(named('Nouveau nom')).toHaveLength(1);
      expect(named('Service agenda')).toMatchObject([{ client_id: before }]);
    });

    it('closes an issue whose opening was answered to nobody, once its matter is over', async () => {
      const { issues } = world.publisher;
      let isLost = true;
      Object.assign(world.publisher, {
        issues: {
          ...issues,
          async open(title: string, body: string) {
            const opened = await issues.open(title, body);
            if (isLost) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
            return opened;
          },
        },
      });
      await world.merge(7, [agenda]);
      await world.run();
      const [client] = openid.clients();
      const before = client?.redirect_uris as readonly string[];
      openid.tamper(String(client?.client_id), { redirect_uris: ['https://intrus.example.fr/cb'] });
      await expect(world.run(true)).rejects.toThrow('socket hang up');
      openid.tamper(String(client?.client_id), { redirect_uris: before });
      isLost = false;
      await world.run(true);
      expect(world.board.all).toMatchObject([{ open: false }]);
    });

    it('closes the issues of a cell that is served no longer, with a sentence', async () => {
      await world.merge(7, [agenda]);
      await world.run();
      const [client] = openid.clients();
      openid.tamper(String(client?.client_id), { redirect_uris: ['https://intrus.example.fr/cb'] });
      await world.run(true);
      expect(world.board.all).toMatchObject([{ open: true }]);
      world.unserve(here);
      await world.run(true);
      expect(world.board.all).toMatchObject([
        { open: false, comments: [expect.stringMatching(/n’est plus dans la configuration/)] },
      ]);
    });

    it('retry is heard in the issue of drift, also while GitHub has not answered to its opening', async () => {
      await world.merge(7, [agenda]);
      await world.run();
      const [account] = await world.ledger.all();
      if (account === undefined) throw new Error('no client');
      await world.ledger.save({ ...account, state: 'lost' });
      openid.forget();
      await world.run(true);
      const [issue] = world.board.openRequests();
      await db.deleteFrom('topics').where('topic', '=', `drift ${here}`).execute();
      expect(await runRetry(world.deps, given(Number(issue) + 1))).toMatchObject({ ok: false });
      expect(await runRetry(world.deps, given(Number(issue)))).toMatchObject({ ok: true });
    });

    it('retry makes a new client for one that is gone, but never beside one that still answers', async () => {
      await world.merge(7, [agenda]);
      await world.run();
      const [account] = await world.ledger.all();
      if (account === undefined) throw new Error('no client');
      await world.ledger.save({ ...account, state: 'lost' });
      expect(await runRetry(world.deps, given(7))).toMatchObject({ ok: false });
      openid.forget();
      expect(await runRetry(world.deps, given(7))).toMatchObject({ ok: true });
      await world.run();
      expect(named('Service agenda')).toHaveLength(1);
    });
  });

  it('reads the ledger once a run, whatever the run does, and shows what it wrote', async () => {
    await world.merge(7, [agenda, aDesired('annuaire', {}, byHand)]);
    await world.run();
    await world.merge(8, [aDesired('agenda', { name: 'Nouveau nom' }), aDesired('courrier')]);
    const all = vi.spyOn(world.ledger, 'all');
    const { accounts } = await world.run(true);
    expect(all).toHaveBeenCalledTimes(1);
    const kept = new Map((await world.ledger.all()).map((account) => [clientKey(account), account]));
    expect(kept.has(clientKey(aDesired('courrier')))).toBe(true);
    expect(accounts).toEqual(kept);
  });

  it('goes on from what a command did to a client in the middle of a run', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    await world.merge(8, [agenda, aDesired('annuaire')]);
    let handedOver: ClientAccount | undefined;
    const deps: ReconcileDeps = {
      ...world.deps,
      recheck: async () => {
        expect(await runHandover(world.deps, given(7))).toMatchObject({ ok: true });
        handedOver = await world.ledger.load(agenda);
        return undefined;
      },
    };
    await reconcile(deps, true);
    const { management, secretMark } = handedOver ?? expect.fail();
    expect(await world.ledger.load(agenda)).toMatchObject({ state: 'active', management, secretMark });
  });

  it('keeps what a run did to a client that someone has tried again at that moment', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    const [account] = await world.ledger.all();
    if (account === undefined) throw new Error('no client');
    const lost = { ...account, state: 'lost' as const };
    await world.ledger.save(lost);
    const cell = world.deps.cells.get(account.cell) ?? expect.fail();
    const probe = async () => {
      await world.ledger.save(account);
      return { kind: 'refused' as const, error: 'invalid_client' };
    };
    const deps = { ...world.deps, cells: new Map([[account.cell, { ...cell, probe }]]) };
    expect(await resetForRetry(deps, lost, 'bob')).toBe('nothing');
    const message = { key: 'provisioning#refused', values: {} };
    const failed = newAccount(agenda);
    const failure = { digest: 'd'.repeat(32), message, retry: false };
    expect(await resetForRetry(deps, { ...failed, failure }, 'bob')).toBe('nothing');
    expect(await world.ledger.load(agenda)).toEqual(account);
  });

  it('remembers who asked, who approved, which commit and which outcome, and nothing can take it back', async () => {
    await world.merge(7, [agenda]);
    await world.run();
    const lines: Record<string, unknown>[] = [];
    for await (const line of auditTrail(db, 'agenda')) lines.push(line);
    expect(lines.at(-1)).toMatchObject({
      what: 'create',
      id: 'agenda',
      cause: { pull: 7, author: 'autrice', approvedBy: ['relecteur'], commit: 'commit-1' },
    });
    await expect(db.deleteFrom('audit').execute()).rejects.toThrow(/only ever added to/);
    await expect(db.updateTable('audit').set({ registry: 'x' }).execute()).rejects.toThrow(
      /only ever added to/,
    );
  });
});
