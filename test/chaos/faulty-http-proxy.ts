/** An HTTP server that hands requests on to another one, and lets things go wrong on the way. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { ChaosFaultKind, ChaosFaults, Upstream } from './faults.ts';

export interface FaultyHttpProxy {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  /** Where requests go, an origin; to be set before the first one comes. */
  target: string;
  stop(): Promise<void>;
}

interface ProxiedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export async function startFaultyHttpProxy(service: Upstream, faults: ChaosFaults): Promise<FaultyHttpProxy> {
  const server = createServer((incoming, response) => {
    pass(proxy.target, service, faults, incoming, response).catch(() => incoming.socket.destroy());
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const proxy: FaultyHttpProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    stop: () => stopped(server),
  };
  return proxy;
}

async function pass(
  target: string,
  service: Upstream,
  faults: ChaosFaults,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(incoming);
  const fault = faults.next(service);
  if (fault === undefined) return write(response, await forward(target, incoming, body));
  if (fault === 'kill') faults.kill();
  if (fault.endsWith('-after')) await forward(target, incoming, body);
  if (fault === 'kill-after') faults.kill();
  const answer = faultResponse(fault);
  if (answer !== undefined) write(response, answer);
  else if (!fault.startsWith('silence')) incoming.socket.destroy();
}

/** What is answered in place of the service; undefined when nothing is. */
function faultResponse(fault: ChaosFaultKind): ProxiedResponse | undefined {
  const json = (status: number, message: string, headers: Record<string, string> = {}): ProxiedResponse => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ message })),
  });
  switch (fault) {
    case 'error':
      return json(503, 'Service Unavailable');
    case 'error-after':
      return json(502, 'Server Error');
    case 'too-many':
      return json(429, 'Too Many Requests', { 'retry-after': '1' });
    case 'secondary-limit':
      return json(403, 'You have exceeded a secondary rate limit. Please wait a few minutes.', {
        'retry-after': '1',
      });
    default:
      return undefined;
  }
}

async function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<ProxiedResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<ProxiedResponse>();
  const onward = request(
    `${target}${incoming.url ?? '/'}`,
    // `Host` stays what the caller wrote: services that name themselves by it name the proxy.
    { method: incoming.method, headers: { ...incoming.headers, connection: 'close' } },
    (came) => {
      const { statusCode: status = 502, headers } = came;
      buffer(came).then((bytes) => resolve({ status, headers, body: bytes }), reject);
    },
  );
  onward.once('error', reject);
  onward.end(body);
  return promise;
}

function write(response: ServerResponse, { status, headers, body }: ProxiedResponse): void {
  const { connection: _, 'transfer-encoding': __, 'content-length': ___, ...kept } = headers;
  response.writeHead(status, { ...kept, ...(body.length > 0 ? { 'content-length': body.length } : {}) });
  response.end(body);
}

async function stopped(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
