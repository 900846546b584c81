/**
 * The signature of ProConnect's partner API: HMAC-SHA256 over the time, the method, the path, the query and the very
 * bytes of the body, as the server will see them.
 */
import { createHmac } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  /** Serialised once: what is signed is what is sent. GET and DELETE have none. */
  readonly body?: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** The text that is signed. The `?` is always there, even without a query. */
export function messageToSign(request: SignedRequest): string {
  const { pathname, search } = request.url;
  const start = `${request.at}:${request.method}:${pathname}?${search.slice(1)}`;
  return request.body === undefined ? start : `${start}:${request.body}`;
}

/** Lower-case hexadecimal. */
export function signatureOf(request: SignedRequest, secret: string): string {
  return createHmac('sha256', secret).update(messageToSign(request)).digest('hex');
}

/** The headers that carry it. */
export function signatureHeaders(request: SignedRequest, secret: string): Record<string, string> {
  return { 'x-timestamp': String(request.at), 'x-signature': signatureOf(request, secret) };
}
