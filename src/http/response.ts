/** What every answer of the server has in common: a length, no guessing of types, and nothing said where nothing is asked. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context, Handler } from 'hono';

/** The environment of every route: Node's own request and answer, for those that count bytes or hang up. */
export interface HttpEnv {
  Bindings: HttpBindings;
}

/**
 * @param headers laid over the default ones
 * @returns an answer with its length, which the answer to a HEAD has too
 */
export function answer(
  status: number,
  body: string | Buffer<ArrayBuffer> = '',
  headers: Readonly<Record<string, string>> = {},
): Response {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return new Response(bytes.length === 0 ? null : bytes, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      ...headers,
      'content-length': String(bytes.length),
    },
  });
}

/** Milliseconds for which the rest of a refused request is let in and dropped. */
const lingerMs = 1_000;

/**
 * Answers at once and without a word, whatever is still to come of the request, and hangs up. What does come is dropped
 * for a moment first: a connection that is closed on bytes that nobody read is reset, and the sender may lose the answer
 * with it (RFC 9112, 9.6).
 */
export function refuseAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': 0, connection: 'close' }).flushHeaders();
  const hangUp = (): void => {
    clearTimeout(patience);
    request.off('end', hangUp).off('close', hangUp);
    response.end(() => request.socket.destroySoon());
  };
  const patience = setTimeout(hangUp, lingerMs);
  if (request.complete || request.destroyed) {
    hangUp();
    return;
  }
  request.on('error', () => undefined);
  request.once('end', hangUp).once('close', hangUp).resume();
}

/** For the methods that a path does not take. @param allowed such as `GET, HEAD` */
export function methodNotAllowed(allowed: string): Handler<HttpEnv> {
  return (context: Context<HttpEnv>) => {
    refuseAndClose(context.env.incoming, context.env.outgoing, 405, { allow: allowed });
    return RESPONSE_ALREADY_SENT;
  };
}
