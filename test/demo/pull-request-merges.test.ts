/** Test merges, the three ways to merge, and the merge queue, as an App meets them at GitHub. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { ApiExchange } from '#demo/github/rest-api';
import type { PullRequest, Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { exchangeProblems, webhookProblems } from './openapi.ts';

const run = promisify(execFile);
const silent = () => undefined;
const quiet = { debug: silent, info: silent, warn: silent, error: silent };
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const repo = { owner: 'beta-fictif', repo: 'registre' };
const definition = 'name: A\nurl: https://a.example\ncontact: a@example\nalg: RS256\nnetwork: rie\n';
const edited = definition.replace('a.example', 'mallory.example');

let github: LocalGitHub;
let registry: Repository;
let alice: GitHubUser;
let octokit: Octokit;
let exchanges: ApiExchange[];
let now: Date;

beforeEach(async () => {
  exchanges = [];
  now = new Date();
  github = await startLocalGitHub({
    privateKey,
    permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
    events: ['pull_request', 'push', 'merge_group'],
    now: () => now,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  registry = github.createRepository('beta-fictif/registre', {
    files: { 'old/a.yaml': definition, 'LISEZMOI.md': 'un\ndeux\ntrois\nquatre\ncinq\n' },
  });
  alice = github.createUser('alice');
  github.addCollaborator(registry, alice, 'write');
  const auth = { appId: github.appId, privateKey };
  const app = new Octokit({ baseUrl: github.api, authStrategy: createAppAuth, auth, log: quiet });
  const { data } = await app.rest.apps.getRepoInstallation(repo);
  octokit = new Octokit({
    baseUrl: github.api,
    authStrategy: createAppAuth,
    auth: { ...auth, installationId: data.id },
    log: quiet,
  });
});

afterEach(async () => {
  await github.stop();
  // Nobody listens; what was sent is kept all the same, and has to be what GitHub could have sent.
  expect(exchanges.flatMap(exchangeProblems)).toEqual([]);
  expect(deliveries().flatMap(({ event, payload }) => webhookProblems(event, payload))).toEqual([]);
});

function deliveries() {
  return github.webhooks.deliveries.map(({ event, body }) => ({ event, payload: JSON.parse(body) }));
}

const tip = () => registry.git.branch('main') ?? '';
const get = async ({ number }: PullRequest) =>
  (await octokit.rest.pulls.get({ ...repo, pull_number: number })).data;
const open = (branch: string, files: Readonly<Record<string, string | null>>, title = branch) =>
  alice.openPullRequest(registry, { branch, title, files });
const mergeBy = async (pull: PullRequest, method?: 'merge' | 'squash' | 'rebase', sha?: string) =>
  (
    await octokit.rest.pulls.merge({
      ...repo,
      pull_number: pull.number,
      ...(method === undefined ? {} : { merge_method: method }),
      ...(sha === undefined ? {} : { sha }),
    })
  ).data;

/** Someone branches off, then the definition is moved on the main branch, then they edit it where it was. */
function editAfterMove(): PullRequest {
  alice.pushCommit(registry, 'vieux', { 'old/a.yaml': edited });
  alice.pushCommit(registry, 'main', { 'old/a.yaml': null, 'new/a.yaml': definition });
  return alice.openPullRequest(registry, { branch: 'vieux', title: 'Vieux' });
}

describe('a test merge', () => {
  it('is a commit over both, with what merging would change', async () => {
    const pull = editAfterMove();
    const { mergeable, rebaseable, merge_commit_sha } = await get(pull);
    expect({ mergeable, rebaseable }).toEqual({ mergeable: true, rebaseable: true });
    const sha = merge_commit_sha ?? '';
    const { data: commit } = await octokit.rest.git.getCommit({ ...repo, commit_sha: sha });
    expect(commit.parents.map((parent) => parent.sha)).toEqual([tip(), pull.pull.headSha]);
    const { data: tree } = await octokit.rest.git.getTree({
      ...repo,
      tree_sha: commit.tree.sha,
      recursive: 'true',
    });
    expect(tree.tree.map(({ path }) => path)).toEqual(['LISEZMOI.md', 'new', 'new/a.yaml']);
    const { data: blob } = await octokit.rest.git.getBlob({ ...repo, file_sha: tree.tree[2]?.sha ?? '' });
    expect(Buffer.from(blob.content, 'base64').toString()).toBe(edited);
    for (const [name, expected] of [
      ['merge', sha],
      ['head', pull.pull.headSha],
    ] as const) {
      const { data } = await octokit.rest.git.getRef({ ...repo, ref: `pull/${pull.number}/${name}` });
      expect(data.object.sha).toBe(expected);
    }
  });

  it('compares with the base by what it changes there, where the head compares by what was before', async () => {
    const pull = editAfterMove();
    const { merge_commit_sha } = await get(pull);
    const compare = async (head: string) =>
      (await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead: `${tip()}...${head}` })).data;
    const ofMerge = await compare(merge_commit_sha ?? '');
    expect(ofMerge.merge_base_commit.sha).toBe(tip());
    expect(ofMerge.commits.at(-1)?.sha).toBe(merge_commit_sha);
    expect(ofMerge.files?.map(({ filename, status }) => [filename, status])).toEqual([
      ['new/a.yaml', 'modified'],
    ]);
    const ofHead = await compare(pull.pull.headSha);
    expect(ofHead.files?.map(({ filename, status }) => [filename, status])).toEqual([
      ['old/a.yaml', 'modified'],
    ]);
  });

  it('is made in the background: what is sent at once does not know of it', async () => {
    const pull = open('b', { b: '1\n' });
    const [opened] = deliveries().filter(({ payload }) => payload.action === 'opened');
    expect(opened?.payload.pull_request).toMatchObject({ mergeable: null, merge_commit_sha: null });
    const { mergeable, merge_commit_sha } = await get(pull);
    expect(mergeable).toBe(true);
    const { data: listed } = await octokit.rest.pulls.list(repo);
    expect(listed[0]?.merge_commit_sha).toBe(merge_commit_sha);
  });

  it('can take its time after the head or the base moved; the last one stays meanwhile', async () => {
    const pull = open('b', { b: '1\n' });
    const { merge_commit_sha: first } = await get(pull);
    github.testMerges.readsUnknown = 2;
    for (const move of [() => alice.pushCommit(registry, 'b', { b: '2\n' }), moveMain]) {
      const before = await lastTestMerge(pull);
      move();
      for (const _ of [1, 2])
        expect(await get(pull)).toMatchObject({
          mergeable: null,
          rebaseable: null,
          mergeable_state: 'unknown',
          merge_commit_sha: before,
        });
      const { mergeable, merge_commit_sha } = await get(pull);
      expect(mergeable).toBe(true);
      expect(registry.git.objects.commit(merge_commit_sha ?? '')?.parents).toEqual([
        tip(),
        pull.pull.headSha,
      ]);
    }
    expect(await lastTestMerge(pull)).not.toBe(first);
  });

  it('stays with the last that worked on a conflict', async () => {
    const pull = open('b', { 'LISEZMOI.md': 'UN\ndeux\ntrois\nquatre\ncinq\n' });
    const { merge_commit_sha: first } = await get(pull);
    alice.pushCommit(registry, 'main', { 'LISEZMOI.md': 'uno\ndeux\ntrois\nquatre\ncinq\n' });
    expect(await get(pull)).toMatchObject({
      mergeable: false,
      rebaseable: false,
      mergeable_state: 'dirty',
      merge_commit_sha: first,
    });
    expect(await lastTestMerge(pull)).toBe(first);
    await expect(mergeBy(pull)).rejects.toMatchObject({ status: 405 });
    const never = open('c', { 'LISEZMOI.md': 'eins\n' });
    alice.pushCommit(registry, 'main', { 'LISEZMOI.md': 'one\n' });
    expect(await get(never)).toMatchObject({ mergeable: false, merge_commit_sha: null });
  });

  it('of github.com stays when only the base branch moves, for twelve hours', async () => {
    github.testMerges.madeAgain = 'when the common ancestor changes';
    const pull = open('b', { b: '1\n' });
    const base = tip();
    const { merge_commit_sha: first } = await get(pull);
    moveMain();
    const later = await get(pull);
    expect(later).toMatchObject({ mergeable: true, merge_commit_sha: first });
    expect(registry.git.objects.commit(first ?? '')?.parents[0]).toBe(base);
    now = new Date(now.getTime() + 13 * 60 * 60 * 1000);
    moveMain();
    // By someone whose token does not expire.
    octokit = new Octokit({ baseUrl: github.api, auth: alice.token, log: quiet });
    const { merge_commit_sha: last } = await get(pull);
    expect(registry.git.objects.commit(last ?? '')?.parents[0]).toBe(tip());
  });

  let moves = 0;
  function moveMain(): void {
    alice.pushCommit(registry, 'main', { autre: `${++moves}\n` });
  }

  async function lastTestMerge(pull: PullRequest): Promise<string> {
    const { data } = await octokit.rest.git.getRef({ ...repo, ref: `pull/${pull.number}/merge` });
    return data.object.sha;
  }
});

describe('merging', () => {
  it('by a merge commit brings an edit to where the file is now', async () => {
    const pull = editAfterMove();
    const before = tip();
    const { sha } = await mergeBy(pull, 'merge', pull.pull.headSha);
    expect(tip()).toBe(sha);
    expect(registry.git.objects.commit(sha)?.parents).toEqual([before, pull.pull.headSha]);
    expect(registry.git.textAt(sha, 'new/a.yaml')).toBe(edited);
    expect(registry.git.textAt(sha, 'old/a.yaml')).toBeUndefined();
    expect(await get(pull)).toMatchObject({ merged: true, mergeable: null, merge_commit_sha: sha });
  });

  it('by squashing makes one commit', async () => {
    const pull = open('b', { b: '1\n' });
    alice.pushCommit(registry, 'b', { c: '2\n' });
    const before = tip();
    const { sha } = await mergeBy(pull, 'squash');
    expect(registry.git.objects.commit(sha)).toMatchObject({ parents: [before], message: 'b (#1)' });
    expect(await get(pull)).toMatchObject({ merged: true, merge_commit_sha: sha });
  });

  it('by rebasing makes each commit again, following renames', async () => {
    alice.pushCommit(registry, 'b', { 'old/a.yaml': edited }, 'Changer');
    alice.pushCommit(registry, 'b', { b: '1\n' }, 'Ajouter');
    alice.pushCommit(registry, 'main', { 'old/a.yaml': null, 'new/a.yaml': definition });
    const pull = alice.openPullRequest(registry, { branch: 'b', title: 'B' });
    const before = tip();
    const { sha } = await mergeBy(pull, 'rebase');
    const last = registry.git.objects.commit(sha);
    const first = registry.git.objects.commit(last?.parents[0] ?? '');
    expect([first?.message, last?.message]).toEqual(['Changer', 'Ajouter']);
    expect(first?.parents).toEqual([before]);
    expect(first?.committer.name).toBe('greffier[bot]');
    expect(first?.author.name).toBe('alice');
    expect(registry.git.textAt(sha, 'new/a.yaml')).toBe(edited);
    expect(await get(pull)).toMatchObject({ merged: true, merge_commit_sha: sha });
    for (const commit_sha of [sha, last?.parents[0] ?? '']) {
      const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha });
      expect(data.map(({ number }) => number)).toEqual([pull.number]);
    }
  });

  it('is refused by rebasing where a commit conflicts, though the whole would not', async () => {
    const pull = open('b', { 'LISEZMOI.md': 'UN\ndeux\ntrois\nquatre\ncinq\n' });
    alice.pushCommit(registry, 'b', { 'LISEZMOI.md': 'un\ndeux\ntrois\nquatre\ncinq\n', b: '1\n' });
    alice.pushCommit(registry, 'main', { 'LISEZMOI.md': 'uno\ndeux\ntrois\nquatre\ncinq\n' });
    expect(await get(pull)).toMatchObject({ mergeable: true, rebaseable: false });
    await expect(mergeBy(pull, 'rebase')).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining("This branch can't be rebased"),
    });
    await mergeBy(pull, 'squash');
  });

  it('is refused when the head moved, for a draft, when closed, and by a method that is not allowed', async () => {
    const pull = open('b', { b: '1\n' });
    await expect(mergeBy(pull, 'merge', tip())).rejects.toMatchObject({ status: 409 });
    alice.convertToDraft(registry, pull);
    await expect(mergeBy(pull)).rejects.toMatchObject({ status: 405 });
    alice.markReady(registry, pull);
    alice.close(registry, pull);
    await expect(mergeBy(pull)).rejects.toMatchObject({ status: 405 });
    alice.reopen(registry, pull);
    registry.mergeMethods.clear();
    for (const [method, sentence] of [
      ['merge', 'Merge commits are not allowed on this repository.'],
      ['squash', 'Squash merges are not allowed on this repository.'],
      ['rebase', 'Rebase merges are not allowed on this repository.'],
    ] as const)
      await expect(mergeBy(pull, method)).rejects.toMatchObject({
        status: 405,
        message: expect.stringContaining(sentence),
      });
    registry.mergeMethods.add('squash');
    const { data } = await octokit.rest.repos.get(repo);
    expect(data).toMatchObject({
      allow_merge_commit: false,
      allow_squash_merge: true,
      allow_rebase_merge: false,
    });
    await mergeBy(pull, 'squash', pull.pull.headSha);
  });
});

describe('the merge queue', () => {
  const groups = () =>
    deliveries()
      .filter(({ event }) => event === 'merge_group')
      .map(({ payload }) => [payload.action, payload.reason ?? '', payload.merge_group.head_sha]);

  it('builds each group over the one before, and merges them in order', () => {
    const [one, two] = [open('un', { a: '1\n' }), open('deux', { b: '2\n' })];
    const before = tip();
    const [first, second] = [alice.addToMergeQueue(registry, one), alice.addToMergeQueue(registry, two)];
    expect([first.baseSha, second.baseSha]).toEqual([before, first.headSha]);
    expect(registry.git.branch(`gh-readonly-queue/main/pr-2-${first.headSha}`)).toBe(second.headSha);
    expect(registry.git.textAt(second.headSha, 'a')).toBe('1\n');
    alice.removeFromMergeQueue(registry, second, 'merged');
    expect(tip()).toBe(second.headSha);
    expect([one, two].map(({ pull }) => pull.merged?.sha)).toEqual([first.headSha, second.headSha]);
    expect(groups()).toEqual([
      ['checks_requested', '', first.headSha],
      ['checks_requested', '', second.headSha],
      ['destroyed', 'merged', first.headSha],
      ['destroyed', 'merged', second.headSha],
    ]);
  });

  it('builds the groups behind anew when one leaves, and all when the base moves otherwise', () => {
    const [one, two] = [open('un', { a: '1\n' }), open('deux', { b: '2\n' })];
    const [first, second] = [alice.addToMergeQueue(registry, one), alice.addToMergeQueue(registry, two)];
    alice.removeFromMergeQueue(registry, first, 'dequeued');
    const [again] = registry.mergeQueue;
    expect(registry.mergeQueue).toHaveLength(1);
    expect([again?.pull, again?.baseSha]).toEqual([two, tip()]);
    expect(registry.git.textAt(again?.headSha ?? '', 'a')).toBeUndefined();
    expect(groups().slice(2)).toEqual([
      ['destroyed', 'dequeued', first.headSha],
      ['destroyed', 'invalidated', second.headSha],
      ['checks_requested', '', again?.headSha],
    ]);
    const pushed = alice.pushCommit(registry, 'main', { c: '3\n' });
    if (again !== undefined) alice.removeFromMergeQueue(registry, again, 'merged');
    expect(tip()).toBe(pushed);
    expect(registry.mergeQueue.map(({ baseSha }) => baseSha)).toEqual([pushed]);
    expect(two.state).toBe('open');
  });

  it('refuses what conflicts with what is queued', () => {
    const [one, two] = [open('un', { a: '1\n' }), open('deux', { a: '2\n' })];
    alice.addToMergeQueue(registry, one, 'squash');
    expect(() => alice.addToMergeQueue(registry, two)).toThrow('Pull Request is not mergeable');
  });
});

describe('git itself', () => {
  it('fetches a test merge and a head, and cannot push to them', async () => {
    const pull = editAfterMove();
    const { merge_commit_sha } = await get(pull);
    const folder = mkdtempSync(join(tmpdir(), 'clone-'));
    const git = (...args: string[]) => run('git', ['-C', folder, ...args]);
    try {
      const remote = github.url.replace('//', `//alice:${alice.token}@`);
      await run('git', ['clone', '--quiet', `${remote}/beta-fictif/registre.git`, folder]);
      const { stdout: listed } = await git('ls-remote', 'origin', `refs/pull/${pull.number}/*`);
      expect(listed.trim().split('\n')).toEqual([
        `${pull.pull.headSha}\trefs/pull/${pull.number}/head`,
        `${merge_commit_sha}\trefs/pull/${pull.number}/merge`,
      ]);
      await git('fetch', '--quiet', 'origin', `refs/pull/${pull.number}/merge`);
      const { stdout } = await git('show', 'FETCH_HEAD:new/a.yaml');
      expect(stdout).toBe(edited);
      await git('fsck', '--strict');
      const push = git('push', '--quiet', 'origin', `HEAD:refs/pull/${pull.number}/merge`);
      await expect(push).rejects.toThrow('deny updating a hidden ref');
      // A push elsewhere leaves them where they are.
      await git('push', '--quiet', 'origin', 'HEAD:refs/heads/autre');
      expect(registry.git.refs.get(`refs/pull/${pull.number}/merge`)).toBe(merge_commit_sha);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
