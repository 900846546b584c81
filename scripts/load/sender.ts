/** Sends webhooks as GitHub does, as many at a time as asked for. */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { registryName, secret } from './ground.ts';

/** One webhook, ready to be sent any number of times. */
export interface Letter {
  readonly event: string;
  readonly bytes: Buffer;
  readonly signature: string;
}

/** Characters of a webhook of a pull request at GitHub, about. */
const usualLength = 20_000;

export function letterOf(event: string, payload: object): Letter {
  const bytes = Buffer.from(JSON.stringify(payload));
  return {
    event,
    bytes,
    signature: `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`,
  };
}

/** A push to a pull request, in a webhook of the usual length whose text is as dense as that of addresses and names. */
export function pushTo(number: number, installation: number): Letter {
  return letterOf('pull_request', {
    action: 'synchronize',
    installation: { id: installation },
    repository: { full_name: registryName, default_branch: 'main' },
    sender: { login: 'camille' },
    pull_request: { number, links: links(number) },
  });
}

function links(number: number): readonly string[] {
  const texts: string[] = [];
  for (let length = 0, seed = number + 1; length < usualLength; length += 90) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    texts.push(`https://api.github.com/repos/${registryName}/git/commits/${seed.toString(36)}{/sha}`);
  }
  return texts;
}

export interface Sender {
  /** Sends so many letters. @returns the milliseconds until each was answered */
  burst(name: string, count: number, letter: (index: number) => Letter): Promise<readonly number[]>;
  close(): void;
}

export function senderTo(port: number, concurrency: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  return {
    async burst(name, count, letter) {
      const times: number[] = [];
      let next = 0;
      const sendAll = async (): Promise<void> => {
        for (let mine = next++; mine < count; mine = next++) {
          const begun = performance.now();
          const status = await send(port, agent, `${name}-${mine}`, letter(mine));
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

function send(port: number, agent: Agent, id: string, { event, bytes, signature }: Letter): Promise<number> {
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
