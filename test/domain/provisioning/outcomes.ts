/** Reading outcomes in tests. */
import { quoted } from '#base/i18n/render';
import { sayProvisioning } from '#domain/provisioning/messages';
import type { HeldClient, Issued, Outcome } from '#domain/provisioning/provider';

export function succeeded<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(sayProvisioning(outcome.message, 'en', quoted));
}

/** What a failure tells a person, in English. */
export function said(outcome: Outcome<unknown>): string {
  if (outcome.ok) throw new Error('this was to fail');
  return sayProvisioning(outcome.message, 'en', quoted);
}

export function issuedBy(outcome: Outcome<Issued | { kind: 'requested' }>): Issued {
  const value = succeeded(outcome);
  if (value.kind !== 'issued') throw new Error('nothing was issued');
  return value;
}

export function held(issued: Issued): HeldClient {
  return {
    handle: issued.handle,
    clientId: issued.clientId,
    metadata: issued.metadata,
    confirmed: issued.metadata,
    ...(issued.management === undefined ? {} : { management: issued.management }),
    ...(issued.method === undefined ? {} : { method: issued.method }),
  };
}
