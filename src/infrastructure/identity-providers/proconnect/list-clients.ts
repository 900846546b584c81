/** The clients that one person sees through the partner API, to begin a registry with: read, and never changed. */
import { isJsonObject } from '#base/json';
import { failure } from '#domain/provisioning/messages';
import type { ProviderResult } from '#domain/provisioning/provider';
import { failureIfUnavailable, sendRequest } from '#infrastructure/identity-providers/http';
import type { ProconnectOptions } from './provider.ts';
import { signatureHeaders } from './signature.ts';
import { partnerDetail } from './wire-format.ts';

/** What a definition is made of; the secret, which is in every answer, is left where it is. */
const readFields = [
  ...['_id', 'key', 'name', 'redirect_uris', 'post_logout_redirect_uris', 'id_token_signed_response_alg'],
  ...['userinfo_signed_response_alg', 'collaborators', 'active'],
];

/** @param email a collaborator of the clients that are wanted */
export async function listPartnerClients(
  options: Omit<ProconnectOptions, 'cell' | 'identityDomain'>,
  email: string,
): Promise<ProviderResult<readonly Readonly<Record<string, unknown>>[]>> {
  const root = options.url.replace(/\/$/, '');
  const url = new URL(`${root}/api/oidc_clients?email=${encodeURIComponent(email)}`);
  const at = Math.floor(options.now() / 1000);
  const response = await sendRequest(options.fetch, {
    method: 'GET',
    url,
    secrets: [options.secret],
    list: true,
    headers: signatureHeaders({ method: 'GET', url, at }, options.secret),
  });
  if (!response.ok) return response;
  const { status, body } = response.value;
  if (status === 200 && Array.isArray(body))
    return {
      ok: true,
      value: body
        .filter(isJsonObject)
        .map((client) =>
          Object.fromEntries(Object.entries(client).filter(([name]) => readFields.includes(name))),
        ),
    };
  const later = failureIfUnavailable(url, response.value);
  if (later !== undefined) return later;
  const detail = partnerDetail(body);
  if (status === 401)
    return failure(/timestamp/i.test(detail) ? 'partner-clock' : 'partner-signature', { detail });
  return failure('unexpected', { host: url.host, status, error: detail });
}
