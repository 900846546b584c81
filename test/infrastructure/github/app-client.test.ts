import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import nock from 'nock';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { githubApiUrl } from '#base/config/github-address';
import { Secret } from '#base/config/secret';
import { type GitHubAnswer, openGitHubApp } from '#infrastructure/github/client/app-client';
import { openPullRequestsOf } from '#infrastructure/github/client/pagination';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import { readRepository } from '#infrastructure/github/read/repository';
import { readArchive } from '#infrastructure/github/read/tarball';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const host = 'https://github.example.gouv.fr';

describe('the App at GitHub', () => {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => nock.cleanAll());
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  function open() {
    const answers: GitHubAnswer[] = [];
    const lines: string[] = [];
    const app = openGitHubApp({
      appId: 7,
      privateKey: new Secret(privateKey),
      baseUrl: githubApiUrl('github.example.gouv.fr', undefined) ?? '',
      log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
      onAnswer: (answer) => answers.push(answer),
      userAgent: 'greffier/test',
    });
    return { app, answers, lines };
  }
  function token() {
    return nock(host)
      .post('/api/v3/app/installations/3/access_tokens')
      .reply(201, {
        token: 'ghs_canary',
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        permissions: {},
      });
  }

  it('asks a GitHub with data residency at the name of its API, and shows people the links that it gives', async () => {
    const api = 'https://api.ministere.ghe.com';
    nock(api)
      .post('/app/installations/3/access_tokens')
      .reply(201, {
        token: 'ghs_canary',
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        permissions: {},
      });
    nock(api, { reqheaders: { authorization: 'token ghs_canary' } })
      .get('/repos/org/registre')
      .reply(200, {
        id: 5,
        full_name: 'org/registre',
        default_branch: 'main',
        html_url: 'https://ministere.ghe.com/org/registre',
      });
    nock(api)
      .get('/repos/org/registre/pulls')
      .query(true)
      .reply(200, [{ number: 1, head: { sha: 'a' } }]);
    // The archive is elsewhere, at an address that carries its own right to be read.
    nock(api).get('/repos/org/registre/tarball/c0ffee').reply(302, '', {
      location: 'https://codeload.ministere.ghe.com/org/registre/legacy.tar.gz/c0ffee?token=x',
    });
    nock('https://codeload.ministere.ghe.com', { badheaders: ['authorization'] })
      .get('/org/registre/legacy.tar.gz/c0ffee')
      .query({ token: 'x' })
      .reply(200, gzipSync(Buffer.alloc(1024)));
    const app = openGitHubApp({
      appId: 7,
      privateKey: new Secret(privateKey),
      baseUrl: githubApiUrl('ministere.ghe.com', undefined) ?? '',
      log: pino({ level: 'silent' }),
      onAnswer: () => undefined,
      userAgent: 'greffier/test',
    });
    const repository = repositoryClient(await app.installation(3), 'org/registre');
    expect(await readRepository(repository)).toMatchObject({ url: 'https://ministere.ghe.com/org/registre' });
    const numbers: number[] = [];
    for await (const { number } of openPullRequestsOf(repository)) numbers.push(number);
    expect(numbers).toEqual([1]);
    expect(await readArchive(repository, 'c0ffee', () => true)).toEqual([]);
    expect(nock.isDone()).toBe(true);
  });

  it('asks the Enterprise Server for its tokens, once for many calls', async () => {
    token();
    nock(host, { reqheaders: { authorization: 'token ghs_canary', 'user-agent': /^greffier\/test/ } })
      .get('/api/v3/repos/org/registry')
      .twice()
      .reply(
        200,
        {},
        {
          'x-ratelimit-remaining': '4999',
          'x-ratelimit-reset': '1000',
          'x-github-request-id': 'A0B1:2C3D',
        },
      );
    const { app, answers, lines } = open();
    const client = await app.installation(3);
    await client.request('GET /repos/{owner}/{repo}', { owner: 'org', repo: 'registry' });
    await client.request('GET /repos/{owner}/{repo}', { owner: 'org', repo: 'registry' });
    expect(await app.installation(3)).toBe(client);
    expect(nock.isDone()).toBe(true);
    expect(answers.at(-1)).toEqual({
      installation: 3,
      method: 'GET',
      route: '/repos/{owner}/{repo}',
      status: 200,
      github: 'A0B1:2C3D',
      remaining: 4999,
      reset: 1000,
    });
    expect(lines.join('')).not.toContain('ghs_canary');
    expect(lines.join('')).not.toContain('PRIVATE KEY');
  });

  it.each([
    ['an outage', 503, {}],
    ['a secondary limit', 403, { 'retry-after': '7' }],
    ['too many requests', 429, { 'retry-after': '7' }],
  ])(
    'leaves %s to the queue: one call, no sleep, and what GitHub asked for',
    async (_what, status, headers) => {
      token();
      nock(host).post('/api/v3/repos/org/registry/labels').once().reply(status, { message: 'no' }, headers);
      const { app, answers } = open();
      const client = await app.installation(3);
      const call = client.request('POST /repos/{owner}/{repo}/labels', {
        owner: 'org',
        repo: 'registry',
        name: 'x',
      });
      await expect(call).rejects.toMatchObject({ status });
      expect(answers.at(-1)).toMatchObject({ status, ...(status === 503 ? {} : { wait: 7 }) });
    },
  );

  it('tells of a connection that fails', async () => {
    token();
    nock(host)
      .get('/api/v3/meta')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    const { app, answers } = open();
    await expect((await app.installation(3)).request('GET /meta')).rejects.toThrow();
    expect(answers.at(-1)).toMatchObject({ status: 0 });
  });

  it('speaks as the App itself where no installation is asked for', async () => {
    nock(host, { reqheaders: { authorization: /^bearer eyJ/ } })
      .get('/api/v3/app')
      .reply(200, { slug: 'greffier' });
    const { data } = await (await open().app.app()).request('GET /app');
    expect(data).toMatchObject({ slug: 'greffier' });
  });

  it('writes many things without pauses between them', async () => {
    token();
    nock(host).post('/api/v3/repos/org/registry/issues/1/comments').times(5).reply(201, {});
    const client = await open().app.installation(3);
    const write = () =>
      client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        owner: 'org',
        repo: 'registry',
        issue_number: 1,
        body: 'x',
      });
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await Promise.all([write(), write(), write(), write(), write()]);
    const waits = timers.mock.calls.map(([, milliseconds]) => milliseconds ?? 0);
    timers.mockRestore();
    expect(nock.isDone()).toBe(true);
    // Bottleneck, which spaces throttled writes, sleeps for a second and more.
    expect(waits.filter((milliseconds) => milliseconds >= 500)).toEqual([]);
  });
});
