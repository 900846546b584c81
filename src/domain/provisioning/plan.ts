/**
 * The plan: what applying a registry would do to the identity providers, field by field. Pure, so that the
 * review, the command line and the reconciliation show and compare the very same thing.
 */
import type { CellName, ProviderKind } from '#base/config/cells';
import type { DesiredClient } from '#domain/registry/registry';
import {
  changesLeftToPeople,
  creationChanges,
  type FieldChange,
  metadataChanges,
  wantedMetadata,
} from './client-metadata.ts';
import { planDigest, stepDigest } from './digest.ts';
import type { MetadataField, ReportedMetadata } from './provider.ts';

/** A client as Greffier knows it: what its ledger holds, refreshed by what the provider reported. */
export interface KnownClient {
  readonly id: string;
  readonly clientId?: string;
  /**
   * `unfinished`: a creation was begun and not seen to its end. `lost`: the provider no longer shows the client
   * to Greffier, and a person decides what to do.
   */
  readonly state: 'unfinished' | 'active' | 'inactive' | 'lost';
  readonly metadata: ReportedMetadata;
  /** Milliseconds since 1970, when inactive. */
  readonly inactiveSince?: number;
  /** Its definition never was in the registry yet. */
  readonly awaited?: true;
}

/** A cell that the operator configured, with everything known to be in it. */
export interface CellState {
  readonly cell: CellName;
  readonly provider: ProviderKind;
  /** The fields that its provider can set and report. */
  readonly governedFields: readonly MetadataField[];
  readonly clients: readonly KnownClient[];
}

export type Action = 'create' | 'update' | 'revive' | 'deactivate' | 'delete';

/** What is to happen to one client. */
export interface Step {
  readonly cell: CellName;
  readonly id: string;
  readonly action: Action;
  readonly clientId?: string;
  readonly changes: readonly FieldChange[];
  /** What a person has to set besides, since the provider cannot. */
  readonly left: readonly FieldChange[];
  /** Stands for the whole step: the same digest is the same effect on the same client. */
  readonly digest: string;
}

/** A client whose definition is gone, kept for the moment in case it comes back. */
export interface PendingDeletion {
  readonly cell: CellName;
  readonly id: string;
  readonly clientId?: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** So many removals at once that a person is to confirm them. */
export interface RemovalGuard {
  readonly kind: 'removals';
  readonly cell: CellName;
  readonly removals: number;
  /** Active clients of the cell before. */
  readonly of: number;
  /** Stands for exactly these removals: what a person confirms. */
  readonly digest: string;
}

/** So many new clients at once that a person is to say that these services have none yet. */
export interface CreationGuard {
  readonly kind: 'creations';
  readonly cell: CellName;
  readonly creations: number;
  /** Stands for exactly these creations. */
  readonly digest: string;
}

export type Guard = RemovalGuard | CreationGuard;

/** The steps that a guard is about: those that its digest stands for. */
export function guardedSteps<S extends Pick<Step, 'cell' | 'action'>>(
  { kind, cell }: Guard,
  steps: readonly S[],
): readonly S[] {
  const action = kind === 'removals' ? 'deactivate' : 'create';
  return steps.filter((step) => step.cell === cell && step.action === action);
}

export interface Plan {
  /** Ordered by cell, then id. */
  readonly steps: readonly Step[];
  readonly waiting: readonly PendingDeletion[];
  readonly lost: readonly { readonly cell: CellName; readonly id: string; readonly clientId?: string }[];
  readonly unchanged: number;
  /** Definitions of cells that the operator did not configure: reviewed, never provisioned. */
  readonly unserved: number;
  readonly guards: readonly Guard[];
  /** Stands for all the steps together. */
  readonly digest: string;
}

export interface PlanInput {
  /** The definitions that may be provisioned. */
  readonly desired: readonly DesiredClient[];
  /** Definitions that are in the registry and may not be applied now (invalid, awaiting a check): left alone. */
  readonly held?: readonly { readonly cell: CellName; readonly id: string }[];
  readonly cells: readonly CellState[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds between deactivating a client and deleting it. */
  readonly removalDelay: number;
  /** Restricts the plan to these clients (`network/environment/id`), for the review of one pull request. */
  readonly only?: ReadonlySet<string>;
}

/** More removals than this in one go, over all cells, are confirmed by a person. */
export const maxRemovals = 10;
/** So is more than this part of a cell that has at least `minCellSizeForShare` clients. */
const maxRemovedShare = 0.2;
const minCellSizeForShare = 20;
/** More clients than this that come to be in one go, over all cells, are confirmed by a person. */
export const maxCreations = 50;

/** How `only` and reports name a client, unique in a registry. */
export function clientKey(client: { readonly cell: CellName; readonly id: string }): string {
  return `${client.cell}/${client.id}`;
}

export function planFor(input: PlanInput): Plan {
  const steps: Step[] = [];
  const waiting: PendingDeletion[] = [];
  const lost: Plan['lost'][number][] = [];
  let unchanged = 0;
  const isIncluded = (client: { cell: CellName; id: string }): boolean =>
    input.only === undefined || input.only.has(clientKey(client));
  const heldKeys = new Set((input.held ?? []).map(clientKey));
  const wanted = new Map(input.desired.filter(isIncluded).map((desired) => [clientKey(desired), desired]));
  const served = new Set(input.cells.map((state) => state.cell));

  for (const state of input.cells) {
    const known = new Map(state.clients.map((client) => [client.id, client]));
    const ids = new Set([
      ...state.clients.map((client) => client.id),
      ...[...wanted.values()].filter((desired) => desired.cell === state.cell).map((desired) => desired.id),
    ]);
    for (const id of ids) {
      const key = clientKey({ cell: state.cell, id });
      if (!isIncluded({ cell: state.cell, id }) || heldKeys.has(key)) continue;
      const verdict = planClient(state, id, wanted.get(key), known.get(id), input);
      if (verdict.kind === 'step') steps.push(verdict.step);
      else if (verdict.kind === 'waiting') waiting.push(verdict.waiting);
      else if (verdict.kind === 'lost') lost.push(verdict.lost);
      else unchanged += 1;
    }
  }
  steps.sort(byClientKey);
  return {
    steps,
    waiting: waiting.sort(byClientKey),
    lost: lost.sort(byClientKey),
    unchanged,
    unserved: [...wanted.values()].filter((desired) => !served.has(desired.cell)).length,
    guards: [...removalGuards(steps, input.cells), ...creationGuards(steps, input.cells)],
    digest: planDigest(steps),
  };
}

type PlannedClient =
  | { kind: 'step'; step: Step }
  | { kind: 'waiting'; waiting: PendingDeletion }
  | { kind: 'lost'; lost: Plan['lost'][number] }
  | { kind: 'nothing' };

function planClient(
  state: CellState,
  id: string,
  desired: DesiredClient | undefined,
  known: KnownClient | undefined,
  input: PlanInput,
): PlannedClient {
  const place = {
    cell: state.cell,
    id,
    ...(known?.clientId === undefined ? {} : { clientId: known.clientId }),
  };
  if (known?.state === 'lost') return { kind: 'lost', lost: place };
  if (desired === undefined) return planRemoval(place, known, input);
  const wanted = wantedMetadata(desired);
  const left = changesLeftToPeople(wanted, state.governedFields);
  if (known === undefined || known.state === 'unfinished')
    return planStep({ cell: state.cell, id }, 'create', creationChanges(wanted, state.governedFields), left);
  const changes = metadataChanges(known.metadata, wanted, state.governedFields);
  if (known.state === 'inactive') return planStep(place, 'revive', changes, left);
  return changes.length === 0 ? { kind: 'nothing' } : planStep(place, 'update', changes, left);
}

function planRemoval(
  place: { cell: CellName; id: string; clientId?: string },
  known: KnownClient | undefined,
  input: PlanInput,
): PlannedClient {
  // What never was there was not removed.
  if (known === undefined || known.awaited === true) return { kind: 'nothing' };
  if (known.state !== 'inactive')
    return planStep(place, 'deactivate', [{ field: 'active', from: true, to: false }], []);
  const until = (known.inactiveSince ?? input.now) + input.removalDelay;
  return input.now >= until
    ? planStep(place, 'delete', [], [])
    : { kind: 'waiting', waiting: { ...place, until } };
}

function planStep(
  place: { cell: CellName; id: string; clientId?: string },
  action: Action,
  changes: readonly FieldChange[],
  left: readonly FieldChange[],
): PlannedClient {
  const step = { ...place, action, changes, left };
  return { kind: 'step', step: { ...step, digest: stepDigest(step) } };
}

function removalGuards(steps: readonly Step[], cells: readonly CellState[]): readonly RemovalGuard[] {
  const removals = steps.filter((step) => step.action === 'deactivate');
  return cells.flatMap((state) => {
    const these = removals.filter((step) => step.cell === state.cell);
    const count = these.length;
    const of = state.clients.filter((client) => client.state === 'active').length;
    const tooMany =
      removals.length > maxRemovals || (of >= minCellSizeForShare && count > of * maxRemovedShare);
    return count > 0 && tooMany
      ? [
          {
            kind: 'removals',
            cell: state.cell,
            removals: count,
            of,
            digest: planDigest(these),
          },
        ]
      : [];
  });
}

/** Creations that were begun before are finished, and asked about no more. */
function creationGuards(steps: readonly Step[], cells: readonly CellState[]): readonly CreationGuard[] {
  const begun = new Set(
    cells.flatMap(({ cell, clients }) => clients.map(({ id }) => clientKey({ cell, id }))),
  );
  const creations = steps.filter((step) => step.action === 'create' && !begun.has(clientKey(step)));
  if (creations.length <= maxCreations) return [];
  return cells.flatMap(({ cell }) => {
    const these = guardedSteps({ kind: 'creations', cell, creations: 0, digest: '' }, steps);
    return creations.some((step) => step.cell === cell)
      ? [
          {
            kind: 'creations' as const,
            cell,
            creations: these.length,
            digest: planDigest(these),
          },
        ]
      : [];
  });
}

function byClientKey(one: { cell: CellName; id: string }, other: { cell: CellName; id: string }): number {
  const first = clientKey(one);
  const second = clientKey(other);
  return first < second ? -1 : first > second ? 1 : 0;
}
