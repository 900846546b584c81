/** A value that nobody may read by accident. */
import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

const mask = '[secret]';

/**
 * Holds a key, a password or a token. Printing it, in whatever way, shows a mask: in a log, a template string, JSON,
 * an assertion, an error. Only `reveal`, which is easy to search for, gives the value.
 */
export class Secret<T extends string | Uint8Array = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value, for the one call that needs it. */
  reveal(): T {
    return this.#value;
  }

  /** Whether `candidate` is the value, in a time that does not tell how much of it was right. */
  equals(candidate: string | Uint8Array): boolean {
    const own = Buffer.from(this.#value);
    const other = Buffer.from(candidate);
    return own.length === other.length && timingSafeEqual(own, other);
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}
