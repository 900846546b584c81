/**
 * Webhook deliveries: signed over their very bytes, tried once, kept with their outcome so that the App can list the
 * failed ones and ask for them again (docs.github.com, « Handling failed webhook deliveries »).
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { FaultInjector } from './fault-injector.ts';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

export interface WebhookSubject {
  readonly event: string;
  readonly action: string | null;
  readonly installation: number | null;
  readonly repository: number | null;
}

export interface WebhookDelivery extends WebhookSubject {
  readonly id: number;
  readonly guid: string;
  readonly deliveredAt: Date;
  readonly redelivery: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Seconds. */
  duration: number;
  status: string;
  /** 0 while it is on its way, and when nobody answered. */
  statusCode: number;
  response: { readonly headers: Readonly<Record<string, string>>; readonly body: string } | undefined;
}

/** GitHub waits ten seconds for an answer. */
const deliveryTimeout = 10_000;

export class Webhooks {
  /** Where deliveries go; nowhere (they fail) until it is set. */
  target: WebhookTarget | undefined;
  /** Oldest first. */
  readonly deliveries: WebhookDelivery[] = [];
  readonly #faults: FaultInjector;
  readonly #now: () => Date;
  readonly #appId: number;
  readonly #underWay = new Set<Promise<void>>();
  #lastId = 0;

  constructor(faults: FaultInjector, now: () => Date, appId: number) {
    this.#faults = faults;
    this.#now = now;
    this.#appId = appId;
  }

  send(subject: WebhookSubject, payload: Readonly<Record<string, unknown>>): void {
    this.#post(subject, JSON.stringify(payload), randomUUID(), false);
  }

  /** Sends a recorded delivery again, under the same GUID, as GitHub does. False when there is no such delivery. */
  redeliver(id: number): boolean {
    const recorded = this.deliveries.find((delivery) => delivery.id === id);
    if (recorded === undefined) return false;
    this.#post(recorded, recorded.body, recorded.guid, true);
    return true;
  }

  /** Resolves when every delivery that is under way, and those that they brought about, have been answered. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #post(subject: WebhookSubject, body: string, guid: string, redelivery: boolean): void {
    const fault = this.#faults.forDelivery(subject.event);
    const delivery = this.#record(subject, body, guid, redelivery);
    const way =
      fault === 'drop'
        ? this.#lose(delivery)
        : fault === 'duplicate'
          ? Promise.all([this.#attempt(delivery), this.#attempt(this.#record(subject, body, guid, false))])
          : this.#attempt(delivery);
    const done: Promise<void> = way.then(() => {
      this.#underWay.delete(done);
    });
    this.#underWay.add(done);
  }

  #record(subject: WebhookSubject, body: string, guid: string, redelivery: boolean): WebhookDelivery {
    const secret = this.target?.secret ?? '';
    const sign = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex');
    const delivery: WebhookDelivery = {
      event: subject.event,
      action: subject.action,
      installation: subject.installation,
      repository: subject.repository,
      id: ++this.#lastId,
      guid,
      deliveredAt: this.#now(),
      redelivery,
      body,
      headers: {
        Accept: '*/*',
        'Content-Type': 'application/json',
        'User-Agent': 'GitHub-Hookshot/0000000',
        'X-GitHub-Delivery': guid,
        'X-GitHub-Event': subject.event,
        'X-GitHub-Hook-ID': '1',
        'X-GitHub-Hook-Installation-Target-ID': String(this.#appId),
        'X-GitHub-Hook-Installation-Target-Type': 'integration',
        'X-Hub-Signature': `sha1=${sign('sha1')}`,
        'X-Hub-Signature-256': `sha256=${sign('sha256')}`,
      },
      duration: 0,
      status: 'pending',
      statusCode: 0,
      response: undefined,
    };
    this.deliveries.push(delivery);
    return delivery;
  }

  async #lose(delivery: WebhookDelivery): Promise<void> {
    delivery.status = 'failed to connect to host';
    delivery.statusCode = 502;
  }

  async #attempt(delivery: WebhookDelivery): Promise<void> {
    if (this.target === undefined) return this.#lose(delivery);
    const started = performance.now();
    try {
      const response = await fetch(this.target.url, {
        method: 'POST',
        headers: delivery.headers,
        body: delivery.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(deliveryTimeout),
      });
      delivery.response = {
        headers: Object.fromEntries(response.headers),
        body: (await response.text()).slice(0, 10_000),
      };
      delivery.statusCode = response.status;
      delivery.status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
    } catch (error) {
      const late = error instanceof Error && error.name === 'TimeoutError';
      delivery.status = late ? 'timed out' : 'failed to connect to host';
      delivery.statusCode = late ? 504 : 502;
    }
    delivery.duration = Math.round(performance.now() - started) / 1000;
  }
}
