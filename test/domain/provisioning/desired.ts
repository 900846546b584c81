/** Definitions for the tests of provisioning. */
import type { CellName } from '#base/config/cells';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import type { DesiredClient } from '#domain/registry/registry';

export function aDesired(
  id: string,
  changes: Partial<ServiceProvider> = {},
  cell: CellName = 'internet/integration',
): DesiredClient {
  const [network, environment] = cell.split('/');
  return {
    path: `service-providers/${cell}/${id}.yaml`,
    cell,
    id,
    definition: {
      version: 1,
      name: `Service ${id}`,
      network: network === 'rie' ? 'rie' : 'internet',
      environment: environment === 'production' ? 'production' : 'integration',
      organization: { siret: '21999900000017' },
      contacts: { technical: [`equipe-${id}@ville.example.fr`] },
      redirect_uris: [`https://${id}.ville.example.fr/callback`],
      post_logout_redirect_uris: [`https://${id}.ville.example.fr/`],
      id_token_signed_response_alg: 'RS256',
      userinfo_signed_response_alg: 'RS256',
      ...changes,
    },
  };
}
