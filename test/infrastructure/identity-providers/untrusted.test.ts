/** Servers that were taken over, or never were what they seemed: what they answer must not reach anyone else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import type { RecordedClient } from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { sendRequest } from '#infrastructure/identity-providers/http';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { redirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { ThrottledClient } from '#infrastructure/lookups/throttled-client';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { anAttempt, held, issuedBy, said, unkept } from '../../domain/provisioning/outcomes.ts';
import { aVault } from './store.ts';

const cell = 'internet/integration' as const;
const subject = { cell, id: 'agenda' };
const wanted = wantedMetadata(aDesired('agenda'));
const issuer = 'https://idp.example.fr';
const vault = aVault();
const description = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  registration_endpoint: `${issuer}/reg`,
  id_token_signing_alg_values_supported: ['RS256'],
  userinfo_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['client_secret_post'],
};
const registered = {
  client_id: 'ours',
  client_secret: 'our-secret',
  registration_client_uri: `${issuer}/reg/ours`,
  registration_access_token: 'our-token',
  redirect_uris: ['https://agenda.ville.example.fr/callback'],
};

function listening(answer: (path: string, method: string) => unknown) {
  const asked: string[] = [];
  const fetcher: Fetch = async (url, init) => {
    asked.push(`${init.method} ${url.href}`);
    const body = answer(url.pathname, String(init.method));
    return body instanceof Response ? body : Response.json(body);
  };
  return { asked, fetcher };
}
const registration = (fetcher: Fetch) => registrationProvider({ cell, issuer, vault, fetch: fetcher });
const partner = (fetcher: Fetch) =>
  proconnectProvider({
    cell,
    url: 'https://partner.example.fr',
    secret: 'partner-secret',
    identityDomain: 'registre.example.fr',
    fetch: fetcher,
    now: Date.now,
  });

/** A client as the registration provider made it. */
async function made(): Promise<RecordedClient> {
  const { fetcher } = listening((path) => (path === '/reg' ? registered : description));
  return held(issuedBy(await registration(fetcher).create(subject, wanted, anAttempt)));
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server that sends everyone on to another one, which notes who came. */
async function trap(): Promise<{ readonly url: string; readonly caught: string[] }> {
  const caught: string[] = [];
  const start = async (answer: Parameters<typeof createServer>[1]) => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const inner = await start((request, response) => {
    caught.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.end('{}');
  });
  const url = await start((request, response) => {
    request.resume();
    response.writeHead(307, { location: `${inner}/latest/meta-data` }).end();
  });
  return { url, caught };
}

/** An answer that never ends; how much of it was read. */
function endless(status = 200) {
  const read = { bytes: 0 };
  const chunk = new Uint8Array(256 * 1024).fill(0x20);
  const body = new ReadableStream({
    pull(controller) {
      read.bytes += chunk.length;
      if (read.bytes > 64 * 1024 * 1024) controller.close();
      else controller.enqueue(chunk);
    },
  });
  return { read, response: new Response(body, { status }) };
}

describe('a server that answers 200 to everything', () => {
  it.each([[{}], [[]], ['ok'], [null], [{ ok: true }]])('with %j makes no client', async (body) => {
    const { fetcher } = listening((path) => (path.includes('.well-known') ? description : body));
    expect(said(await registration(fetcher).create(subject, wanted, anAttempt))).toMatch(/unreadable/);
    expect(await registration(fetcher).update(subject, await made(), wanted, unkept)).toMatchObject({
      ok: false,
    });
    expect(await registration(fetcher).read(subject, await made(), unkept)).toMatchObject({ ok: false });
    const { fetcher: other } = listening(() => body);
    expect(await partner(other).create(subject, wanted, anAttempt)).toMatchObject({ ok: false });
    if (!Array.isArray(body)) expect(await partner(other).find?.(subject)).toMatchObject({ ok: false });
  });
});

describe('a server that answers without end', () => {
  it('is read no further than a bounded length', async () => {
    const flood = endless();
    const url = new URL(`${issuer}/reg`);
    const answer = await sendRequest(async () => flood.response, { url, method: 'POST', secrets: [] });
    expect(answer).toMatchObject({ ok: false });
    expect(flood.read.bytes).toBeLessThan(4 * 1024 * 1024);
    const page = endless(400);
    const probe = redirectUriProbe(
      async () => page.response,
      async () => new URL(`${issuer}/auth`),
    );
    expect(await probe('id', 'https://agenda.ville.example.fr/callback')).toEqual({ kind: 'unreachable' });
    expect(page.read.bytes).toBeLessThan(4 * 1024 * 1024);
    const directory = endless();
    const line = new ThrottledClient(
      { fetch: async () => directory.response, userAgent: 'x', now: Date.now, wait: async () => undefined },
      0,
    );
    expect(await line.request(new URL('https://annuaire.example.fr/'))).toEqual({});
    expect(directory.read.bytes).toBeLessThan(4 * 1024 * 1024);
  });
});

describe('a server that sends elsewhere', () => {
  it('is not followed, and takes no token with it', async () => {
    const { url, caught } = await trap();
    const headers = { authorization: 'Bearer initial-token' };
    const answer = await sendRequest(fetch, {
      url: new URL(`${url}/reg`),
      method: 'POST',
      secrets: [],
      headers,
      body: '{}',
    });
    expect(answer).toMatchObject({ ok: true, value: { status: 307 } });
    expect(caught).toEqual([]);
  });

  it('is not followed by the probe, which never asks the redirect URI itself', async () => {
    const { url, caught } = await trap();
    const probe = redirectUriProbe(fetch, async () => new URL(`${url}/auth`));
    await probe('id', `${url}/callback`);
    expect(caught).toEqual([]);
  });

  it('is not followed where public services are asked', async () => {
    const { url, caught } = await trap();
    const line = new ThrottledClient(
      { fetch, userAgent: 'x', now: Date.now, wait: async () => undefined },
      0,
    );
    const init = { headers: { authorization: 'Bearer datapass-token' } };
    expect(await line.request(new URL(`${url}/api/v1/habilitations/1`), init)).toEqual({});
    expect(caught).toEqual([]);
  });

  it.each([
    'https://169.254.169.254/latest',
    'https://10.0.0.1/reg',
    'https://[::1]/reg',
    'https://localhost/reg',
    'http://127.0.0.1:9200/reg',
    'https://user:pass@autre.example.fr/reg',
    'file:///etc/passwd',
  ])('by announcing %s is refused in words, and nothing is asked there', async (elsewhere) => {
    for (const endpoint of ['registration_endpoint', 'authorization_endpoint']) {
      const { fetcher, asked } = listening(() => ({ ...description, [endpoint]: elsewhere }));
      expect(said(await registration(fetcher).create(subject, wanted, anAttempt))).toMatch(
        /will send nothing|not https/,
      );
      expect(asked).toEqual([`GET ${issuer}/.well-known/openid-configuration`]);
    }
    const { fetcher, asked } = listening((path) =>
      path === '/reg' ? { ...registered, registration_client_uri: elsewhere } : description,
    );
    expect(said(await registration(fetcher).create(subject, wanted, anAttempt))).toContain(
      'will send nothing',
    );
    expect(asked).toHaveLength(2);
  });
});

describe("a server that answers with someone else's client", () => {
  const another = { ...registered, client_id: 'theirs', client_secret: 'their-secret' };

  it('is not believed by `registration`, and that secret is not kept', async () => {
    const client = await made();
    const { fetcher } = listening((path) => (path.includes('.well-known') ? description : another));
    const provider = registration(fetcher);
    const keep = async () => expect.fail('something of it was kept');
    for (const outcome of [
      await provider.read(subject, client, keep),
      await provider.update(subject, client, wanted, keep),
      await provider.reissue?.(subject, client, keep),
    ]) {
      expect(outcome).toMatchObject({ ok: false, retry: false });
      expect(JSON.stringify(outcome)).not.toMatch(/theirs|sealed/);
    }
  });

  const stored = (changes: object) => ({
    _id: 'f'.repeat(24),
    key: 'their-key',
    client_secret: 'their-secret',
    name: 'Autre',
    collaborators: ['quelqu-un@autre.example.fr'],
    redirect_uris: [],
    post_logout_redirect_uris: [],
    active: true,
    ...changes,
  });

  it('is not believed by `proconnect`: what is not ours by its collaborators is never adopted', async () => {
    const { fetcher } = listening(() => [stored({})]);
    expect(await partner(fetcher).find?.(subject)).toEqual({ ok: true, value: [] });
    expect(await partner(fetcher).list?.()).toEqual({ ok: true, value: [] });
    const mine = ['agenda@registre.example.fr', 'greffier.registre@registre.example.fr'];
    const { fetcher: single, asked } = listening(() => stored({ collaborators: mine }));
    const client = { handle: 'a'.repeat(24), clientId: 'our-key', metadata: {}, confirmed: wanted };
    expect(await partner(single).read(subject, client, unkept)).toMatchObject({ ok: false, retry: false });
    expect(await partner(single).update(subject, client, wanted, unkept)).toMatchObject({
      ok: false,
      retry: false,
    });
    expect(asked.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  });
});
