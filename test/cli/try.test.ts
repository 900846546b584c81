/** Little applications, each as one of the usual libraries makes them, and what their request to ProConnect is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as openid from 'openid-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLocalOpenIdProvider } from '#demo/openid-provider';
import { greffier } from './console.ts';
import { definition, registryOnDisk } from './registry-on-disk.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** @returns the origin of the application */
async function application(handle: Handler): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => handle(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const redirectUri = 'https://agenda.agence-fictive.gouv.fr/auth/retour';
const random = 'dGhpcyBpcyBhIHJhbmRvbSB2YWx1ZSBvZiBlbm91Z2ggbGVuZ3Ro';
const productionId = '3f2b8c1e-7a64-4c0b-9d5f-1a2b3c4d5e6f';

/** What a good application sends; `change` leaves out (undefined) or replaces. */
function authorizationUrl(
  change: Readonly<Record<string, string | undefined>> = {},
  endpoint = 'https://auth.agentconnect.gouv.fr/api/v2/authorize',
): string {
  const url = new URL(endpoint);
  const parameters = {
    client_id: productionId,
    response_type: 'code',
    scope: 'openid given_name usual_name email',
    redirect_uri: redirectUri,
    state: random,
    nonce: random,
    ...change,
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.append(name, value);
  return url.href;
}

const path = 'service-providers/internet/production/agenda.yaml';
const twin = 'service-providers/internet/integration/agenda.yaml';
const registry = () =>
  registryOnDisk({
    [path]: definition(`redirect_uris:\n  - ${redirectUri}\npost_logout_redirect_uris: []`),
    [twin]: definition(
      `redirect_uris:\n  - ${redirectUri}\npost_logout_redirect_uris: []`,
      'internet/integration',
    ),
  }).root;

async function tried(target: string, ...more: readonly string[]) {
  const origin = await application(
    (_request, response) => void response.writeHead(302, { location: target }).end(),
  );
  const ran = await greffier(registry(), [
    'try',
    `${origin}/login`,
    '--allow-private',
    '--format=json',
    ...more,
  ]);
  return { ...ran, report: ran.out === '' ? undefined : JSON.parse(ran.out) };
}

describe('greffier try', () => {
  it('says nothing of a good request', async () => {
    const { code, report } = await tried(authorizationUrl());
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ cell: 'internet/production', definition: path, errors: 0, warnings: 0 });
    expect(code).toBe(0);
  });

  it('prints JSON in which nothing acts, and that says to a program what was sent', async () => {
    const hostile = '\u202eab\u009b31m\u200b';
    const { out, report } = await tried(authorizationUrl({ client_id: hostile }));
    expect(report.request.client_id).toBe(hostile);
    for (const character of ['\u202e', '\u009b', '\u200b']) expect(out).not.toContain(character);
  });

  it('never prints what is random or secret, and finds the definition of the cell that is asked', async () => {
    const integration = 'https://fca.integ01.dev-agentconnect.fr/api/v2/authorize';
    const { out, report } = await tried(
      authorizationUrl({ client_id: 'a'.repeat(64), client_secret: 'tres-secret' }, integration),
    );
    expect(report.definition).toBe(twin);
    expect(report.findings).toMatchObject([{ check: 'request/secret-shown', parameter: 'client_secret' }]);
    expect(out).not.toContain('tres-secret');
    expect(out).not.toContain(random);
  });

  const refused: readonly (readonly [string, Record<string, string | undefined>, object])[] = [
    ['no client id', { client_id: undefined }, { check: 'request/client-id-missing' }],
    ['keys of integration', { client_id: 'a'.repeat(64) }, { check: 'request/client-id-of-integration' }],
    ['an example', { client_id: 'YOUR_CLIENT_ID' }, { check: 'request/client-id-shape' }],
    ['no response type', { response_type: undefined }, { check: 'request/response-type-missing' }],
    ['the implicit flow', { response_type: 'id_token' }, { check: 'request/response-type' }],
    ['no redirect URI', { redirect_uri: undefined }, { check: 'request/redirect-uri-missing' }],
    [
      'a slash too many',
      { redirect_uri: `${redirectUri}/` },
      {
        check: 'request/redirect-uri-slash-added',
        pointer: '/redirect_uris/0',
        path,
        difference: { at: redirectUri.length },
      },
    ],
    [
      'a proxy',
      { redirect_uri: redirectUri.replace('https', 'http') },
      { check: 'request/redirect-uri-scheme', difference: { at: 4 } },
    ],
    [
      'a port',
      { redirect_uri: redirectUri.replace('.fr/', '.fr:8080/') },
      { check: 'request/redirect-uri-port' },
    ],
    [
      'a capital',
      { redirect_uri: redirectUri.replace('retour', 'Retour') },
      { check: 'request/redirect-uri-case' },
    ],
    [
      'another path',
      { redirect_uri: redirectUri.replace('retour', 'back') },
      { check: 'request/redirect-uri-path' },
    ],
    ['a query', { redirect_uri: `${redirectUri}?a=1` }, { check: 'request/redirect-uri-query' }],
    [
      'encoded twice',
      { redirect_uri: encodeURIComponent(redirectUri) },
      { check: 'request/redirect-uri-encoded' },
    ],
    ['no scope', { scope: '' }, { check: 'request/scope-missing' }],
    ['no openid', { scope: 'email' }, { check: 'request/scope-openid' }],
    [
      'a scope that was not granted',
      { scope: 'openid siren' },
      { check: 'request/scope-not-granted', pointer: '/optional_scopes', path },
    ],
    ['no state', { state: undefined }, { check: 'request/state-missing' }],
    ['no nonce', { nonce: undefined }, { check: 'request/nonce-missing' }],
    [
      'plain PKCE',
      { code_challenge: random, code_challenge_method: 'plain' },
      { check: 'request/challenge-method' },
    ],
    ['PKCE without method', { code_challenge: random }, { check: 'request/challenge-method' }],
    ['an unknown prompt', { prompt: 'always' }, { check: 'request/prompt-unknown' }],
    ['claims that are no JSON', { claims: 'amr' }, { check: 'request/claims-json' }],
    [
      'a parameter of Google',
      { access_type: 'offline' },
      { check: 'request/parameter-unknown', parameter: 'access_type' },
    ],
  ];

  it.each(refused)('refuses %s', async (_name, change, expected) => {
    const ofAnotherHost = change.redirect_uri?.includes(':8080') || change.redirect_uri?.includes('%');
    const { code, report } = await tried(
      authorizationUrl(change),
      ...(ofAnotherHost || change.redirect_uri === undefined ? ['--definition', path] : []),
    );
    expect(report.findings).toMatchObject([{ severity: 'error', ...expected }]);
    expect(code).toBe(1);
    for (const { message } of report.findings) expect(message).not.toBe('');
  });

  it.each([
    ['a short state', { state: 'abc' }, 'request/random-short'],
    ['a scope of others', { scope: 'openid profile' }, 'request/scope-unknown'],
    ['an unknown level', { acr_values: 'loa3' }, 'request/acr-unknown'],
    ['prompt=none', { prompt: 'none' }, 'request/prompt-none'],
  ] as const)('warns of %s', async (_name, change, check) => {
    const { code, report } = await tried(authorizationUrl(change));
    expect(report.findings).toMatchObject([{ severity: 'warning', check }]);
    expect(code).toBe(0);
  });

  it.each([
    ['the other environment', 'https://fca.integ01.dev-agentconnect.fr/api/v2/authorize', 'endpoint-cell'],
    ['ProConnect Identité', 'https://identite.proconnect.gouv.fr/oauth/authorize', 'endpoint-identity'],
    ['http', 'http://auth.agentconnect.gouv.fr/api/v2/authorize', 'endpoint-http'],
    ['a wrong path', 'https://auth.agentconnect.gouv.fr/authorize', 'endpoint-path'],
    ['a stranger', 'https://accounts.google.com/o/oauth2/v2/auth', 'endpoint-elsewhere'],
  ])('knows %s', async (_name, endpoint, check) => {
    const { code, report } = await tried(authorizationUrl({}, endpoint), '--definition', path);
    expect(report.findings).toMatchObject([{ check: `request/${check}` }]);
    expect(code).toBe(1);
  });

  it('points at the character, in words', async () => {
    const origin = await application(
      (_request, response) =>
        void response
          .writeHead(302, { location: authorizationUrl({ redirect_uri: `${redirectUri}/` }) })
          .end(),
    );
    const { out } = await greffier(registry(), ['try', origin, '--allow-private']);
    const lines = out.split('\n');
    const at = lines.findIndex((line) => line.includes('reçu'));
    expect(lines[at + 1]?.indexOf('^')).toBe((lines[at]?.length ?? 0) - 1);
    expect(out).toContain(`Dans la définition : \`${path}\`, ligne `);
    const english = await greffier(registry(), ['try', origin, '--allow-private', '--lang=en']);
    expect(english.out).toContain('a slash too many');
  });

  it('presses the button of a page: its form, with the token and the session that go with it', async () => {
    const origin = await application((request, response, body) => {
      if (request.url === '/')
        return void response
          .writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'session=s1; HttpOnly' })
          .end(
            `<form action="/recherche"><input name="q"></form><!-- <a href="/proconnect-ancien"> -->
             <form method="post" action="/auth/proconnect"><input type="hidden" name="csrf" value="a&amp;b">
             <button class="fr-connect"><span>S’identifier avec</span> <b>ProConnect</b></button></form>`,
          );
      const good =
        request.method === 'POST' && request.headers.cookie === 'session=s1' && body === 'csrf=a%26b';
      return void response.writeHead(302, { location: good ? authorizationUrl() : '/' }).end();
    });
    const { code, out } = await greffier(registry(), ['try', origin, '--allow-private']);
    expect(out).toContain('ProConnect accepterait cette demande');
    expect(code).toBe(0);
  });

  it.each([
    ['a link', `<a href="${authorizationUrl().replaceAll('&', '&amp;')}">Se connecter</a>`],
    [
      'a form that sends itself',
      `<body onload="document.forms[0].submit()"><form method="post" action="https://auth.agentconnect.gouv.fr/api/v2/authorize">
        ${[...new URL(authorizationUrl()).searchParams].map(([name, value]) => `<input type=hidden name=${name} value="${value}">`).join('')}
        <noscript><input type="submit"></noscript></form>`,
    ],
    [
      'a refresh',
      `<meta http-equiv="refresh" content="0; url=${authorizationUrl().replaceAll('&', '&amp;')}">`,
    ],
  ])('reads the request of %s', async (_name, page) => {
    const origin = await application(
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    );
    const { code, err } = await greffier(registry(), ['try', origin, '--allow-private']);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it.each([
    [
      'the official button, and what it says of ProConnect',
      `<form action="/proconnect" method="post"><button class="proconnect-button"><span class="proconnect-sr-only">S’identifier
       avec ProConnect</span></button></form><p><a href="https://www.proconnect.gouv.fr/">Qu’est-ce que ProConnect ?</a></p>`,
    ],
    [
      'the button of the State’s design system',
      `<a href="https://www.proconnect.gouv.fr/">Qu’est-ce que ProConnect ?</a><a class="fr-connect" href="/proconnect">
       <span class="fr-connect__login">S’identifier avec</span> <span class="fr-connect__brand">ProConnect</span></a>`,
    ],
    [
      'the one of several links that signs in',
      `<a href="/deconnexion/proconnect">Se déconnecter de ProConnect</a> <a href="/aide/proconnect">Tout sur ProConnect</a>
       <a href="/proconnect">Se connecter avec ProConnect</a>`,
    ],
    [
      'a form of its own that sends itself',
      `<form id="f" method="post" action="/suite"><input type="hidden" name="csrf" value="x"></form>
       <script>document.getElementById('f').submit()</script>`,
    ],
  ])('presses %s', async (_name, page) => {
    const origin = await application((request, response) => {
      if (request.url === '/proconnect' || (request.url === '/suite' && request.method === 'POST'))
        return void response.writeHead(302, { location: authorizationUrl() }).end();
      return void response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(request.url === '/' ? page : '<p>Autre chose</p>');
    });
    const { code, err } = await greffier(registry(), ['try', origin, '--allow-private']);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('sends a form again where it is sent on as it is', async () => {
    const origin = await application((request, response, body) => {
      if (request.url === '/')
        return void response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(
            '<form method="post" action="/a"><input name="x" value="1"><button>ProConnect</button></form>',
          );
      if (request.url === '/a') return void response.writeHead(307, { location: '/b' }).end();
      const whole = request.method === 'POST' && body === 'x=1';
      return void response.writeHead(whole ? 303 : 405, { location: authorizationUrl() }).end();
    });
    const { code, err } = await greffier(registry(), ['try', origin, '--allow-private']);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('goes through the Keycloak of an application, when it is told that it is one', async () => {
    const broker = 'https://sso.agence-fictive.gouv.fr/realms/agents/broker/proconnect/endpoint';
    const keycloak = await application((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://k');
      if (pathname.endsWith('/openid-connect/auth'))
        return void response
          .writeHead(200, { 'content-type': 'text/html;charset=utf-8' })
          .end(
            '<form action="/login"><input name=username></form><a id="social-proconnect" href="/realms/agents/broker/proconnect/login?tab_id=1">ProConnect</a>',
          );
      return void response.writeHead(303, { location: authorizationUrl({ redirect_uri: broker }) }).end();
    });
    const named = keycloak.replace('127.0.0.1', 'localhost');
    const origin = await application(
      (_request, response) =>
        void response
          .writeHead(302, {
            location: `${named}/realms/agents/protocol/openid-connect/auth?client_id=agenda&response_type=code&scope=openid&state=x`,
          })
          .end(),
    );
    const { root } = registryOnDisk({
      [path]: definition(`redirect_uris:\n  - ${broker}\npost_logout_redirect_uris: []`),
    });
    const inside = await greffier(root, [
      'try',
      origin,
      '--allow-private',
      '--allow-host=localhost',
      '--format=json',
    ]);
    expect(inside.err).toBe('');
    expect(JSON.parse(inside.out)).toMatchObject({ definition: path, errors: 0 });
    expect(JSON.parse(inside.out).steps).toHaveLength(3);
    // Not told: what the application sends goes to a server that is not ProConnect's.
    const outside = await greffier(root, ['try', origin, '--allow-private', '--definition', path]);
    expect(outside.out.replace(/\s+/g, ' ')).toContain('--allow-host `localhost`');
    expect(outside.out).toContain('1 erreur.');
    expect(outside.code).toBe(1);
  });

  it('agrees with a real provider on what is refused', async () => {
    const provider = await startLocalOpenIdProvider();
    onTestFinished(() => provider.stop());
    const issuer = new URL(provider.issuer);
    const allow = { execute: [openid.allowInsecureRequests] };
    const client = await openid.dynamicClientRegistration(
      issuer,
      {
        redirect_uris: [redirectUri],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
      undefined,
      { ...allow, initialAccessToken: provider.initialAccessToken },
    );
    const { client_id: clientId } = client.clientMetadata();
    for (const [uri, accepted] of [
      [redirectUri, true],
      [`${redirectUri}/`, false],
    ] as const) {
      const sent = openid.buildAuthorizationUrl(client, {
        redirect_uri: uri,
        scope: 'openid email',
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
        code_challenge_method: 'S256',
      });
      const origin = await application(
        (_request, response) => void response.writeHead(302, { location: sent.href }).end(),
      );
      const { code, err, out } = await greffier(registry(), [
        ...['try', origin, '--allow-private', '--issuer', provider.issuer, '--client-id', clientId],
        ...['--definition', twin],
      ]);
      expect(err).toBe('');
      expect(code, out).toBe(accepted ? 0 : 1);
      expect((await fetch(sent, { redirect: 'manual' })).status).toBe(accepted ? 303 : 400);
    }
  });

  it.each([
    ['no address', 'agenda', 'n’en est pas une'],
    ['nobody there', 'http://127.0.0.1:1/', 'ne répond pas'],
  ])('cannot try %s', async (_name, url, words) => {
    const { code, err, out } = await greffier(registry(), ['try', url, '--allow-private']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.replaceAll("'", '’')).toContain(words);
  });

  it('says where it stopped: a page that leads nowhere, a circle, a fault, another site', async () => {
    const origin = await application((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://a');
      if (pathname === '/circle') return void response.writeHead(302, { location: '/circle' }).end();
      if (pathname === '/broken') return void response.writeHead(500).end('oups');
      if (pathname === '/script')
        return void response.writeHead(302, { location: 'javascript:alert(1)' }).end();
      if (pathname === '/away')
        return void response.writeHead(302, { location: 'https://www.example.org/' }).end();
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Bonjour</p>');
    });
    for (const [target, words] of [
      ['/', '--login-path'],
      ['/circle', 'Plus de 15 redirections'],
      ['/broken', 'répond 500'],
      ['/away', '--allow-host'],
      ['/script', '`javascript:alert(1)`, qui n’est pas une adresse du web'],
    ] as const) {
      const { code, err } = await greffier(registry(), [
        'try',
        origin,
        '--allow-private',
        `--login-path=${target}`,
      ]);
      expect(err).toContain(words);
      expect(code).toBe(2);
    }
  });

  it('tells a program how far it came, and why it ended there', async () => {
    const origin = await application((request, response) =>
      request.url === '/login'
        ? void response.writeHead(302, { location: 'https://www.example.org/x?jeton=1' }).end()
        : void response.end(),
    );
    const { code, out, err } = await greffier(registry(), [
      'try',
      `${origin}/login`,
      '--allow-private',
      '--format=json',
    ]);
    expect(JSON.parse(out)).toEqual({
      steps: [`${origin}/login`],
      stopped: { reason: 'leaves', message: expect.stringContaining('https://www.example.org/x') },
    });
    expect(out + err).not.toContain('jeton');
    expect(code).toBe(2);
  });

  it.each([
    ['https://service.inconnu.fr/retour', []],
    ['http://localhost:3000/retour', ['redirect-uri-unsafe']],
    ['https://localhost:3000/retour', ['redirect-uri-unsafe']],
    ['http://service.inconnu.fr/retour', ['redirect-uri-unsafe']],
    ['service.inconnu.fr/retour', ['redirect-uri-malformed']],
    ['https://service.inconnu.fr/#/retour', ['redirect-uri-malformed']],
  ])('judges %s without a definition for what no definition can hold', async (redirect, expected) => {
    const checks = async (endpoint?: string) => {
      const { report } = await tried(
        authorizationUrl({ redirect_uri: redirect, client_id: productionId }, endpoint),
      );
      return report.findings.map(({ check }: { check: string }) => check.replace('request/', ''));
    };
    expect(await checks()).toEqual(expected);
    // In integration this machine is where one develops.
    const integration = await checks('https://fca.integ01.dev-agentconnect.fr/api/v2/authorize');
    expect(integration).toEqual(expected.filter((one) => one !== 'redirect-uri-unsafe'));
  });

  it('goes to no private address that it was not sent to', async () => {
    let asked = 0;
    const origin = await application((_request, response) => {
      asked++;
      response.end();
    });
    for (const url of [
      origin,
      origin.replace('127.0.0.1', 'localhost'),
      origin.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    ]) {
      const { code, err } = await greffier(registry(), ['try', url]);
      expect(err).toContain('--allow-private');
      expect(code).toBe(2);
    }
    expect(asked).toBe(0);
  });
});
