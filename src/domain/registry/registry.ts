/** The set of definitions at one commit (or on one disk), and which of them claim the same things. */
import type { CellName } from '#base/config/cells';
import { atOnce, type Steps } from '#base/steps';
import { type Place, pathFromPlace, placeFromPath } from '#domain/definition/cell';
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import { type Claims, claimsOf, sirenOf } from './claims.ts';
import { type Bucket, Buckets } from './index/buckets.ts';
import {
  bucketNumber,
  bucketNumbersOf,
  type CollisionKind,
  cellNumber,
  collisionKeysOf,
  kindOfBucket,
  scopesAndAlgorithmsHash,
} from './index/collision-key.ts';
import { couldCollide } from './index/collision-scan.ts';
import { areNearSkeletons, nearSkeletons } from './index/near-names.ts';
import { mayImitate } from './name-similarity.ts';

/** One file of the registry, as far as the others need to know it. Plain JSON. */
export interface Entry {
  readonly path: string;
  readonly place: Place;
  /** Git blob id of the text; identical text is never read twice. Empty when it does not come from Git. */
  readonly blob: string;
  /** What could be read; absent when the YAML could not be. */
  readonly partial?: PartialDefinition;
  /** Present when the definition has no error of its own. */
  readonly definition?: ServiceProvider;
  /** Of what is on the default branch: it cannot be read, and no version of it ever could be. */
  readonly neverRead?: true;
}

/** A desired client: a definition that may be provisioned. */
export interface DesiredClient {
  readonly path: string;
  readonly cell: CellName;
  readonly id: string;
  readonly definition: ServiceProvider;
}

/** At most this many others are cited for one collision: they are named to a person. */
export const maxCited = 3;

/** What is looked through in one step for candidates: it takes some milliseconds. */
const candidatesAtOnce = 1_000;

/**
 * An index of claims, for registries of any size: about a kilobyte a definition. It changes in place, one file at
 * a time; what it answers depends on what it holds and not on the order in which that came.
 */
export class Registry {
  readonly #slotOf = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #paths: string[] = [];
  /** The claims as JSON text: a tenth of the memory of the objects, parsed only when another definition collides. */
  readonly #json: string[] = [];
  /** Of `cellNumber`. */
  readonly #cells: number[] = [];
  /** As numbers; -1 for none. */
  readonly #sirens: number[] = [];
  readonly #skeletons: string[] = [];
  /** The same for two definitions with the same algorithms and scopes. */
  readonly #scopesAndAlgorithms: number[] = [];
  /** Those of which it cannot be told what they claim. */
  readonly #unread = new Set<number>();
  readonly #buckets = new Buckets(this.#paths, this.#sirens);
  /** For each cell, the skeletons that one letter tells apart; made when many names are to be compared. */
  readonly #nearSkeletons = new Map<number, ReadonlyMap<string, readonly string[]>>();

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
    const cell = cellNumber(path);
    const keys = collisionKeysOf(claims);
    this.#slotOf.set(path, slot);
    this.#paths[slot] = path;
    this.#json[slot] = JSON.stringify(claims);
    this.#cells[slot] = cell;
    this.#sirens[slot] = siren === undefined ? -1 : Number(siren);
    this.#skeletons[slot] = keys.skeleton[0] ?? '';
    this.#scopesAndAlgorithms[slot] = scopesAndAlgorithmsHash(claims);
    if (keys.unread !== undefined) this.#unread.add(slot);
    for (const number of bucketNumbersOf(keys, cell)) this.#buckets.join(number, slot);
    this.#nearSkeletons.clear();
  }

  /** Forgets the definition at a path, if there is one. */
  delete(path: string): void {
    const slot = this.#slotOf.get(path);
    if (slot === undefined) return;
    for (const number of bucketNumbersOf(collisionKeysOf(this.#claimsAt(slot)), this.#cells[slot] ?? 0))
      this.#buckets.leave(number, slot);
    this.#slotOf.delete(path);
    this.#unread.delete(slot);
    this.#free.push(slot);
    this.#json[slot] = '';
    this.#skeletons[slot] = '';
    this.#nearSkeletons.clear();
  }

  /**
   * Those who claim the same thing (in the cell of `path`, where the cell matters), by path, at most `maxCited`.
   *
   * @param excluded paths that do not count.
   * @param wanted leaves out others that do not matter to the asker.
   */
  claimants(
    kind: CollisionKind,
    path: string,
    key: string,
    excluded: ReadonlySet<string>,
    wanted: (other: Claims) => boolean = () => true,
  ): readonly Claims[] {
    const bucket = this.#buckets.get(bucketNumber(kind, cellNumber(path), key));
    if (bucket === undefined) return [];
    const others: Claims[] = [];
    for (const slot of typeof bucket === 'number' ? [bucket] : bucket.slots) {
      if (excluded.has(this.#paths[slot] ?? '')) continue;
      const other = this.#claimsAt(slot);
      if (!hasKey(other, path, kind, key) || !wanted(other)) continue;
      others.push(other);
      if (others.length === maxCited) break;
    }
    return others;
  }

  /** Definitions of other organizations, in any cell, that send users to the same host; by path, at most `maxCited`. */
  claimantsOfHost(
    host: string,
    path: string,
    siren: string,
    excluded: ReadonlySet<string>,
  ): readonly Claims[] {
    const bucket = this.#buckets.get(bucketNumber('host', 0, host));
    if (bucket === undefined) return [];
    const own = Number(siren);
    const isForeign = (slot: number) => this.#sirens[slot] !== own && this.#sirens[slot] !== -1;
    const slots = typeof bucket === 'number' ? [bucket] : bucket.slots;
    // Thousands of definitions of one organization may share a host: the first stands for all of them.
    if (typeof bucket !== 'number' && !this.#buckets.isMixed(bucket)) {
      const first = slots.find((slot) => this.#sirens[slot] !== -1);
      if (first === undefined || !isForeign(first)) return [];
    }
    const others: Claims[] = [];
    for (const slot of slots) {
      if (!isForeign(slot) || excluded.has(this.#paths[slot] ?? '')) continue;
      const other = this.#claimsAt(slot);
      if (hasKey(other, path, 'host', host)) others.push(other);
      if (others.length === maxCited) break;
    }
    return others;
  }

  /** The skeletons in the cell of `path` that one letter tells apart from this one, in order. */
  nearSkeletons(skeleton: string, path: string): readonly string[] {
    const cell = cellNumber(path);
    const known = this.#nearSkeletons.get(cell);
    if (known !== undefined) return known.get(skeleton) ?? [];
    const found = new Set<string>();
    for (const [slot, other] of this.#skeletons.entries()) {
      if (other !== '' && this.#cells[slot] === cell && areNearSkeletons(skeleton, other)) found.add(other);
    }
    return [...found].sort();
  }

  /** Compares all names at once: worth it before asking `nearSkeletons` for many. */
  compareNames(): void {
    const skeletons = new Map<number, Set<string>>();
    for (const [slot, skeleton] of this.#skeletons.entries()) {
      if (skeleton === '') continue;
      const cell = this.#cells[slot] ?? 0;
      const known = skeletons.get(cell);
      if (known === undefined) skeletons.set(cell, new Set([skeleton]));
      else known.add(skeleton);
    }
    const near = nearSkeletons(Array.from(skeletons.values(), (ofCell) => [...ofCell]));
    for (const [index, cell] of [...skeletons.keys()].entries())
      this.#nearSkeletons.set(cell, near[index] ?? new Map());
  }

  /**
   * Every path that a rule could have something to say of: it collides with another, has a name near another's or
   * near a well-known one, differs from its counterpart, or claims nobody can tell what. Sorted.
   */
  candidates(): readonly string[] {
    return atOnce(this.candidatesInSteps());
  }

  /** The same, some hundreds of definitions at a step; worth nothing if the registry changes meanwhile. */
  *candidatesInSteps(): Steps<readonly string[]> {
    this.compareNames();
    yield;
    const candidates = new Set<number>(this.#unread);
    let looked = 0;
    for (const [number, bucket] of this.#buckets) {
      looked += 1;
      if (looked % candidatesAtOnce === 0) yield;
      if (typeof bucket !== 'number' && this.#couldCollide(kindOfBucket(number), bucket))
        for (const slot of bucket.slots) candidates.add(slot);
    }
    for (const [path, slot] of this.#slotOf) {
      looked += 1;
      if (looked % candidatesAtOnce === 0) yield;
      const skeleton = this.#skeletons[slot] ?? '';
      if (this.#nearSkeletons.get(this.#cells[slot] ?? 0)?.has(skeleton) === true || mayImitate(skeleton))
        candidates.add(slot);
      else if (this.#differsFromCounterpart(path, slot)) candidates.add(slot);
    }
    return Array.from(candidates, (slot) => this.#paths[slot] ?? '').sort();
  }

  /** Whether a rule could have something to say of the definitions of a bucket. */
  #couldCollide(kind: CollisionKind | undefined, bucket: Bucket): boolean {
    return couldCollide(
      kind,
      { slots: bucket.slots, mixed: this.#buckets.isMixed(bucket) },
      (slot) => this.#paths[slot] ?? '',
      (slot) => this.#sirens[slot] !== -1,
    );
  }

  #differsFromCounterpart(path: string, slot: number): boolean {
    if ((this.#cells[slot] ?? 0) % 2 !== 0) return false;
    const counterpart = this.#slotOf.get(path.replace('/production/', '/integration/'));
    return (
      counterpart !== undefined &&
      counterpart !== slot &&
      this.#scopesAndAlgorithms[counterpart] !== this.#scopesAndAlgorithms[slot]
    );
  }

  #claimsAt(slot: number): Claims {
    return JSON.parse(this.#json[slot] ?? '') as Claims;
  }
}

/** Where the definition of the same service in integration stands; undefined for one that is in integration. */
export function counterpartPath(path: string): string | undefined {
  const place = placeFromPath(path);
  return place?.environment === 'production'
    ? pathFromPlace({ ...place, environment: 'integration' })
    : undefined;
}

/** Guards against two keys that share a number. */
function hasKey(claims: Claims, path: string, kind: CollisionKind, key: string): boolean {
  if (kind !== 'host' && kind !== 'datapass' && cellNumber(claims.path) !== cellNumber(path)) return false;
  return collisionKeysOf(claims)[kind].includes(key);
}
