/**
 * One webhook: bounded, signed, kept, and only then accepted. Why it was refused is for the log, not the sender.
 *
 * It works on Node's own request and answer. Its bytes are counted while they come, and who sends too many is hung up on;
 * and it is what comes in bursts, of which the library that routes all else would take as long as all that is done here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Secret } from '#base/config/secret';
import { errorFields, type Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import { type BodyLimits, BodyReader } from '#http/request-body';
import { refuseAndClose } from '#http/response';
import type { Delivery, ReceiveStatus } from '#infrastructure/queue/inbox';
import { envelopeOf } from './payload.ts';
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

/** A host, with or without a port (RFC 3986, 3.2.2). */
const hostForm = /^(?:\[[0-9a-f:.]+\]|[\w.~%!$&'()*+,;=-]*)(?::\d*)?$/i;

/** What becomes of a delivery; `reason` where it is refused, and hung up on. No status: nobody is left to answer. */
interface Answer {
  readonly status?: number;
  readonly reason?: string;
}

/** @returns what answers whatever is sent to the path of webhooks */
export function webhook({ secrets, receive, log, metrics }: WebhookDeps) {
  const bodies = new BodyReader(limits);

  async function take(incoming: IncomingMessage): Promise<Answer> {
    const { headers } = incoming;
    if (!hostForm.test(headers.host ?? '')) return { status: 400, reason: 'no host' };
    const signature = headers['x-hub-signature-256'];
    if (typeof signature !== 'string') return { status: 401, reason: 'no signature' };
    const read = await bodies.read(incoming);
    if (!read.ok) return read;
    return new Promise<Answer>((resolve) => resolve(keep(incoming, signature, read.body))).finally(
      read.release,
    );
  }

  /**
   * Keeps a delivery whose signature is good. Not async, since such a function holds what it was given for as long as it
   * waits: many wait for the store together, and what they hold is what the collector of garbage goes through again and again.
   */
  function keep({ headers }: IncomingMessage, signature: string, body: Buffer): Answer | Promise<Answer> {
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
    const received = receive({ id, event, ...envelope }, payload);
    return answerOnceKept(received, { request: id, event, ...envelope });
  }

  async function answerOnceKept(
    received: Promise<ReceiveStatus>,
    fields: { readonly request: string; readonly event: string },
  ): Promise<Answer> {
    const { event } = fields;
    try {
      const outcome = await received;
      metrics.deliveries.inc({ event, outcome });
      if (outcome === 'parked') log.error(fields, 'a delivery is kept, but what it asks for could not be');
      else log.info({ ...fields, outcome }, 'delivery');
      return { status: 202 };
    } catch (error) {
      metrics.deliveries.inc({ event, outcome: 'failed' });
      log.error({ ...fields, ...errorFields(error) }, 'a delivery could not be kept');
      return { status: 503 };
    }
  }

  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    if (incoming.method !== 'POST') return refuseAndClose(incoming, outgoing, 405, { allow: 'POST' });
    const { status, reason } = await take(incoming);
    if (status === undefined) return;
    if (reason === undefined) {
      outgoing.writeHead(status, { 'content-length': 0 }).end();
      return;
    }
    metrics.deliveries.inc({ event: 'unknown', outcome: 'refused' });
    log.warn({ status, reason }, 'a delivery was refused');
    refuseAndClose(incoming, outgoing, status);
  };
}
