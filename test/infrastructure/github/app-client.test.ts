import { generateKeyPairSync } from 'node:crypto';
import nock from 'nock';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { githubApiUrl } from '#base/config/environment';
import { Secret } from '#base/config/secret';
import { type GitHubAnswer, openGitHubApp } from '#infrastructure/github/client/app-client';

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
