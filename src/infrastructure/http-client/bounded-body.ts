/** Reads what a server answers no further than a length: it may be anyone's, and may never end. */

/**
 * @param maxBytes the longest body that is read
 * @returns undefined when there is more; the rest is not read
 * @throws what the connection ends with
 */
export async function readBoundedBytes(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (body === null) return Buffer.alloc(0);
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The same of a text in UTF-8. */
export async function readBoundedText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<string | undefined> {
  return (await readBoundedBytes(body, maxBytes))?.toString('utf8');
}
