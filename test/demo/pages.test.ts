/** The local GitHub's pages: what a person does there by buttons, and what never acts in what people wrote. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formsOf } from '#demo/forms';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { PullRequest, Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { TextBrowser } from '#demo/text-browser';

const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)></div></section>"\'><b onclick=x>';

let github: LocalGitHub;
let registry: Repository;
let alice: GitHubUser;
let pull: PullRequest;
const browser = new TextBrowser();

beforeEach(async () => {
  github = await startLocalGitHub({ permissions: {}, events: [] });
  registry = github.createRepository('beta-fictif/registre', {
    files: { 'README.md': `# R\n\n${hostile}\n` },
  });
  const bob = github.createUser('bob');
  github.addCollaborator(registry, bob, 'write');
  alice = github.createUser('alice');
  const fork = alice.fork(registry);
  pull = alice.openPullRequest(registry, {
    branch: 'b',
    title: `A ${hostile}`,
    files: { 'a b.yaml': 'a\nb\n' },
    from: fork,
  });
});
afterEach(() => github.stop());

const at = (path: string) => new URL(path, github.url);
const open = () => browser.open(at(`/beta-fictif/registre/pull/${pull.number}`));
const press = async (value: string, values: Record<string, string>) =>
  browser.submit(await open(), { name: 'do', value }, values);

it('have the buttons that a person needs, in the name and with the rights of whom one chooses', async () => {
  const said = await press('comment', { as: 'alice', body: 'Bonjour **Bob**' });
  expect(said.html).toContain('Bonjour <strong>Bob</strong>');
  expect(pull.comments).toMatchObject([{ body: 'Bonjour **Bob**', author: { login: 'alice' } }]);
  // Who acted stays chosen.
  expect(formsOf(said.html)[0]?.controls.find(({ name }) => name === 'as')?.value).toBe('alice');

  const own = await press('approve', { as: 'alice', body: '' });
  expect(own.status).toBe(422);
  expect(own.html).toContain('Can not approve your own pull request');
  expect((await press('merge', { as: 'alice', body: 'Gardé' })).status).toBe(403);
  registry.requiredChecks.push({ context: 'greffier', appId: 7 });
  const refused = await press('merge', { as: 'bob', body: 'Gardé' });
  expect(refused.status).toBe(405);
  expect(refused.html).toContain('Required status check &quot;greffier&quot; is expected.');
  expect(formsOf(refused.html)[0]?.controls.find(({ name }) => name === 'body')?.value).toBe('Gardé');
  expect(pull.pull.merged).toBeUndefined();
  registry.requiredChecks.pop();
  await press('request-changes', { as: 'bob', body: 'Encore' });
  // Without a choice it is the one who may review.
  await press('approve', {});
  expect(pull.pull.reviews.map(({ state, author }) => `${author.login} ${state}`)).toEqual([
    'bob CHANGES_REQUESTED',
    'bob APPROVED',
  ]);
  await press('close', { as: 'alice' });
  expect(pull.state).toBe('closed');
  await press('reopen', { as: 'alice' });
  await press('merge', {});
  expect(pull.pull.merged?.by.login).toBe('bob');
});

it('apply a suggestion as a commit on the branch, once', async () => {
  const fetched = await fetch(`${github.api}/repos/beta-fictif/registre/pulls/1/comments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${github.user('bob').token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      commit_id: pull.pull.headSha,
      path: 'a b.yaml',
      line: 2,
      body: 'Écrire `c`\n```suggestion\nc\n```\n',
    }),
  });
  expect(fetched.status).toBe(201);
  const page = await open();
  const button = { words: 'Appliquer la suggestion (Commit suggestion)' };
  github.createUser('mallory');
  expect((await browser.submit(page, button, { as: 'mallory' })).status).toBe(403);
  await browser.submit(page, button, { as: 'alice' });
  expect(registry.git.textAt(pull.pull.headSha, 'a b.yaml')).toBe('a\nc\n');
  // It is of another commit by now.
  expect((await browser.submit(page, button, { as: 'alice' })).status).toBe(422);
  expect((await open()).html).not.toContain('value="suggestion');
});

it('propose a new file that a link has filled in, from a copy of one’s own', async () => {
  const query = new URLSearchParams({ filename: 'service-providers/é.yaml', value: 'version: 1\n' });
  const page = await browser.open(at(`/beta-fictif/registre/new/main?${query}`));
  const opened = await browser.submit(page, { words: 'Proposer ce fichier (pull request)' }, { as: 'alice' });
  expect(opened.url.pathname).toBe('/beta-fictif/registre/pull/2');
  expect(opened.html).toContain('+version: 1');
  const none = await browser.submit(page, {}, { filename: '../x' });
  expect([none.status, none.html.includes('Écrivez le chemin')]).toEqual([422, true]);
});

it('let nothing act that people wrote', async () => {
  alice.comment(
    registry,
    pull,
    `${hostile}\n[x](javascript:alert(1)) <details open onclick=x><summary>S</summary>\n\n![i](http://x/y)`,
  );
  alice.openIssue(registry, hostile, hostile);
  for (const path of [
    '/',
    '/beta-fictif/registre',
    '/beta-fictif/registre/pull/1',
    '/beta-fictif/registre/issues/2',
    '/alice',
    `/beta-fictif/registre/commit/${pull.pull.headSha}`,
  ]) {
    const page = await browser.open(at(path));
    expect(page.status, path).toBe(200);
    const tags = page.html.match(/<[a-z][^>]*>/gi) ?? [];
    expect(
      tags.filter((tag) => /^<(?:script|img)|\son\w+\s*=|javascript:/i.test(tag)),
      path,
    ).toEqual([]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  }
  expect((await open()).html).toContain('<details><summary>S</summary>');
});

it('take forms from nowhere else, and say what is not there', async () => {
  const to = at('/beta-fictif/registre/pull/1');
  const send = (headers: Record<string, string>) =>
    fetch(to, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ as: 'bob', do: 'approve' }),
      redirect: 'manual',
    });
  expect((await send({ origin: 'https://ailleurs.example' })).status).toBe(403);
  expect((await send({ origin: 'null' })).status).toBe(403);
  expect(pull.pull.reviews).toEqual([]);
  expect((await send({})).status).toBe(303);
  const missing = await browser.open(at('/beta-fictif/registre/blob/main/rien'));
  expect([missing.status, missing.html.includes('Page introuvable')]).toEqual([404, true]);
});
