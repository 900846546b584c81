/** Why nothing came back from another machine: the one place that reads errors of the network. */

import type { Bilingual } from './i18n/message.ts';

/** What is said of each, with the way out; `{host}` was asked. */
export const networkMessages = {
  'name-not-found': {
    fr: 'Le nom {host} n’est pas connu ici : vérifiez l’adresse, et le DNS de la machine de Greffier. Greffier réessaiera tout seul.',
    en: 'The name {host} is not known here: check the address, and the DNS of the machine that runs Greffier. Greffier will try again by itself.',
  },
  'connection-refused': {
    fr: '{host} refuse la connexion, ou n’est pas joignable d’ici : rien n’y écoute, ou un pare-feu l’interdit. S’il faut un proxy, indiquez-le dans HTTPS_PROXY. Greffier réessaiera tout seul.',
    en: '{host} refuses the connection, or cannot be reached from here: nothing listens there, or a firewall forbids it. Where a proxy is needed, name it in HTTPS_PROXY. Greffier will try again by itself.',
  },
  'timed-out': {
    fr: '{host} n’a pas répondu à temps. Greffier réessaiera tout seul.',
    en: '{host} did not answer in time. Greffier will try again by itself.',
  },
  'not-tls': {
    fr: 'Ce qui écoute à {host} ne parle pas TLS : le port est celui d’un service sans certificat. Donnez le port de TLS, ou une adresse en http là où c’est permis (pour GitHub : GHE_PROTOCOL=http).',
    en: 'What listens at {host} does not speak TLS: the port is that of a service without a certificate. Give the port of TLS, or an http address where that is allowed (for GitHub: GHE_PROTOCOL=http).',
  },
  'certificate-expired': {
    fr: 'Le certificat présenté par {host} a expiré, ou n’est pas encore valable : renouvelez-le là-bas, ou mettez à l’heure la machine de Greffier.',
    en: 'The certificate of {host} has expired, or is not valid yet: renew it there, or set the clock of the machine that runs Greffier.',
  },
  'certificate-name': {
    fr: 'Le certificat présenté par {host} est celui d’un autre nom : indiquez l’adresse par le nom qu’il porte, ou faites-en faire un pour celui-ci.',
    en: 'The certificate of {host} is that of another name: give the address by the name that it bears, or have one made for this one.',
  },
  'certificate-issuer': {
    fr: 'Le certificat présenté par {host} vient d’une autorité que cette machine ne connaît pas, ou de lui-même : mettez le certificat de l’autorité dans un fichier que nomme NODE_EXTRA_CA_CERTS, ou parmi ceux du système (docs/operate.md).',
    en: 'The certificate of {host} comes from an authority that this machine does not know, or from itself: put the certificate of the authority in a file that NODE_EXTRA_CA_CERTS names, or among those of the system (docs/operate.md).',
  },
} as const satisfies Record<string, Bilingual>;

export type NetworkFault = keyof typeof networkMessages;

/** Codes of Node, of OpenSSL and of `undici`. */
const faultsByCode: Readonly<Record<string, NetworkFault>> = {
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  EDNS: 'name-not-found',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'connection-refused',
  ENETUNREACH: 'connection-refused',
  ETIMEDOUT: 'timed-out',
  UND_ERR_CONNECT_TIMEOUT: 'timed-out',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-tls',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-issuer',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-issuer',
  CERT_UNTRUSTED: 'certificate-issuer',
};

/** Where a library puts a code of its own in the place of that of the system, its words tell. */
const faultsByWords: readonly (readonly [RegExp, NetworkFault])[] = [
  [/wrong version number|packet length too long/i, 'not-tls'],
  [/certificate has expired|certificate is not yet valid/i, 'certificate-expired'],
  [/does not match certificate's altnames/i, 'certificate-name'],
  [
    /self[- ]signed certificate|unable to (?:verify the first|get (?:local )?issuer) certificate/i,
    'certificate-issuer',
  ],
];

/** @returns undefined when the error is none of the network, or says nothing that helps */
export function networkFault(error: unknown, depth = 0): NetworkFault | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  if (error.name === 'TimeoutError') return 'timed-out';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = Object.hasOwn(faultsByCode, code) ? faultsByCode[code] : undefined;
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  for (const one of inner) {
    const fault = networkFault(one, depth + 1);
    if (fault !== undefined) return fault;
  }
  return faultsByWords.find(([words]) => words.test(error.message))?.[1] ?? known;
}
