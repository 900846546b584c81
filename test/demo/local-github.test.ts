import { execFile } from 'node:child_process';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultInjector } from '#demo/github/fault-injector';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { ApiExchange } from '#demo/github/rest-api';
import type { Repository } from '#demo/github/state';
import { exchangeProblems, webhookProblems } from './openapi.ts';

const permissions = {
  contents: 'write',
  checks: 'write',
  issues: 'write',
  pull_requests: 'write',
  deployments: 'write',
  members: 'read',
  metadata: 'read',
} as const;
const events = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'issue_comment',
  'issues',
  'push',
  'merge_group',
  'check_run',
];

interface Received {
  readonly event: string;
  readonly guid: string;
  readonly payload: Record<string, unknown>;
}

const run = promisify(execFile);
const silent = () => undefined;
/** Octokit writes every refusal on the console; here they are expected. */
const quiet = { debug: silent, info: silent, warn: silent, error: silent };

/** One key for all: making one takes longer than most tests. */
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let github: LocalGitHub;
let registry: Repository;
let exchanges: ApiExchange[];
let received: Received[];
let receiver: Server;
let answer: number;

beforeEach(async () => {
  exchanges = [];
  received = [];
  answer = 202;
  receiver = createServer(async (request, response) => {
    const body = await buffer(request);
    const signature = `sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`;
    const header = (name: string) => String(request.headers[name]);
    const status = header('x-hub-signature-256') === signature ? answer : 401;
    received.push({
      event: header('x-github-event'),
      guid: header('x-github-delivery'),
      payload: JSON.parse(body.toString('utf8')),
    });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  github = await startLocalGitHub({
    privateKey,
    permissions,
    events,
    webhook: { url: `http://127.0.0.1:${port}/hook`, secret: 'secret' },
    onExchange: (exchange) => exchanges.push(exchange),
  });
  registry = github.createRepository('beta-fictif/registre', {
    files: { 'README.md': '# Registre\n', 'sp/a.yaml': 'name: A\nurl: x\n', 'sp/b.yaml': 'name: B\n' },
  });
});

afterEach(async () => {
  await github.stop();
  await new Promise((resolve) => receiver.close(resolve));
  // Whatever a test did, every answer and every webhook has to be one that GitHub could have given.
  expect(exchanges.flatMap(exchangeProblems)).toEqual([]);
  expect(received.flatMap(({ event, payload }) => webhookProblems(event, payload))).toEqual([]);
});

function asApp(on = github): Octokit {
  return new Octokit({
    baseUrl: on.api,
    authStrategy: createAppAuth,
    auth: { appId: on.appId, privateKey: on.privateKey },
    log: quiet,
  });
}

async function asInstallation(on = github): Promise<Octokit> {
  const { data } = await asApp(on).rest.apps.getRepoInstallation(repo);
  return new Octokit({
    baseUrl: on.api,
    authStrategy: createAppAuth,
    auth: { appId: on.appId, privateKey: on.privateKey, installationId: data.id },
    log: quiet,
  });
}

const repo = { owner: 'beta-fictif', repo: 'registre' };
const eventNames = () =>
  received.map(({ event, payload }) => [event, payload.action].filter(Boolean).join('.'));

describe('the App at the local GitHub', () => {
  it('signs in with its key, finds its installations and their repositories', async () => {
    const app = asApp();
    expect((await app.rest.apps.getAuthenticated()).data?.slug).toBe('greffier');
    expect((await app.rest.apps.listInstallations()).data).toHaveLength(1);
    const octokit = await asInstallation();
    const { data } = await octokit.rest.apps.listReposAccessibleToInstallation();
    expect(data.repositories.map((one) => one.full_name)).toEqual(['beta-fictif/registre']);
  });

  it('is refused with a forged token', async () => {
    const octokit = new Octokit({ baseUrl: github.api, auth: 'ghs_forged', log: quiet });
    await expect(octokit.rest.repos.get(repo)).rejects.toMatchObject({ status: 401 });
  });

  it('is refused what its manifest does not ask for', async () => {
    const modest = await startLocalGitHub({ privateKey, permissions: { checks: 'write' }, events: [] });
    try {
      modest.createRepository('beta-fictif/registre', { files: { a: 'b' } });
      const octokit = await asInstallation(modest);
      await expect(octokit.rest.issues.create({ ...repo, title: 'Non' })).rejects.toMatchObject({
        status: 403,
        message: expect.stringContaining('Resource not accessible by integration'),
      });
    } finally {
      await modest.stop();
    }
  });

  it('never sees a private repository on which it is not installed', async () => {
    github.createRepository('beta-fictif/secret', { files: { a: 'b' }, private: true, installed: false });
    const octokit = await asInstallation();
    await expect(octokit.rest.repos.get({ ...repo, repo: 'secret' })).rejects.toMatchObject({ status: 404 });
  });

  it('counts its calls, writes and limit', async () => {
    const octokit = await asInstallation();
    const { headers } = await octokit.rest.repos.get(repo);
    await octokit.rest.issues.createLabel({ ...repo, name: 'prêt', color: 'ededed' });
    expect(headers['x-ratelimit-remaining']).toBe('4999');
    expect(github.calls.count()).toBe(2);
    expect(github.calls.writes()).toBe(1);
    expect(github.calls.summary()).toEqual({
      'GET /repos/{owner}/{repo}': 1,
      'POST /repos/{owner}/{repo}/labels': 1,
    });
  });
});

describe('what the App reads', () => {
  it('commits, trees, blobs, files and comparisons by their ids', async () => {
    const octokit = await asInstallation();
    const { data: ref } = await octokit.rest.git.getRef({ ...repo, ref: 'heads/main' });
    const { data: commit } = await octokit.rest.git.getCommit({ ...repo, commit_sha: ref.object.sha });
    const { data: tree } = await octokit.rest.git.getTree({
      ...repo,
      tree_sha: commit.tree.sha,
      recursive: 'true',
    });
    expect(tree.tree.map(({ path, type }) => `${type} ${path}`)).toEqual([
      'blob README.md',
      'tree sp',
      'blob sp/a.yaml',
      'blob sp/b.yaml',
    ]);
    const { data: blob } = await octokit.rest.git.getBlob({ ...repo, file_sha: tree.tree[2]?.sha ?? '' });
    expect(Buffer.from(blob.content, 'base64').toString()).toBe('name: A\nurl: x\n');
    const { data: content } = await octokit.rest.repos.getContent({ ...repo, path: 'sp/a.yaml' });
    expect(content).toMatchObject({ type: 'file', sha: blob.sha });
    const { data: folder } = await octokit.rest.repos.getContent({ ...repo, path: 'sp' });
    expect(folder).toHaveLength(2);
    await expect(octokit.rest.repos.getContent({ ...repo, path: 'no' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('compares by the common ancestor, recognises renames, and shows patches', async () => {
    const alice = github.createUser('alice');
    github.addCollaborator(registry, alice, 'write');
    const before = registry.git.branch('main') ?? '';
    const after = alice.pushCommit(registry, 'autre', {
      'sp/a.yaml': 'name: A\nurl: y\n',
      'sp/b.yaml': null,
      'sp/c.yaml': 'name: B\n',
    });
    alice.pushCommit(registry, 'main', { 'README.md': '# Autre\n' });
    const octokit = await asInstallation();
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: `main...${after}`,
    });
    expect(data).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 1 });
    expect(data.merge_base_commit.sha).toBe(before);
    expect(data.files?.map(({ filename, status }) => [filename, status])).toEqual([
      ['sp/a.yaml', 'modified'],
      ['sp/c.yaml', 'renamed'],
    ]);
    expect(data.files?.[0]?.patch).toBe('@@ -1,2 +1,2 @@\n name: A\n-url: x\n+url: y');
  });

  it('says when a tree was cut', async () => {
    const small = await startLocalGitHub({ privateKey, permissions, events, limits: { treeEntries: 2 } });
    try {
      small.createRepository('beta-fictif/registre', { files: { a: '1', b: '2', c: '3' } });
      const octokit = await asInstallation(small);
      const { data } = await octokit.rest.git.getTree({ ...repo, tree_sha: 'main', recursive: 'true' });
      expect([data.tree.length, data.truncated]).toEqual([2, true]);
    } finally {
      await small.stop();
    }
  });

  it('downloads the archive of a commit of a private repository', async () => {
    const secret = github.createRepository('beta-fictif/prive', {
      private: true,
      files: { 'sp/a.yaml': 'name: A\n', lien: { content: 'sp/a.yaml', mode: '120000' } },
    });
    const octokit = await asInstallation();
    const sha = secret.git.branch('main') ?? '';
    const { data } = await octokit.rest.repos.downloadTarballArchive({ ...repo, repo: 'prive', ref: sha });
    const names: string[] = [];
    const reading = extract();
    reading.on('entry', (header, stream, next) => {
      names.push(`${header.type} ${header.name}`);
      stream.on('end', next).resume();
    });
    await pipeline(Readable.from(gunzipSync(Buffer.from(data as ArrayBuffer))), reading);
    const top = `beta-fictif-prive-${sha.slice(0, 7)}`;
    expect(names).toEqual([`directory ${top}/`, `symlink ${top}/lien`, `file ${top}/sp/a.yaml`]);
  });

  it('answers 304 to what did not change', async () => {
    const octokit = await asInstallation();
    const { headers } = await octokit.rest.repos.get(repo);
    const again = octokit.request('GET /repos/{owner}/{repo}', {
      ...repo,
      headers: { 'if-none-match': headers.etag ?? '' },
    });
    await expect(again).rejects.toMatchObject({ status: 304 });
  });
});

describe('a pull request', () => {
  it('is told, pushed to, reviewed, merged, and can be read at every step', async () => {
    const alice = github.createUser('alice');
    const bob = github.createUser('bob');
    github.addCollaborator(registry, bob, 'write');
    const fork = alice.fork(registry);
    const pull = alice.openPullRequest(registry, {
      from: fork,
      branch: 'ajout',
      title: 'Ajouter C',
      files: { 'sp/c.yaml': 'name: C\n' },
    });
    const octokit = await asInstallation();
    const at = { ...repo, pull_number: pull.number };
    const { data: opened } = await octokit.rest.pulls.get(at);
    expect(opened).toMatchObject({ mergeable: true, changed_files: 1, commits: 1, state: 'open' });
    expect(opened.head.repo?.full_name).toBe('alice/registre');
    const { data: files } = await octokit.rest.pulls.listFiles(at);
    expect(files.map(({ filename, status }) => [filename, status])).toEqual([['sp/c.yaml', 'added']]);

    const early = bob.approve(registry, pull);
    const head = alice.pushCommit(fork, 'ajout', { 'sp/c.yaml': 'name: D\n' });
    bob.dismiss(registry, pull, early);
    bob.approve(registry, pull);
    const { data: reviews } = await octokit.rest.pulls.listReviews(at);
    expect(reviews.map(({ state, commit_id }) => [state, commit_id === head])).toEqual([
      ['DISMISSED', false],
      ['APPROVED', true],
    ]);

    await expect(
      octokit.rest.pulls.merge({ ...at, sha: registry.git.branch('main') ?? '' }),
    ).rejects.toMatchObject({ status: 409 });
    const { data: merged } = await octokit.rest.pulls.merge({ ...at, sha: head });
    const { data: closed } = await octokit.rest.pulls.get(at);
    expect(closed).toMatchObject({ merged: true, merge_commit_sha: merged.sha, state: 'closed' });
    const { data: found } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      ...repo,
      commit_sha: merged.sha,
    });
    expect(found.map(({ number }) => number)).toEqual([pull.number]);
    expect(registry.git.textAt(merged.sha, 'sp/c.yaml')).toBe('name: D\n');
    await github.webhooks.settled();
    expect(eventNames().toSorted()).toEqual(
      [
        'installation.created',
        'pull_request.closed',
        'pull_request.opened',
        'pull_request.synchronize',
        'pull_request_review.dismissed',
        'pull_request_review.submitted',
        'pull_request_review.submitted',
        'push',
      ].toSorted(),
    );
  });

  it('conflicts when both sides edited the same lines, and not when they edited others', async () => {
    const alice = github.createUser('alice');
    const lines = (first: string, last: string) => `${first}\n1\n2\n3\n4\n${last}\n`;
    alice.pushCommit(registry, 'main', { f: lines('a', 'b') });
    const open = (branch: string, text: string) =>
      alice.openPullRequest(registry, { branch, title: branch, files: { f: text } });
    const [apart, against] = [open('apart', lines('a', 'B')), open('against', lines('x', 'b'))];
    alice.pushCommit(registry, 'main', { f: lines('A', 'b') });
    const octokit = await asInstallation();
    const get = async (number: number) =>
      (await octokit.rest.pulls.get({ ...repo, pull_number: number })).data;
    expect(await get(against.number)).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    const { mergeable, merge_commit_sha } = await get(apart.number);
    expect(mergeable).toBe(true);
    expect(registry.git.textAt(merge_commit_sha ?? '', 'f')).toBe(lines('A', 'B'));
  });

  it('cannot be approved by its author, nor merged by a stranger', async () => {
    const alice = github.createUser('alice');
    const pull = alice.openPullRequest(registry, { branch: 'b', title: 'B', files: { b: '1' } });
    expect(() => alice.approve(registry, pull)).toThrow('Unprocessable Entity');
    const octokit = new Octokit({ baseUrl: github.api, auth: alice.token, log: quiet });
    await expect(octokit.rest.pulls.merge({ ...repo, pull_number: pull.number })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('lists its files page by page', async () => {
    const alice = github.createUser('alice');
    const files = Object.fromEntries(Array.from({ length: 230 }, (_, at) => [`f/${at}`, `${at}\n`]));
    const pull = alice.openPullRequest(registry, { branch: 'b', title: 'B', files });
    const octokit = await asInstallation();
    const all = await octokit.paginate(octokit.rest.pulls.listFiles, {
      ...repo,
      pull_number: pull.number,
      per_page: 100,
    });
    expect(new Set(all.map(({ filename }) => filename)).size).toBe(230);
    expect(github.calls.count('GET /repos/{owner}/{repo}/pulls/{pull_number}/files')).toBe(3);
  });

  it('changes base, becomes a draft and ready again, closes and reopens, is queued', async () => {
    const alice = github.createUser('alice');
    alice.pushCommit(registry, 'autre', { x: '1' });
    const pull = alice.openPullRequest(registry, { branch: 'b', title: 'B', files: { b: '1' } });
    alice.changeBase(registry, pull, 'autre');
    alice.changeBase(registry, pull, 'main');
    alice.convertToDraft(registry, pull);
    alice.markReady(registry, pull);
    alice.close(registry, pull);
    alice.reopen(registry, pull);
    const group = alice.addToMergeQueue(registry, pull);
    alice.removeFromMergeQueue(registry, group, 'merged');
    await github.webhooks.settled();
    expect(eventNames()).toEqual(
      expect.arrayContaining([
        'pull_request.edited',
        'pull_request.converted_to_draft',
        'pull_request.ready_for_review',
        'pull_request.closed',
        'pull_request.reopened',
        'merge_group.checks_requested',
        'merge_group.destroyed',
      ]),
    );
    expect(registry.git.branch('main')).toBe(group.headSha);
  });
});

describe('what the App writes', () => {
  it('one comment, edited, reacted to, with its labels', async () => {
    const alice = github.createUser('alice');
    const pull = alice.openPullRequest(registry, { branch: 'b', title: 'B', files: { b: '1' } });
    const octokit = await asInstallation();
    const at = { ...repo, issue_number: pull.number };
    const { data: comment } = await octokit.rest.issues.createComment({ ...at, body: 'Bonjour' });
    expect(comment.user?.login).toBe('greffier[bot]');
    await octokit.rest.issues.updateComment({ ...repo, comment_id: comment.id, body: 'Bonsoir' });
    await octokit.rest.reactions.createForIssueComment({ ...repo, comment_id: comment.id, content: '+1' });
    expect((await octokit.rest.issues.listComments(at)).data.map(({ body }) => body)).toEqual(['Bonsoir']);
    await octokit.rest.issues.createLabel({ ...repo, name: 'ready', color: '0E8A16', description: 'Prêt' });
    const again = octokit.rest.issues.createLabel({ ...repo, name: 'Ready', color: '0E8A16' });
    await expect(again).rejects.toMatchObject({ status: 422 });
    await octokit.rest.issues.addLabels({ ...at, labels: ['ready', 'internet'] });
    await octokit.rest.issues.removeLabel({ ...at, name: 'internet' });
    expect((await octokit.rest.issues.listLabelsOnIssue(at)).data.map(({ name }) => name)).toEqual(['ready']);
    expect((await octokit.rest.issues.get(at)).data.pull_request).toBeDefined();
    await expect(
      octokit.rest.issues.createComment({ ...at, body: 'x'.repeat(65_537) }),
    ).rejects.toMatchObject({
      status: 422,
    });
    await github.webhooks.settled();
    expect(eventNames()).toContain('issue_comment.created');
  });

  it('check runs with their annotations, fifty at a time', async () => {
    const octokit = await asInstallation();
    const annotation = (line: number) => ({
      path: 'sp/a.yaml',
      start_line: line,
      end_line: line,
      start_column: 1,
      end_column: 5,
      annotation_level: 'failure' as const,
      message: 'Non',
    });
    const output = (count: number) => ({
      title: 'Titre',
      summary: 'Résumé',
      annotations: Array.from({ length: count }, (_, at) => annotation(at + 1)),
    });
    const head = registry.git.branch('main') ?? '';
    const create = (count: number) =>
      octokit.rest.checks.create({
        ...repo,
        name: 'greffier',
        head_sha: head,
        status: 'completed',
        conclusion: 'failure',
        output: output(count),
      });
    await expect(create(51)).rejects.toMatchObject({ status: 422 });
    const { data: run } = await create(50);
    await octokit.rest.checks.update({ ...repo, check_run_id: run.id, output: output(10) });
    const { data } = await octokit.rest.checks.listForRef({ ...repo, ref: head, check_name: 'greffier' });
    expect(data.check_runs).toMatchObject([{ conclusion: 'failure', output: { annotations_count: 60 } }]);
    const annotations = await octokit.paginate(octokit.rest.checks.listAnnotations, {
      ...repo,
      check_run_id: run.id,
    });
    expect(annotations).toHaveLength(60);
    const alice = github.createUser('alice');
    const [kept] = registry.checkRuns;
    if (kept !== undefined) alice.requestRerun(registry, kept);
    await github.webhooks.settled();
    expect(eventNames()).toContain('check_run.rerequested');
  });

  it('suggestions on lines of the diff, and on no others', async () => {
    const alice = github.createUser('alice');
    const pull = alice.openPullRequest(registry, {
      branch: 'b',
      title: 'B',
      files: { 'sp/a.yaml': 'name: A\nurl: z\n' },
    });
    const octokit = await asInstallation();
    const review = (line: number) =>
      octokit.rest.pulls.createReview({
        ...repo,
        pull_number: pull.number,
        event: 'COMMENT',
        comments: [{ path: 'sp/a.yaml', line, body: '```suggestion\nurl: y\n```' }],
      });
    await expect(review(40)).rejects.toMatchObject({ status: 422 });
    await review(2);
    const { data } = await octokit.rest.pulls.listReviewComments({ ...repo, pull_number: pull.number });
    expect(data).toMatchObject([{ path: 'sp/a.yaml', line: 2 }]);
    expect(alice.commitSuggestions(registry, pull)).toBe(1);
    expect(registry.git.textAt(pull.pull.headSha, 'sp/a.yaml')).toBe('name: A\nurl: y\n');
    expect(alice.commitSuggestions(registry, pull)).toBe(0);
  });

  it('a commit on a branch, from blob to reference', async () => {
    const octokit = await asInstallation();
    const tip = registry.git.branch('main') ?? '';
    const { data: tree } = await octokit.rest.git.createTree({
      ...repo,
      base_tree: tip,
      tree: [{ path: 'sp/a.yaml', mode: '100644', type: 'blob', content: 'name: Z\n' }],
    });
    const { data: commit } = await octokit.rest.git.createCommit({
      ...repo,
      message: 'Corriger',
      tree: tree.sha,
      parents: [tip],
    });
    await octokit.rest.git.updateRef({ ...repo, ref: 'heads/main', sha: commit.sha });
    expect(registry.git.textAt('', 'sp/a.yaml')).toBeUndefined();
    expect(registry.git.textAt(registry.git.branch('main') ?? '', 'sp/a.yaml')).toBe('name: Z\n');
    const back = octokit.rest.git.updateRef({ ...repo, ref: 'heads/main', sha: tip });
    await expect(back).rejects.toMatchObject({ status: 422 });
  });

  it('deployments, issues, and who may do what', async () => {
    const octokit = await asInstallation();
    const alice = github.createUser('alice');
    github.addCollaborator(registry, alice, 'maintain');
    github.addToTeam('beta-fictif', 'relecteurs', alice);
    const { data: deployment } = await octokit.rest.repos.createDeployment({
      ...repo,
      ref: registry.git.branch('main') ?? '',
      environment: 'internet-integration',
      auto_merge: false,
      required_contexts: [],
    });
    if (!('id' in deployment)) throw new Error('No deployment');
    await octokit.rest.repos.createDeploymentStatus({
      ...repo,
      deployment_id: deployment.id,
      state: 'success',
      description: 'Fait',
    });
    const { data: issue } = await octokit.rest.issues.create({ ...repo, title: 'À faire', labels: ['rie'] });
    await octokit.rest.issues.update({ ...repo, issue_number: issue.number, state: 'closed' });
    const { data: level } = await octokit.rest.repos.getCollaboratorPermissionLevel({
      ...repo,
      username: 'alice',
    });
    expect([level.permission, level.role_name]).toEqual(['write', 'maintain']);
    const member = await octokit.rest.teams.getMembershipForUserInOrg({
      org: 'beta-fictif',
      team_slug: 'relecteurs',
      username: 'alice',
    });
    expect(member.data.state).toBe('active');
  });
});

describe('webhooks', () => {
  it('are kept with their outcome and redelivered under the same id', async () => {
    await github.webhooks.settled();
    answer = 500;
    const alice = github.createUser('alice');
    alice.pushCommit(registry, 'main', { a: '1' });
    await github.webhooks.settled();
    answer = 202;
    const app = asApp();
    const { data } = await app.rest.apps.listWebhookDeliveries({ per_page: 10 });
    const [failed] = data.filter(({ status }) => status !== 'OK');
    expect(failed).toMatchObject({ event: 'push', status_code: 500, redelivery: false });
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
    await github.webhooks.settled();
    expect(received.filter(({ event }) => event === 'push').map(({ guid }) => guid)).toEqual([
      failed?.guid,
      failed?.guid,
    ]);
    const { data: after } = await app.rest.apps.listWebhookDeliveries({ per_page: 1 });
    expect(after).toMatchObject([{ guid: failed?.guid, status: 'OK', redelivery: true }]);
    const { data: whole } = await app.rest.apps.getWebhookDelivery({ delivery_id: failed?.id ?? 0 });
    expect(whole.request.payload).toMatchObject({ ref: 'refs/heads/main' });
  });

  it('can be lost or doubled', async () => {
    await github.webhooks.settled();
    const alice = github.createUser('alice');
    github.faults.injectDelivery('duplicate', { on: 'push' });
    alice.pushCommit(registry, 'main', { a: '1' });
    await github.webhooks.settled();
    const twice = received.filter(({ event }) => event === 'push');
    expect(twice).toHaveLength(2);
    expect(twice[0]?.guid).toBe(twice[1]?.guid);
    github.faults.injectDelivery('drop', { on: 'push' });
    alice.pushCommit(registry, 'main', { a: '2' });
    await github.webhooks.settled();
    expect(received.filter(({ event }) => event === 'push')).toHaveLength(2);
    expect(github.webhooks.deliveries.at(-1)?.statusCode).toBe(502);
  });
});

describe('faults', () => {
  it('come when planned, and only then', async () => {
    const octokit = await asInstallation();
    const create = () => octokit.rest.issues.create({ ...repo, title: 'Un' });
    const on = 'POST /repos/{owner}/{repo}/issues';
    github.faults.inject({ kind: 'secondary-limit', retryAfter: 7 }, { on });
    await octokit.rest.repos.get(repo);
    await expect(create()).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'retry-after': '7' } },
    });
    github.faults.inject({ kind: 'reset' }, { on });
    await expect(create()).rejects.toMatchObject({ status: 500 });
    expect(registry.issues.size).toBe(0);
    github.faults.inject({ kind: 'reset-after' }, { on });
    await expect(create()).rejects.toMatchObject({ status: 500 });
    expect(registry.issues.size).toBe(1);
    await create();
    expect(registry.issues.size).toBe(2);
  });

  it('happen by a chance that a seed repeats', () => {
    const draw = () => {
      const faults = new FaultInjector();
      faults.injectRandomly(0.2, [{ kind: 'error', status: 502 }, { kind: 'reset' }], 42);
      return Array.from({ length: 200 }, () => faults.forRequest('GET /')?.kind);
    };
    const drawn = draw();
    expect(draw()).toEqual(drawn);
    const count = drawn.filter((kind) => kind !== undefined).length;
    expect(count).toBeGreaterThan(20);
    expect(count).toBeLessThan(60);
  });
});

describe('git itself', () => {
  it('clones, finds every object sound, and pushes a branch that becomes a pull request', async () => {
    const alice = github.createUser('alice');
    github.addCollaborator(registry, alice, 'write');
    const folder = mkdtempSync(join(tmpdir(), 'clone-'));
    const git = (...args: string[]) =>
      run('git', ['-C', folder, '-c', 'user.name=Alice', '-c', 'user.email=alice@localhost', ...args]);
    try {
      const remote = github.url.replace('//', `//alice:${alice.token}@`);
      await run('git', ['clone', '--quiet', `${remote}/beta-fictif/registre.git`, folder]);
      await git('fsck', '--strict');
      await git('switch', '--quiet', '--create', 'nouveau');
      writeFileSync(join(folder, 'sp', 'c.yaml'), 'name: C\n');
      await git('add', '.');
      await git('commit', '--quiet', '--message', 'Ajouter C');
      await git('push', '--quiet', 'origin', 'nouveau');
      const octokit = new Octokit({ baseUrl: github.api, auth: alice.token, log: quiet });
      const { data } = await octokit.rest.pulls.create({
        ...repo,
        title: 'C',
        head: 'nouveau',
        base: 'main',
      });
      expect(data.changed_files).toBe(1);
      await github.webhooks.settled();
      expect(eventNames()).toEqual(expect.arrayContaining(['push', 'pull_request.opened']));
      await git('push', '--quiet', 'origin', ':nouveau');
      expect(registry.git.branch('nouveau')).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses the push of someone who may not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clone-'));
    const mallory = github.createUser('mallory');
    try {
      const remote = github.url.replace('//', `//mallory:${mallory.token}@`);
      await run('git', ['clone', '--quiet', `${remote}/beta-fictif/registre.git`, folder]);
      const push = run('git', ['-C', folder, 'push', '--quiet', 'origin', 'HEAD:refs/heads/x']);
      await expect(push).rejects.toThrow(/403|denied/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
