/**
 * What every provider promises, whatever its API: one definition, one client, for ever. The whole story of a client is
 * run again and again, each time killed at another point (before or after any write of the ledger and any request to
 * the provider), then taken up by a fresh process.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyStep } from '#application/reconciliation/apply-step';
import { refreshAccount } from '#application/reconciliation/refresh-account';
import type { StepResult } from '#application/reconciliation/step-run';
import { cellState } from '#domain/provisioning/known-clients';
import type { Ledger } from '#domain/provisioning/ledger';
import { planFor } from '#domain/provisioning/plan';
import { type Provider, sealingPurpose } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { redirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { aDesired } from '../../domain/provisioning/desired.ts';
import type { Books, FullLedger } from './books.ts';
import { aVault } from './store.ts';

const day = 86_400_000;

/** A client as the identity provider has it, whatever its API. */
export interface Found {
  readonly clientId: string;
  readonly name: string;
  readonly active: boolean;
}

export interface World {
  provider(fetcher: Fetch, point: () => void): Provider;
  /** The authorization endpoint, where there is one to ask. */
  readonly authorization?: () => URL;
  /** The clients that carry the values of a definition. */
  clients(): readonly Found[];
  /** What people do when they are asked, where they are. */
  act?(ledger: FullLedger): Promise<void>;
  /** Requests that people still have before them. */
  waiting?(): number;
  /** A kill may leave a client that works and that nobody can manage any more: its token was renewed, and lost. */
  readonly mayLockOut?: boolean;
  /** Kills come between requests only, and not at the writes of the ledger as well: those are the same everywhere. */
  readonly killsAtRequests?: boolean;
  /** The secret that the application has to know now, where Greffier hands it over. */
  secretOf?(clientId: string): string;
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
  /** Counts for nothing, but nothing happens there after death. */
  const alive = (): void => {
    if (at !== 0 && points >= at) throw new Killed('after death');
  };
  return { point, alive, reached: () => at === 0 || points >= at };
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
    holdersOf: (...given) => ledger.holdersOf(...given),
    save: (...given) => around(() => ledger.save(...given)),
    amend: (...given) => around(() => ledger.amend(...given)),
    drop: (...given) => around(() => ledger.drop(...given)),
    endRequest: (...given) => around(() => ledger.endRequest(...given)),
  };
}

/** One for all, since one process seals and opens. */
export const vault = aVault();

export function contract(
  books: Books,
  name: string,
  start: () => Promise<{ world: World; stop(): Promise<void> }>,
) {
  describe(`the ${name}`, () => {
    let running: { world: World; stop(): Promise<void> };
    let ledger: FullLedger;
    let clock: number;

    beforeAll(async () => {
      running = await start();
    });
    afterAll(async () => {
      await running.stop();
    });
    beforeEach(async () => {
      await fresh();
    });

    async function fresh(): Promise<void> {
      running.world.reset();
      clock = 0;
      ledger = await books.begin(vault);
    }

    /** One reconciliation: a plan from the ledger, then every step of it. */
    async function reconcile(desired: readonly DesiredClient[], at = 0): Promise<StepResult[]> {
      const { point, alive } = killer(at);
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
        ledger: fatal(ledger, running.world.killsAtRequests === true ? alive : point),
        now: () => clock,
        ...(authorization === undefined
          ? {}
          : { probe: redirectUriProbe(fetcher, async () => authorization()) }),
      };
      // As a sweep does: whatever a read renews is gone if it is not kept.
      for (const account of await ledger.all())
        await refreshAccount({ provider, ledger: deps.ledger, now: () => clock }, account);
      const input = { desired, cells: [cellState(provider, await ledger.all())] };
      const plan = planFor({ ...input, now: clock, removalDelay: 7 * day });
      const settled: StepResult[] = [];
      for (const step of plan.steps) {
        const source = desired.find((candidate) => candidate.id === step.id);
        settled.push(await applyStep(deps, step, source, { commit: 'c0ffee' }));
      }
      return settled;
    }

    async function isLockedOut(): Promise<boolean> {
      return (await ledger.all()).some((one) => one.state === 'lost' || one.unmanageable === true);
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
          expect(ours().length, `point ${at}`).toBeLessThanOrEqual(1);
          const lockedOut = (await ledger.all()).some(
            (one) => one.state === 'lost' || one.unmanageable === true,
          );
          if (lockedOut && running.world.mayLockOut === true) continue;
          expect(lockedOut, `point ${at}`).toBe(false);
          chapter.after();
          const [account] = await ledger.all();
          if (ours().length > 0) expect(account?.clientId, `point ${at}`).toBe(ours()[0]?.clientId);
          if (before !== undefined && ours().length > 0) expect(ours()[0]?.clientId).toBe(before.clientId);
        }
        // Fewer would mean that the kills never came.
        expect(at).toBeGreaterThan(running.world.killsAtRequests === true ? 2 : 4);
      },
    );

    it('tells the technical contacts exactly once, however often it is killed on the way', async () => {
      for (const at of [3, 5, 7, 8]) {
        await fresh();
        await reconcile([first], at).catch(() => undefined);
        await calm([first]);
        expect(await books.mails()).toEqual(['created']);
      }
    });

    it('a definition that goes away before its client was made leaves nobody with a way in', async () => {
      for (const at of [3, 4, 5, 6, 7, 8]) {
        await fresh();
        await reconcile([first], at).catch(() => undefined);
        for (let round = 0; round < 3; round += 1) await reconcile([]);
        if (running.world.mayLockOut === true && (await isLockedOut())) continue;
        expect(ours().filter((client) => client.active)).toEqual([]);
        expect((await ledger.all()).every((account) => account.state !== 'active')).toBe(true);
        expect(running.world.waiting?.() ?? 0).toBe(0);
      }
    });

    it('hands over the secret that the client has', async () => {
      if (running.world.secretOf === undefined) return;
      await calm([first]);
      await calm([changed]);
      const [account] = await ledger.all();
      const handed = await books.handed();
      const secret = vault.open(
        handed ?? expect.fail(),
        sealingPurpose(account ?? expect.fail(), 'client-secret'),
      );
      expect(secret).toBe(running.world.secretOf(account?.clientId ?? ''));
    });

    it('looks at a client again and again without writing to anyone', async () => {
      await calm([first]);
      const before = (await books.mails()).length;
      for (let time = 0; time < 5; time += 1) expect(await reconcile([first])).toEqual([]);
      expect((await books.mails()).length - before).toBeLessThanOrEqual(1);
    });

    it('two definitions, two clients', async () => {
      await calm([first, aDesired('carte')]);
      expect(new Set(running.world.clients().map((client) => client.clientId)).size).toBe(2);
    });
  });
}

/** As the tests of all providers need them, whatever the server is. */
export function asFound(
  clients: readonly (readonly [id: unknown, metadata: Readonly<Record<string, unknown>>])[],
): Found[] {
  return clients.map(([id, { client_name: name, redirect_uris: uris }]) => ({
    clientId: String(id),
    name: String(name).startsWith('Greffier ') ? '(reserved)' : String(name),
    active: !JSON.stringify(uris).includes('.invalid'),
  }));
}
