/**
 * Where each definition as it is now comes from, and on whose word it is so: by evidence of GitHub's, never by a name, a
 * date or what a pull request says of itself (docs/authority.md).
 */

import type { RecordedMerge } from '#application/reconciliation/store/merge-store';
import type { Origin } from '#application/reconciliation/store/origin-store';
import { defined } from '#base/defined';
import type { Word } from '#domain/provisioning/approval-gate';
import type { Cause } from '#domain/provisioning/ledger';
import { UnknownAnswer } from '#infrastructure/github/client/repository-client';
import type { ReconcileDeps } from './reconcile-deps.ts';
import { isOutOfSight, type MergedPull, type MergedPulls, type RegistrySnapshot } from './registry-source.ts';

type OriginDeps = Pick<ReconcileDeps, 'source' | 'store' | 'configuredCells'>;

/** Where every definition comes from, as far as that is known. */
export interface Origins {
  readonly origins: ReadonlyMap<string, Origin>;
  /** Why what changed is yet to be asked about; what it brought waits until then. */
  readonly waitsFor?: string;
}

/** Notes what brought the definitions that changed since the last commit that was reconciled. */
export async function recordOrigins(deps: OriginDeps, snapshot: RegistrySnapshot): Promise<Origins> {
  const { store, source, configuredCells } = deps;
  const before = await store.origins.reconciledCommit();
  const known = await store.origins.all();
  const servedBefore = await store.origins.servedCells();
  const isNewCell = configuredCells.some((cell) => !servedBefore.has(cell));
  if (before === snapshot.commit && !isNewCell) return { origins: known };
  const merged = await source.mergedBetween(before, snapshot.commit, snapshot.approvals);
  if (merged === undefined) return { origins: known };
  const shown = await store.shownPlans.clients(merged.items.map(({ head }) => head));
  const keys = new Set([...known.keys(), ...snapshot.blobs.keys()]);
  const { steps: waiting } = await store.confirmations.waiting();
  const again = new Map<string, Origin>();
  // The same text, that was taken back and brought once more since: on another word than the one that it waited with.
  const touched =
    before === undefined || before === snapshot.commit
      ? new Set()
      : await source.touchedBetween(
          Object.keys(waiting).filter(
            (one) => known.has(one) && known.get(one)?.blob === snapshot.blobs.get(one),
          ),
          before,
          snapshot.commit,
        );
  const changed: Origin[] = [];
  const brought: MergedPull[] = [];
  for (const client of keys) {
    if (isOutOfSight(snapshot, client)) continue;
    const blob = snapshot.blobs.get(client);
    const present = known.get(client);
    const isNew = before !== undefined && isNewlyServed(deps, servedBefore, client);
    if (present !== undefined && present.blob === blob) {
      // The operator has the cell served as it stands, whatever was not shown of it while it was not.
      if (isNew && blob !== undefined) changed.push({ ...present, word: 'installed' });
      if (isNew || !touched.has(client)) continue;
      again.set(client, present);
    }
    const from =
      before === undefined
        ? presentSource(client, merged, shown)
        : await laterSource(deps, snapshot, client, merged, before);
    if (from.pull !== undefined) brought.push(from.pull);
    changed.push(
      originOf(client, blob, snapshot, isNew && blob !== undefined ? { ...from, word: 'installed' } : from),
    );
  }
  try {
    const authored = await withPushers(deps, before, snapshot, changed, shown);
    // Before the move is noted: whoever goes on after a crash finds the same.
    await store.confirmations.consume([...again.keys()].flatMap((client) => waiting[client] ?? []));
    // None of those who brought it confirms it, whoever was the last.
    const all = authored.map((origin) => {
      const { authors = [] } = again.get(origin.client) ?? {};
      return { ...origin, authors: [...new Set([...origin.authors, ...authors])].sort() };
    });
    await store.origins.advance(snapshot.commit, all, brought, configuredCells);
  } catch (problem) {
    if (!(problem instanceof UnknownAnswer)) throw problem;
    return { origins: known, waitsFor: problem.message };
  }
  return { origins: await store.origins.all() };
}

/**
 * With whoever pushed to the default branch meanwhile among the authors of what may have to be confirmed: a commit says of
 * its author what it likes, and a pull request may have brought something else than what is there now.
 *
 * @throws UnknownAnswer while nobody can say yet
 */
async function withPushers(
  { source }: OriginDeps,
  before: string | undefined,
  { commit }: RegistrySnapshot,
  changed: readonly Origin[],
  shown: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<readonly Origin[]> {
  const mayWait = ({ client, word, head = '' }: Origin) =>
    client.includes('/production/') || (word === 'pull' && shown.get(head)?.has(client) !== true);
  const waiting = new Set(changed.filter((origin) => origin.word !== 'installed' && mayWait(origin)));
  if (before === undefined || waiting.size === 0) return changed;
  const pushers = await source.pushersBetween?.(before, commit);
  if (pushers === undefined) return changed;
  return changed.map((origin) => {
    if (!waiting.has(origin)) return origin;
    // Whoever pushed it is known: what the commit says of its author is not needed.
    const authors = origin.word === 'pull' ? origin.authors : [];
    return { ...origin, authors: [...new Set([...authors, ...pushers])].sort() };
  });
}

interface Source {
  readonly word: Word['kind'];
  readonly pull?: MergedPull;
  readonly authors: readonly string[];
}

function originOf(
  client: string,
  blob: string | undefined,
  snapshot: RegistrySnapshot,
  from: Source,
): Origin {
  const { word, pull, authors } = from;
  return {
    client,
    word,
    commit: pull?.commit ?? snapshot.commit,
    authors,
    ...defined({ blob, pull: pull?.pull, head: pull?.head }),
  };
}

function isNewlyServed(
  { configuredCells }: OriginDeps,
  before: ReadonlySet<string>,
  client: string,
): boolean {
  const cell = configuredCells.find((name) => client.startsWith(`${name}/`));
  return cell !== undefined && !before.has(cell);
}

/** What brought a definition that is there at the first look: what no review here showed, Greffier found as it stands. */
function presentSource(
  client: string,
  { items }: MergedPulls,
  shown: ReadonlyMap<string, ReadonlySet<string>>,
): Source {
  const showing = items.findLast(({ head }) => shown.get(head)?.has(client) === true);
  if (showing !== undefined) return { word: 'pull', pull: showing, authors: [showing.authorId] };
  const pull = items.findLast(({ clients }) => clients.has(client));
  return { word: 'installed', authors: pull === undefined ? [] : [pull.authorId], ...defined({ pull }) };
}

/**
 * What brought a definition to what it is. A pull request that touched it did so only if what is there now is what it
 * left: else others changed it too, or Git took its change elsewhere.
 */
async function laterSource(
  { source }: OriginDeps,
  snapshot: RegistrySnapshot,
  client: string,
  { items, complete }: MergedPulls,
  before: string,
): Promise<Source> {
  const blob = snapshot.blobs.get(client);
  const left = items.filter(({ clients }) => clients.has(client) && clients.get(client) === blob);
  const pull = left.at(-1);
  // One that left the same after another has not changed it: none of their authors confirms it.
  if (pull !== undefined)
    return { word: 'pull', pull, authors: [...new Set(left.map(({ authorId }) => authorId))].sort() };
  // Nothing was merged: it was pushed. Whose push it was matters where someone else has to confirm it.
  const isCertain = complete && items.length === 0;
  if (isCertain && !client.includes('/production/')) return { word: 'push', authors: [] };
  // Git carries a change to where a file was moved: the pull request knows nothing of that path.
  const change = await source.lastChange(client, snapshot.commit, snapshot.approvals, before);
  if (change.kind === 'pull') return { word: 'pull', pull: change.pull, authors: [change.pull.authorId] };
  // Whatever brought it, nobody was shown it.
  if (change.kind === 'unknown') return { word: 'pull', authors: [] };
  return { word: 'push', authors: change.author === undefined ? [] : [change.author] };
}

/** On whose word each client may become what its definition says now. */
export async function wordsOf(
  { store }: Pick<ReconcileDeps, 'store'>,
  origins: ReadonlyMap<string, Origin>,
  snapshot: RegistrySnapshot,
): Promise<ReadonlyMap<string, Word>> {
  const shown = await store.shownPlans.digests(origins.values());
  const approved = await store.merges.approved(snapshot.approvals.count.production);
  const words = new Map<string, Word>();
  for (const { client, blob, word, pull } of origins.values()) {
    // An origin speaks for the very content that it brought.
    if (blob !== snapshot.blobs.get(client)) continue;
    if (word !== 'pull') words.set(client, { kind: word });
    else
      words.set(client, {
        kind: word,
        approved: pull !== undefined && approved.has(pull),
        ...defined({ shown: shown.get(client) }),
      });
  }
  return words;
}

/** What of outside answers people have decided of a definition (`outsideDecision`). */
export type DecisionsTaken = 'all' | readonly string[];

/**
 * By client, what people have decided by merging what is there: what its review showed. What was there when Greffier was
 * installed is taken as it is; a push was shown nothing.
 */
export async function decisionsTaken(
  { store }: Pick<ReconcileDeps, 'store'>,
  origins: ReadonlyMap<string, Origin>,
  snapshot: RegistrySnapshot,
): Promise<ReadonlyMap<string, DecisionsTaken>> {
  const shown = await store.shownPlans.steps(origins.values());
  const present = [...origins.values()].filter(({ client, blob }) => blob === snapshot.blobs.get(client));
  return new Map(
    present.map(({ client, word }) => [
      client,
      word === 'installed' ? 'all' : word === 'pull' ? (shown.get(client)?.decisions ?? []) : [],
    ]),
  );
}

/** Why a step is taken, from what is known of its origin. */
export function causeOf(origin: Origin | undefined, merge: RecordedMerge | undefined, commit: string): Cause {
  if (origin?.pull === undefined) return { commit };
  return {
    commit: origin.commit,
    pull: origin.pull,
    ...defined({ author: merge?.author, approvedBy: merge?.approvedBy }),
  };
}
