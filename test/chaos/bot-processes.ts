/** The program under test, `greffier serve`, in processes of its own that are killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { StoreLocation } from '#base/config/environment';
import { freePort } from '#demo/bot-process';
import { waitUntil } from '#demo/wait-until';
import { earlier } from '#infrastructure/database/per-engine';
import { opened } from '../infrastructure/database/engines.ts';

const entry = join(import.meta.dirname, '../../src/cli/cli.ts');

export interface BotProcessesOptions {
  readonly location: StoreLocation;
  /** Processes at the same time; more than one only on PostgreSQL. */
  readonly count: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The file that all their logs go to. */
  readonly log: string;
  readonly random: () => number;
}

interface ProcessSlot {
  readonly port: number;
  child: ChildProcess | undefined;
}

/** What a stopped process would have waited for, at most, in seconds. */
const longestSleep = 600;

export class BotProcesses {
  kills = 0;
  /** Exit codes of processes that ended though nobody ended them. */
  readonly unexpectedExits: (number | null)[] = [];
  /** Why a process that was to be started again was not: without it, whatever waits for it times out and nobody knows why. */
  readonly failedRestarts: unknown[] = [];
  readonly #options: BotProcessesOptions;
  readonly #slots: ProcessSlot[] = [];
  /** Restarts under way. */
  readonly #restarts = new Set<Promise<void>>();
  #stopping = false;

  constructor(options: BotProcessesOptions) {
    this.#options = options;
  }

  get log(): string {
    return readFileSync(this.#options.log, 'utf8');
  }

  /** Ports of those that may be reached now. */
  get ports(): readonly number[] {
    return this.#slots.filter(({ child }) => child !== undefined).map(({ port }) => port);
  }

  async start(): Promise<void> {
    for (let index = 0; index < this.#options.count; index += 1)
      this.#slots.push({ port: await freePort(), child: undefined });
    for (const slot of this.#slots) this.#spawn(slot);
    await this.waitUntilReady();
  }

  /** Resolves when every process says that it can work. */
  async waitUntilReady(timeout = 120_000): Promise<void> {
    const all = await waitUntil(async () => {
      if (this.#restarts.size > 0) return false;
      const answers = await Promise.all(this.#slots.map(({ port }) => isReady(port)));
      return answers.every(Boolean);
    }, timeout);
    if (all === undefined) throw new Error(`Greffier did not become ready:\n${lastLines(this.log)}`);
  }

  /** Ends one process at whatever it is doing; it sleeps for a while, and is started again. */
  kill(): void {
    const alive = this.#slots.filter(({ child }) => child !== undefined);
    const slot = alive[Math.floor(this.#options.random() * alive.length)];
    if (slot?.child === undefined) return;
    this.kills += 1;
    const { child } = slot;
    slot.child = undefined;
    child.kill('SIGKILL');
    this.#startAgain(slot, child, Math.ceil(this.#options.random() * longestSleep));
  }

  /** Lets everything that waits in the queue have waited, without waiting for it. Ends the processes once more. */
  async advanceTime(): Promise<void> {
    for (const slot of this.#slots) {
      const { child } = slot;
      slot.child = undefined;
      if (child !== undefined) await ended(child, 'SIGKILL');
    }
    await Promise.all(this.#restarts);
    await advanceStoreTime(this.#options.location, longestSleep);
    for (const slot of this.#slots) this.#spawn(slot);
    await this.waitUntilReady();
  }

  /** Asks every process to end. @returns their exit codes */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<readonly (number | null)[]> {
    await Promise.allSettled(this.#restarts);
    this.#stopping = true;
    const children = this.#slots.flatMap(({ child }) => child ?? []);
    return Promise.all(children.map((child) => ended(child, signal)));
  }

  #startAgain(slot: ProcessSlot, dying: ChildProcess, seconds: number): void {
    const restart = this.#restart(slot, dying, seconds)
      .catch((error: unknown) => void this.failedRestarts.push(error))
      .finally(() => this.#restarts.delete(restart));
    this.#restarts.add(restart);
  }

  async #restart(slot: ProcessSlot, dying: ChildProcess, seconds: number): Promise<void> {
    await ended(dying, 'SIGKILL');
    await advanceStoreTime(this.#options.location, seconds);
    if (!this.#stopping) this.#spawn(slot);
  }

  #spawn(slot: ProcessSlot): void {
    const log = openSync(this.#options.log, 'a');
    const child = spawn(process.execPath, [entry, 'serve'], {
      env: { PATH: process.env.PATH ?? '', ...this.#options.environment, PORT: String(slot.port) },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    slot.child = child;
    child.once('exit', (code) => {
      if (slot.child !== child || this.#stopping) return;
      // Nobody ended it: whoever watches over processes starts it again.
      slot.child = undefined;
      this.unexpectedExits.push(code);
      this.#startAgain(slot, child, 1);
    });
  }
}

/** Moves what waits in the store so many seconds nearer, as they would pass while nobody is there. */
async function advanceStoreTime(location: StoreLocation, seconds: number): Promise<void> {
  const store = await opened(location);
  try {
    await sql`update jobs set ready_at = ${earlier('ready_at', seconds)}
      where state = 'waiting'`.execute(store.db);
    await sql`update pauses set until = ${earlier('until', seconds)}`.execute(store.db);
  } finally {
    await store.close();
  }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('exit', (code) => resolve(code));
  child.kill(signal);
  return promise;
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

export function lastLines(log: string, lines = 20): string {
  return log.split('\n').slice(-lines).join('\n');
}

export interface LoadBalancer {
  readonly url: string;
  stop(): Promise<void>;
}

/** One address for all processes, as a load balancer gives: each request goes to one that is there. */
export async function startLoadBalancer(
  ports: () => readonly number[],
  random: () => number,
): Promise<LoadBalancer> {
  const server = createServer((incoming, response) => {
    const alive = ports();
    const port = alive[Math.floor(random() * alive.length)];
    if (port === undefined) {
      response.writeHead(503).end();
      return;
    }
    const onward = request(
      {
        host: '127.0.0.1',
        port,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, connection: 'close' },
      },
      (came) => {
        response.writeHead(came.statusCode ?? 502, came.headers);
        came.pipe(response);
        came.once('error', () => response.destroy());
      },
    );
    onward.once('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
    incoming.pipe(onward);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
