/**
 * What every provider promises, whatever its API: one definition, one client, for ever. The whole story of a client is
 * run again and again, each time killed at another point (before or after any write of the ledger and any request to
 * the provider), then taken up by a fresh process.
 */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { applyStep, type StepResult } from '#application/reconciliation/apply-step';
import { confirmProvisioned } from '#application/reconciliation/manual-requests';
import { cellState } from '#domain/provisioning/known-clients';
import type { Ledger } from '#domain/provisioning/ledger';
import { planFor } from '#domain/provisioning/plan';
import type { Provider, Vault } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import type { Tables } from '#infrastructure/database/tables';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { manualProvider } from '#infrastructure/identity-providers/manual';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { redirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { writer } from '../../application/writer.ts';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { type IssueBoard, issueBoard } from './issue-board.ts';
import { initialAccessToken, type RunningProvider, startOpenidProvider } from './openid-provider.ts';
import { type PartnerApi, partnerSecret, startPartnerApi } from './partner-api.ts';
import { aStore, aVault, emptied } from './store.ts';

const cell = 'internet/integration' as const;
const registry = 'org/registre';
const day = 86_400_000;

/** A client as the identity provider has it, whatever its API. */
interface Found {
  readonly clientId: string;
  readonly name: string;
  readonly active: boolean;
}

interface World {
  provider(fetcher: Fetch, point: () => void): Provider;
  /** The authorization endpoint, where there is one to ask. */
  readonly authorization?: () => URL;
  /** The clients that carry the values of a definition. */
  clients(): readonly Found[];
  /** What people do when they are asked, where they are. */
  act?(ledger: SqlLedger): Promise<void>;
  /** Requests that people still have before them. */
  waiting?(): number;
  reset(): void;
}

class Killed extends Error {}

/** Kills the process at the given point; 0 never does. */
function killer(at: number) {
  let points = 0;
  const point = (): void => {
    points += 1;
    if (points === at) throw new Killed(`at point ${at}`);
    // Nothing that was killed does anything any more.
    if (at !== 0 && points > at) throw new Killed('after death');
  };
  return { point, reached: () => at === 0 || points >= at };
}

function fatal(ledger: Ledger, point: () => void): Ledger {
  const around = async <T>(act: () => Promise<T>): Promise<T> => {
    point();
    const value = await act();
    point();
    return value;
  };
  return {
    load: (subject) => around(() => ledger.load(subject)),
    holderOf: (...given) => ledger.holderOf(...given),
    save: (...given) => around(() => ledger.save(...given)),
    drop: (...given) => around(() => ledger.drop(...given)),
  };
}

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await aStore();
});
afterAll(() => db.destroy());

function contract(name: string, start: () => Promise<{ world: World; stop(): Promise<void> }>) {
  describe(`the ${name} provider`, () => {
    let running: { world: World; stop(): Promise<void> };
    let vault: Vault;
    let ledger: SqlLedger;
    let clock: number;

    beforeAll(async () => {
      vault = aVault();
      running = await start();
    });
    afterAll(async () => {
      await running.stop();
    });
    beforeEach(async () => {
      await fresh();
    });

    async function fresh(): Promise<void> {
      await emptied(db);
      running.world.reset();
      clock = 0;
      ledger = new SqlLedger({ db, registry, vault, newLink });
    }

    /** One reconciliation: a plan from the ledger, then every step of it. */
    async function reconcile(desired: readonly DesiredClient[], at = 0): Promise<StepResult[]> {
      const { point } = killer(at);
      const fetcher: Fetch = async (url, init) => {
        point();
        const response = await fetch(url, init);
        point();
        return response;
      };
      const provider = running.world.provider(fetcher, point);
      const { authorization } = running.world;
      const deps = {
        provider,
        ledger: fatal(ledger, point),
        now: () => clock,
        ...(authorization === undefined
          ? {}
          : { probe: redirectUriProbe(fetcher, async () => authorization()) }),
      };
      const input = { desired, cells: [cellState(provider, await ledger.all())] };
      const plan = planFor({ ...input, now: clock, removalDelay: 7 * day });
      const settled: StepResult[] = [];
      for (const step of plan.steps) {
        const source = desired.find((candidate) => candidate.id === step.id);
        settled.push(await applyStep(deps, step, source, { commit: 'c0ffee' }));
      }
      return settled;
    }

    /** Reconciles, and lets people act where they are asked, until there is nothing left to do. */
    async function calm(desired: readonly DesiredClient[]): Promise<void> {
      for (let round = 0; round < 4; round += 1) {
        const settled = await reconcile(desired);
        const failed = settled.find((one) => one.kind === 'failed');
        if (failed?.kind === 'failed') throw new Error(JSON.stringify(failed.failure));
        if (settled.length === 0) return;
        await running.world.act?.(ledger);
      }
      throw new Error('it never calms down');
    }

    const first = aDesired('agenda');
    const changed = aDesired('agenda', {
      redirect_uris: ['https://agenda.ville.example.fr/callback', 'https://agenda.ville.example.fr/autre'],
      name: 'Service agenda',
    });
    const ours = () => running.world.clients().filter((client) => client.name === 'Service agenda');

    /** Brings the world to where a chapter begins. */
    const chapters: Record<
      string,
      { before(): Promise<void>; desired: readonly DesiredClient[]; after(): void }
    > = {
      creation: {
        before: async () => undefined,
        desired: [first],
        after: () => expect(ours()).toMatchObject([{ active: true }]),
      },
      update: {
        before: () => calm([first]),
        desired: [changed],
        after: () => expect(ours()).toMatchObject([{ active: true }]),
      },
      deactivation: {
        before: () => calm([first]),
        desired: [],
        after: () => expect(ours()).toMatchObject([{ active: false }]),
      },
      revival: {
        before: async () => {
          await calm([first]);
          await calm([]);
        },
        desired: [first],
        after: () => expect(ours()).toMatchObject([{ active: true }]),
      },
      deletion: {
        before: async () => {
          await calm([first]);
          await calm([]);
          clock = 8 * day;
        },
        desired: [],
        after: () => expect(ours()).toEqual([]),
      },
    };

    it.each(Object.entries(chapters))('%s: done, then nothing more to do', async (_name, chapter) => {
      await chapter.before();
      const [before] = ours();
      await calm(chapter.desired);
      chapter.after();
      if (before !== undefined && ours().length > 0) expect(ours()[0]?.clientId).toBe(before.clientId);
      expect(await reconcile(chapter.desired)).toEqual([]);
    });

    it.each(Object.entries(chapters))(
      '%s, killed at every single point: one definition, one client',
      async (_name, chapter) => {
        let at = 1;
        for (; ; at += 1) {
          await fresh();
          await chapter.before();
          const [before] = ours();
          const killed = await reconcile(chapter.desired, at).then(
            () => false,
            (error: unknown) => {
              if (error instanceof Killed) return true;
              throw error;
            },
          );
          if (!killed) break;
          expect(ours().length, `after a kill at point ${at}`).toBeLessThanOrEqual(1);
          await calm(chapter.desired);
          chapter.after();
          const [account] = await ledger.all();
          if (ours().length > 0) expect(account?.clientId, `point ${at}`).toBe(ours()[0]?.clientId);
          if (before !== undefined && ours().length > 0) expect(ours()[0]?.clientId).toBe(before.clientId);
        }
        // Fewer would mean that the kills never came.
        expect(at).toBeGreaterThan(4);
      },
    );

    it('tells the technical contacts exactly once, however often it is killed on the way', async () => {
      for (const at of [3, 5, 7, 8]) {
        await fresh();
        await reconcile([first], at).catch(() => undefined);
        await calm([first]);
        const mails = await db.selectFrom('mails').select('facts').execute();
        expect(mails.map((mail) => mail.facts)).toMatchObject([{ notice: 'created' }]);
      }
    });

    it('a definition that goes away before its client was made leaves nobody with a way in', async () => {
      for (const at of [3, 4, 5, 6, 7, 8]) {
        await fresh();
        await reconcile([first], at).catch(() => undefined);
        for (let round = 0; round < 3; round += 1) await reconcile([]);
        expect(ours().filter((client) => client.active)).toEqual([]);
        expect((await ledger.all()).every((account) => account.state !== 'active')).toBe(true);
        expect(running.world.waiting?.() ?? 0).toBe(0);
      }
    });

    it('two definitions, two clients', async () => {
      await calm([first, aDesired('carte')]);
      expect(new Set(running.world.clients().map((client) => client.clientId)).size).toBe(2);
    });
  });
}

contract('registration', async () => {
  const openid: RunningProvider = await startOpenidProvider();
  const vault = aVault();
  return {
    stop: () => openid.stop(),
    world: {
      provider: (fetcher) =>
        registrationProvider({ cell, issuer: openid.issuer, vault, fetch: fetcher, initialAccessToken }),
      authorization: () => new URL(`${openid.issuer}/auth`),
      clients: () =>
        openid.clients().map((client) => ({
          clientId: String(client.client_id),
          name: String(client.client_name).startsWith('Greffier ')
            ? '(reserved)'
            : String(client.client_name),
          active: !JSON.stringify(client.redirect_uris).includes('.invalid'),
        })),
      reset: () => openid.forget(),
    },
  };
});

contract('proconnect', async () => {
  const api: PartnerApi = await startPartnerApi();
  return {
    stop: () => api.close(),
    world: {
      provider: (fetcher) =>
        proconnectProvider({
          cell,
          url: api.url,
          secret: partnerSecret,
          identityDomain: 'registre.example.fr',
          fetch: fetcher,
          now: Date.now,
        }),
      clients: () =>
        [...api.clients.values()].map((client) => ({
          clientId: client.key,
          name: String(client.name),
          active: client.active === true,
        })),
      reset: () => api.clients.clear(),
    },
  };
});

contract('manual', async () => {
  const board: IssueBoard = issueBoard();
  return {
    stop: async () => undefined,
    world: {
      provider: (_fetcher, point) =>
        manualProvider({ cell, tracker: board.issues(point), language: () => 'fr' }),
      clients: () => board.clients(),
      act: async (ledger) => {
        for (const request of board.openRequests()) {
          const clientId = board.act(request);
          const confirmed = await confirmProvisioned(
            { ledger, now: () => 0 },
            (await ledger.all()).find((account) => account.request?.name === String(request)),
            { clientId, by: writer('operatrice') },
          );
          if (!confirmed.ok) throw new Error(JSON.stringify(confirmed));
          board.close(request);
        }
      },
      waiting: () => board.openRequests().length,
      reset: () => board.reset(),
    },
  };
});
