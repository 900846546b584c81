/** Reads the body of a request, bounded for one and for all together. */
import type { IncomingMessage } from 'node:http';

/** Bytes: GitHub's own limit for a payload. */
export const maxBodyBytes = 25 * 1024 * 1024;
/** Bytes of a body that are nobody's concern; what is beyond shares `largeBodies` with all other requests. */
const unsharedBytes = 1024 * 1024;
const maxSharedBytes = 64 * 1024 * 1024;

export type ReadBody =
  | { readonly ok: true; readonly body: Buffer }
  /** `status` is undefined when there is nobody left to answer. */
  | { readonly ok: false; readonly status?: number; readonly reason: string };

let sharedBytes = 0;

/** Never holds more than the limits, whatever is sent and whatever length was announced. */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBodyBytes) return { ok: false, status: 413, reason: `${announced} bytes announced` };
  const chunks: Buffer[] = [];
  let length = 0;
  let large = 0;
  try {
    // The socket must outlive a refusal, which is still to be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBodyBytes) return { ok: false, status: 413, reason: `more than ${maxBodyBytes} bytes` };
      const beyond = Math.max(0, length - unsharedBytes) - large;
      if (sharedBytes + beyond > maxSharedBytes)
        return { ok: false, status: 503, reason: 'too many large bodies' };
      large += beyond;
      sharedBytes += beyond;
      chunks.push(chunk);
    }
    return { ok: true, body: Buffer.concat(chunks) };
  } catch {
    return { ok: false, reason: 'the sender went away' };
  } finally {
    sharedBytes -= large;
  }
}
