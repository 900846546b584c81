/**
 * GitHub's answer to a request that it does not take. It travels as an exception from wherever it is noticed to the
 * one place that answers requests, and nowhere else.
 */
export class ApiError extends Error {
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

export const notFound = (): ApiError => new ApiError(404, 'Not Found');

/** A field of the request that GitHub's own validation refuses. */
export function validationFailed(resource: string, field: string, code: string, message?: string): ApiError {
  return new ApiError(422, 'Validation Failed', {
    errors: [{ resource, field, code, ...(message === undefined ? {} : { message }) }],
  });
}

/** A request whose form the API's schema refuses, with GitHub's sentence for it. */
export const invalidRequest = (sentence: string): ApiError =>
  new ApiError(422, `Invalid request.\n\n${sentence}`);
