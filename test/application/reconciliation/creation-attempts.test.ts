/** Attempts at a creation, against a server that answers a request once (`Idempotency-Key`): the same key, the same answer. */
import { beforeEach, describe, expect, it } from 'vitest';
import { applyStep } from '#application/reconciliation/apply-step';
import type { Step } from '#domain/provisioning/plan';
import { sealingPurpose } from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { memoryBooks } from '../../infrastructure/identity-providers/books.ts';
import { aVault } from '../../infrastructure/identity-providers/store.ts';

const issuer = 'https://idp.example.fr';
const ref = { cell: 'internet/integration', id: 'agenda' } as const;

interface ServedClient {
  readonly secret: string;
  readonly token: string;
  metadata: object;
}

function honouringServer() {
  const answers = new Map<string, { status: number; body: string }>();
  const clients = new Map<string, ServedClient>();
  const keys: string[] = [];
  let isLost = false;
  let refusal: number | undefined;
  const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
  function answered(body: object): { status: number; body: string } {
    if (refusal !== undefined) return { status: refusal, body: '{"error":"invalid_client_metadata"}' };
    const id = `client-${clients.size + answers.size}`;
    const client = { secret: `secret-of-${id}`, token: `token-of-${id}`, metadata: body };
    clients.set(id, client);
    return { status: 201, body: JSON.stringify({ ...body, ...issued(id, client) }) };
  }
  const issued = (id: string, { secret, token }: ServedClient) => ({
    client_id: id,
    client_secret: secret,
    registration_access_token: token,
    registration_client_uri: `${issuer}/reg/${id}`,
  });
  const fetcher: Fetch = async (input, init) => {
    const url = new URL(String(input));
    if (url.pathname.includes('.well-known'))
      return json(200, {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        registration_endpoint: `${issuer}/reg`,
        id_token_signing_alg_values_supported: ['RS256'],
        userinfo_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      });
    const headers = new Headers(init.headers as Record<string, string>);
    const body = init.body === undefined ? {} : JSON.parse(String(init.body));
    if (init.method === 'POST') {
      const key = headers.get('idempotency-key') ?? '';
      keys.push(key);
      const answer = answers.get(key) ?? answered(body);
      answers.set(key, answer);
      if (isLost) throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      return new Response(answer.body, { status: answer.status });
    }
    const id = url.pathname.split('/').at(-1) ?? '';
    const client = clients.get(id);
    if (client === undefined || headers.get('authorization') !== `Bearer ${client.token}`)
      return json(401, { error: 'invalid_token' });
    if (init.method === 'DELETE') {
      clients.delete(id);
      return new Response(null, { status: 204 });
    }
    if (init.method === 'PUT') client.metadata = body;
    return json(200, { ...client.metadata, ...issued(id, client) });
  };
  return {
    fetcher,
    clients,
    keys,
    lose(lost: boolean) {
      isLost = lost;
    },
    refuse(status: number | undefined) {
      refusal = status;
    },
  };
}

describe('a server that honours Idempotency-Key', () => {
  let server: ReturnType<typeof honouringServer>;
  beforeEach(() => {
    server = honouringServer();
  });

  /** A registry of its own, with its own ledger. */
  async function aRegistry() {
    const vault = aVault();
    const books = memoryBooks();
    const ledger = await books.begin(vault);
    const provider = registrationProvider({ cell: ref.cell, issuer, vault, fetch: server.fetcher });
    const step = (action: Step['action']) => ({ ...ref, action, changes: [], left: [], digest: action });
    const apply = (action: Step['action']) =>
      applyStep(
        { provider, ledger, now: Date.now },
        step(action),
        action === 'create' ? aDesired(ref.id) : undefined,
        { commit: 'c0ffee' },
      );
    return {
      apply,
      clientId: async () => (await ledger.load(ref))?.clientId,
      secret: async () => {
        const sealed = await books.handed();
        return sealed && vault.open(sealed, sealingPurpose(ref, 'client-secret'));
      },
    };
  }

  it('gives two registries two clients, whatever their definitions are called', async () => {
    const [ours, theirs] = [await aRegistry(), await aRegistry()];
    expect(await ours.apply('create')).toMatchObject({ kind: 'done' });
    expect(await theirs.apply('create')).toMatchObject({ kind: 'done' });
    expect(await theirs.clientId()).not.toBe(await ours.clientId());
    expect(await theirs.secret()).not.toBe(await ours.secret());
  });

  it('is sent the same key as long as the answer is lost, and so makes one client', async () => {
    const { apply, clientId } = await aRegistry();
    server.lose(true);
    expect(await apply('create')).toMatchObject({ kind: 'failed' });
    expect(await apply('create')).toMatchObject({ kind: 'failed' });
    server.lose(false);
    expect(await apply('create')).toMatchObject({ kind: 'done' });
    expect(new Set(server.keys).size).toBe(1);
    expect([...server.clients.keys()]).toEqual([await clientId()]);
  });

  it.each([400, 500])(
    'is sent another once it has answered %d, which it would repeat for ever',
    async (status) => {
      const { apply } = await aRegistry();
      server.refuse(status);
      expect(await apply('create')).toMatchObject({ kind: 'failed' });
      server.refuse(undefined);
      expect(await apply('create')).toMatchObject({ kind: 'done' });
      expect(new Set(server.keys).size).toBe(2);
    },
  );

  it('makes a new client once the former one was deleted', async () => {
    const { apply, clientId } = await aRegistry();
    await apply('create');
    const before = await clientId();
    await apply('deactivate');
    expect(await apply('delete')).toMatchObject({ kind: 'done' });
    expect(await apply('create')).toMatchObject({ kind: 'done' });
    expect(await clientId()).not.toBe(before);
    expect(server.clients.has((await clientId()) ?? '')).toBe(true);
  });
});
