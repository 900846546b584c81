import { describe, expect, it } from 'vitest';
import { readBoundedBytes, readBoundedText } from '#infrastructure/http-client/bounded-body';

const bodyOf = (...chunks: readonly string[]) =>
  ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk)));

describe('a bounded body', () => {
  it('is read whole up to its length, and not at all beyond', async () => {
    expect(await readBoundedText(bodyOf('ab', 'cd'), 4)).toBe('abcd');
    expect(await readBoundedText(bodyOf('ab', 'cde'), 4)).toBeUndefined();
    expect(await readBoundedBytes(bodyOf('ab', 'cd'), 4)).toEqual(Buffer.from('abcd'));
  });

  it('is empty where there is none', async () => {
    expect(await readBoundedText(new Response(null).body, 4)).toBe('');
  });

  it('has a letter that two chunks share', async () => {
    const [one, two] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    expect(await readBoundedText(ReadableStream.from([one, two]), 4)).toBe('é');
  });

  it('lets go of the connection at the limit', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await readBoundedBytes(endless, 100)).toBeUndefined();
    expect(cancelled).toBe(true);
  });
});
