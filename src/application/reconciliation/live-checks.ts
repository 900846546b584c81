/**
 * Asks public services about live clients once a day, where the settings ask for it: an authorization that was revoked, an
 * establishment that closed. It is told; nothing is changed at a provider. Each client has its own hour, so that services are
 * asked in a steady pace (which of them it is, within a second, is `ThrottledClient`'s to keep). It is work of its own
 * (`run-live-checks.ts`), for which no merge waits.
 */
import { createHash } from 'node:crypto';
import { isFault } from '#application/pull-requests/fault';
import type { DesiredClient } from '#domain/registry/registry';
import type { AskAgain, Objection } from './recheck-outside-answers.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { ObservationStore } from './store/observation-store.ts';

/** By client (`network/environment/id`): what services object to it. */
export type Objections = ReadonlyMap<string, string>;

const msPerDay = 86_400_000;
/** Clients that any sweep may ask about: where sweeps are many, those that are late come by soon. */
const minPerSweep = 50;

/**
 * Milliseconds from one turn of a client to its next: shorter than a day by a sweep, since a turn waits for the next sweep to
 * come. Where sweeps are half a day apart or more, it is once in each.
 */
function roundOf(sweepInterval: number): number {
  return Math.max(msPerDay - sweepInterval, sweepInterval);
}

/** The last moment at which a client was to be asked about, by its own place in the round. */
function lastTurn(client: string, now: number, round: number): number {
  const offset = createHash('sha256').update(client).digest().readUInt32BE() % round;
  return now - ((((now - offset) % round) + round) % round);
}

/**
 * Those that this sweep asks about: twice what has its turn between two sweeps, at most. Whose turn has just come goes first;
 * then, others each time, those that are late: Greffier was stopped, or a service is silent about them.
 */
function drawn(due: readonly string[], most: number, isLate: (client: string) => boolean, now: number) {
  if (due.length <= most) return new Set(due);
  const lot = (client: string) => createHash('sha256').update(`${now} ${client}`).digest('hex');
  const ranks = new Map(due.map((client) => [`${isLate(client) ? 1 : 0} ${lot(client)}`, client]));
  const first = [...ranks.keys()].sort().slice(0, most);
  return new Set(first.flatMap((rank) => ranks.get(rank) ?? []));
}

type LiveCheckDeps = Pick<ReconcileDeps, 'recheck' | 'now' | 'sweepInterval'> & {
  readonly store: { readonly observations: Pick<ObservationStore, 'liveChecks' | 'saveLiveCheck'> };
};

/**
 * @param present the clients to ask about: those that are used now, or none where nobody wants them asked about
 * @param definitionOf what is asked about one; undefined where its definition cannot be read now
 */
export async function checkLiveClients(
  { store, recheck, now, sweepInterval }: LiveCheckDeps,
  present: readonly string[],
  definitionOf: (client: string) => Promise<DesiredClient | undefined>,
): Promise<Objections> {
  const objections = new Map<string, string>();
  const known = await store.observations.liveChecks();
  const names = new Set(present);
  // Of what is not live, or not asked about any more, nothing is objected.
  for (const [client, check] of known)
    if (check.objection !== undefined && !names.has(client))
      await store.observations.saveLiveCheck(client, { at: check.at }, check);
  const round = roundOf(sweepInterval);
  const begun = now();
  const turnOf = (client: string) => lastTurn(client, begun, round);
  const due = [...names].filter(
    (client) => (known.get(client)?.at ?? Number.POSITIVE_INFINITY) < turnOf(client),
  );
  const most = Math.max(minPerSweep, 2 * Math.ceil((names.size * sweepInterval) / round));
  const asked = drawn(due, most, (client) => turnOf(client) < begun - sweepInterval, begun);
  for (const client of names) {
    const before = known.get(client);
    // Its first turn comes within a day: not all of a registry on the day on which this is asked for.
    if (before === undefined) await store.observations.saveLiveCheck(client, { at: now() });
    else if (asked.has(client)) {
      const said = await askAbout(client, definitionOf, recheck);
      if (said?.kind !== 'silent') {
        const check = { at: now(), ...(said !== undefined && { objection: said.text }) };
        await store.observations.saveLiveCheck(client, check, before);
        if (said !== undefined) objections.set(client, said.text);
        continue;
      }
    }
    // Silence is neither yes nor no: what was said last stands, and it is asked again.
    if (before?.objection !== undefined) objections.set(client, before.objection);
  }
  return objections;
}

const silent = { kind: 'silent', text: '' } as const;

async function askAbout(
  client: string,
  definitionOf: (client: string) => Promise<DesiredClient | undefined>,
  recheck: AskAgain,
): Promise<Objection | undefined> {
  try {
    const desired = await definitionOf(client);
    return desired === undefined ? silent : await recheck(desired);
  } catch (problem) {
    // A fault of Greffier's own at one definition keeps no other waiting; it is told where it is applied.
    if (!isFault(problem)) throw problem;
    return silent;
  }
}
