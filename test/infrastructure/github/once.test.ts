/** What is done again after a crash adds nothing: the closing word of an issue, the state of a deployment. */
import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { Repository } from '#demo/github/state';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { setDeploymentState, upsertDeployment } from '#infrastructure/github/write/deployments';
import { closeIssue, openIssue } from '#infrastructure/github/write/issues';

const silent = () => undefined;
let github: LocalGitHub;
let registry: Repository;
let repository: RepositoryClient;

beforeAll(async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  github = await startLocalGitHub({
    privateKey,
    permissions: { contents: 'read', issues: 'write', deployments: 'write', metadata: 'read' },
    events: [],
  });
  registry = github.createRepository('org/registre', {
    files: { 'README.md': 'Bonjour\n' },
    installed: false,
  });
  const client = new Octokit({
    baseUrl: github.api,
    authStrategy: createAppAuth,
    auth: { appId: github.appId, privateKey, installationId: github.install(registry).id },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  repository = { client, owner: 'org', repo: 'registre' };
});
afterAll(() => github.stop());

it('says once why an issue is closed, when the answer to the first try was lost', async () => {
  const number = await openIssue(repository, 'Demande', 'À faire');
  const patch = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
  github.faults.inject({ kind: 'error', status: 502 }, { on: patch });
  await expect(closeIssue(repository, number, 'Fait.\n', { appId: github.appId })).rejects.toThrow();
  await closeIssue(repository, number, 'Fait.\n', { appId: github.appId });
  const issue = registry.issues.get(number);
  expect(issue?.state).toBe('closed');
  expect(issue?.comments).toHaveLength(1);
});

it('gives a deployment each state once, when the answer to the first try was lost', async () => {
  const id = await upsertDeployment(repository, registry.git.branch('main') ?? '', 'internet-production');
  const post = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  github.faults.inject({ kind: 'reset-after' }, { on: post });
  await expect(setDeploymentState(repository, id, 'in_progress')).rejects.toThrow();
  await setDeploymentState(repository, id, 'in_progress');
  await setDeploymentState(repository, id, 'success');
  const states = registry.deployments[0]?.statuses.map(({ state }) => state);
  expect(states).toEqual(['in_progress', 'success']);
});
