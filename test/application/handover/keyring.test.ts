import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseKeyring } from '#application/handover/secrets/keyring';

const key = () => randomBytes(32).toString('base64');

function ring(text: string) {
  const keyring = parseKeyring(text);
  if (keyring === undefined) throw new Error('not a key');
  return keyring;
}

describe('the keyring', () => {
  it('opens what it sealed, for the same purpose only', () => {
    const keyring = ring(key());
    const sealed = keyring.seal('le secret', 'cell/id#client-secret');
    expect(sealed).not.toContain('secret');
    expect(keyring.open(sealed, 'cell/id#client-secret')).toBe('le secret');
    expect(keyring.open(sealed, 'cell/other#client-secret')).toBeUndefined();
  });

  it('never seals twice alike', () => {
    const keyring = ring(key());
    expect(keyring.seal('x', 'p')).not.toBe(keyring.seal('x', 'p'));
  });

  it('notices every altered character', () => {
    const keyring = ring(key());
    const sealed = keyring.seal('le secret', 'p');
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'Q' : 'A';
      const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
      const opened = keyring.open(altered, 'p');
      // The last character of base64url holds bits that mean nothing.
      if (opened !== undefined) expect(at).toBe(sealed.length - 1);
    }
    expect(keyring.open('', 'p')).toBeUndefined();
    expect(keyring.open(sealed.slice(0, 14), 'p')).toBeUndefined();
  });

  it('replaces a key: the new one first, the old one after a comma', () => {
    const [old, fresh] = [key(), key()];
    const sealed = ring(old).seal('x', 'p');
    const both = ring(`${fresh}, ${old}`);
    expect(both.open(sealed, 'p')).toBe('x');
    expect(both.isStale(sealed)).toBe(true);
    expect(both.isStale(both.seal('x', 'p'))).toBe(false);
    expect(ring(fresh).open(sealed, 'p')).toBeUndefined();
  });

  it.each(['', 'court', randomBytes(31).toString('base64'), `${key()},`, 'é'.repeat(44)])(
    'refuses %j',
    (text) => {
      expect(parseKeyring(text)).toBeUndefined();
    },
  );
});
