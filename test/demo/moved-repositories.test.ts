/** A repository that is renamed, transferred or deleted at the local GitHub, as at GitHub. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { ApiExchange } from '#demo/github/rest-api';
import type { Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { neededEvents } from '#infrastructure/github/client/permissions';
import { exchangeProblems, webhookProblems } from './openapi.ts';

let github: LocalGitHub;
let registry: Repository;
let alice: GitHubUser;
const exchanges: ApiExchange[] = [];

beforeEach(async () => {
  github = await startLocalGitHub({
    permissions: { contents: 'read', issues: 'write' },
    events: [...neededEvents, 'repository'],
    onExchange: (exchange) => exchanges.push(exchange),
  });
  registry = github.createRepository('org/registre', { files: { 'README.md': 'Bonjour\n' } });
  alice = github.createUser('alice');
  github.addCollaborator(registry, alice, 'admin');
});
afterEach(async () => {
  await github.stop();
  expect(exchanges.flatMap(exchangeProblems)).toEqual([]);
});

/** Asks as alice, following nothing. */
function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${github.api}${path}`, {
    redirect: 'manual',
    headers: { authorization: `Bearer ${alice.token}` },
    ...init,
  });
}
const told = () => github.webhooks.deliveries.map(({ event, action }) => `${event}.${action}`);

describe('a repository that was renamed', () => {
  it('is found by its old name and by its number', async () => {
    alice.renameRepository(registry, 'proconnect');
    expect((await ask('/repos/org/proconnect')).status).toBe(200);
    const moved = await ask('/repos/org/registre/issues?state=open');
    expect(moved.status).toBe(301);
    const location = `${github.api}/repositories/${registry.id}/issues?state=open`;
    expect(moved.headers.get('location')).toBe(location);
    expect(await moved.json()).toMatchObject({ message: 'Moved Permanently', url: location });
    const byNumber = await ask(`/repositories/${registry.id}`);
    expect(await byNumber.json()).toMatchObject({ id: registry.id, full_name: 'org/proconnect' });
    expect(told()).toContain('repository.renamed');
    const last = github.webhooks.deliveries.at(-1);
    expect(webhookProblems('repository', JSON.parse(last?.body ?? ''))).toEqual([]);
  });

  it('takes what is written to its old name, when the same is sent again', async () => {
    alice.renameRepository(registry, 'proconnect');
    const body = JSON.stringify({ title: 'Bonjour' });
    expect((await ask('/repos/org/registre/issues', { method: 'POST', body })).status).toBe(307);
    const followed = await ask('/repos/org/registre/issues', { method: 'POST', body, redirect: 'follow' });
    expect(followed.status).toBe(201);
    expect(registry.issues.size).toBe(1);
  });

  it('is cloned by its old name', async () => {
    alice.renameRepository(registry, 'proconnect');
    const { stdout } = await promisify(execFile)('git', ['ls-remote', `${github.url}/org/registre.git`]);
    expect(stdout).toContain('refs/heads/main');
  });

  it('is not found by its old name once another repository took it', async () => {
    alice.renameRepository(registry, 'proconnect');
    const other = github.createRepository('org/registre', { installed: false });
    expect(await (await ask('/repos/org/registre')).json()).toMatchObject({ id: other.id });
  });

  it('is not shown to those who may not see it', async () => {
    const hidden = github.createRepository('org/cache', { private: true });
    github.user('alice').renameRepository(hidden, 'ailleurs');
    expect((await ask('/repos/org/cache')).status).toBe(404);
  });
});

it('a repository that was transferred is lost to the old installation', async () => {
  github.createUser('bob');
  const auth = { appId: github.appId, privateKey: github.privateKey };
  const asApp = new Octokit({ baseUrl: github.api, authStrategy: createAppAuth, auth });
  const { data } = await asApp.rest.apps.getRepoInstallation({ owner: 'org', repo: 'registre' });
  const octokit = new Octokit({
    baseUrl: github.api,
    authStrategy: createAppAuth,
    auth: { ...auth, installationId: data.id },
  });
  const seen = async () =>
    (await octokit.rest.apps.listReposAccessibleToInstallation()).data.repositories.map(({ name }) => name);
  expect(await seen()).toEqual(['registre']);
  github.createRepository('org/autre');
  alice.transferRepository(registry, 'bob');
  expect(await seen()).toEqual(['autre']);
  expect((await ask('/repos/org/registre')).status).toBe(301);
  expect((await ask('/repos/bob/registre')).status).toBe(200);
  expect(told()).toContain('installation_repositories.removed');
  expect(github.install(registry).account.login).toBe('bob');
});

it('a repository that was deleted is nowhere', async () => {
  alice.renameRepository(registry, 'proconnect');
  alice.deleteRepository(registry);
  for (const path of ['/repos/org/registre', '/repos/org/proconnect', `/repositories/${registry.id}`])
    expect((await ask(path)).status, path).toBe(404);
});

it('what an account owns follows its new login', async () => {
  const own = github.createRepository('alice/outil', { files: { a: 'b' } });
  alice.rename('alicia');
  expect((await ask('/repos/alice/outil')).status).toBe(301);
  expect(await (await ask('/repos/alicia/outil')).json()).toMatchObject({ id: own.id });
});
