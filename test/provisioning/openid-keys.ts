/** Signing keys for the OpenID provider of the tests, made anew for each run. */
import { generateKeyPairSync } from 'node:crypto';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const openidKeys = {
  keys: [
    { ...rsa.privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'rsa' },
    { ...curve.privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'curve' },
  ],
};
