/** The contract of every kind of provider, killed at every point. Other servers: `contract-servers.test.ts`. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import { confirmProvisioned } from '#application/reconciliation/manual-requests';
import type { Tables } from '#infrastructure/database/tables';
import { manualProvider } from '#infrastructure/identity-providers/manual';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { writer } from '../../application/writer.ts';
import { sqlBooks } from './books.ts';
import { type IssueBoard, issueBoard } from './issue-board.ts';
import { initialAccessToken, type RunningProvider, startOpenidProvider } from './openid-provider.ts';
import { type PartnerApi, partnerSecret, startPartnerApi } from './partner-api.ts';
import { asFound, contract, vault } from './provider-contract.ts';
import { aStore } from './store.ts';

const cell = 'internet/integration' as const;

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await aStore();
});
afterAll(() => db.destroy());
const books = sqlBooks(() => db);

contract(books, 'registration provider', async () => {
  const openid: RunningProvider = await startOpenidProvider();
  return {
    stop: () => openid.stop(),
    world: {
      provider: (fetcher) =>
        registrationProvider({ cell, issuer: openid.issuer, vault, fetch: fetcher, initialAccessToken }),
      authorization: () => new URL(`${openid.issuer}/auth`),
      clients: () => asFound(openid.clients().map((client) => [client.client_id, client])),
      secretOf: (id) => String(openid.clients().find((one) => one.client_id === id)?.client_secret),
      reset: () => openid.forget(),
      mayLockOut: true,
    },
  };
});

contract(books, 'proconnect provider', async () => {
  const api: PartnerApi = await startPartnerApi();
  return {
    stop: () => api.close(),
    world: {
      provider: (fetcher) =>
        proconnectProvider({
          cell,
          url: api.url,
          secret: partnerSecret,
          identityDomain: 'registre.example.fr',
          fetch: fetcher,
          now: Date.now,
        }),
      clients: () =>
        [...api.clients.values()].map((client) => ({
          clientId: client.key,
          name: String(client.name),
          active: client.active === true,
        })),
      reset: () => api.clients.clear(),
    },
  };
});

contract(books, 'manual provider', async () => {
  const board: IssueBoard = issueBoard();
  return {
    stop: async () => undefined,
    world: {
      provider: (_fetcher, point) =>
        manualProvider({ cell, tracker: board.issues(point), language: () => 'fr' }),
      clients: () => board.clients(),
      act: async (ledger) => {
        for (const request of board.openRequests()) {
          const clientId = board.act(request);
          const confirmed = await confirmProvisioned(
            { ledger, now: () => 0 },
            (await ledger.all()).find((account) => account.request?.name === String(request)),
            { clientId, by: writer('operatrice') },
          );
          if (!confirmed.ok) throw new Error(JSON.stringify(confirmed));
          board.close(request);
        }
      },
      waiting: () => board.openRequests().length,
      reset: () => board.reset(),
    },
  };
});
