/** Identity is what a provider numbered, never an address that somebody can write: played against the partner API. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { lookupTurns } from '#application/lookups/answer-cache';
import { createRecheck } from '#application/reconciliation/recheck-outside-answers';
import { reconcile } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { clientKey } from '#domain/provisioning/plan';
import type { DesiredClient } from '#domain/registry/registry';
import type { Tables } from '#infrastructure/database/tables';
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

describe('a definition whose identity address a stranger has written', () => {
  let db: Kysely<Tables>;
  let api: PartnerApi;
  let ledger: SqlLedger;
  let files: readonly DesiredClient[];
  let commits = 0;
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
    ledger = new SqlLedger({ db, registry, vault: aVault(), newLink });
  });

  const unasked = async () => ({ ok: false, reason: 'unconfigured' }) as const;
  const { recheck } = createRecheck(
    {
      get db() {
        return db;
      },
      siret: unasked,
      datapass: unasked,
      now: Date.now,
      identityDomains: [domain],
      turns: lookupTurns(),
    },
    () => 'fr',
  );

  /** The default branch has these definitions now, and is reconciled. */
  async function reconciled(definitions: readonly DesiredClient[], asked: ReconcileDeps['recheck']) {
    files = definitions;
    commits += 1;
    const at = async (commit: string) => ({
      commit,
      desired: files,
      held: [],
      blobs: new Map(files.map((one) => [clientKey(one), JSON.stringify(one)])),
      approvals: { count: { integration: 0, production: 1 }, teams: [] },
    });
    const provider = proconnectProvider({
      cell,
      url: api.url,
      secret: partnerSecret,
      identityDomain: domain,
      fetch,
      now: Date.now,
    });
    return reconcile(
      {
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
          [cell, { provider, info: { provider: 'proconnect', method: 'client_secret_post' }, repair: false }],
        ]),
        ledger,
        store: new ReconcileStore(db, registry),
        recheck: asked,
        removalDelay: 86_400_000,
        sweepInterval: 300_000,
        now: Date.now,
        language: 'fr',
      },
      false,
    );
  }

  const uncheckedBefore: ReconcileDeps['recheck'] = async () => undefined;
  const stranger = (technical: readonly string[]) =>
    aDesired('autre', { contacts: { technical: [...technical] } });
  const agenda = aDesired('agenda');
  const theOnly = (): StoredClient => [...api.clients.values()][0] ?? expect.fail('no client');
  const clientIdOf = async (id: string) => (await ledger.load({ cell, id }))?.clientId;

  it('never takes the client of that stranger: it gets one of its own', async () => {
    // A client that was made before such addresses were refused, or whose contact was added in the portal.
    await reconciled([stranger(['eve@ailleurs.example.fr'])], uncheckedBefore);
    const theirs = theOnly();
    theirs.collaborators.push(`agenda@${domain}`);
    await reconciled([stranger(['eve@ailleurs.example.fr']), agenda], recheck);
    expect(api.clients.size).toBe(2);
    expect(await clientIdOf('agenda')).not.toBe(theirs.key);
    expect(await clientIdOf('autre')).toBe(theirs.key);
  });

  it('nor when the stranger has taken their own identity address away in the portal', async () => {
    await reconciled([stranger(['eve@ailleurs.example.fr'])], uncheckedBefore);
    const theirs = theOnly();
    theirs.collaborators = ['eve@ailleurs.example.fr', common, `agenda@${domain}`];
    await reconciled([stranger(['eve@ailleurs.example.fr']), agenda], recheck);
    expect(api.clients.size).toBe(2);
    expect(await clientIdOf('agenda')).not.toBe(theirs.key);
    expect(theirs.name).toBe('Service autre');
  });

  it('nor deletes it, as what a lost answer to its own creation left behind', async () => {
    api.delay('POST');
    await reconciled([agenda], recheck);
    await reconciled([agenda, stranger(['eve@ailleurs.example.fr'])], recheck);
    const theirs = [...api.clients.values()].find(({ name }) => name === 'Service autre') ?? expect.fail();
    theirs.collaborators = ['eve@ailleurs.example.fr', common, `agenda@${domain}`];
    await reconciled([agenda, stranger(['eve@ailleurs.example.fr'])], recheck);
    expect([...api.clients.values()].map(({ name }) => name).sort()).toEqual([
      'Service agenda',
      'Service autre',
    ]);
  });

  it('is provisioned alone: the definition that names the address is held, with words', async () => {
    const result = await reconciled([stranger([`agenda@${domain}`]), agenda], recheck);
    expect(result.heldByLookups.get(`${cell}/autre`)).toMatch(/`agenda@registre\.example\.fr`.*Greffier/);
    expect(await clientIdOf('agenda')).toBe(theOnly().key);
    expect(api.clients.size).toBe(1);
  });

  it('whatever the letters in which the address is written', async () => {
    const result = await reconciled([stranger([`Agenda@${domain.toUpperCase()}`])], recheck);
    expect(result.heldByLookups.has(`${cell}/autre`)).toBe(true);
    expect(api.clients.size).toBe(0);
  });
});
