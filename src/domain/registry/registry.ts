/** The set of definitions at one commit (or on one disk), and who meets whom in it. */
import type { CellName } from '#base/config/cells';
import { type Place, pathOf, placeOf } from '#domain/definition/cell';
import type { Draft } from '#domain/definition/parse/partial-definition';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import { type Claims, claimsOf, sirenOf } from './claims.ts';
import {
  cellMark,
  keysOf,
  kindOfNumber,
  type MeetingKind,
  meetingNumber,
  numbersOf,
  traitsOf,
} from './index/collision-key.ts';
import { couldMatter } from './index/collision-scan.ts';
import { areNear, nearLooks } from './index/near-names.ts';
import { mayImitate } from './name-similarity.ts';

/** One file of the registry, as far as the others need to know it. Plain JSON. */
export interface Entry {
  readonly path: string;
  readonly place: Place;
  /** Git blob id of the text; identical text is never read twice. Empty when it does not come from Git. */
  readonly blob: string;
  /** What could be read; absent when the YAML could not be. */
  readonly draft?: Draft;
  /** Present when the definition has no error of its own. */
  readonly definition?: ServiceProvider;
}

/** A desired client: a definition that may be provisioned. */
export interface Desired {
  readonly path: string;
  readonly cell: CellName;
  readonly id: string;
  readonly definition: ServiceProvider;
}

/** At most this many others are told of one meeting: they are named to a person. */
export const mostCited = 3;

/** Definitions that meet over one key, in the order of their paths. */
interface Crowd {
  readonly slots: number[];
  /** Whether they are of several organizations; undefined until someone asks. */
  mixed: boolean | undefined;
}

/**
 * An index of claims, for registries of any size: about a kilobyte a definition. It changes in place, one file at
 * a time; what it answers depends on what it holds and not on the order in which that came.
 */
export class Registry {
  readonly #slotOf = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #paths: string[] = [];
  /** The claims as JSON text: a tenth of the memory of the objects, read again only when someone meets them. */
  readonly #packed: string[] = [];
  /** Of `cellMark`. */
  readonly #cells: number[] = [];
  /** As numbers; -1 for none. */
  readonly #sirens: number[] = [];
  readonly #looks: string[] = [];
  /** A number that two definitions with the same algorithms and scopes have in common. */
  readonly #traits: number[] = [];
  readonly #meetings = new Map<number, number | Crowd>();
  /** For each cell, the looks that one letter tells apart; made when many names are to be compared. */
  readonly #near = new Map<number, ReadonlyMap<string, readonly string[]>>();

  /** @param files entries, or the claims that were made of them. */
  static of(files: Iterable<Entry | Claims>): Registry {
    const registry = new Registry();
    for (const file of files) registry.set(file);
    return registry;
  }

  /** How many definitions there are. */
  get size(): number {
    return this.#slotOf.size;
  }

  has(path: string): boolean {
    return this.#slotOf.has(path);
  }

  /** What the definition at a path claims. */
  get(path: string): Claims | undefined {
    const slot = this.#slotOf.get(path);
    return slot === undefined ? undefined : this.#claimsAt(slot);
  }

  /** Every path, in no particular order. */
  paths(): IterableIterator<string> {
    return this.#slotOf.keys();
  }

  /** Adds a definition, or replaces the one at its path. */
  set(file: Entry | Claims): void {
    const claims = 'redirectUris' in file ? file : claimsOf(file);
    this.delete(claims.path);
    const slot = this.#free.pop() ?? this.#paths.length;
    const { path } = claims;
    const siren = sirenOf(claims.siret);
    const cell = cellMark(path);
    const keys = keysOf(claims);
    this.#slotOf.set(path, slot);
    this.#paths[slot] = path;
    this.#packed[slot] = JSON.stringify(claims);
    this.#cells[slot] = cell;
    this.#sirens[slot] = siren === undefined ? -1 : Number(siren);
    this.#looks[slot] = keys.look[0] ?? '';
    this.#traits[slot] = traitsOf(claims);
    for (const number of numbersOf(keys, cell)) this.#join(number, slot);
    this.#near.clear();
  }

  /** Forgets the definition at a path, if there is one. */
  delete(path: string): void {
    const slot = this.#slotOf.get(path);
    if (slot === undefined) return;
    for (const number of numbersOf(keysOf(this.#claimsAt(slot)), this.#cells[slot] ?? 0))
      this.#leave(number, slot);
    this.#slotOf.delete(path);
    this.#free.push(slot);
    this.#packed[slot] = '';
    this.#looks[slot] = '';
    this.#near.clear();
  }

  /**
   * Those who claim the same thing (in the cell of `path`, where the cell matters), by path, at most `mostCited`.
   *
   * @param besides paths that do not count.
   * @param wanted leaves out others that do not matter to the asker.
   */
  meeting(
    kind: MeetingKind,
    path: string,
    key: string,
    besides: ReadonlySet<string>,
    wanted: (other: Claims) => boolean = () => true,
  ): readonly Claims[] {
    const found = this.#meetings.get(meetingNumber(kind, cellMark(path), key));
    if (found === undefined) return [];
    const others: Claims[] = [];
    for (const slot of typeof found === 'number' ? [found] : found.slots) {
      if (besides.has(this.#paths[slot] ?? '')) continue;
      const other = this.#claimsAt(slot);
      if (!claimsKey(other, path, kind, key) || !wanted(other)) continue;
      others.push(other);
      if (others.length === mostCited) break;
    }
    return others;
  }

  /** Definitions of other organizations, in any cell, whose users are sent to the same host. */
  elsewhere(host: string, path: string, siren: string, besides: ReadonlySet<string>): readonly Claims[] {
    const found = this.#meetings.get(meetingNumber('host', 0, host));
    if (found === undefined) return [];
    const own = Number(siren);
    const isForeign = (slot: number) => this.#sirens[slot] !== own && this.#sirens[slot] !== -1;
    const crowd = typeof found === 'number' ? [found] : found.slots;
    // Thousands of definitions of one organization may share a host: its first tells of all of them.
    if (typeof found !== 'number' && !this.#isMixed(found)) {
      const first = crowd.find((slot) => this.#sirens[slot] !== -1);
      if (first === undefined || !isForeign(first)) return [];
    }
    const others: Claims[] = [];
    for (const slot of crowd) {
      if (!isForeign(slot) || besides.has(this.#paths[slot] ?? '')) continue;
      const other = this.#claimsAt(slot);
      if (claimsKey(other, path, 'host', host)) others.push(other);
      if (others.length === mostCited) break;
    }
    return others;
  }

  /** The looks in the cell of `path` that one letter tells apart from this one, in order. */
  near(look: string, path: string): readonly string[] {
    const cell = cellMark(path);
    const known = this.#near.get(cell);
    if (known !== undefined) return known.get(look) ?? [];
    const found = new Set<string>();
    for (const [slot, other] of this.#looks.entries()) {
      if (other !== '' && this.#cells[slot] === cell && areNear(look, other)) found.add(other);
    }
    return [...found].sort();
  }

  /** Compares all names at once: worth it before asking `near` for many. */
  compareNames(): void {
    const looks = new Map<number, Set<string>>();
    for (const [slot, look] of this.#looks.entries()) {
      if (look === '') continue;
      const cell = this.#cells[slot] ?? 0;
      const known = looks.get(cell);
      if (known === undefined) looks.set(cell, new Set([look]));
      else known.add(look);
    }
    for (const [cell, set] of looks) this.#near.set(cell, nearLooks([...set]));
  }

  /**
   * Every path that a rule could have something to say of: it meets another, has a name near another's or near a
   * well-known one, or differs from its twin. Sorted.
   */
  suspects(): readonly string[] {
    this.compareNames();
    const suspects = new Set<number>();
    for (const [number, found] of this.#meetings) {
      if (typeof found !== 'number' && this.#matters(kindOfNumber(number), found))
        for (const slot of found.slots) suspects.add(slot);
    }
    for (const [path, slot] of this.#slotOf) {
      const look = this.#looks[slot] ?? '';
      if (this.#near.get(this.#cells[slot] ?? 0)?.has(look) === true || mayImitate(look)) suspects.add(slot);
      else if (this.#differsFromTwin(path, slot)) suspects.add(slot);
    }
    return Array.from(suspects, (slot) => this.#paths[slot] ?? '').sort();
  }

  /** Whether anyone could have something to say of a meeting. */
  #matters(kind: MeetingKind | undefined, crowd: Crowd): boolean {
    return couldMatter(
      kind,
      { slots: crowd.slots, mixed: this.#isMixed(crowd) },
      (slot) => this.#paths[slot] ?? '',
      (slot) => this.#sirens[slot] !== -1,
    );
  }

  #differsFromTwin(path: string, slot: number): boolean {
    if ((this.#cells[slot] ?? 0) % 2 !== 0) return false;
    const twin = this.#slotOf.get(path.replace('/production/', '/integration/'));
    return twin !== undefined && twin !== slot && this.#traits[twin] !== this.#traits[slot];
  }

  #claimsAt(slot: number): Claims {
    return JSON.parse(this.#packed[slot] ?? '') as Claims;
  }

  #isMixed(crowd: Crowd): boolean {
    if (crowd.mixed === undefined) {
      const sirens = new Set(crowd.slots.map((slot) => this.#sirens[slot] ?? -1));
      sirens.delete(-1);
      crowd.mixed = sirens.size > 1;
    }
    return crowd.mixed;
  }

  #join(number: number, slot: number): void {
    const found = this.#meetings.get(number);
    if (found === undefined) {
      this.#meetings.set(number, slot);
    } else if (typeof found === 'number') {
      if (found === slot) return;
      const slots = this.#before(slot, found) ? [slot, found] : [found, slot];
      this.#meetings.set(number, { slots, mixed: undefined });
    } else {
      let low = 0;
      let high = found.slots.length;
      const last = found.slots[high - 1];
      if (last !== undefined && this.#before(last, slot)) low = high;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (this.#before(found.slots[middle] ?? slot, slot)) low = middle + 1;
        else high = middle;
      }
      if (found.slots[low] !== slot) found.slots.splice(low, 0, slot);
      found.mixed = undefined;
    }
  }

  #leave(number: number, slot: number): void {
    const found = this.#meetings.get(number);
    if (found === slot) {
      this.#meetings.delete(number);
    } else if (typeof found === 'object') {
      const at = found.slots.indexOf(slot);
      if (at !== -1) found.slots.splice(at, 1);
      found.mixed = undefined;
      const [only] = found.slots;
      if (found.slots.length === 1 && only !== undefined) this.#meetings.set(number, only);
    }
  }

  #before(one: number, other: number): boolean {
    return (this.#paths[one] ?? '') < (this.#paths[other] ?? '');
  }
}

/** Where the definition of the same service in integration stands; undefined for one that is in integration. */
export function twinPath(path: string): string | undefined {
  const place = placeOf(path);
  return place?.environment === 'production' ? pathOf({ ...place, environment: 'integration' }) : undefined;
}

/** Guards against two keys that share a number. */
function claimsKey(claims: Claims, path: string, kind: MeetingKind, key: string): boolean {
  if (kind !== 'host' && kind !== 'datapass' && cellMark(claims.path) !== cellMark(path)) return false;
  return keysOf(claims)[kind].includes(key);
}
