/** ProConnect's partner API as it is called: by whom, signed, and what its answers say where they are not what was asked for. */
import { urlPart } from '#base/url-part';
import { failure } from '#domain/provisioning/failures';
import type { ProviderFailure, ProviderResult } from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import {
  failureIfUnavailable,
  type HttpResponse,
  sendRequest,
} from '#infrastructure/identity-providers/http';
import { signatureHeaders } from './signature.ts';
import { partnerDetail, partnerProblems } from './wire-format.ts';

export interface PartnerApiOptions {
  /** The origin of the API, and the path before `/api` where there is one. */
  readonly url: string;
  readonly secret: string;
  readonly fetch: Fetch;
  /** Milliseconds since 1970: the API takes a call within five minutes of its own clock. */
  readonly now: () => number;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** @returns `call`: `handle` names one client, or none, and `as` is the address that speaks */
export function partnerApi({ url: origin, secret, fetch, now }: PartnerApiOptions) {
  const root = origin.replace(/\/$/, '');
  return { root, call };

  function call(
    method: Method,
    handle: string,
    as: string,
    body?: string,
  ): Promise<ProviderResult<HttpResponse>> {
    // No slash at the end: that is another route. The address is encoded: a bare `+` would be read as a space.
    const path = handle === '' ? '' : `/${urlPart(handle)}`;
    const url = new URL(`${root}/api/oidc_clients${path}?email=${urlPart(as)}`);
    const request = {
      method,
      url,
      at: Math.floor(now() / 1000),
      ...(body === undefined ? {} : { body }),
    };
    return sendRequest(fetch, {
      method,
      url,
      secrets: [secret],
      // There are no pages: the list of a cell is one answer.
      ...(method === 'GET' && handle === '' && { list: true as const }),
      headers: {
        ...signatureHeaders(request, secret),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
  }
}

/** The API's own answer for a client that is not there, or not shown to us. A gateway's 404 says nothing about clients. */
export function isAbsent({ status, body }: HttpResponse): boolean {
  return status === 404 && partnerDetail(body) !== '';
}

/** Every status the API documents, in words that say what to do. */
export function failureFrom(
  { url: root, identityDomain }: { readonly url: string; readonly identityDomain: string },
  response: HttpResponse,
  sent?: string,
): ProviderFailure {
  const url = new URL(root);
  const problems = partnerProblems(response.body, sent, (address) =>
    address.toLowerCase().endsWith(`@${identityDomain}`),
  );
  const detail = partnerDetail(response.body);
  const later = failureIfUnavailable(url, response);
  if (later !== undefined) return later;
  const { status } = response;
  if (status >= 300 && status < 400) return failure('redirected', { host: url.host, status });
  // Without words of the API's own, it was not the API that answered.
  if (detail === '' && problems.definition.length + problems.own.length === 0)
    return status === 404
      ? failure('partner-absent', { url: root })
      : failure(status === 403 ? 'blocked' : 'not-json', { host: url.host, status });
  switch (status) {
    case 401:
      // A clock can be set, and then the same call succeeds.
      return /timestamp/i.test(detail)
        ? failure('partner-clock', { detail })
        : failure('partner-signature', { detail });
    case 403:
      return failure('partner-closed', { detail });
    case 404:
      return failure('partner-absent', { url: root });
    case 422:
      // Of one client's number, which the API itself had given.
      if (detail === 'Invalid ObjectId')
        return failure('unexpected', { host: url.host, status, error: detail });
      // What Greffier says by itself is wrong for every definition, and no applicant can correct it.
      return problems.own.length > 0
        ? failure('partner-refused-call', { problems: problems.own, domain: identityDomain })
        : failure('partner-refused', { problems: problems.definition });
    default:
      return failure('unexpected', { host: url.host, status, error: detail });
  }
}
