/**
 * What is made of an answer that is no success: whose fault it is, in words. Servers answer what they like; what does not
 * speak the language of OAuth errors (RFC 6749 §5.2) was not said by the provider at all.
 */
import { isJsonObject } from '#base/json';
import { failure } from '#domain/provisioning/failures';
import type { ProviderFailure } from '#domain/provisioning/provider';
import { failureIfUnavailable, type HttpResponse } from '#infrastructure/identity-providers/http';

interface OAuthError {
  readonly code: string;
  /** With its description, as people read it. */
  readonly text: string;
}

/** The error that a provider names; undefined where the answer is somebody else's: a page of a gateway, an empty one. */
function oauthError(body: unknown): OAuthError | undefined {
  if (!isJsonObject(body) || typeof body.error !== 'string' || body.error === '') return undefined;
  const { error: code, error_description: description } = body;
  return {
    code,
    text: typeof description === 'string' && description !== '' ? `${code}: ${description}` : code,
  };
}

/** Errors by which servers say that a registration token is worth nothing, under whatever status they do. */
const tokenErrors = new Set(['invalid_token', 'access_denied', 'invalid_client']);

/**
 * Whether a provider says that it knows nothing of a client, or nothing of our token for it: RFC 7592 §2 has 401 for
 * both. A 404 without an error of the protocol is a gateway's.
 */
export function isRefusedToken({ status, body }: HttpResponse): boolean {
  if (status === 401) return true;
  const error = oauthError(body);
  if (error === undefined || status < 400 || status >= 500) return false;
  return status === 404 || status === 410 || tokenErrors.has(error.code);
}

/** Of a request about one client, which holds values of its definition. */
export function refusalOf(url: URL, response: HttpResponse): ProviderFailure {
  const { status, body } = response;
  const { host } = url;
  const error = oauthError(body);
  const general = withoutProtocol(url, response);
  if (general !== undefined) return general;
  if (error === undefined) return failure(status === 403 ? 'blocked' : 'not-json', { host, status });
  if (status === 400) return failure('metadata-refused', { error: error.text });
  if (status === 403) return failure('policy-refused', { host, error: error.text });
  return failure('unexpected', { host, status, error: error.text });
}

/** Of a registration, which holds nothing of a definition yet: whatever is refused is refused to all. */
export function registrationRefusal(url: URL, response: HttpResponse, issuer: string): ProviderFailure {
  const { status, body } = response;
  const { host } = url;
  const general = withoutProtocol(url, response);
  if (general !== undefined) return general;
  const error = oauthError(body);
  if (status === 401 || (error !== undefined && tokenErrors.has(error.code)))
    return failure('initial-token-refused', { issuer });
  if (error === undefined) return failure(status === 403 ? 'blocked' : 'not-json', { host, status });
  return failure('registration-refused', { issuer, error: error.text });
}

/** What says nothing about the request: the server is busy, in trouble, or elsewhere. */
function withoutProtocol(url: URL, response: HttpResponse): ProviderFailure | undefined {
  const { status } = response;
  const { host } = url;
  const later = failureIfUnavailable(url, response);
  if (later !== undefined) return later;
  if (status >= 300 && status < 400) return failure('redirected', { host, status });
  return status === 408 || status === 425 ? failure('server-error', { host, status }) : undefined;
}
