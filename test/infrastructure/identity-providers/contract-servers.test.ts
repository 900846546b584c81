/**
 * The contract at other servers than the one of the demo: former versions of its library, and imitations of what Keycloak
 * (each quirk by itself, and together), Glewlwyd and Authlib do.
 */
import OidcProvider7 from 'oidc-provider-7';
import OidcProvider8 from 'oidc-provider-8';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { memoryBooks } from './books.ts';
import { initialAccessToken, type RunningProvider, startOpenidProvider } from './openid-provider.ts';
import { asFound, contract, vault } from './provider-contract.ts';
import {
  authlibManners,
  glewlwydManners,
  keycloakManners,
  type Manners,
  startRegistrationServer,
} from './registration-server.ts';

const cell = 'internet/integration' as const;

const versions = {
  'oidc-provider 8': OidcProvider8,
  'oidc-provider 7': OidcProvider7,
};

for (const [name, library] of Object.entries(versions))
  contract(memoryBooks(), `registration provider at ${name}`, async () => {
    const openid: RunningProvider = await startOpenidProvider({}, library);
    return {
      stop: () => openid.stop(),
      world: {
        provider: (fetcher) =>
          registrationProvider({ cell, issuer: openid.issuer, vault, fetch: fetcher, initialAccessToken }),
        authorization: () => new URL(`${openid.issuer}/auth`),
        clients: () => asFound(openid.clients().map((client) => [client.client_id, client])),
        reset: () => openid.forget(),
        secretOf: (id) => String(openid.clients().find((one) => one.client_id === id)?.client_secret),
        mayLockOut: true,
        killsAtRequests: true,
      },
    };
  });

const servers: Readonly<Record<string, Manners>> = {
  'a server without manners of its own': {},
  Glewlwyd: glewlwydManners,
  Authlib: authlibManners,
  ...Object.fromEntries(
    Object.entries(keycloakManners).map(([name, manners]) => [`Keycloak, ${name}`, manners]),
  ),
};

for (const [name, manners] of Object.entries(servers))
  contract(memoryBooks(), `registration provider at ${name}`, async () => {
    const server = await startRegistrationServer(initialAccessToken);
    server.manners = manners;
    return {
      stop: () => server.stop(),
      world: {
        provider: (fetcher) =>
          registrationProvider({ cell, issuer: server.issuer, vault, fetch: fetcher, initialAccessToken }),
        authorization: () => new URL(`${server.issuer}/auth`),
        clients: () => asFound(Array.from(server.clients, ([id, { metadata }]) => [id, metadata])),
        reset: () => server.reset(),
        secretOf: (clientId) => server.clients.get(clientId)?.secret ?? '',
        killsAtRequests: true,
        mayLockOut: (manners.renewsToken ?? []).length > 0,
      },
    };
  });
