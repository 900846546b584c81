/**
 * Sealing secrets for storage: AES-256-GCM (NIST SP 800-38D), a fresh 96-bit nonce each time, the purpose
 * authenticated with the text, and the id of the key written beside it so that keys can be replaced.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** The first key seals; all of them open. */
export interface Keyring {
  seal(secret: string, purpose: string): string;
  /** @returns undefined when the key is not on the ring, the purpose differs, or the text was altered. */
  open(sealed: string, purpose: string): string | undefined;
  /** Whether the text was sealed with another key than the first: seal it again, then drop the old key. */
  isStale(sealed: string): boolean;
  /** The ids of the keys as they stand beside what they sealed, the first one's first. They tell nothing of the keys. */
  readonly ids: readonly [string, ...string[]];
}

/**
 * Reads keys as they stand in `GREFFIER_KEY`: 32 bytes in base64 (`openssl rand -base64 32`). To replace a key, put
 * the new one first and the old one after a comma.
 *
 * @returns undefined when one of them is not 32 bytes in base64.
 */
export function parseKeyring(text: string): Keyring | undefined {
  return keyringOf(text, (key) => key);
}

/**
 * Keys of their own for another purpose than what the store keeps, derived from those (HKDF, RFC 5869): what is sealed
 * for one can never be opened, or shown, as the other.
 */
export function parseDerivedKeyring(text: string, purpose: string): Keyring | undefined {
  return keyringOf(text, (key) => Buffer.from(hkdfSync('sha256', key, '', purpose, keyBytes)));
}

function keyringOf(text: string, derive: (key: Buffer) => Buffer): Keyring | undefined {
  const keys: { id: string; key: Buffer }[] = [];
  for (const part of text.split(',')) {
    const written = part.trim();
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(written)) return undefined;
    const bytes = Buffer.from(written, 'base64');
    if (bytes.length !== keyBytes) return undefined;
    const key = derive(bytes);
    keys.push({ id: createHash('sha256').update(key).digest('hex').slice(0, 8), key });
  }
  const [first] = keys;
  return first === undefined ? undefined : ring(first, keys);
}

function ring(first: { id: string; key: Buffer }, keys: readonly { id: string; key: Buffer }[]): Keyring {
  const [, ...former] = keys.map((key) => key.id);
  return {
    ids: [first.id, ...former],
    seal(secret, purpose) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce);
      cipher.setAAD(Buffer.from(purpose));
      const text = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${version}.${first.id}.${text.toString('base64url')}`;
    },
    open(sealed, purpose) {
      const [written, id, text] = sealed.split('.');
      const known = keys.find((candidate) => candidate.id === id);
      if (written !== version || known === undefined || text === undefined) return undefined;
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length < nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', known.key, bytes.subarray(0, nonceBytes));
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      try {
        const opened = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
        return Buffer.concat([opened, decipher.final()]).toString('utf8');
      } catch {
        // The only thing `final` throws for is a text that does not belong to this key and purpose.
        return undefined;
      }
    },
    isStale(sealed) {
      return sealed.split('.')[1] !== first.id;
    },
  };
}
