/** Expected failures of provisioning, and whose fault each is. */
import type { Message, Values } from '#base/i18n/message';
import { type ProvisioningMessageKey, provisioningKey, provisioningMessage } from './messages.ts';
import type { ProviderFailure } from './provider.ts';

/**
 * Whose fault a failure is, which says what becomes of it.
 *
 * - `provider`: whatever is asked of the provider fails alike. Told once for the whole cell; tried again by itself, and
 *   over when it is over: no definition remembers it.
 * - `passing`: this answer was none, and the next may be one. Tried again by itself.
 * - `definition`: as long as the definition says this, and the provider is as it is, trying again does not help.
 * - `client`: a person has to look at this client.
 */
export type Fault = 'provider' | 'passing' | 'definition' | 'client';

const faults: Readonly<Record<ProvisioningMessageKey, Fault>> = {
  unreachable: 'passing',
  'answer-lost': 'passing',
  'not-json': 'passing',
  'too-busy': 'passing',
  'server-error': 'passing',
  unexpected: 'passing',
  blocked: 'passing',
  'policy-refused': 'passing',
  'deletion-unproven': 'passing',
  'address-elsewhere': 'passing',
  'management-unreadable': 'passing',
  'name-not-found': 'passing',
  'connection-refused': 'passing',
  'timed-out': 'passing',
  'not-tls': 'provider',
  'certificate-expired': 'provider',
  'certificate-name': 'provider',
  'certificate-issuer': 'provider',
  redirected: 'provider',
  'insecure-address': 'provider',
  'list-too-long': 'provider',
  'discovery-missing': 'provider',
  'discovery-issuer': 'provider',
  'discovery-registration': 'provider',
  'method-not-offered': 'provider',
  'initial-token-refused': 'provider',
  'registration-refused': 'provider',
  'secret-missing': 'provider',
  'management-missing': 'provider',
  'requests-out-of-reach': 'provider',
  'requests-refused': 'provider',
  'server-changed': 'provider',
  'requests-moved': 'provider',
  'partner-clock': 'provider',
  'partner-signature': 'provider',
  'partner-closed': 'provider',
  'partner-absent': 'provider',
  'partner-refused-call': 'provider',
  'algorithm-not-offered': 'definition',
  'metadata-refused': 'definition',
  'metadata-changed': 'definition',
  'partner-refused': 'definition',
  'own-fault': 'client',
  'another-client': 'client',
  'creation-of-another': 'client',
  'client-of-another': 'client',
  'client-id-changed': 'client',
  'management-refused': 'client',
  'secret-not-told': 'client',
  'creation-unanswered': 'client',
  'no-request': 'client',
  'client-id-malformed': 'client',
  'client-id-differs': 'client',
  'partner-hidden': 'client',
};

/** An expected failure; `after` in seconds, where the provider asked to wait. */
export function failure(key: ProvisioningMessageKey, values: Values = {}, after?: number): ProviderFailure {
  const fault = faults[key];
  return {
    ok: false,
    message: provisioningMessage(key, values),
    fault,
    retry: fault === 'provider' || fault === 'passing',
    ...(after === undefined ? {} : { after }),
  };
}

/** Whose fault a failure is, by its message; undefined for one that this version does not know. */
export function faultOf(message: Message): Fault | undefined {
  const key = provisioningKey(message);
  return key && faults[key];
}

/** Greffier can no longer manage the client. */
export function lostFailure(key: ProvisioningMessageKey, values: Values = {}): ProviderFailure {
  return { ...failure(key, values), lost: true };
}
