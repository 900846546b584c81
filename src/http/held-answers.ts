/**
 * What answers hold in memory until they are taken. Node makes the answers to all that came together on one connection at
 * once, and keeps them for as long as nobody reads: a few bytes would have it hold gigabytes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds between two counts: in between, no more is made than a machine makes in that time. */
const countEveryMs = 10;

export class HeldAnswers {
  readonly #limit: number;
  /** In the order in which they were asked for. */
  readonly #open = new Map<ServerResponse, Socket>();
  /** What was asked on a connection before the answer to something else was taken there. */
  readonly #waiting = new WeakMap<Socket, (() => void)[]>();
  #counted = 0;

  /** @param limit bytes of all together: beyond, whoever has not taken theirs for the longest time is hung up on */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Has something answered: after what was asked before it on the same connection, once that answer is taken. */
  inTurn({ socket }: IncomingMessage, response: ServerResponse, answer: () => void): void {
    this.#open.set(response, socket);
    response.once('close', () => {
      this.#open.delete(response);
      // Nobody is there any more to hear the others.
      const next = socket.destroyed ? undefined : this.#waiting.get(socket)?.shift();
      if (next === undefined) this.#waiting.delete(socket);
      else next();
    });
    this.#giveUp();
    const waiting = this.#waiting.get(socket);
    if (waiting !== undefined) waiting.push(answer);
    else {
      this.#waiting.set(socket, []);
      answer();
    }
  }

  #giveUp(): void {
    const now = performance.now();
    if (now - this.#counted < countEveryMs) return;
    this.#counted = now;
    let held = 0;
    for (const { writableLength } of this.#open.keys()) held += writableLength;
    for (const [response, socket] of this.#open) {
      if (held <= this.#limit) break;
      const { writableLength } = response;
      if (writableLength === 0) continue;
      held -= writableLength;
      socket.destroy();
    }
  }
}
