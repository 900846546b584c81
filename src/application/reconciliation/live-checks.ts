/**
 * Asks public services about live clients once a day, where the settings ask for it: an authorization that was revoked, an
 * establishment that closed. It is told; nothing is changed at a provider. Each client has its own hour, so that services are
 * asked in a steady pace.
 */
import { createHash } from 'node:crypto';
import { isFault } from '#application/pull-requests/fault';
import { clientKey } from '#domain/provisioning/plan';
import type { DesiredClient } from '#domain/registry/registry';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { RegistrySnapshot } from './registry-source.ts';

/** By client (`network/environment/id`): what services object to it. */
export type Objections = ReadonlyMap<string, string>;

const msPerDay = 86_400_000;
/** Clients that are asked about in one sweep, at most: after a day without any, those that are late come by and by. */
const maxPerSweep = 50;

/** The last moment at which a client was to be asked about, by its own hour. */
export function lastTurn(client: string, now: number): number {
  const offset = createHash('sha256').update(client).digest().readUInt32BE() % msPerDay;
  return now - ((((now - offset) % msPerDay) + msPerDay) % msPerDay);
}

/** As many as one sweep asks about, others each time: those whose service is silent keep nobody else out. */
function drawn(due: readonly string[], now: number): ReadonlySet<string> {
  if (due.length <= maxPerSweep) return new Set(due);
  const lot = (client: string) => createHash('sha256').update(`${now} ${client}`).digest('hex');
  const lots = new Map(due.map((client) => [lot(client), client]));
  const first = [...lots.keys()].sort().slice(0, maxPerSweep);
  return new Set(first.flatMap((one) => lots.get(one) ?? []));
}

/** @param live whether the client of a definition is used now */
export async function checkLiveClients(
  { store, recheck, now }: Pick<ReconcileDeps, 'store' | 'recheck' | 'now'>,
  snapshot: RegistrySnapshot,
  live: (desired: DesiredClient) => boolean,
): Promise<Objections> {
  const objections = new Map<string, string>();
  const known = await store.observations.liveChecks();
  const present = snapshot.liveChecks === true ? snapshot.desired.filter(live) : [];
  const names = new Set(present.map(clientKey));
  // Of what is not live, or not asked about any more, nothing is objected.
  for (const [client, check] of known)
    if (check.objection !== undefined && !names.has(client))
      await store.observations.saveLiveCheck(client, { at: check.at }, check);
  const isDue = (client: string) =>
    (known.get(client)?.at ?? Number.POSITIVE_INFINITY) < lastTurn(client, now());
  const asked = drawn([...names].filter(isDue), now());
  for (const desired of present) {
    const client = clientKey(desired);
    const before = known.get(client);
    // Its first turn comes within a day: not all of a registry on the day on which this is asked for.
    if (before === undefined) await store.observations.saveLiveCheck(client, { at: now() });
    else if (asked.has(client)) {
      const said = await recheck(desired).catch((problem: unknown) => {
        // A fault of Greffier's own at one definition keeps no other waiting; it is told where it is applied.
        if (!isFault(problem)) throw problem;
        return { kind: 'silent', text: '' } as const;
      });
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
