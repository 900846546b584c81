/** The payload of a webhook, of which nothing is taken for granted. */
import { defined } from '#base/defined';

/** The part of a payload that is read. Whatever is missing or of another type reads as undefined. */
export class PayloadFields {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  at(name: string): PayloadFields {
    const value = this.#value;
    const own = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return new PayloadFields(own ? (value as Record<string, unknown>)[name] : undefined);
  }

  get text(): string | undefined {
    return typeof this.#value === 'string' ? this.#value : undefined;
  }

  /** A whole number that JSON could carry: one that a store could keep, and not give back, would end all that it gives. */
  get number(): number | undefined {
    return Number.isSafeInteger(this.#value) ? (this.#value as number) : undefined;
  }

  /** A whole number that JSON could carry, in decimal: an identity, which is not counted with. */
  get id(): string | undefined {
    return Number.isSafeInteger(this.#value) ? String(this.#value) : undefined;
  }

  get present(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }
}

/** What is worth knowing of any payload, for the inbox and the logs. */
export interface Envelope {
  readonly action?: string;
  readonly installation?: number;
  readonly repository?: string;
}

export function envelopeOf(payload: unknown): Envelope {
  const fields = new PayloadFields(payload);
  const action = fields.at('action').text;
  const installation = fields.at('installation').at('id').number;
  const repository = fields.at('repository').at('full_name').text;
  return defined({ action, installation, repository });
}
