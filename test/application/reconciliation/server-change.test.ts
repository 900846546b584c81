/** A cell whose configuration names another server than the one where its clients were made: nothing may move. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { servedCells } from '#application/reconciliation/cells';
import { resumeAtServer, withKnownServers } from '#application/reconciliation/known-servers';
import { provisioningCommandRunner } from '#application/reconciliation/operator-commands';
import type { OutcomePublisher } from '#application/reconciliation/outcomes/outcome-publisher';
import { publishOutcomes } from '#application/reconciliation/outcomes/publish-outcomes';
import { touchedClients } from '#application/reconciliation/plan-change';
import { reconcile } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { MergedPull } from '#application/reconciliation/registry-source';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { readConfiguration } from '#base/config/config-file';
import { clientKey } from '#domain/provisioning/plan';
import type { DesiredClient } from '#domain/registry/registry';
import type { Tables } from '#infrastructure/database/tables';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { anAttempt, unkept } from '../../domain/provisioning/outcomes.ts';
import { type IssueBoard, issueBoard } from '../../infrastructure/identity-providers/issue-board.ts';
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
import { writer } from '../writer.ts';

const cell = 'internet/integration' as const;
const registry = 'org/registre';
const agenda = aDesired('agenda');
const carte = aDesired('carte');

describe('a cell whose server is another one now', () => {
  let db: Kysely<Tables>;
  let openid: RunningProvider;
  let other: RunningProvider;
  let partner: PartnerApi;
  let otherPartner: PartnerApi;
  beforeAll(async () => {
    db = await aStore();
    openid = await startOpenidProvider();
    other = await startOpenidProvider();
    partner = await startPartnerApi();
    otherPartner = await startPartnerApi();
  });
  afterAll(async () => {
    await Promise.all([openid.stop(), other.stop(), partner.close(), otherPartner.close()]);
    await db.destroy();
  });

  let vault = aVault();
  let board: IssueBoard;
  let ledger: SqlLedger;
  let asked: string[];
  let comments: Map<number, string>;
  let commits = 0;
  beforeEach(async () => {
    await emptied(db);
    openid.forget();
    other.forget();
    partner.clients.clear();
    otherPartner.clients.clear();
    vault = aVault();
    board = issueBoard();
    ledger = new SqlLedger({ db, registry, vault, newLink });
    comments = new Map();
    asked = [];
  });

  const watched: Fetch = (url, init) => {
    asked.push(`${init.method} ${url.origin}`);
    return fetch(url, init);
  };

  const registration = (issuer: string) =>
    `provider: registration, issuer: "${issuer}", initial_access_token: ${initialAccessToken}, repair: true`;
  const proconnect = (url: string, issuer = 'https://fca.example.fr/api/v2') =>
    `provider: proconnect, url: "${url}", secret: ${partnerSecret}, identity_domain: registre.example.fr, issuer: "${issuer}"`;

  /** Greffier with this configuration of its cell, over these definitions. */
  function configured(written: string, files: readonly DesiredClient[]): ReconcileDeps {
    const read = readConfiguration(`cells: { ${cell}: { ${written} } }`, 'greffier.config.yaml', {});
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    commits += 1;
    const commit = `commit-${commits}`;
    const at = async () => ({
      commit,
      desired: files,
      held: [],
      blobs: new Map(files.map((one) => [clientKey(one), JSON.stringify(one)])),
      approvals: { count: { integration: 0, production: 1 }, teams: [] },
    });
    const pull: MergedPull = {
      pull: commits,
      head: `head-${commits}`,
      commit,
      author: 'autrice',
      authorId: '1',
      approvedBy: [],
      clients: new Map(files.map((one) => [clientKey(one), JSON.stringify(one)])),
    };
    const cells = servedCells({
      configuration: read.configuration,
      repo: registry,
      trackerFor: () => board.issues(),
      vault,
      fetch: watched,
      now: Date.now,
      language: () => 'fr',
    });
    return {
      source: {
        head: async () => commit,
        at,
        verifiedAt: at,
        mergedBetween: async () => ({ items: [pull], complete: true }),
        lastChange: async () => ({ kind: 'pull', pull }),
        touchedBetween: async () => new Set(),
      },
      cells,
      configuredCells: [...cells.keys()],
      ledger,
      store: new ReconcileStore(db, registry),
      recheck: async () => undefined,
      removalDelay: 0,
      sweepInterval: 300_000,
      now: Date.now,
      language: 'fr',
    };
  }

  const publisher = (): OutcomePublisher => ({
    comment: async (pull, _marker, body) => void comments.set(pull, body),
    deploy: async () => 1,
    setDeployment: async () => undefined,
    issues: board.issues(),
  });

  /** What is there now was reviewed and merged as it was shown. */
  async function run(deps: ReconcileDeps, sweep = true) {
    const { desired } = await deps.source.at('');
    const known = await ledger.all();
    const touched = [...desired, ...known].map(({ id }) => `service-providers/${cell}/${id}.yaml`);
    const { plan } = await touchedClients(deps, touched);
    const { markShown } = await plan({
      number: commits,
      head: `head-${commits}`,
      desired,
      freezes: [],
      touched,
    });
    await markShown(new Map());
    const result = await reconcile(deps, sweep);
    await publishOutcomes(deps, publisher(), result);
    return result;
  }

  const servers = [
    {
      kind: 'registration',
      before: () => registration(openid.issuer),
      after: () => registration(other.issuer),
    },
    {
      kind: 'proconnect',
      before: () => proconnect(partner.url),
      after: () => proconnect(otherPartner.url),
    },
    {
      kind: 'proconnect, only the issuer',
      before: () => proconnect(partner.url),
      after: () => proconnect(partner.url, 'https://autre.example.fr'),
    },
    {
      kind: 'of another kind',
      before: () => proconnect(partner.url),
      after: () => registration(openid.issuer),
    },
    {
      kind: 'run by people from now on',
      before: () => registration(openid.issuer),
      after: () => 'provider: manual',
    },
  ];

  it.each(servers)(
    'is asked nothing, old or new, whatever there is to do: $kind',
    async ({ before, after: then }) => {
      await run(configured(before(), [agenda, carte]));
      const accounts = await ledger.all();
      expect(accounts).toHaveLength(2);
      asked.length = 0;
      const stay = [aDesired('agenda', { name: 'Nouveau nom' }), aDesired('nouveau')];
      const result = await run(configured(then(), stay));
      // One changed, one new, one removed.
      expect(result.plan.steps.map(({ action }) => action).sort()).toEqual([
        'create',
        'deactivate',
        'update',
      ]);
      expect(result.results).toEqual([]);
      expect(result.retry).toBeUndefined();
      await run(configured(then(), []), false);
      expect(asked).toEqual([]);
      expect(await ledger.all()).toEqual(accounts);
      expect(board.all.filter(({ body }) => body.startsWith('<!-- greffier:request'))).toEqual([]);
    },
  );

  it('tells it once, in an issue and on the pull request, with the ways out, and closes the issue by itself', async () => {
    await run(configured(registration(openid.issuer), [agenda]));
    const moved = () => configured(registration(other.issuer), [aDesired('agenda', { name: 'Nouveau nom' })]);
    const first = await run(moved());
    expect(first.moved).toEqual([
      { cell, from: `registration ${openid.issuer}`, to: `registration ${other.issuer}`, isNew: true },
    ]);
    const second = await run(moved());
    expect(second.moved).toMatchObject([{ cell, isNew: false }]);
    const [issue, ...more] = board.all;
    expect(more).toEqual([]);
    expect(issue?.body).toContain(openid.issuer);
    expect(issue?.body).toContain(other.issuer);
    expect(issue?.body).toContain('greffier store moved internet/integration');
    expect([...comments.values()].at(-1)).toContain('en attente');
    const back = await run(
      configured(registration(openid.issuer), [aDesired('agenda', { name: 'Nouveau nom' })]),
    );
    expect(back.moved).toEqual([]);
    expect(back.results).toMatchObject([{ kind: 'done', step: { action: 'update' } }]);
    expect(board.all).toMatchObject([{ open: false }]);
  });

  it('goes on once the operator says that it is the same server', async () => {
    await run(configured(proconnect(partner.url), [agenda]));
    const wanted = aDesired('agenda', { name: 'Nouveau nom' });
    const renamed = () => configured(proconnect(partner.url.replace('127.0.0.1', 'localhost')), [wanted]);
    await run(renamed());
    expect(await resumeAtServer(renamed(), cell, 'operatrice')).toMatchObject({ from: expect.anything() });
    const result = await run(renamed());
    expect(result.results).toMatchObject([{ kind: 'done' }]);
    expect([...partner.clients.values()]).toMatchObject([{ name: 'Nouveau nom' }]);
    expect(await resumeAtServer(renamed(), cell, 'operatrice')).toBeUndefined();
  });

  it('takes no issue of the repository that is left for one of the next, one about another secret neither', async () => {
    await run(configured(registration(openid.issuer), [agenda]));
    const known = (await ledger.load(agenda)) ?? expect.fail();
    await ledger.amend(agenda, () => ({ account: { ...known, renewal: '7' } }));
    await ledger.saveServer(cell, { server: 'manual 1', asked: 'manual 2' });
    await resumeAtServer({ cells: new Map([[cell, {}]]), ledger }, cell, 'operatrice');
    expect(await ledger.load(agenda)).toEqual(known);
  });

  it('is no matter where no client was ever made', async () => {
    await run(configured(registration(openid.issuer), []));
    const result = await run(configured(registration(other.issuer), [agenda]));
    expect(result.results).toMatchObject([{ kind: 'done' }]);
    expect(other.clients()).toHaveLength(1);
  });

  it('holds the commands too: nothing is forgotten, nothing handed over', async () => {
    await run(configured(registration(openid.issuer), [agenda]));
    const deps = configured(registration(other.issuer), [agenda]);
    await run(deps);
    const [account] = await ledger.all();
    if (account === undefined) throw new Error('no account');
    await ledger.save({ ...account, state: 'lost' });
    const pull = [...(await deps.store.origins.all()).values()][0]?.pull ?? expect.fail();
    const mails = await db.selectFrom('mails').select('id').execute();
    asked.length = 0;
    const command = provisioningCommandRunner(deps, async () => undefined);
    for (const name of ['retry', 'handover'] as const) {
      expect(await command(name, { number: pull, by: writer('operatrice') })).toMatchObject({
        ok: false,
        text: expect.stringContaining('greffier store moved'),
      });
      await ledger.save(account);
    }
    expect(asked).toEqual([]);
    expect(await ledger.all()).toHaveLength(1);
    expect(await db.selectFrom('mails').select('id').execute()).toEqual(mails);
  });

  it('has a provider that refuses every call, whoever makes it', async () => {
    await run(configured(registration(openid.issuer), [agenda]));
    const { cells } = await withKnownServers(configured(registration(other.issuer), [agenda]));
    const provider = cells.get(cell)?.provider ?? expect.fail();
    const recorded = { handle: 'a', clientId: 'a', metadata: {}, confirmed: {} };
    asked.length = 0;
    const wanted = agenda as never;
    const refused = { ok: false, fault: 'provider' };
    expect(await provider.read(agenda, recorded, unkept)).toMatchObject(refused);
    expect(await provider.create(agenda, wanted, anAttempt)).toMatchObject(refused);
    expect(await provider.update(agenda, recorded, wanted, unkept)).toMatchObject(refused);
    expect(await provider.remove(agenda, recorded, unkept)).toMatchObject(refused);
    expect(await provider.reissue?.(agenda, recorded, unkept)).toMatchObject(refused);
    expect(cells.get(cell)?.probe).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
