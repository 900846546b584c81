import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reviewPull } from '#application/pull-requests/review-pull-request';
import type { PullRequest } from '#demo/github/state';
import { definition, Stage, service } from './review-stage.ts';

describe('a pull request on GitHub', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(async () => {
    expect(stage.problems()).toEqual([]);
    await stage.close();
  });
  beforeEach(() => {
    stage.registry(service('voisin'));
    stage.github.calls.clear();
  });

  const seen = (pull: PullRequest) => {
    const run = stage.repository.checkRuns.filter(({ headSha }) => headSha === pull.pull.headSha);
    return {
      checks: run.map(({ conclusion, title }) => `${conclusion}: ${title}`),
      comments: pull.comments.map(({ body }) => body),
      labels: [...pull.labels].sort(),
    };
  };

  it('is judged, with one check, one comment and its labels', async () => {
    const pull = stage.propose(service('agenda'));
    const outcome = await reviewPull(stage.room, pull.number);
    expect(outcome.kind).toBe('judged');
    expect(seen(pull)).toMatchObject({
      checks: ['success: Tout est prêt : cette pull request peut être fusionnée'],
      labels: ['integration', 'internet', 'new-sp', 'ready'],
    });
    expect(seen(pull).comments).toHaveLength(1);
    expect(seen(pull).comments[0]).toMatch(/^<!-- greffier:review -->\n## ✅ Tout est prêt/);
  });

  it('keeps to its budget: few calls at first, none that write when nothing changed', async () => {
    const { calls } = stage.github;
    const pull = stage.propose(service('agenda', 'internet/production'));
    await reviewPull(stage.room, pull.number);
    expect(
      calls.count() - calls.count('POST /repos/{owner}/{repo}/labels'),
      JSON.stringify(calls.summary()),
    ).toBeLessThanOrEqual(8);
    expect(calls.writes() - calls.count('POST /repos/{owner}/{repo}/labels')).toBe(3);
    calls.clear();
    await reviewPull(stage.room, pull.number);
    expect(calls.count(), JSON.stringify(calls.summary())).toBeLessThanOrEqual(3);
    expect(calls.writes()).toBe(0);
  });

  it('is judged again in place after a push that corrects it', async () => {
    const pull = stage.propose(definition('agenda', 'id_token_signed_response_alg: rs256'));
    await reviewPull(stage.room, pull.number);
    expect(seen(pull)).toMatchObject({ labels: ['integration', 'internet', 'invalid', 'new-sp'] });
    const [comment] = pull.comments;
    stage.alice.addLabels(stage.repository, pull, 'urgent');
    stage.alice.pushCommit(stage.repository, pull.pull.headRef, definition('agenda'));
    await reviewPull(stage.room, pull.number);
    expect(seen(pull).labels).toEqual(['integration', 'internet', 'new-sp', 'ready', 'urgent']);
    expect(pull.comments).toHaveLength(1);
    expect(pull.comments[0]?.id).toBe(comment?.id);
    expect(pull.comments[0]?.body).toContain('✅');
  });

  it('waits for an approval of the very commit, and takes a dismissal for what it is', async () => {
    const pull = stage.propose(service('agenda', 'internet/production'));
    await reviewPull(stage.room, pull.number);
    expect(seen(pull)).toMatchObject({
      checks: [expect.stringMatching(/^action_required/)],
      labels: expect.arrayContaining(['needs-decision']),
    });
    const approval = stage.bob.approve(stage.repository, pull);
    await reviewPull(stage.room, pull.number);
    expect(seen(pull)).toMatchObject({
      checks: [expect.stringMatching(/^success/)],
      labels: expect.arrayContaining(['ready']),
    });
    expect(pull.comments[0]?.body).toContain('Approuvé par `bob`');
    stage.github.calls.clear();
    await reviewPull(stage.room, pull.number);
    expect(stage.github.calls.count(), JSON.stringify(stage.github.calls.summary())).toBeLessThanOrEqual(3);
    stage.bob.dismiss(stage.repository, pull, approval);
    await reviewPull(stage.room, pull.number);
    expect(seen(pull)).toMatchObject({ checks: [expect.stringMatching(/^action_required/)] });
    stage.bob.approve(stage.repository, pull);
    stage.alice.pushCommit(stage.repository, pull.pull.headRef, {
      ...service('agenda', 'internet/production', '\nuserinfo_signed_response_alg: ES256'),
    });
    await reviewPull(stage.room, pull.number);
    expect(seen(pull).labels).toContain('needs-decision');
    expect(pull.comments[0]?.body).toContain('L’approbation de `bob` portait sur un commit plus ancien');
  });

  it('does not count the approval of someone who may not write', async () => {
    const carol = stage.github.createPerson(`carol-${stage.repository.id}`);
    const pull = stage.propose(service('agenda', 'internet/production'));
    carol.approve(stage.repository, pull);
    await reviewPull(stage.room, pull.number);
    expect(seen(pull).labels).toContain('needs-decision');
    expect(pull.comments[0]?.body).toContain('ne compte pas');
  });

  it('is told of what another open pull request claims, and both are judged again', async () => {
    const first = stage.propose(service('agenda'));
    await reviewPull(stage.room, first.number);
    const twin = Object.values(service('agenda'))[0] ?? '';
    const second = stage.propose({ 'service-providers/internet/integration/agenda-bis.yaml': twin });
    const outcome = await reviewPull(stage.room, second.number);
    expect(outcome).toMatchObject({ kind: 'judged', alsoReview: [first.number] });
    expect(second.comments[0]?.body).toContain(`#${first.number}`);
    await reviewPull(stage.room, first.number);
    expect(first.comments[0]?.body).toContain(`#${second.number}`);
    stage.alice.close(stage.repository, second);
    expect(await reviewPull(stage.room, second.number)).toEqual({ kind: 'gone', alsoReview: [first.number] });
    await reviewPull(stage.room, first.number);
    expect(first.comments[0]?.body).not.toContain(`#${second.number}`);
  });

  it('knows the whole registry: an address that someone else has is an error', async () => {
    const [text = ''] = Object.values(service('voisin'));
    const pull = stage.propose({ 'service-providers/internet/integration/copie.yaml': text });
    await reviewPull(stage.room, pull.number);
    expect(seen(pull).labels).toContain('invalid');
    expect(pull.comments[0]?.body).toContain('registry/duplicate-uri');
  });

  it('follows the default branch by what changed in it', async () => {
    const warm = stage.propose(service('agenda'));
    await reviewPull(stage.room, warm.number);
    stage.bob.merge(stage.repository, warm);
    stage.github.calls.clear();
    const [text = ''] = Object.values(service('agenda'));
    const pull = stage.propose({ 'service-providers/internet/integration/copie.yaml': text });
    await reviewPull(stage.room, pull.number);
    expect(stage.github.calls.count('GET /repos/{owner}/{repo}/tarball/{ref}')).toBe(0);
    expect(pull.comments[0]?.body).toContain('registry/duplicate-uri');
  });

  it('comes back from a restart without reading the registry again, nor writing anything twice', async () => {
    const pull = stage.propose(service('agenda'));
    await reviewPull(stage.room, pull.number);
    stage.github.calls.clear();
    await reviewPull(stage.enter(), pull.number);
    expect(stage.github.calls.count('GET /repos/{owner}/{repo}/tarball/{ref}')).toBe(0);
    expect(stage.github.calls.writes()).toBe(0);
  });

  it('is not spoken for by a pull request of the same commit into another branch', async () => {
    stage.bob.pushCommit(stage.repository, 'autre', { 'a.txt': 'a' });
    const pull = stage.propose(service('agenda', 'internet/production'));
    await reviewPull(stage.room, pull.number);
    const twin = stage.alice.openPullRequest(stage.repository, {
      branch: pull.pull.headRef,
      title: 'x',
      base: 'autre',
    });
    expect(await reviewPull(stage.room, twin.number, { again: true })).toMatchObject({ reclaim: [] });
    expect(seen(pull).checks).toEqual([expect.stringMatching(/^action_required/)]);
    // Judged at the same time: whoever wrote last is written over.
    const blind = stage.enter();
    const openAt = blind.memory.openAt.bind(blind.memory);
    let asked = 0;
    blind.memory.openAt = async (...given) => {
      asked += 1;
      return asked === 1 ? [] : openAt(...given);
    };
    expect(await reviewPull(blind, twin.number, { again: true })).toMatchObject({ reclaim: [pull.number] });
    await reviewPull(stage.room, pull.number, { again: true });
    expect(seen(pull).checks.at(0)).toMatch(/^action_required/);
    stage.alice.close(stage.repository, pull);
    await reviewPull(stage.room, pull.number);
    await reviewPull(stage.room, twin.number, { again: true });
    expect(seen(pull).checks.at(-1)).toMatch(/^success/);
  });

  it('says nothing where no definition is touched', async () => {
    const pull = stage.propose({ 'README.md': '# Autre\n' });
    await reviewPull(stage.room, pull.number);
    expect(seen(pull)).toEqual({
      checks: ['success: Rien à vérifier : aucune définition n’est touchée'],
      comments: [],
      labels: [],
    });
  });

  it('is judged quietly as long as it is a draft', async () => {
    const pull = stage.alice.openPullRequest(stage.repository, {
      branch: 'brouillon',
      title: 'x',
      files: service('agenda'),
      draft: true,
    });
    await reviewPull(stage.room, pull.number);
    expect(seen(pull)).toMatchObject({
      comments: [],
      labels: [],
      checks: [expect.stringMatching(/^success/)],
    });
  });

  it('is judged by the settings of the default branch, whatever it writes in them itself', async () => {
    const pull = stage.propose({
      ...service('agenda', 'internet/production'),
      '.github/greffier.yaml': 'language: en\napprovals:\n  production: 2\n',
    });
    const outcome = await reviewPull(stage.room, pull.number);
    expect(outcome).toMatchObject({
      gathered: { settings: { language: 'fr' }, review: { conclusion: 'failure' } },
    });
    expect(pull.comments[0]?.body).toContain('change/mixed');
  });

  it('is judged the same from a fork', async () => {
    const fork = stage.alice.fork(stage.repository);
    const pull = stage.alice.openPullRequest(stage.repository, {
      branch: 'demande',
      title: 'x',
      files: service('agenda'),
      from: fork,
    });
    await reviewPull(stage.room, pull.number);
    expect(seen(pull).labels).toEqual(['integration', 'internet', 'new-sp', 'ready']);
  });

  it('tells a link from a file', async () => {
    const pull = stage.alice.openPullRequest(stage.repository, {
      branch: 'lien',
      title: 'x',
      files: {
        'service-providers/internet/integration/lien.yaml': { content: 'voisin.yaml', mode: '120000' },
      },
    });
    await reviewPull(stage.room, pull.number);
    expect(pull.comments[0]?.body).toContain('file/path');
  });

  it('takes in sixty faulty definitions at once, within all limits', async () => {
    const files = Object.assign(
      {},
      ...Array.from({ length: 60 }, (_, index) =>
        definition(
          `service-${index}`,
          `name: A${index}\nredirect_uris: http://a.fr\nuserinfo_signed_response_alg: RS257`,
        ),
      ),
    );
    const pull = stage.propose(files);
    await reviewPull(stage.room, pull.number);
    expect(seen(pull).comments[0]?.length).toBeLessThan(65_536);
    const [run] = stage.repository.checkRuns;
    expect(run?.annotations.length).toBeGreaterThan(100);
    expect(stage.github.calls.count('GET /repos/{owner}/{repo}/git/blobs/{file_sha}')).toBe(0);
  });

  it('never goes back to an older state that a late answer shows', async () => {
    const pull = stage.propose(service('agenda'));
    const { gate } = stage.room;
    const old = await gate.client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner: gate.owner,
      repo: gate.repo,
      pull_number: pull.number,
    });
    old.data.updated_at = new Date(Date.parse(old.data.updated_at) - 1000).toISOString();
    stage.alice.pushCommit(
      stage.repository,
      pull.pull.headRef,
      definition('agenda', 'redirect_uris: http://a.fr'),
    );
    await reviewPull(stage.room, pull.number);
    const before = seen(pull);
    expect(before.labels).toContain('invalid');

    const late = stage.client();
    late.hook.wrap('request', (request, options) =>
      options.method === 'GET' && options.url === '/repos/{owner}/{repo}/pulls/{pull_number}'
        ? Promise.resolve(old)
        : request(options),
    );
    stage.github.calls.clear();
    const outcome = await reviewPull(stage.enter(undefined, late), pull.number);
    expect(outcome).toMatchObject({ kind: 'moving', after: 5 });
    expect(stage.github.calls.writes()).toBe(0);
    expect(seen(pull)).toEqual(before);
  });

  it('pages through more files than a comparison shows, and checks that none is left out', async () => {
    const files = Object.fromEntries(Array.from({ length: 320 }, (_, n) => [`a/${n}.txt`, `${n}\n`]));
    const pull = stage.propose({ ...files, ...service('agenda') });
    const outcome = await reviewPull(stage.room, pull.number);
    expect(stage.github.calls.count('GET /repos/{owner}/{repo}/pulls/{pull_number}/files')).toBe(4);
    expect(outcome).toMatchObject({ kind: 'judged', gathered: { facts: { filesComplete: true } } });
    expect(pull.comments[0]?.body).toContain('service-providers/internet/integration/agenda.yaml');

    const counting = stage.client();
    counting.hook.after('request', (answer, options) => {
      if (options.url === '/repos/{owner}/{repo}/pulls/{pull_number}') answer.data.changed_files = 400;
    });
    const fewer = stage.propose({ ...files, ...service('annuaire') });
    const short = await reviewPull(stage.enter(undefined, counting), fewer.number);
    expect(short).toMatchObject({
      kind: 'judged',
      gathered: { facts: { filesComplete: false }, review: { conclusion: 'failure' } },
    });
  });

  it('costs the same in a registry of ten thousand definitions', async () => {
    const many = Object.assign(
      {},
      ...Array.from({ length: 10_000 }, (_, index) => service(`service-${index}`)),
    );
    stage.registry(many);
    const first = stage.propose(service('agenda', 'internet/production'));
    stage.github.calls.clear();
    await reviewPull(stage.room, first.number);
    const labels = stage.github.calls.count('POST /repos/{owner}/{repo}/labels');
    expect(
      stage.github.calls.count() - labels,
      JSON.stringify(stage.github.calls.summary()),
    ).toBeLessThanOrEqual(8);
    const second = stage.propose(service('annuaire', 'internet/production'));
    stage.github.calls.clear();
    await reviewPull(stage.room, second.number);
    expect(stage.github.calls.count(), JSON.stringify(stage.github.calls.summary())).toBeLessThanOrEqual(8);
    stage.github.calls.clear();
    await reviewPull(stage.room, second.number);
    expect(stage.github.calls.count()).toBeLessThanOrEqual(3);
    expect(stage.github.calls.writes()).toBe(0);
  }, 120_000);
});
