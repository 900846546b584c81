/** Whether a delivery comes from GitHub: `X-Hub-Signature-256`, the HMAC of the raw body. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '#base/config/secret';

const form = /^sha256=([0-9a-f]{64})$/;

/** What a delivery of this body carries, signed with this secret. */
export function signatureOf(body: Uint8Array | string, secret: Secret): string {
  return `sha256=${digestOf(body, secret).toString('hex')}`;
}

/** Compares with every secret, always all of them, in a time that does not depend on what was sent. */
export function isSigned(body: Uint8Array, signature: string, secrets: readonly Secret[]): boolean {
  const given = form.exec(signature)?.[1];
  if (given === undefined) return false;
  const claimed = Buffer.from(given, 'hex');
  let signed = false;
  for (const secret of secrets) {
    const own = digestOf(body, secret);
    if (timingSafeEqual(own, claimed)) signed = true;
  }
  return signed;
}

function digestOf(body: Uint8Array | string, secret: Secret): Buffer {
  return createHmac('sha256', secret.reveal()).update(body).digest();
}
