import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { type ClientMetadata, sealingPurpose } from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { dormantUri, fromWire, listOf } from '#infrastructure/identity-providers/registration/wire-format';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { anAttempt, held, issuedBy, said, succeeded, unkept } from '../../domain/provisioning/outcomes.ts';
import {
  agent,
  initialAccessToken,
  type RunningProvider,
  signIn,
  startOpenidProvider,
} from './openid-provider.ts';
import { aVault } from './store.ts';

const vault = aVault();
const cell = 'internet/integration' as const;

describe('the registration provider, against a real OpenID provider', () => {
  let openid: RunningProvider;
  beforeAll(async () => {
    openid = await startOpenidProvider();
  });
  afterAll(() => openid.stop());

  const provider = (fetcher: Fetch = fetch, token: string | undefined = initialAccessToken) =>
    registrationProvider({
      cell,
      issuer: openid.issuer,
      vault,
      fetch: fetcher,
      ...(token === undefined ? {} : { initialAccessToken: token }),
    });

  async function made(id: string, changes: Partial<ClientMetadata> = {}) {
    const subject = { cell, id };
    const wanted = { ...wantedMetadata(aDesired(id)), ...changes };
    const reserved = issuedBy(await provider().create(subject, wanted, anAttempt));
    const complete = issuedBy(await provider().update(subject, held(reserved), wanted, unkept));
    const secret = complete.secret ?? reserved.secret;
    return {
      subject,
      wanted,
      client: held(complete),
      secret: secret === undefined ? undefined : vault.open(secret, sealingPurpose(subject, 'client-secret')),
    };
  }

  it('reserves a client that lets nobody in, then gives it the values of the definition', async () => {
    const subject = { cell, id: 'reserve' };
    const wanted = wantedMetadata(aDesired('reserve'));
    const reserved = issuedBy(await provider().create(subject, wanted, anAttempt));
    const stored = () => openid.clients().find((client) => client.client_id === reserved.clientId);
    expect(stored()).toMatchObject({ redirect_uris: [dormantUri] });
    const complete = issuedBy(await provider().update(subject, held(reserved), wanted, unkept));
    expect(complete.clientId).toBe(reserved.clientId);
    expect(stored()).toMatchObject({ client_name: 'Service reserve', redirect_uris: wanted.redirect_uris });
    const { ip_addresses: _, ...governed } = wanted;
    const reading = succeeded(await provider().read(subject, held(complete), unkept));
    expect(reading).toMatchObject({
      kind: 'found',
      client: { metadata: governed },
    });
  });

  describe.each(['RS256', 'ES256', 'HS256'] as const)('id_token signed with %s', (idToken) => {
    it.each(['RS256', 'ES256', 'HS256', 'none'] as const)(
      'and userinfo %s: a real client signs in',
      async (userinfo) => {
        const { wanted, client, secret } = await made(`sign-${idToken}-${userinfo}`.toLowerCase(), {
          id_token_signed_response_alg: idToken,
          userinfo_signed_response_alg: userinfo,
        });
        const result = await signIn({
          issuer: openid.issuer,
          clientId: client.clientId,
          secret: secret ?? '',
          redirectUri: wanted.redirect_uris[0] ?? '',
          idTokenAlgorithm: idToken,
          userinfoAlgorithm: userinfo,
        });
        expect(result.userinfo).toMatchObject({ sub: agent.sub, siret: '21999900000017' });
      },
    );
  });

  it('goes on with the new management token that each update brings', async () => {
    const { subject, wanted, client } = await made('rotation');
    const renamed = { ...wanted, client_name: 'Deuxième nom' };
    const second = issuedBy(await provider().update(subject, client, renamed, unkept));
    expect(second.management).not.toBe(client.management);
    expect(said(await provider().update(subject, client, renamed, unkept))).toContain(
      'no longer lets Greffier manage',
    );
    expect(succeeded(await provider().read(subject, held(second), unkept))).toMatchObject({
      kind: 'found',
      client: { metadata: { client_name: 'Deuxième nom' } },
    });
  });

  it('makes a client dormant and wakes it: the same id, the same secret', async () => {
    const { subject, wanted, client, secret } = await made('sommeil');
    const inactive = issuedBy(await provider().update(subject, client, { ...wanted, active: false }, unkept));
    expect(succeeded(await provider().read(subject, held(inactive), unkept))).toMatchObject({
      client: { metadata: { active: false } },
    });
    const revived = issuedBy(await provider().update(subject, held(inactive), wanted, unkept));
    expect(revived.clientId).toBe(client.clientId);
    const sign = {
      issuer: openid.issuer,
      clientId: revived.clientId,
      secret: secret ?? '',
      redirectUri: wanted.redirect_uris[0] ?? '',
      idTokenAlgorithm: 'RS256',
      userinfoAlgorithm: 'RS256',
    };
    await expect(signIn(sign)).resolves.toMatchObject({ claims: { sub: agent.sub } });
  });

  it('removes a client; a second time says that it knows nothing of it, or nothing of us', async () => {
    const { subject, client } = await made('adieu');
    expect(succeeded(await provider().remove(subject, client, unkept))).toEqual({ kind: 'removed' });
    expect(openid.clients().some((one) => one.client_id === client.clientId)).toBe(false);
    expect(await provider().remove(subject, client, unkept)).toMatchObject({ ok: false, lost: true });
    expect(succeeded(await provider().read(subject, client, unkept))).toMatchObject({ kind: 'hidden' });
  });

  it('grants the scopes that the provider knows, says which, and sees no drift in the others', async () => {
    const few = await startOpenidProvider({
      scopes: ['openid', 'email'],
      claims: { openid: ['sub'], email: ['email'], siret: ['siret'] },
    });
    const narrow = registrationProvider({ cell, issuer: few.issuer, vault, fetch, initialAccessToken });
    const subject = { cell, id: 'peu' };
    const wanted = wantedMetadata(aDesired('peu'));
    const reserved = issuedBy(await narrow.create(subject, wanted, anAttempt));
    const complete = issuedBy(await narrow.update(subject, held(reserved), wanted, unkept));
    expect(complete.granted).toEqual(['email', 'openid', 'siret']);
    const reading = succeeded(await narrow.read(subject, held(complete), unkept));
    expect(reading).toMatchObject({ client: { metadata: { scopes: wanted.scopes } } });
    await few.stop();
  });

  it('has clients show their secret as the provider accepts it, and as they did before', async () => {
    const method = 'client_secret_basic' as const;
    const basic = await startOpenidProvider({
      clientAuthMethods: [method],
      clientDefaults: { token_endpoint_auth_method: method },
    });
    const by = registrationProvider({ cell, issuer: basic.issuer, vault, fetch, initialAccessToken });
    const subject = { cell, id: 'entete' };
    const wanted = wantedMetadata(aDesired('entete'));
    const reserved = issuedBy(await by.create(subject, wanted, anAttempt));
    expect(reserved).toMatchObject({ method });
    const complete = issuedBy(await by.update(subject, held(reserved), wanted, unkept));
    expect(succeeded(await by.read(subject, held(complete), unkept))).toMatchObject({ client: { method } });
    const secret = vault.open(
      complete.secret ?? reserved.secret ?? expect.fail(),
      sealingPurpose(subject, 'client-secret'),
    );
    const signed = await signIn({
      issuer: basic.issuer,
      clientId: complete.clientId,
      secret: secret ?? '',
      redirectUri: wanted.redirect_uris[0] ?? '',
      idTokenAlgorithm: 'RS256',
      userinfoAlgorithm: 'RS256',
      method,
    });
    expect(signed.userinfo).toMatchObject({ sub: agent.sub });
    await basic.stop();
  });

  it('never leaves more than one client with the values of a definition when an answer is lost', async () => {
    const subject = { cell, id: 'coupure' };
    const wanted = wantedMetadata(aDesired('coupure'));
    let cut = true;
    const dropping: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (!cut || init.method !== 'POST') return response;
      cut = false;
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
    };
    const shaky = provider(dropping);
    const lost = await shaky.create(subject, wanted, anAttempt);
    expect(lost).toMatchObject({ ok: false, retry: true });
    expect(said(lost)).toMatch(/may have gone through/);
    const reserved = issuedBy(await shaky.create(subject, wanted, anAttempt));
    await shaky.update(subject, held(reserved), wanted, unkept);
    const named = openid.clients().filter((client) => client.client_name === 'Service coupure');
    expect(named).toHaveLength(1);
    const orphans = openid.clients().filter((client) => client.client_name === `Greffier ${cell}/coupure`);
    expect(orphans).toMatchObject([{ redirect_uris: [dormantUri] }]);
  });

  it('says in words when the registration token of the configuration is refused', async () => {
    const refused = await provider(fetch, 'wrong').create(
      { cell, id: 'x' },
      wantedMetadata(aDesired('x')),
      anAttempt,
    );
    expect(said(refused)).toMatch(/initial_access_token/);
    expect(JSON.stringify(refused)).not.toContain('"wrong"');
  });

  it('says in words when the key of the vault was replaced', async () => {
    const { subject, wanted, client } = await made('clef');
    const blind = registrationProvider({
      cell,
      issuer: openid.issuer,
      fetch,
      vault: aVault(),
    });
    expect(said(await blind.update(subject, client, wanted, unkept))).toMatch(/GREFFIER_KEY/);
  });
});

describe('the registration provider, against servers with manners of their own', () => {
  const issuer = 'https://idp.example.fr';
  const description = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    registration_endpoint: `${issuer}/reg`,
    id_token_signing_alg_values_supported: ['RS256'],
    userinfo_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  };
  const subject = { cell, id: 'agenda' };
  const wanted = wantedMetadata(aDesired('agenda'));
  const registered = {
    client_id: 'abc',
    client_secret: 'a-secret-of-the-server',
    registration_client_uri: `${issuer}/reg/abc`,
    registration_access_token: 'a-token-of-the-server',
    redirect_uris: [dormantUri],
  };
  let asked: { method: string; url: string; body: unknown }[];
  beforeEach(() => {
    asked = [];
  });

  it('leaves an application its way of showing its secret when the provider comes to offer another', async () => {
    const both = ['client_secret_basic', 'client_secret_post'];
    const by = answering({
      'GET /.well-known/openid-configuration': () =>
        Response.json({ ...description, token_endpoint_auth_methods_supported: both }),
      'PUT /reg/abc': () => Response.json({ ...registered, redirect_uris: wanted.redirect_uris }),
    });
    const management = vault.seal(
      JSON.stringify({ uri: registered.registration_client_uri, token: 'a-token' }),
      sealingPurpose(subject, 'management'),
    );
    const client = { handle: 'abc', clientId: 'abc', metadata: {}, confirmed: {}, management };
    for (const [before, kept] of [
      ['client_secret_basic', 'client_secret_basic'],
      ['private_key_jwt', 'client_secret_post'],
    ] as const)
      expect(await by.update(subject, { ...client, method: before }, wanted, unkept)).toMatchObject({
        value: { method: kept },
      });
  });

  function answering(answers: Record<string, () => Response>) {
    const fetcher: Fetch = async (url, init) => {
      const key = `${init.method} ${url.pathname}`;
      asked.push({
        method: String(init.method),
        url: url.href,
        body: JSON.parse(String(init.body ?? 'null')),
      });
      const answer = answers[key];
      if (answer === undefined) throw new Error(`nobody answers ${key}`);
      return answer();
    };
    return registrationProvider({ cell, issuer, vault, fetch: fetcher });
  }
  const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
    Response.json(body, { status, headers });
  const discovery = (changes: object = {}) => ({
    'GET /.well-known/openid-configuration': () => json({ ...description, ...changes }),
  });

  it('takes 200 for 201', async () => {
    const provider = answering({ ...discovery(), 'POST /reg': () => json(registered) });
    expect(issuedBy(await provider.create(subject, wanted, anAttempt)).clientId).toBe('abc');
  });

  it.each([
    ['a string', 'https://agenda.ville.example.fr/callback', 'openid email', 'a@b.fr'],
    ['an array', ['https://agenda.ville.example.fr/callback'], ['openid', 'email'], ['a@b.fr']],
  ])('reads lists written as %s', (_kind, redirects, scope, contacts) => {
    expect(fromWire({ redirect_uris: redirects, scope, contacts })).toMatchObject({
      redirect_uris: ['https://agenda.ville.example.fr/callback'],
      scopes: ['openid', 'email'],
      contacts: ['a@b.fr'],
      active: true,
    });
    expect(listOf(3)).toBeUndefined();
  });

  it.each([
    ['id_token', { id_token_signed_response_alg: 'ES256' as const }],
    ['userinfo', { userinfo_signed_response_alg: 'ES256' as const }],
  ])(
    'refuses an algorithm of %s that the provider does not announce, before anything is made',
    async (_of, changes) => {
      const provider = answering({ ...discovery(), 'POST /reg': () => json(registered, 201) });
      const refused = await provider.create(subject, { ...wanted, ...changes }, anAttempt);
      expect(said(refused)).toMatch(/does not announce the algorithm `ES256`/);
      expect(asked.filter((request) => request.method === 'POST')).toEqual([]);
    },
  );

  it('refuses a description that names another issuer', async () => {
    const provider = answering(discovery({ issuer: 'https://autre.example.fr' }));
    expect(said(await provider.create(subject, wanted, anAttempt))).toMatch(/names another issuer/);
  });

  it.each([
    ['no registration', { registration_endpoint: undefined }, /announces no registration address/],
    ['registration in clear', { registration_endpoint: 'http://idp.example.fr/reg' }, /not https/],
    ['no way to show a secret', { token_endpoint_auth_methods_supported: ['none'] }, /accepts neither/],
  ])('%s: says what to do', async (_what, changes, words) => {
    expect(said(await answering(discovery(changes)).create(subject, wanted, anAttempt))).toMatch(words);
  });

  it('refuses a server that gives no way to manage the client', async () => {
    const { registration_access_token: _, ...unmanaged } = registered;
    const provider = answering({ ...discovery(), 'POST /reg': () => json(unmanaged, 201) });
    expect(said(await provider.create(subject, wanted, anAttempt))).toMatch(/RFC 7592/);
  });

  it('waits as long as it is told to', async () => {
    const busy = () => json({}, 429, { 'retry-after': '17' });
    const provider = answering({ ...discovery(), 'POST /reg': busy });
    expect(await provider.create(subject, wanted, anAttempt)).toMatchObject({
      ok: false,
      retry: true,
      after: 17,
    });
  });

  it('never follows a redirection, which would carry the token elsewhere', async () => {
    const away = () => new Response(null, { status: 307, headers: { location: 'https://evil.example/' } });
    const provider = answering({ ...discovery(), 'POST /reg': away });
    expect(await provider.create(subject, wanted, anAttempt)).toMatchObject({ ok: false, fault: 'provider' });
    expect(asked.map((request) => new URL(request.url).host)).toEqual(['idp.example.fr', 'idp.example.fr']);
  });

  it('shows what a server refuses, but not our token when the server repeats it', async () => {
    const echo = () => json({ error: 'invalid_client_metadata', error_description: 'no: tok-123456' }, 400);
    const fetcher: Fetch = async (url) =>
      url.pathname.startsWith('/.well-known') ? json(description) : echo();
    const make = (token: string) =>
      registrationProvider({ cell, issuer, vault, fetch: fetcher, initialAccessToken: token });
    expect(said(await make('other').create(subject, wanted, anAttempt))).toContain('no: tok-123456');
    expect(said(await make('tok-123456').create(subject, wanted, anAttempt))).not.toContain('tok-123456');
  });

  it('gives no secret away but sealed', async () => {
    const provider = answering({ ...discovery(), 'POST /reg': () => json(registered, 201) });
    const issued = JSON.stringify(await provider.create(subject, wanted, anAttempt));
    expect(issued).not.toContain('a-secret-of-the-server');
    expect(issued).not.toContain('a-token-of-the-server');
  });
});
