/** The rules of a default branch, as GitHub holds people and Apps to them. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { PullRequest, Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';

const run = promisify(execFile);
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const repo = { owner: 'beta-fictif', repo: 'registre' };

let github: LocalGitHub;
let registry: Repository;
let alice: GitHubUser;
let bob: GitHubUser;
let pull: PullRequest;
let app: Octokit;

beforeEach(async () => {
  github = await startLocalGitHub({
    permissions: { contents: 'write', pull_requests: 'read', checks: 'write', metadata: 'read' },
    events: [],
  });
  registry = github.createRepository('beta-fictif/registre', { files: { a: '1\n' } });
  alice = github.createUser('alice');
  bob = github.createUser('bob');
  github.addCollaborator(registry, alice, 'write');
  github.addCollaborator(registry, bob, 'write');
  pull = alice.openPullRequest(registry, { branch: 'b', title: 'b', files: { b: '1\n' } });
  const auth = { appId: github.appId, privateKey: github.privateKey };
  const asApp = new Octokit({ baseUrl: github.api, authStrategy: createAppAuth, auth, log });
  const { data } = await asApp.rest.apps.getRepoInstallation(repo);
  app = new Octokit({
    baseUrl: github.api,
    authStrategy: createAppAuth,
    auth: { ...auth, installationId: data.id },
    log,
  });
});
afterEach(() => github.stop());

const check = (status: 'in_progress' | 'completed', conclusion?: 'success' | 'failure' | 'action_required') =>
  app.rest.checks.create({
    ...repo,
    name: 'greffier',
    head_sha: pull.pull.headSha,
    ...(conclusion === undefined ? { status } : { conclusion }),
  });
const merge = async (who = bob.token) => {
  const octokit = new Octokit({ baseUrl: github.api, auth: who, log });
  const answer = octokit.rest.pulls.merge({ ...repo, pull_number: pull.number });
  return answer.then(
    ({ status }) => ({ status, message: '' }),
    (error: { status: number; response: { data: { message: string } } }) => ({
      status: error.status,
      message: error.response.data.message,
    }),
  );
};
const refused = (sentence: string) => ({
  status: 405,
  message: `Repository rule violations found\n\n${sentence}\n\n`,
});

it('merge nothing without the green check, which counts from the App that is named only', async () => {
  registry.requiredChecks.push({ context: 'greffier', appId: github.appId });
  expect(await merge()).toEqual(refused('Required status check "greffier" is expected.'));
  await check('in_progress');
  expect(await merge()).toEqual(refused('Required status check "greffier" is in progress.'));
  for (const conclusion of ['failure', 'action_required'] as const) {
    await check('completed', conclusion);
    expect(await merge()).toEqual(refused('Required status check "greffier" is failing.'));
  }
  expect(() => bob.merge(registry, pull)).toThrow('is failing');
  const { data } = await app.rest.pulls.get({ ...repo, pull_number: pull.number });
  expect(data.mergeable_state).toBe('blocked');
  await check('completed', 'success');
  // Green on what was there before is nothing for what is there now.
  alice.pushCommit(registry, 'b', { b: '2\n' });
  expect(await merge()).toMatchObject({ status: 405 });
  await check('completed', 'success');
  registry.requiredChecks.push({ context: 'greffier', appId: 77 });
  expect(await merge()).toEqual(refused('Required status check "greffier" is expected.'));
  registry.requiredChecks.pop();
  expect(await merge()).toMatchObject({ status: 200 });
});

it('merge nothing without the approvals of people who may write, none of whom asks for changes', async () => {
  registry.requiredApprovals = 1;
  const needed = 'At least 1 approving review is required by reviewers with write access.';
  expect(await merge()).toEqual(refused(needed));
  github.createUser('mallory').approve(registry, pull);
  expect(await merge()).toEqual(refused(needed));
  bob.review(registry, pull, 'REQUEST_CHANGES', 'Non');
  expect(await merge()).toEqual(refused(`Changes have been requested.\n\n${needed}`));
  bob.approve(registry, pull);
  const { data } = await app.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
    ...repo,
    branch: 'main',
  });
  expect(data).toMatchObject([{ type: 'pull_request', parameters: { required_approving_review_count: 1 } }]);
  expect(await merge()).toMatchObject({ status: 200 });
});

it('let nobody push past them', async () => {
  registry.requiredChecks.push({ context: 'greffier', appId: github.appId });
  const before = registry.git.branch('main');
  expect(() => bob.pushCommit(registry, 'main', { a: '2\n' })).toThrow('is expected');
  const folder = mkdtempSync(join(tmpdir(), 'clone-'));
  const git = (...args: string[]) =>
    run('git', ['-C', folder, '-c', 'user.name=Bob', '-c', 'user.email=bob@localhost', ...args]);
  try {
    const remote = github.url.replace('//', `//bob:${bob.token}@`);
    await run('git', ['clone', '--quiet', `${remote}/beta-fictif/registre.git`, folder]);
    await git('commit', '--quiet', '--allow-empty', '--message', 'Passer');
    await expect(git('push', '--quiet', 'origin', 'HEAD:main')).rejects.toThrow(
      /GH013: Repository rule violations[\s\S]*"greffier" is expected/,
    );
    await expect(git('push', '--quiet', 'origin', ':main')).rejects.toThrow();
    expect(registry.git.branch('main')).toBe(before);
    await git('push', '--quiet', 'origin', 'HEAD:autre');
    // What was judged and found right may be pushed: the rule asks for the check, not for the way.
    await check('completed', 'success');
    await git('fetch', '--quiet', 'origin', 'b');
    await git('push', '--quiet', 'origin', 'FETCH_HEAD:refs/heads/main');
    expect(registry.git.branch('main')).toBe(pull.pull.headSha);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
