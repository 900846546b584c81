/** Exists only for speed: which definitions have a key in common, by the number of the key (`bucketNumber`). */

/** Definitions that have one key in common, in the order of their paths. */
export interface Bucket {
  readonly slots: number[];
  /** Whether they are of several organizations; undefined until someone asks. */
  mixed: boolean | undefined;
}

/** A definition is a slot: what is known of it stands at this place of the lists that are given. */
export class Buckets {
  /** The slot itself where there is one only, as nearly everywhere. */
  readonly #byNumber = new Map<number, number | Bucket>();
  readonly #paths: readonly string[];
  readonly #sirens: readonly number[];

  /** @param paths by slot @param sirens by slot, as numbers; -1 for none */
  constructor(paths: readonly string[], sirens: readonly number[]) {
    this.#paths = paths;
    this.#sirens = sirens;
  }

  get(number: number): number | Bucket | undefined {
    return this.#byNumber.get(number);
  }

  [Symbol.iterator](): MapIterator<[number, number | Bucket]> {
    return this.#byNumber[Symbol.iterator]();
  }

  /** Says that the definition at a slot has the key of this number. */
  join(number: number, slot: number): void {
    const bucket = this.#byNumber.get(number);
    if (bucket === undefined) {
      this.#byNumber.set(number, slot);
    } else if (typeof bucket === 'number') {
      if (bucket === slot) return;
      const slots = this.#before(slot, bucket) ? [slot, bucket] : [bucket, slot];
      this.#byNumber.set(number, { slots, mixed: undefined });
    } else {
      let low = 0;
      let high = bucket.slots.length;
      const last = bucket.slots[high - 1];
      if (last !== undefined && this.#before(last, slot)) low = high;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (this.#before(bucket.slots[middle] ?? slot, slot)) low = middle + 1;
        else high = middle;
      }
      if (bucket.slots[low] !== slot) bucket.slots.splice(low, 0, slot);
      bucket.mixed = undefined;
    }
  }

  leave(number: number, slot: number): void {
    const bucket = this.#byNumber.get(number);
    if (bucket === slot) {
      this.#byNumber.delete(number);
    } else if (typeof bucket === 'object') {
      const at = bucket.slots.indexOf(slot);
      if (at !== -1) bucket.slots.splice(at, 1);
      bucket.mixed = undefined;
      const [only] = bucket.slots;
      if (bucket.slots.length === 1 && only !== undefined) this.#byNumber.set(number, only);
    }
  }

  /** Whether its definitions are of several organizations. */
  isMixed(bucket: Bucket): boolean {
    if (bucket.mixed === undefined) {
      const sirens = new Set(bucket.slots.map((slot) => this.#sirens[slot] ?? -1));
      sirens.delete(-1);
      bucket.mixed = sirens.size > 1;
    }
    return bucket.mixed;
  }

  #before(one: number, other: number): boolean {
    return (this.#paths[one] ?? '') < (this.#paths[other] ?? '');
  }
}
