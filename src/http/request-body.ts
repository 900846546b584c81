/** Reads the bodies of requests, bounded for one and for all together. */
import type { IncomingMessage } from 'node:http';

/** In bytes. */
export interface BodyLimits {
  readonly one: number;
  /** Of all bodies that are held at a time, whoever sends them and however far they are. */
  readonly held: number;
}

/** Bytes that Node needs for a piece beside its content: a body can come byte by byte. */
const pieceBytes = 256;

export type ReadBody =
  /** `release` says that the bytes are no longer needed; until then they count. */
  | { readonly ok: true; readonly body: Buffer; readonly release: () => void }
  /** `status` is undefined when there is nobody left to answer. */
  | { readonly ok: false; readonly status?: number; readonly reason: string };

interface UnfinishedBody {
  held: number;
  readonly giveUp: () => void;
}

/**
 * What all bodies hold together. Whether one is signed is known at its end, so that those which never end must not keep
 * others out: when there are too many bytes, the one that began first goes. Honest ones come within a moment: one of them
 * would only go once as much as is held at most has come since it began.
 */
export class BodyReader {
  #held = 0;
  /** In the order in which they began. */
  readonly #unfinished = new Set<UnfinishedBody>();
  readonly #limits: BodyLimits;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Never holds more than the limits, whatever is sent and whatever length was announced. */
  read(request: IncomingMessage): Promise<ReadBody> {
    const limits = this.#limits;
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > limits.one)
      return Promise.resolve({ ok: false, status: 413, reason: `${announced} bytes announced` });
    const { promise, resolve } = Promise.withResolvers<ReadBody>();
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (read: ReadBody): void => {
      request.off('data', take).off('end', finish).off('error', lose).off('close', lose);
      this.#unfinished.delete(body);
      chunks.length = 0;
      if (!read.ok) {
        // The socket must outlive a refusal, which is still to be answered.
        request.pause();
        request.on('error', () => undefined);
        this.#held -= body.held;
      }
      resolve(read);
    };
    const body: UnfinishedBody = {
      held: 0,
      giveUp: () => end({ ok: false, status: 503, reason: 'too many bodies at once' }),
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limits.one) {
        end({ ok: false, status: 413, reason: `more than ${limits.one} bytes` });
        return;
      }
      chunks.push(chunk);
      body.held += chunk.length + pieceBytes;
      this.#held += chunk.length + pieceBytes;
      for (const oldest of this.#unfinished) {
        if (this.#held <= limits.held) break;
        oldest.giveUp();
      }
    };
    const finish = (): void => {
      // As it came, where it came in one piece: copies are what makes the collector of garbage look at the whole memory.
      const [only] = chunks;
      const whole = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
      end({ ok: true, body: whole, release: this.#release(body.held) });
    };
    const lose = (): void => end({ ok: false, reason: 'the sender went away' });
    this.#unfinished.add(body);
    request.on('data', take).on('end', finish).on('error', lose).on('close', lose);
    return promise;
  }

  /** Holds nothing of the body. */
  #release(held: number): () => void {
    let left = held;
    return () => {
      this.#held -= left;
      left = 0;
    };
  }
}
