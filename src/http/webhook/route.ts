/**
 * One webhook: bounded, signed, kept, and only then accepted. Why it was refused is for the log, not the sender.
 *
 * It works on Node's own request: its bytes are counted while they come, and who sends too many is hung up on.
 */
import type { IncomingMessage } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Secret } from '#base/config/secret';
import { errorFields, type Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import { type BodyLimits, BodyReader } from '#http/request-body';
import { answer, type HttpEnv, methodNotAllowed, refuseAndClose } from '#http/response';
import type { Delivery, ReceiveStatus } from '#infrastructure/queue/inbox';
import { envelopeOf } from './event-routing.ts';
import { isSigned } from './signature.ts';

export interface WebhookDeps {
  /** Any of them may have signed. */
  readonly secrets: readonly Secret[];
  /** Keeps a signed delivery. Resolves once it is on durable storage. */
  readonly receive: (delivery: Delivery, payload: unknown) => Promise<ReceiveStatus>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** One is as long as GitHub's payloads may be. */
const limits: BodyLimits = { one: 25 * 1024 * 1024, held: 64 * 1024 * 1024 };

/** `X-GitHub-Delivery` is a UUID; other servers that speak GitHub's protocol are given some latitude. */
const deliveryId = /^[A-Za-z0-9-]{1,100}$/;
/** `projects_v2_item` has a digit. */
const eventName = /^[a-z][a-z0-9_]{0,59}$/;

export function webhook({ secrets, receive, log, metrics }: WebhookDeps): Hono<HttpEnv> {
  const bodies = new BodyReader(limits);

  /** Keeps a delivery whose signature is good. @returns the answer, or why there is none */
  async function take(
    { headers }: IncomingMessage,
    signature: string,
    body: Buffer,
  ): Promise<Response | { readonly status: number; readonly reason: string }> {
    if (!isSigned(body, signature, secrets)) return { status: 401, reason: 'another signature' };

    const id = headers['x-github-delivery'];
    const event = headers['x-github-event'];
    if (typeof id !== 'string' || !deliveryId.test(id)) return { status: 400, reason: 'no delivery id' };
    if (typeof event !== 'string' || !eventName.test(event)) return { status: 400, reason: 'no event' };
    let payload: unknown;
    try {
      payload = JSON.parse(body.toString('utf8'));
    } catch {
      return { status: 400, reason: 'not JSON: the content type of the webhook must be application/json' };
    }
    const envelope = envelopeOf(payload);
    const ofDelivery = log.child({ request: id, event, ...envelope });
    try {
      const outcome = await receive({ id, event, ...envelope, body }, payload);
      metrics.deliveries.inc({ event, outcome });
      if (outcome === 'parked') ofDelivery.error('a delivery is kept, but what it asks for could not be');
      else ofDelivery.info({ outcome }, 'delivery');
      return answer(202);
    } catch (error) {
      metrics.deliveries.inc({ event, outcome: 'failed' });
      ofDelivery.error(errorFields(error), 'a delivery could not be kept');
      return answer(503);
    }
  }

  return new Hono<HttpEnv>()
    .post('/', async ({ env: { incoming, outgoing } }) => {
      const refuse = (status: number, reason: string): Response => {
        metrics.deliveries.inc({ event: 'unknown', outcome: 'refused' });
        log.warn({ status, reason }, 'a delivery was refused');
        refuseAndClose(incoming, outgoing, status);
        return RESPONSE_ALREADY_SENT;
      };
      const signature = incoming.headers['x-hub-signature-256'];
      if (typeof signature !== 'string') return refuse(401, 'no signature');
      const read = await bodies.read(incoming);
      if (!read.ok)
        return read.status === undefined ? RESPONSE_ALREADY_SENT : refuse(read.status, read.reason);
      try {
        const taken = await take(incoming, signature, read.body);
        return taken instanceof Response ? taken : refuse(taken.status, taken.reason);
      } finally {
        read.release();
      }
    })
    .all('/', methodNotAllowed('POST'));
}
