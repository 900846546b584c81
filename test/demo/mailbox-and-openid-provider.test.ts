/** The mailbox and the OpenID provider that stand beside the local GitHub. */
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { agent, type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { performSignIn } from '#demo/sign-in';
import { patience } from '../patience.ts';

describe('the mailbox', () => {
  let mailbox: Mailbox;
  beforeAll(async () => {
    mailbox = await startMailbox();
  });
  afterAll(() => mailbox.stop());

  const send = (subject: string) =>
    createTransport(mailbox.url).sendMail({
      from: 'greffier@localhost',
      to: 'equipe@ville-de-montfictif.fr',
      subject,
      text: 'Vos clés sont prêtes : à bientôt.',
      html: '<p>Vos clés</p>',
    });

  it('keeps mails and lets one wait for the right one', async () => {
    const waited = mailbox.waitFor(({ subject }) => subject === 'Deuxième', patience);
    await send('Premier');
    await send('Deuxième');
    expect(await waited).toMatchObject({
      subject: 'Deuxième',
      to: ['equipe@ville-de-montfictif.fr'],
      text: expect.stringContaining('Vos clés sont prêtes : à bientôt.'),
      html: expect.stringContaining('<p>Vos clés</p>'),
    });
    expect(mailbox.mails).toHaveLength(2);
    expect(await mailbox.waitFor(({ subject }) => subject === 'Jamais', 1)).toBeUndefined();
  });

  it('refuses mails when told to', async () => {
    mailbox.refuseWith(451);
    await expect(send('Troisième')).rejects.toMatchObject({ responseCode: 451 });
    mailbox.refuseWith(undefined);
    await send('Quatrième');
    expect(mailbox.mails.at(-1)?.subject).toBe('Quatrième');
  });
});

describe('the OpenID provider', () => {
  let provider: LocalOpenIdProvider;
  beforeAll(async () => {
    provider = await startLocalOpenIdProvider();
  });
  afterAll(() => provider.stop());

  const redirectUri = 'https://agenda.ville-de-montfictif.fr/callback';

  async function register(metadata: Record<string, unknown>) {
    const response = await fetch(`${provider.issuer}/reg`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${provider.initialAccessToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ redirect_uris: [redirectUri], client_name: 'Agenda', ...metadata }),
    });
    const body: unknown = await response.json();
    return { status: response.status, body: body as Record<string, string> };
  }

  it.each([
    ['RS256', 'RS256'],
    ['ES256', 'none'],
    ['HS256', 'ES256'],
  ])('signs an agent in, id_token %s and userinfo %s', async (idToken, userinfo) => {
    const { status, body } = await register({
      id_token_signed_response_alg: idToken,
      ...(userinfo === 'none' ? {} : { userinfo_signed_response_alg: userinfo }),
    });
    expect(status).toBe(201);
    const application = {
      issuer: provider.issuer,
      clientId: body.client_id ?? '',
      secret: body.client_secret ?? '',
      redirectUri,
      idTokenAlgorithm: idToken,
      userinfoAlgorithm: userinfo,
      scopes: ['openid', 'given_name', 'usual_name', 'email', 'siret'],
    };
    const signed = await performSignIn(application);
    expect(signed.page.html).toContain('Se connecter à Agenda');
    expect(signed.claims).toMatchObject({ sub: agent.sub, iss: provider.issuer });
    expect(signed.userinfo).toMatchObject({ email: agent.email, siret: agent.siret, usual_name: 'Durand' });
    expect(signed.userinfo).not.toHaveProperty('phone_number');
    await expect(performSignIn({ ...application, secret: 'x'.repeat(43) })).rejects.toThrow();
    await expect(performSignIn({ ...application, redirectUri: `${redirectUri}/` })).rejects.toThrow();
  });

  it('registers nobody without the initial access token, and no algorithm that ProConnect lacks', async () => {
    const response = await fetch(`${provider.issuer}/reg`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(400);
    expect((await register({ id_token_signed_response_alg: 'PS256' })).status).toBe(400);
  });

  it('can be changed behind the back of everyone', async () => {
    const { body } = await register({});
    provider.tamper(body.client_id ?? '', { client_name: 'Autre' });
    const read = await fetch(body.registration_client_uri ?? '', {
      headers: { authorization: `Bearer ${body.registration_access_token}` },
    });
    expect(await read.json()).toMatchObject({ client_name: 'Autre' });
  });
});
