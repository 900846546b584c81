/**
 * Counts a whole registry without keeping it: who could have something in common with whom, as numbers. Nearly
 * every definition meets nobody; only those that do are worth an index (see `Registry`) and a closer look.
 */
import { cellNames } from '#base/config/cells';
import { type Claims, sirenOf } from '#domain/registry/claims';
import { mayImitate } from '#domain/registry/name-similarity';
import {
  cellMark,
  keyHash,
  keysOf,
  type MeetingKind,
  meetingHash,
  meetingKinds,
  traitsOf,
} from './collision-key.ts';
import { nearLooks } from './near-names.ts';

/** With numbers of 32 bits above them, slots are exact in a double. */
const mostSlots = 2 ** 21;

/** Those who meet over one number, as far as the question needs them. */
export interface Crowd {
  readonly slots: readonly number[];
  /** Whether they are of several organizations. */
  readonly mixed: boolean;
}

/**
 * Whether anyone could have something to say of a meeting.
 *
 * @param isReadable whether the organization of a slot is known.
 */
export function couldMatter(
  kind: MeetingKind | undefined,
  { slots, mixed }: Crowd,
  pathOf: (slot: number) => string,
  isReadable: (slot: number) => boolean,
): boolean {
  if (kind === 'host') return mixed;
  if (kind !== 'datapass' || slots.length > cellNames.length || mixed) return true;
  // One service has one DataPass in all of its cells: the usual case, which is not worth a closer look.
  const ids = new Set(slots.map((slot) => idOf(pathOf(slot))));
  return ids.size > 1 || !slots.every(isReadable);
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What a census found. */
export interface Met {
  /** Every path that a rule could have something to say of, sorted. */
  readonly suspects: readonly string[];
  /** The suspects and whoever must be known to judge them, sorted: judging among these is judging among all. */
  readonly witnesses: readonly string[];
}

/** Which slots share a number, for numbers of 32 bits: few bytes for each, and sorted once at the end. */
class Roll {
  /** The number above, the slot below: both together are exact in a double. */
  #entries = new Float64Array(1_024);
  #used = 0;

  note(number: number, slot: number): void {
    if (this.#used === this.#entries.length) {
      const grown = new Float64Array(2 * this.#used);
      grown.set(this.#entries);
      this.#entries = grown;
    }
    this.#entries[this.#used++] = (number >>> 0) * mostSlots + slot;
  }

  /** The slots of each number that several have. */
  *crowds(): Generator<readonly number[]> {
    const entries = this.#entries.subarray(0, this.#used).sort();
    for (let at = 0; at < entries.length; ) {
      const beyond = (Math.floor((entries[at] ?? 0) / mostSlots) + 1) * mostSlots;
      let end = at + 1;
      while (end < entries.length && (entries[end] ?? 0) < beyond) end++;
      if (end > at + 1) yield Array.from(entries.subarray(at, end), (entry) => entry % mostSlots);
      at = end;
    }
  }
}

/** Definitions are told once each, in any order; some two hundred bytes are kept of one. */
export class Census {
  readonly #paths: string[] = [];
  readonly #cells: number[] = [];
  /** As numbers; -1 for none. */
  readonly #sirens: number[] = [];
  readonly #looks: string[] = [];
  readonly #traits: number[] = [];
  readonly #rolls = meetingKinds.map((kind) => ({ kind, roll: new Roll() }));
  /** The definitions of one service in both environments of a network. */
  readonly #twins = new Roll();

  tell(claims: Claims): void {
    const slot = this.#paths.length;
    if (slot >= mostSlots) throw new Error(`A registry has at most ${mostSlots} definitions`);
    const { path } = claims;
    const cell = cellMark(path);
    const keys = keysOf(claims);
    const siren = sirenOf(claims.siret);
    this.#paths.push(path);
    this.#cells.push(cell);
    this.#sirens.push(siren === undefined ? -1 : Number(siren));
    this.#looks.push(keys.look[0] ?? '');
    this.#traits.push(traitsOf(claims));
    for (const { kind, roll } of this.#rolls)
      for (const key of keys[kind]) roll.note(meetingHash(kind, cell, key), slot);
    this.#twins.note(keyHash(cell > 2 ? 1 : 0, idOf(path)), slot);
  }

  met(): Met {
    const suspects = new Set<number>();
    for (const { kind, roll } of this.#rolls)
      for (const slots of roll.crowds())
        if (this.#matters(kind, slots)) for (const slot of slots) suspects.add(slot);
    const twins = [...this.#twins.crowds()];
    for (const [first = 0, ...others] of twins)
      if (others.some((slot) => this.#traits[slot] !== this.#traits[first]))
        for (const slot of [first, ...others]) suspects.add(slot);
    const near = this.#nearLooks();
    for (let slot = 0; slot < this.#paths.length; slot++) {
      const look = this.#looks[slot] ?? '';
      if (look === '' || suspects.has(slot)) continue;
      if (near.get(this.#cells[slot] ?? 0)?.has(look) === true || mayImitate(look)) suspects.add(slot);
    }
    const witnesses = new Set(suspects);
    for (const pair of twins)
      if (pair.some((slot) => suspects.has(slot))) for (const slot of pair) witnesses.add(slot);
    return { suspects: this.#sorted(suspects), witnesses: this.#sorted(witnesses) };
  }

  #matters(kind: MeetingKind, slots: readonly number[]): boolean {
    const sirens = new Set(slots.map((slot) => this.#sirens[slot] ?? -1));
    sirens.delete(-1);
    return couldMatter(
      kind,
      { slots, mixed: sirens.size > 1 },
      (slot) => this.#paths[slot] ?? '',
      (slot) => this.#sirens[slot] !== -1,
    );
  }

  #nearLooks(): ReadonlyMap<number, ReadonlyMap<string, readonly string[]>> {
    const byCell = new Map<number, Set<string>>();
    for (const [slot, look] of this.#looks.entries()) {
      if (look === '') continue;
      const cell = this.#cells[slot] ?? 0;
      const known = byCell.get(cell);
      if (known === undefined) byCell.set(cell, new Set([look]));
      else known.add(look);
    }
    return new Map(Array.from(byCell, ([cell, looks]) => [cell, nearLooks([...looks])] as const));
  }

  #sorted(slots: ReadonlySet<number>): readonly string[] {
    return Array.from(slots, (slot) => this.#paths[slot] ?? '').sort();
  }
}
