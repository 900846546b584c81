import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewMergeGroup } from '#application/pull-requests/review-merge-group';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { type CommandDeps, runCommands } from '#application/pull-requests/run-commands';
import type { PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { commandTopic, topicsUnder } from '#infrastructure/database/topics';
import { definitionFile, ReviewEnvironment, serviceFile } from './review-environment.ts';

describe.each([['read'], ['write']] as const)('commands, with contents: %s', (contents) => {
  let environment: ReviewEnvironment;
  let asked: number[] = [];
  let later: string[] = [];
  const commandDeps = (review = environment.deps): CommandDeps => ({
    review,
    requestReview: async (number) => void asked.push(number),
    runProvisioningCommand: async (name, { argument, repository }) => {
      later.push(repository === undefined ? `${name} ${argument}` : `${name} ${argument} ${repository}`);
      return { ok: true, text: 'fait' };
    },
  });
  beforeAll(async () => {
    environment = await ReviewEnvironment.open({ contents });
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await environment.close();
  });
  beforeEach(() => {
    asked = [];
    later = [];
    environment.createRegistry(serviceFile('voisin'));
  });

  async function say(pull: PullRequest, by: GitHubUser, body: string) {
    const comment = by.comment(environment.repository, pull, body);
    const createdAt = comment.createdAt.toISOString();
    const author = { id: by.account.id, login: by.login, bot: false };
    const facts = { id: comment.id, body, createdAt, author };
    await runCommands(commandDeps(), pull.number, facts);
    return { facts, reactions: comment.reactions.map(({ content }) => content) };
  }
  const replies = (pull: PullRequest) =>
    pull.comments.map(({ body }) => body).filter((body) => body.startsWith('<!-- greffier:reply:'));

  async function followed(deps = environment.deps): Promise<readonly number[]> {
    const numbers: number[] = [];
    await rereviewAffected(deps, async (asked) => void numbers.push(...asked));
    return numbers;
  }

  it('are acknowledged, answered once, and refused to those without the right', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const carol = environment.github.createUser(`carol-${environment.repository.id}`);
    expect(await say(pull, carol, '/greffier help')).toMatchObject({ reactions: ['+1'] });
    expect(replies(pull)[0]).toContain('`/greffier explain RULE`');
    expect(await say(pull, carol, '/greffier explain url/https-required')).toMatchObject({
      reactions: ['+1'],
    });
    expect(replies(pull)[1]).toContain('```yaml');
    expect(await say(pull, carol, '/greffier check')).toMatchObject({ reactions: ['confused'] });
    expect(await say(pull, environment.alice, '/greffier retry')).toMatchObject({ reactions: ['confused'] });
    expect({ asked, later }).toEqual({ asked: [], later: [] });
    expect(await say(pull, environment.alice, '/greffier check')).toMatchObject({ reactions: ['+1'] });
    expect(await say(pull, environment.bob, '/greffier provisioned abc')).toMatchObject({
      reactions: ['+1'],
    });
    expect({ asked, later }).toEqual({ asked: [pull.number], later: ['provisioned abc'] });
    const before = replies(pull).length;
    const { facts } = await say(pull, carol, '/greffier danse @all');
    await runCommands(commandDeps(), pull.number, facts);
    expect(replies(pull)).toHaveLength(before + 1);
    expect(replies(pull).at(-1)).toContain('`/greffier danse @all`');
  });

  it('are run again, and not answered, while nobody can tell yet what they speak of', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const { facts } = await say(pull, environment.bob, '/greffier help');
    const given = { ...facts, id: facts.id + 1_000_000, body: '/greffier provisioned abc' };
    const deps: CommandDeps = {
      ...commandDeps(),
      runProvisioningCommand: async () => ({ retryReason: 'not known yet', after: 10 }),
    };
    const before = replies(pull).length;
    expect(await runCommands(deps, pull.number, given)).toEqual({
      again: 'not known yet',
      after: 10,
      wait: true,
    });
    expect(replies(pull)).toHaveLength(before);
  });

  it('promote what is in integration: the whole file, what it lacks, and a page of GitHub that holds it', async () => {
    const hostile =
      "name: Agenda\noptional_scopes:\n  - scope: siren\n    justification: 'Pour @all ```` <b>'";
    environment.createRegistry({
      ...serviceFile('agenda', 'internet/integration', `\n${hostile.split('\n').slice(1).join('\n')}`),
      ...serviceFile('deja', 'internet/integration'),
      ...serviceFile('deja', 'internet/production'),
    });
    const pull = environment.propose(serviceFile('autre'));
    expect(await say(pull, environment.alice, '/greffier promote')).toMatchObject({
      reactions: ['confused'],
    });
    expect(await say(pull, environment.alice, '/greffier promote ../x')).toMatchObject({
      reactions: ['confused'],
    });
    expect(await say(pull, environment.alice, '/greffier promote agenda')).toMatchObject({
      reactions: ['+1'],
    });
    const text = replies(pull).at(-1) ?? '';
    expect(text).toContain('`service-providers/internet/production/agenda.yaml`');
    expect(text).toContain('`datapass`, `private_sector`');
    // Where the App may write, it is a pull request: see promote.test.ts.
    if (contents === 'write') return expect(text).toMatch(/La pull request #\d+ propose/);
    expect(text).toMatch(/\n`{5}yaml\nversion: 1\n/);
    const url = new URL(/\]\((http\S+)\)/.exec(text)?.[1] ?? '');
    expect(url.pathname).toMatch(/\/new\/main$/);
    expect(url.searchParams.get('filename')).toBe('service-providers/internet/production/agenda.yaml');
    expect(url.searchParams.get('value')).toContain('private_sector: <true ou false>');
    expect(await say(pull, environment.alice, '/greffier promote deja')).toMatchObject({
      reactions: ['confused'],
    });
    expect(replies(pull).at(-1)).toContain('existe déjà');
    const carol = environment.github.createUser(`carol2-${environment.repository.id}`);
    expect(await say(pull, carol, '/greffier promote agenda')).toMatchObject({ reactions: ['confused'] });
  });

  it('cost the same on a long conversation, and are still answered once', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const calls: number[] = [];
    const help = async () => {
      environment.github.calls.clear();
      const said = await say(pull, environment.alice, '/greffier help');
      calls.push(environment.github.calls.count());
      return said;
    };
    await help();
    const long = { createdAt: new Date(Date.now() - 3_600_000), updatedAt: new Date(Date.now() - 3_600_000) };
    for (let n = 0; n < 1_500; n += 1)
      Object.assign(environment.bob.comment(environment.repository, pull, `remarque ${n}`), long);
    const { facts } = await help();
    expect(calls[1]).toBe(calls[0]);
    const before = replies(pull).length;
    await runCommands(commandDeps(), pull.number, facts);
    expect(replies(pull)).toHaveLength(before);
  });

  it('that are given ten times in a comment are done once', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    await say(pull, environment.alice, '/greffier plan');
    const [once] = replies(pull);
    await say(pull, environment.alice, '/greffier plan\n'.repeat(10));
    expect(replies(pull)[1]?.split('\n').slice(1)).toEqual(once?.split('\n').slice(1));
    await say(pull, environment.alice, '/greffier check\n'.repeat(10));
    expect(asked).toEqual([pull.number]);
  });

  it('are answered by what was done, when the answer was lost and the pull request merged meanwhile', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const on = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';
    environment.github.faults.inject({ kind: 'error-after', status: 502 }, { on });
    const body = '/greffier check\n/greffier provisioned abc';
    const comment = environment.bob.comment(environment.repository, pull, body);
    const author = { id: environment.bob.account.id, login: environment.bob.login, bot: false };
    const facts = { id: comment.id, body, createdAt: comment.createdAt.toISOString(), author };
    await expect(runCommands(commandDeps(), pull.number, facts)).rejects.toThrow();
    environment.bob.merge(environment.repository, pull);
    await runCommands(commandDeps(), pull.number, facts);
    expect(comment.reactions.map(({ content }) => content)).toEqual(['+1']);
    expect(replies(pull).map((reply) => reply.split('\n\n').at(-1))).toEqual(['fait']);
    expect({ asked, later }).toEqual({ asked: [pull.number], later: ['provisioned abc'] });
  });

  it('that have no words are not done again, where the process was killed before the job ended', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const body = '/greffier check';
    const comment = environment.bob.comment(environment.repository, pull, body);
    const author = { id: environment.bob.account.id, login: environment.bob.login, bot: false };
    const facts = { id: comment.id, body, createdAt: comment.createdAt.toISOString(), author };
    await runCommands(commandDeps(), pull.number, facts);
    environment.bob.merge(environment.repository, pull);
    await runCommands(commandDeps(), pull.number, facts);
    expect(comment.reactions.map(({ content }) => content)).toEqual(['+1']);
    expect({ asked, replies: replies(pull) }).toEqual({ asked: [pull.number], replies: [] });
    const { deps, store } = environment;
    expect(await topicsUnder(store.db, deps.repo, commandTopic)).toEqual(new Map());
  });

  it('are answered as far as GitHub takes it', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const comment = environment.alice.comment(environment.repository, pull, '/greffier confirm abc');
    const facts = {
      id: comment.id,
      body: comment.body,
      author: { ...environment.alice.account, bot: false },
    };
    environment.bob.comment(environment.repository, pull, 'oui');
    const long = `\`\`\`yaml\n${'clé: valeur\n'.repeat(10_000)}\`\`\``;
    const deps = { ...commandDeps(), runProvisioningCommand: async () => ({ ok: true, text: long }) };
    const by = { id: environment.bob.account.id, login: environment.bob.login, bot: false };
    await runCommands(deps, pull.number, { ...facts, author: by });
    expect(replies(pull)).toHaveLength(1);
    expect(replies(pull)[0]).toMatch(/valeur\n```\n\n…\n$/);
  });

  it('given in the repository of the requests are answered there, by the rights that people have there', async () => {
    const registry = environment.deps;
    const carol = environment.github.createUser(`carol-${environment.repository.id}`);
    const pull = environment.propose(serviceFile('agenda'));
    const desk = environment.createRegistry({});
    const { repository } = environment.deps;
    const issue = carol.openIssue(desk, 'Demande', 'x');
    expect(issue.number).toBe(pull.number);
    const comment = async (by: GitHubUser, body: string) => {
      const made = by.comment(desk, issue, body);
      const facts = { id: made.id, body, author: { id: by.account.id, login: by.login, bot: false } };
      await runCommands(commandDeps(registry), issue.number, facts, { ...repository, id: String(desk.id) });
      return made.reactions.map(({ content }) => content);
    };
    expect(await comment(carol, '/greffier provisioned abc')).toEqual(['confused']);
    expect(await comment(carol, '/greffier check')).toEqual(['confused']);
    expect({ asked, later }).toEqual({ asked: [], later: [] });
    expect(await comment(environment.bob, '/greffier provisioned abc')).toEqual(['+1']);
    expect(later).toEqual([`provisioned abc ${desk.id}`]);
    expect(pull.comments).toEqual([]);
    environment.deps = registry;
  });

  it('fix what is certain: by one commit where the App may write, else by suggestions and a patch', async () => {
    const faulty = definitionFile(
      'agenda',
      'id_token_signed_response_alg: rs256\nuserinfo_signed_response_alg: es256',
    );
    const [[path = '', text = ''] = []] = Object.entries(faulty);
    const pull = environment.propose(faulty);
    const head = pull.pull.headSha;
    const { facts } = await say(
      pull,
      contents === 'write' ? environment.bob : environment.alice,
      '/greffier fix',
    );
    // As after a crash that nobody knows how far the first try came before: nothing is added, nothing refused.
    await runCommands(commandDeps(), pull.number, facts);
    expect(pull.comments.find(({ id }) => id === facts.id)?.reactions).toMatchObject([{ content: '+1' }]);
    if (contents === 'write') {
      expect(pull.pull.headSha).not.toBe(head);
      expect(replies(pull)).toHaveLength(1);
      await reviewPullRequest(environment.deps, pull.number);
      expect(pull.labels).toContain('ready');
      return;
    }
    expect(pull.pull.headSha).toBe(head);
    const [review, ...others] = pull.pull.reviews;
    expect(others).toEqual([]);
    expect(pull.pull.reviewComments.map(({ body }) => body)).toEqual([
      '```suggestion\nid_token_signed_response_alg: RS256\n```',
      '```suggestion\nuserinfo_signed_response_alg: ES256\n```',
    ]);
    const patch = /`{3,}diff\n([\s\S]*?\n)`{3,}/.exec(review?.body ?? '')?.[1] ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'greffier-patch-'));
    execFileSync('mkdir', ['-p', join(folder, 'service-providers/internet/integration')]);
    writeFileSync(join(folder, path), text);
    writeFileSync(join(folder, 'le.patch'), patch);
    execFileSync('git', ['apply', 'le.patch'], { cwd: folder });
    const fixed = execFileSync('cat', [join(folder, path)], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(fixed).toBe(text.replace('rs256', 'RS256').replace('es256', 'ES256'));
  });

  it('are done once for good: whoever sends the signed delivery again, under whatever id, has nothing done', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const { facts } = await say(pull, environment.bob, '/greffier check\n/greffier confirm abc');
    expect({ asked, later }).toEqual({ asked: [pull.number], later: ['confirm abc'] });
    // The answer is not there for ever.
    pull.comments.length = 0;
    await runCommands(commandDeps(), pull.number, facts);
    expect({ asked, later }).toEqual({ asked: [pull.number], later: ['confirm abc'] });
    expect(replies(pull)).toEqual([]);
  });

  it('that cannot be understood are answered without what looks like a secret: the answer outlives the comment', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const secret = '0123456789abcdef'.repeat(4);
    for (const words of [`provisioned abc ${secret}`, `provisioned abc secret: s3cr3t-of-abc`])
      await say(pull, environment.bob, `/greffier ${words}`);
    expect(replies(pull)).toEqual([
      expect.stringContaining('/greffier provisioned abc •'),
      expect.stringContaining('/greffier provisioned abc secret: •'),
    ]);
    expect(JSON.stringify(replies(pull))).not.toMatch(/0123|s3cr3t/);
  });

  it('push nothing to a branch of the registry for who opened a request from it and may not write there', async () => {
    const faulty = definitionFile('agenda', 'id_token_signed_response_alg: rs256');
    environment.bob.pushCommit(environment.repository, 'de-bob', faulty);
    const mallory = environment.github.createUser(`mallory-${environment.repository.id}`);
    const pull = mallory.openPullRequest(environment.repository, { branch: 'de-bob', title: 'x' });
    const head = pull.pull.headSha;
    expect(await say(pull, mallory, '/greffier fix')).toMatchObject({ reactions: ['+1'] });
    expect(environment.repository.git.branch('de-bob')).toBe(head);
    expect(pull.pull.reviewComments).toMatchObject([
      { body: '```suggestion\nid_token_signed_response_alg: RS256\n```' },
    ]);
  });

  it.runIf(contents === 'read')('post their suggestions once, whatever happens in between', async () => {
    const pull = environment.propose(definitionFile('agenda', 'id_token_signed_response_alg: rs256'));
    const { facts } = await say(pull, environment.alice, '/greffier fix');
    await runCommands(commandDeps(), pull.number, facts);
    expect(pull.pull.reviews).toHaveLength(1);
    await say(pull, environment.alice, '/greffier fix');
    expect(pull.pull.reviews).toHaveLength(2);
  });

  it('wait, and refuse nobody, while the registry changes under their eyes', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const comment = environment.alice.comment(environment.repository, pull, '/greffier plan');
    const { id, login } = environment.alice.account;
    const facts = { id: comment.id, body: comment.body, author: { id, login, bot: false } };
    const { mirror, repository } = environment.deps;
    const ask = async () => {
      await mirror.at(
        repository,
        environment.bob.pushCommit(environment.repository, 'main', { 'LISEZMOI.md': 'Bonjour\n' }),
      );
      return {};
    };
    const outcome = await runCommands(commandDeps({ ...environment.deps, lookUp: ask }), pull.number, facts);
    expect(outcome).toMatchObject({ wait: true });
    expect(comment.reactions).toEqual([]);
    expect(await runCommands(commandDeps(), pull.number, facts)).toBeUndefined();
    expect(comment.reactions).toMatchObject([{ content: '+1' }]);
  });

  it('say when there is nothing to fix, and what merging would do', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    expect(await say(pull, environment.alice, '/greffier fix')).toMatchObject({ reactions: ['confused'] });
    expect(await say(pull, environment.alice, '/greffier plan')).toMatchObject({ reactions: ['+1'] });
    expect(replies(pull)).toHaveLength(2);
  });

  it('come with a registry that is followed: only the pull requests that a push touches are judged again', async () => {
    const one = environment.propose(serviceFile('agenda'));
    const other = environment.propose(serviceFile('annuaire'));
    for (const pull of [one, other]) await reviewPullRequest(environment.deps, pull.number);
    const [text = ''] = Object.values(serviceFile('agenda'));
    environment.bob.pushCommit(environment.repository, 'main', {
      'service-providers/internet/integration/copie.yaml': text,
    });
    expect(await followed()).toEqual([one.number]);
    expect(await followed()).toEqual([]);
    environment.bob.pushCommit(environment.repository, 'main', { '.github/greffier.yaml': 'language: en\n' });
    expect(await followed()).toEqual([one.number, other.number]);
    await reviewPullRequest(environment.deps, one.number);
    expect(one.comments[0]?.body).toContain('to correct');
  });

  it('come with a registry that is followed whoever reads the new head first, and after a crash', async () => {
    const one = environment.propose(serviceFile('agenda'));
    const other = environment.propose(serviceFile('annuaire'));
    for (const pull of [one, other]) await reviewPullRequest(environment.deps, pull.number);
    const [text = ''] = Object.values(serviceFile('agenda'));
    const head = environment.bob.pushCommit(environment.repository, 'main', {
      'service-providers/internet/integration/copie.yaml': text,
    });
    await environment.deps.mirror.at(environment.deps.repository, head);
    await expect(
      rereviewAffected(environment.deps, () => Promise.reject(new Error('killed'))),
    ).rejects.toThrow();
    expect(await followed(environment.createDeps())).toEqual([one.number]);
    expect(await followed()).toEqual([]);
  });

  it('come with a judgement of what a merge queue has made', async () => {
    const base = environment.repository.git.branch('main') ?? '';
    const good = environment.bob.pushCommit(environment.repository, 'file-1', serviceFile('agenda'));
    expect(await reviewMergeGroup(environment.deps, good, base)).toBeUndefined();
    await reviewMergeGroup(environment.deps, good, base);
    const bad = environment.bob.pushCommit(
      environment.repository,
      'file-2',
      definitionFile('b', 'id_token_signed_response_alg: rs256'),
    );
    await reviewMergeGroup(environment.deps, bad, base);
    expect(environment.repository.checkRuns.map(({ headSha, conclusion }) => [headSha, conclusion])).toEqual([
      [good, 'success'],
      [bad, 'failure'],
    ]);
  });
});
