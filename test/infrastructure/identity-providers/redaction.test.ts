/** Providers that repeat secrets where nobody looks for them: in an error, in a name, encoded, in part. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '#base/config/secret';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { sendRequest } from '#infrastructure/identity-providers/http';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { redirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { anAttempt, held, issuedBy, unkept } from '../../domain/provisioning/outcomes.ts';
import { aVault } from './store.ts';

const cell = 'internet/integration' as const;
const subject = { cell, id: 'agenda' };
const wanted = wantedMetadata(aDesired('agenda'));
const issuer = 'https://idp.example.fr';
const token = 'Jx7"Qm2/vT9+zKp4';
const secret = 'c0ffee5ec2e7d0d0b0b0deadbeef1234';

/** Whether a text holds the secret, in any of the ways that a server could write it, or eight characters of it. */
function holds(text: string, kept: string): boolean {
  const forms = [kept, encodeURIComponent(kept), JSON.stringify(kept).slice(1, -1)];
  forms.push(...(['hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(kept).toString(form)));
  return forms.some((form) => text.toLowerCase().includes(form.slice(0, 16).toLowerCase()));
}

/** What a request makes of this answer, as it would be stored. */
async function told(
  body: unknown,
  status: number,
  request: { headers?: Record<string, string>; body?: string },
) {
  const url = new URL(`${issuer}/reg`);
  const answer = await sendRequest(async () => Response.json(body, { status }), {
    url,
    method: 'POST',
    secrets: [],
    ...request,
  });
  return JSON.stringify(answer);
}

const asBearer = { headers: { authorization: `Bearer ${token}` } };

describe('an answer of a provider', () => {
  it.each([
    ['as it is', token],
    ['in a URL', encodeURIComponent(token)],
    ['in JSON', JSON.stringify(token)],
    ['in hexadecimal', Buffer.from(token).toString('hex')],
    ['in base64', Buffer.from(token).toString('base64')],
    ['in base64, after a name', Buffer.from(`me:${token}`).toString('base64')],
    ['in base64url, after another', Buffer.from(`myself:${token}`).toString('base64url')],
    ['in capitals', token.toUpperCase()],
    ['in part', token.slice(2, 14)],
  ])('holds no secret that was sent, %s', async (_how, echoed) => {
    const text = await told(
      { error_description: `no: <${echoed}> is not known`, more: [{ deep: echoed }] },
      400,
      asBearer,
    );
    expect(text).toContain('no: <');
    expect(text).not.toContain(echoed.slice(2, -2));
    expect(holds(text, token)).toBe(false);
  });

  it('holds none that was sent in the body, or under a header of any name', async () => {
    const body = JSON.stringify({ client_name: 'Agenda', client_secret: secret });
    expect(holds(await told({ error: `${secret}!` }, 400, { body }), secret)).toBe(false);
    expect(holds(await told({ error: secret }, 400, { headers: { 'x-anything': secret } }), secret)).toBe(
      false,
    );
  });

  it.each([
    ['client_secret', 200],
    ['registration_access_token', 201],
    ['clientSecret', 400],
    ['access_token', 500],
  ])('gives its %s only to whoever asks for it, and holds it nowhere else', async (name, status) => {
    const text = await told(
      { [name]: secret, client_name: `Agenda ${secret}`, nested: { [name]: 'other-one-1' } },
      status,
      {},
    );
    expect(text).toContain('"[secret]"');
    expect(text).toContain('Agenda …');
    expect(text).not.toMatch(/c0ffee|other-one/);
    const answer = await sendRequest(async () => Response.json({ [name]: secret }, { status }), {
      url: new URL(issuer),
      method: 'GET',
      secrets: [],
    });
    expect(answer).toMatchObject({ value: { body: { [name]: new Secret(secret) } } });
  });

  it('holds no secret in any item of a list', async () => {
    const items = [{ client_secret: secret, name: `Agenda ${secret}` }, { name: 'sent-along-12' }];
    const answer = await sendRequest(async () => Response.json(items), {
      url: new URL(issuer),
      method: 'GET',
      secrets: ['sent-along-12'],
      list: true,
    });
    expect(answer).toMatchObject({ value: { body: [{ client_secret: new Secret(secret) }, {}] } });
    expect(JSON.stringify(answer)).toContain('Agenda …');
    expect(JSON.stringify(answer)).not.toMatch(/c0ffee|sent-along/);
  });

  it('holds, when it is an error, no key that was given long ago and is not known any more', async () => {
    const said = `Client ${secret} has redirect_uris that differ: https://agenda.example.fr/cb2, use RS256`;
    const text = await told({ error_description: said }, 400, {
      body: JSON.stringify({ redirect_uris: ['https://agenda.example.fr/cb2'] }),
    });
    expect(text).toContain(
      'Client … has redirect_uris that differ: https://agenda.example.fr/cb2, use RS256',
    );
  });

  it('keeps what is no secret as it is', async () => {
    const client = {
      client_id: 'a1b2c3d4-0000-4000-8000-1234567890ab',
      redirect_uris: ['https://agenda.example.fr/cb'],
    };
    expect(await told({ ...client, client_secret: secret }, 201, asBearer)).toContain(
      JSON.stringify(client).slice(1, -1),
    );
  });

  it('is read in one place only, so that no provider can forget it', () => {
    const folder = join(import.meta.dirname, '../../../src/infrastructure/identity-providers');
    const asking = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) =>
        name.endsWith('.ts') &&
        /readBoundedText|\.json\(\)|\.text\(\)|await fetch(?:er)?\(/.test(
          readFileSync(join(folder, name), 'utf8'),
        ),
    );
    // The probe shows nothing but a code of a fixed form.
    expect(asking.sort()).toEqual(['http.ts', 'redirect-uri-probe.ts']);
  });
});

describe('each kind of provider', () => {
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
    client_secret: secret,
    registration_client_uri: `${issuer}/reg/ours?key=${secret}`,
    registration_access_token: token,
  };
  const vault = aVault();

  it('registration: repeats neither the secret nor the token of a client, whatever the server answers', async () => {
    let refusal: Response | undefined;
    const fetcher: Fetch = async (url) =>
      url.pathname.startsWith('/.well-known')
        ? Response.json(description)
        : (refusal ?? Response.json(registered, { status: 201 }));
    const provider = registrationProvider({
      cell,
      issuer,
      vault,
      fetch: fetcher,
      initialAccessToken: 'Initial-0000-token',
    });
    const made = held(issuedBy(await provider.create(subject, wanted, anAttempt)));
    for (const status of [400, 409, 500]) {
      refusal = Response.json(
        {
          error: 'invalid_client_metadata',
          error_description: `client_secret=${secret} token=${token} Initial-0000-token`,
        },
        { status },
      );
      const failed = JSON.stringify(await provider.update(subject, made, wanted, unkept));
      expect(failed).toContain('"ok":false');
      expect(holds(failed, secret) || holds(failed, token) || failed.includes('0000')).toBe(false);
    }
    refusal = Response.json({ ...registered, registration_client_uri: `http://10.0.0.1/${secret}` });
    expect(holds(JSON.stringify(await provider.update(subject, made, wanted, unkept)), secret)).toBe(false);
  });

  it('proconnect: repeats neither what it signs with, nor the secret of a client', async () => {
    const signing = 'signing-Secret-9x8y7z';
    const answers = [
      Response.json({ detail: `bad signature with ${signing}, ${secret}` }, { status: 401 }),
      Response.json({ detail: [{ path: ['client_secret'], message: `${secret} refused` }] }, { status: 422 }),
      Response.json({ error: secret }, { status: 403 }),
    ];
    for (const answer of answers) {
      const provider = proconnectProvider({
        cell,
        url: 'https://partner.example.fr',
        secret: signing,
        identityDomain: 'registre.example.fr',
        fetch: async () => answer,
        now: Date.now,
      });
      const failed = JSON.stringify(await provider.create(subject, wanted, anAttempt));
      expect(failed).toContain('"ok":false');
      expect(holds(failed, secret) || holds(failed, signing)).toBe(false);
    }
  });

  it('the probe: takes nothing for an error code that is none', async () => {
    const back = (error: string) =>
      redirectUriProbe(
        async () =>
          new Response(null, {
            status: 302,
            headers: { location: `https://a.example.fr/cb?error=${error}` },
          }),
        async () => new URL(`${issuer}/auth`),
      )('ours', 'https://a.example.fr/cb');
    expect(await back('login_required')).toEqual({ kind: 'refused', error: 'login_required' });
    expect(await back(secret)).toEqual({ kind: 'refused', error: 'HTTP 302' });
  });
});
