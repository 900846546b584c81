/** The token of a handover link: 256 random bits, of which only the hash is stored. */
import { createHash, randomBytes } from 'node:crypto';
import type { LinkToken } from '#application/ledger/links';

/** Days for which a handover link can be used. */
export const handoverDays = 7;

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A new link, as the ledger writes it down. */
export function newLink(): LinkToken {
  const token = newToken();
  return { token, hash: tokenHash(token), days: handoverDays };
}

/** Hexadecimal SHA-256. A plain hash is enough for 256 random bits. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a text can be a token at all. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
