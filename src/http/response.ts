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

/** Answers without a word, without reading the rest of the request, and hangs up. */
export function refuseAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': 0, connection: 'close' });
  response.end(() => request.socket.destroySoon());
}

/** For the methods that a path does not take. @param allowed such as `GET, HEAD` */
export function methodNotAllowed(allowed: string): Handler<HttpEnv> {
  return (context: Context<HttpEnv>) => {
    refuseAndClose(context.env.incoming, context.env.outgoing, 405, { allow: allowed });
    return RESPONSE_ALREADY_SENT;
  };
}
