/** Reading outcomes in tests. */
import { quoteInBackticks } from '#base/i18n/render';
import { translateProvisioning } from '#domain/provisioning/messages';
import type {
  CreationAttempt,
  IssuedClient,
  Keep,
  ProviderResult,
  RecordedClient,
} from '#domain/provisioning/provider';

export function succeeded<T>(outcome: ProviderResult<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(translateProvisioning(outcome.message, 'en', quoteInBackticks));
}

/** What a failure tells a person, in English. */
export function said(outcome: ProviderResult<unknown>): string {
  if (outcome.ok) throw new Error('this was to fail');
  return translateProvisioning(outcome.message, 'en', quoteInBackticks);
}

export function issuedBy(outcome: ProviderResult<IssuedClient | { kind: 'requested' }>): IssuedClient {
  const value = succeeded(outcome);
  if (value.kind !== 'issued') throw new Error('nothing was issued');
  return value;
}

export function held(issued: IssuedClient): RecordedClient {
  return {
    handle: issued.handle,
    clientId: issued.clientId,
    metadata: issued.metadata,
    confirmed: issued.metadata,
    ...(issued.management === undefined ? {} : { management: issued.management }),
    ...(issued.method === undefined ? {} : { method: issued.method }),
  };
}

/** For a test that is not about what a provider renews: the answer itself is looked at. */
export const unkept: Keep = async () => undefined;

/** A creation that was announced. */
export const anAttempt: CreationAttempt = { mark: 'a0b1c2', key: 'd3e4f5' };
