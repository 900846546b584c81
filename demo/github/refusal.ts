/**
 * GitHub's answer to a request that it does not take. It travels as an exception from wherever it is noticed to the
 * one place that answers requests, and nowhere else.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.body = {
      message,
      ...more,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    };
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found');

/** A field of the request that GitHub's own validation refuses. */
export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  return new Refusal(422, 'Validation Failed', {
    errors: [{ resource, field, code, ...(message === undefined ? {} : { message }) }],
  });
}

/** A request whose form the API's schema refuses, with GitHub's sentence for it. */
export const malformed = (sentence: string): Refusal => new Refusal(422, `Invalid request.\n\n${sentence}`);
