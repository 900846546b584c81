/** The clients that one person sees through the partner API, to begin a registry with: read, and never changed. */
import { isJsonObject } from '#base/json';
import { failure } from '#domain/provisioning/failures';
import type { ProviderResult } from '#domain/provisioning/provider';
import { failureIfUnavailable } from '#infrastructure/identity-providers/http';
import { type PartnerApiOptions, partnerApi } from './partner-api.ts';
import { partnerDetail } from './wire-format.ts';

/** What a definition is made of; the secret, which is in every answer, is left where it is. */
const readFields = [
  ...['_id', 'key', 'name', 'redirect_uris', 'post_logout_redirect_uris', 'id_token_signed_response_alg'],
  ...['userinfo_signed_response_alg', 'collaborators', 'active'],
];

/** @param email a collaborator of the clients that are wanted */
export async function listPartnerClients(
  options: PartnerApiOptions,
  email: string,
): Promise<ProviderResult<readonly Readonly<Record<string, unknown>>[]>> {
  const { root, call } = partnerApi(options);
  const response = await call('GET', '', email);
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
  const url = new URL(root);
  const later = failureIfUnavailable(url, response.value);
  if (later !== undefined) return later;
  const detail = partnerDetail(body);
  if (status === 401)
    return failure(/timestamp/i.test(detail) ? 'partner-clock' : 'partner-signature', { detail });
  return failure('unexpected', { host: url.host, status, error: detail });
}
