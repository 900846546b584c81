/** The real Greffier, started as an operator starts it: `greffier serve`, in a process and a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

export interface BotProcessOptions {
  /** The script of the command line. */
  readonly entry: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its log goes. */
  readonly log: string;
  /** What follows `serve`, such as `--only worker`. */
  readonly options?: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
}

/** How long a start may take before it counts as failed, in milliseconds. */
const startTimeout = 60_000;

/** As `npm run serve` has them. */
const youngGeneration = '--max-semi-space-size=8';
const memory = { MALLOC_ARENA_MAX: '1' };

export class BotProcess {
  readonly #options: BotProcessOptions;
  #process: ChildProcess | undefined;
  #readyAfter = Number.NaN;

  constructor(options: BotProcessOptions) {
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  get processId(): number | undefined {
    return this.#process?.pid;
  }

  /** Milliseconds from the last start until `/readyz` said yes, give or take those between two questions. */
  get readyAfter(): number {
    return this.#readyAfter;
  }

  /** Its log so far. */
  get log(): string {
    return readFileSync(this.#options.log, 'utf8');
  }

  /**
   * Starts, and waits until it says that it is ready.
   *
   * @throws with the end of its log when it refuses to start or takes too long.
   */
  async start(): Promise<void> {
    const log = openSync(this.#options.log, 'a');
    const { entry, nodeOptions: node = [], options = [] } = this.#options;
    const child = spawn(process.execPath, [youngGeneration, ...node, entry, 'serve', ...options], {
      // Nothing of the environment of whoever plays the demo, but the way to programs.
      env: {
        PATH: process.env.PATH ?? '',
        ...memory,
        ...this.#options.environment,
        PORT: String(this.#options.port),
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#process = child;
    const started = Date.now();
    while (!(await this.#ready())) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() - started > startTimeout) {
        await this.kill();
        throw new Error(`Greffier did not start:\n${this.log.split('\n').slice(-20).join('\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#readyAfter = Date.now() - started;
  }

  /** Asks it to finish and waits for it: `SIGTERM`. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it at whatever it is doing: `SIGKILL`. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once('exit', () => resolve());
    child.kill(signal);
    await promise;
  }

  async #ready(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(1_000) });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}

/**
 * A port that nobody listens on now, and that systems give nobody who takes any (they begin at 32768, or higher): it is
 * still free when a process takes it, or takes it again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    const server = createServer();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    const free = await promise;
    server.close();
    if (free) return port;
  }
}
