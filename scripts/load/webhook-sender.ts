/** Sends webhooks as GitHub does, as many at a time as asked for. */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { registryName, webhookSecret } from './benchmark-environment.ts';

/** One webhook, ready to be sent any number of times. */
export interface SignedWebhook {
  readonly event: string;
  readonly bytes: Buffer;
  readonly signature: string;
}

/** Characters of a webhook of a pull request at GitHub, about. */
const typicalLength = 20_000;

export function signWebhook(event: string, payload: object): SignedWebhook {
  const bytes = Buffer.from(JSON.stringify(payload));
  return {
    event,
    bytes,
    signature: `sha256=${createHmac('sha256', webhookSecret).update(bytes).digest('hex')}`,
  };
}

/** The registry, and the installation of the App there. */
export interface PushedRegistry {
  readonly registry: { readonly id: number };
  readonly installation: number;
}

/** A push to a pull request, in a webhook of the usual length whose text is as dense as that of addresses and names. */
export function pushWebhook(number: number, of: PushedRegistry): SignedWebhook {
  return signWebhook('pull_request', {
    action: 'synchronize',
    installation: { id: of.installation },
    repository: { id: of.registry.id, full_name: registryName, default_branch: 'main' },
    sender: { login: 'camille' },
    pull_request: { number, links: links(number) },
  });
}

function links(number: number): readonly string[] {
  const texts: string[] = [];
  for (let length = 0, seed = number + 1; length < typicalLength; length += 90) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    texts.push(`https://api.github.com/repos/${registryName}/git/commits/${seed.toString(36)}{/sha}`);
  }
  return texts;
}

export interface WebhookSender {
  /** Sends so many webhooks. @returns the milliseconds until each was answered */
  burst(name: string, count: number, webhook: (index: number) => SignedWebhook): Promise<readonly number[]>;
  close(): void;
}

export function createWebhookSender(port: number, concurrency: number): WebhookSender {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  return {
    async burst(name, count, webhook) {
      const times: number[] = [];
      let next = 0;
      const sendAll = async (): Promise<void> => {
        for (let mine = next++; mine < count; mine = next++) {
          const begun = performance.now();
          const status = await send(port, agent, `${name}-${mine}`, webhook(mine));
          if (status !== 202 && status !== 200) throw new Error(`A delivery was answered ${status}`);
          times.push(performance.now() - begun);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, sendAll));
      return times;
    },
    close: () => agent.destroy(),
  };
}

function send(
  port: number,
  agent: Agent,
  id: string,
  { event, bytes, signature }: SignedWebhook,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(
    {
      host: '127.0.0.1',
      port,
      agent,
      method: 'POST',
      path: '/api/github/webhooks',
      headers: {
        'content-type': 'application/json',
        'content-length': bytes.length,
        'user-agent': 'GitHub-Hookshot/bench',
        'x-github-event': event,
        'x-github-delivery': id,
        'x-hub-signature-256': signature,
      },
    },
    (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    },
  );
  sent.once('error', reject);
  sent.end(bytes);
  return promise;
}
