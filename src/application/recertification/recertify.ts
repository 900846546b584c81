/**
 * Asks the contacts of live services whether these still live, where the settings ask for it: once a period, with one
 * reminder; their silence is told to those who keep the registry, and nothing is taken away.
 */
import type { Reconciliation } from '#application/reconciliation/reconcile';
import { defined } from '#base/defined';
import { parisDay } from '#base/i18n/dates';
import { clientKey } from '#domain/provisioning/plan';
import {
  type AskedClient,
  afterStep,
  answerBy,
  type Recertification,
  type RecertificationStep,
  recertificationStep,
} from '#domain/provisioning/recertification';
import type { RecertificationMailFacts, RecertificationStore, Remembered } from './recertification-store.ts';

export interface RecertifyDeps {
  readonly store: RecertificationStore;
  /** The issue in which the services without a pull request are asked about; undefined while there is none. */
  readonly issue: () => Promise<number | undefined>;
  readonly now: () => number;
}

type Seen = Pick<Reconciliation, 'accounts' | 'origins' | 'snapshot'>;

export interface Recertified {
  /** Those that wait for an answer now. */
  readonly asked: readonly AskedClient[];
  /** What this run did. */
  readonly steps: readonly { readonly client: string; readonly step: RecertificationStep }[];
}

/** Services that are asked about in one day, at most: a registry on which this is set does not write to everyone at once. */
export const maxPerDay = 50;

/** @param sweep looks for what is due, and not only for what waits */
export async function recertify(deps: RecertifyDeps, seen: Seen, sweep: boolean): Promise<Recertified> {
  const { store } = deps;
  const { snapshot, origins } = seen;
  const steps = sweep ? await takeSteps(deps, seen) : [];
  if (snapshot.recertify === undefined) return { asked: [], steps };
  const asked = Array.from(await store.all()).flatMap(([client, { state }]): AskedClient[] => {
    const by = answerBy(state);
    if (state.asked === undefined || by === undefined) return [];
    const { asked: at, silent } = state;
    const pull = origins.get(client)?.pull;
    return [defined({ client, asked: at, answerBy: by, isSilent: silent !== undefined, pull })];
  });
  return { asked: asked.toSorted((one, other) => (one.client < other.client ? -1 : 1)), steps };
}

async function takeSteps(deps: RecertifyDeps, seen: Seen): Promise<Recertified['steps']> {
  const { store, now } = deps;
  const { accounts, snapshot } = seen;
  const period = snapshot.recertify;
  const live = new Set(
    Array.from(accounts.values())
      .filter((account) => account.state === 'active' && snapshot.blobs.has(clientKey(account)))
      .map(clientKey),
  );
  const before = await store.all();
  for (const [client, known] of before)
    if (!live.has(client)) await store.replace(client, known, undefined);
    else if (period === undefined && known.state.asked !== undefined) await store.stopAsking(client, known);
  if (period === undefined) return [];
  await beginNew(
    deps,
    seen,
    [...live].filter((client) => !before.has(client)),
  );
  await noteChanges(deps, seen);
  const known = await store.all();
  const today = parisDay(new Date(now()));
  let left =
    maxPerDay -
    [...known.values()].filter(
      ({ state: { asked } }) => asked !== undefined && parisDay(new Date(asked)) === today,
    ).length;
  const steps: { client: string; step: RecertificationStep }[] = [];
  // Whoever has waited longest comes first.
  for (const [client, remembered] of [...known].toSorted(
    ([, { state: one }], [, { state: other }]) => one.from - other.from,
  )) {
    const step = live.has(client) ? recertificationStep(remembered.state, now(), period) : undefined;
    if (step === undefined || (step === 'asked' && left <= 0)) continue;
    if (!(await takeStep(deps, seen, client, remembered, step))) continue;
    if (step === 'asked') left -= 1;
    steps.push({ client, step });
  }
  return steps;
}

async function takeStep(
  { store, issue, now }: RecertifyDeps,
  { accounts, origins }: Seen,
  client: string,
  known: Remembered,
  step: RecertificationStep,
): Promise<boolean> {
  const after = afterStep(known.state, step, now());
  const { wanted, clientId } = accounts.get(client) ?? {};
  if (step === 'silent' || wanted === undefined) return store.replace(client, known, after, { step });
  const pull = origins.get(client)?.pull;
  const mail: RecertificationMailFacts = {
    notice: 'recertify',
    step,
    name: wanted.client_name,
    to: wanted.contacts,
    clientId: clientId ?? '',
    answerBy: answerBy(after) ?? now(),
    ...defined({ pull, issue: pull === undefined ? await issue() : undefined }),
  };
  return store.replace(client, known, after, { step, mail });
}

/** Counts from the last sign of life that the audit trail has of a client. */
async function beginNew(
  { store, now }: RecertifyDeps,
  { origins }: Seen,
  clients: readonly string[],
): Promise<void> {
  if (clients.length === 0) return;
  const signs = await store.lifeSigns();
  for (const client of clients) {
    const from = Math.min(signs.get(client) ?? now(), now());
    await store.begin(client, { from, ...defined({ blob: origins.get(client)?.blob }) });
  }
}

/** A change that people looked at says that the service lives; a push is nobody's answer. */
async function noteChanges({ store, now }: RecertifyDeps, { origins }: Seen): Promise<void> {
  for (const [client, known] of await store.all()) {
    const { blob, pull } = origins.get(client) ?? {};
    if (blob === undefined || blob === known.state.blob) continue;
    const isReviewed = known.state.blob !== undefined && pull !== undefined;
    const after: Recertification = isReviewed ? { from: now(), blob } : { ...known.state, blob };
    await store.replace(client, known, after);
  }
}
