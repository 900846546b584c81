/** Blobs as facts carry them, and as bytes. */
import { maxFileBytes } from '#domain/definition/parse/source';
import type { BlobFact } from './facts.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** One byte more than a definition may have: what stands for a blob that was too large to be read. */
const tooLarge = maxFileBytes + 1;

/** The bytes of a blob, as a fact: text where they are text, so that people can read a recorded case. */
export function blobFact(bytes: Uint8Array): BlobFact {
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
  }
}

/** The bytes that a fact stands for. A blob that was too large to be read is as long as to be refused for it. */
export function bytesOf(fact: BlobFact | undefined): Uint8Array {
  if (fact === undefined) return new Uint8Array();
  if ('text' in fact) return encoder.encode(fact.text);
  if ('base64' in fact) return Uint8Array.from(atob(fact.base64), (character) => character.charCodeAt(0));
  return new Uint8Array(fact.unreadable === 'too-large' ? tooLarge : 0);
}
