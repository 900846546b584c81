import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { followDefaultBranch } from '#application/pull-requests/rereview-affected';
import { judgeGroup } from '#application/pull-requests/review-merge-group';
import { reviewPull } from '#application/pull-requests/review-pull-request';
import { type CommandSeams, obeyComment } from '#application/pull-requests/run-commands';
import type { Person } from '#demo/github/people';
import type { PullRequest } from '#demo/github/state';
import { definition, Stage, service } from './review-stage.ts';

describe.each([['read'], ['write']] as const)('commands, with contents: %s', (contents) => {
  let stage: Stage;
  let asked: number[] = [];
  let later: string[] = [];
  const seams: CommandSeams = {
    check: async (number) => void asked.push(number),
    later: async (name, { argument, repo }) => {
      later.push(repo === undefined ? `${name} ${argument}` : `${name} ${argument} ${repo}`);
      return { ok: true, text: 'fait' };
    },
  };
  beforeAll(async () => {
    stage = await Stage.open({ contents });
  });
  afterAll(async () => {
    expect(stage.problems()).toEqual([]);
    await stage.close();
  });
  beforeEach(() => {
    asked = [];
    later = [];
    stage.registry(service('voisin'));
  });

  async function say(pull: PullRequest, by: Person, body: string) {
    const comment = by.comment(stage.repository, pull, body);
    const facts = { id: comment.id, body, author: { id: by.account.id, login: by.login, bot: false } };
    await obeyComment(stage.room, seams, pull.number, facts);
    return { facts, reactions: comment.reactions.map(({ content }) => content) };
  }
  const replies = (pull: PullRequest) =>
    pull.comments.map(({ body }) => body).filter((body) => body.startsWith('<!-- greffier:reply:'));

  async function followed(room = stage.room): Promise<readonly number[]> {
    const numbers: number[] = [];
    await followDefaultBranch(room, async (asked) => void numbers.push(...asked));
    return numbers;
  }

  it('are acknowledged, answered once, and refused to those without the right', async () => {
    const pull = stage.propose(service('agenda'));
    const carol = stage.github.createPerson(`carol-${stage.repository.id}`);
    expect(await say(pull, carol, '/greffier help')).toMatchObject({ reactions: ['+1'] });
    expect(replies(pull)[0]).toContain('`/greffier explain RULE`');
    expect(await say(pull, carol, '/greffier explain url/https-required')).toMatchObject({
      reactions: ['+1'],
    });
    expect(replies(pull)[1]).toContain('```yaml');
    expect(await say(pull, carol, '/greffier check')).toMatchObject({ reactions: ['confused'] });
    expect(await say(pull, stage.alice, '/greffier retry')).toMatchObject({ reactions: ['confused'] });
    expect({ asked, later }).toEqual({ asked: [], later: [] });
    expect(await say(pull, stage.alice, '/greffier check')).toMatchObject({ reactions: ['+1'] });
    expect(await say(pull, stage.bob, '/greffier provisioned abc')).toMatchObject({ reactions: ['+1'] });
    expect({ asked, later }).toEqual({ asked: [pull.number], later: ['provisioned abc'] });
    const before = replies(pull).length;
    const { facts } = await say(pull, carol, '/greffier danse @all');
    await obeyComment(stage.room, seams, pull.number, facts);
    expect(replies(pull)).toHaveLength(before + 1);
    expect(replies(pull).at(-1)).toContain('`/greffier danse @all`');
  });

  it('given in the repository of the requests are answered there, by the rights that people have there', async () => {
    const registryRoom = stage.room;
    const carol = stage.github.createPerson(`carol-${stage.repository.id}`);
    const pull = stage.propose(service('agenda'));
    const desk = stage.registry({});
    const { gate } = stage.room;
    const issue = carol.openIssue(desk, 'Demande', 'x');
    expect(issue.number).toBe(pull.number);
    const comment = async (by: Person, body: string) => {
      const made = by.comment(desk, issue, body);
      const facts = { id: made.id, body, author: { id: by.account.id, login: by.login, bot: false } };
      await obeyComment(registryRoom, seams, issue.number, facts, gate);
      return made.reactions.map(({ content }) => content);
    };
    expect(await comment(carol, '/greffier provisioned abc')).toEqual(['confused']);
    expect(await comment(carol, '/greffier check')).toEqual(['confused']);
    expect({ asked, later }).toEqual({ asked: [], later: [] });
    expect(await comment(stage.bob, '/greffier provisioned abc')).toEqual(['+1']);
    expect(later).toEqual([`provisioned abc ${gate.owner}/${gate.repo}`]);
    expect(pull.comments).toEqual([]);
    stage.room = registryRoom;
  });

  it('fix what is certain: by one commit where the App may write, else by suggestions and a patch', async () => {
    const faulty = definition(
      'agenda',
      'id_token_signed_response_alg: rs256\nuserinfo_signed_response_alg: es256',
    );
    const [[path = '', text = ''] = []] = Object.entries(faulty);
    const pull = stage.propose(faulty);
    const head = pull.pull.headSha;
    const { facts } = await say(pull, stage.alice, '/greffier fix');
    // As after a crash that nobody knows how far the first try came before: nothing is added, nothing refused.
    await obeyComment(stage.room, seams, pull.number, facts);
    expect(pull.comments.find(({ id }) => id === facts.id)?.reactions).toMatchObject([{ content: '+1' }]);
    if (contents === 'write') {
      expect(pull.pull.headSha).not.toBe(head);
      expect(replies(pull)).toHaveLength(1);
      await reviewPull(stage.room, pull.number);
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

  it.runIf(contents === 'read')('post their suggestions once, whatever happens in between', async () => {
    const pull = stage.propose(definition('agenda', 'id_token_signed_response_alg: rs256'));
    const { facts } = await say(pull, stage.alice, '/greffier fix');
    await obeyComment(stage.room, seams, pull.number, facts);
    expect(pull.pull.reviews).toHaveLength(1);
    await say(pull, stage.alice, '/greffier fix');
    expect(pull.pull.reviews).toHaveLength(2);
  });

  it('wait, and refuse nobody, while the registry changes under their eyes', async () => {
    const pull = stage.propose(service('agenda'));
    const comment = stage.alice.comment(stage.repository, pull, '/greffier plan');
    const { id, login } = stage.alice.account;
    const facts = { id: comment.id, body: comment.body, author: { id, login, bot: false } };
    const { mirror, gate } = stage.room;
    const ask = async () => {
      await mirror.at(gate, stage.bob.pushCommit(stage.repository, 'main', { 'LISEZMOI.md': 'Bonjour\n' }));
      return {};
    };
    const outcome = await obeyComment({ ...stage.room, ask }, seams, pull.number, facts);
    expect(outcome).toMatchObject({ wait: true });
    expect(comment.reactions).toEqual([]);
    expect(await obeyComment(stage.room, seams, pull.number, facts)).toBeUndefined();
    expect(comment.reactions).toMatchObject([{ content: '+1' }]);
  });

  it('say when there is nothing to fix, and what merging would do', async () => {
    const pull = stage.propose(service('agenda'));
    expect(await say(pull, stage.alice, '/greffier fix')).toMatchObject({ reactions: ['confused'] });
    expect(await say(pull, stage.alice, '/greffier plan')).toMatchObject({ reactions: ['+1'] });
    expect(replies(pull)).toHaveLength(2);
  });

  it('come with a registry that is followed: only the pull requests that a push touches are judged again', async () => {
    const one = stage.propose(service('agenda'));
    const other = stage.propose(service('annuaire'));
    for (const pull of [one, other]) await reviewPull(stage.room, pull.number);
    const [text = ''] = Object.values(service('agenda'));
    stage.bob.pushCommit(stage.repository, 'main', {
      'service-providers/internet/integration/copie.yaml': text,
    });
    expect(await followed()).toEqual([one.number]);
    expect(await followed()).toEqual([]);
    stage.bob.pushCommit(stage.repository, 'main', { '.github/greffier.yaml': 'language: en\n' });
    expect(await followed()).toEqual([one.number, other.number]);
    await reviewPull(stage.room, one.number);
    expect(one.comments[0]?.body).toContain('to correct');
  });

  it('come with a registry that is followed whoever reads the new head first, and after a crash', async () => {
    const one = stage.propose(service('agenda'));
    const other = stage.propose(service('annuaire'));
    for (const pull of [one, other]) await reviewPull(stage.room, pull.number);
    const [text = ''] = Object.values(service('agenda'));
    const head = stage.bob.pushCommit(stage.repository, 'main', {
      'service-providers/internet/integration/copie.yaml': text,
    });
    await stage.room.mirror.at(stage.room.gate, head);
    await expect(
      followDefaultBranch(stage.room, () => Promise.reject(new Error('killed'))),
    ).rejects.toThrow();
    expect(await followed(stage.enter())).toEqual([one.number]);
    expect(await followed()).toEqual([]);
  });

  it('come with a judgement of what a merge queue has made', async () => {
    const base = stage.repository.git.branch('main') ?? '';
    const good = stage.bob.pushCommit(stage.repository, 'file-1', service('agenda', 'internet/production'));
    expect(await judgeGroup(stage.room, good, base)).toBeUndefined();
    await judgeGroup(stage.room, good, base);
    const bad = stage.bob.pushCommit(
      stage.repository,
      'file-2',
      definition('b', 'id_token_signed_response_alg: rs256'),
    );
    await judgeGroup(stage.room, bad, base);
    expect(stage.repository.checkRuns.map(({ headSha, conclusion }) => [headSha, conclusion])).toEqual([
      [good, 'success'],
      [bad, 'failure'],
    ]);
  });
});
