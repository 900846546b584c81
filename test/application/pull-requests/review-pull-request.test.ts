import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReviewStore } from '#application/mirror/review-store';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import type { PullRequest } from '#demo/github/state';
import { definitionFile, ReviewEnvironment, serviceFile } from './review-environment.ts';

describe('a pull request on GitHub', () => {
  let environment: ReviewEnvironment;
  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await environment.close();
  });
  beforeEach(() => {
    environment.createRegistry(serviceFile('voisin'));
    environment.github.calls.clear();
  });

  const seen = (pull: PullRequest) => {
    const run = environment.repository.checkRuns.filter(({ headSha }) => headSha === pull.pull.headSha);
    return {
      checks: run.map(({ conclusion, title }) => `${conclusion}: ${title}`),
      comments: pull.comments.map(({ body }) => body),
      labels: [...pull.labels].sort(),
    };
  };

  it('is judged, with one check, one comment and its labels', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const outcome = await reviewPullRequest(environment.deps, pull.number);
    expect(outcome.kind).toBe('judged');
    expect(seen(pull)).toMatchObject({
      checks: ['success: Tout est prêt\u00a0: cette pull request peut être fusionnée'],
      labels: ['integration', 'internet', 'new-sp', 'ready'],
    });
    expect(seen(pull).comments).toHaveLength(1);
    expect(seen(pull).comments[0]).toMatch(/^<!-- greffier:review -->\n## ✅ Tout est prêt/);
  });

  it('keeps to its budget: few calls at first, none that write when nothing changed', async () => {
    const { calls } = environment.github;
    const pull = environment.propose(serviceFile('agenda', 'internet/production'));
    await reviewPullRequest(environment.deps, pull.number);
    expect(
      calls.count() - calls.count('POST /repos/{owner}/{repo}/labels'),
      JSON.stringify(calls.summary()),
    ).toBeLessThanOrEqual(8);
    expect(calls.writes() - calls.count('POST /repos/{owner}/{repo}/labels')).toBe(3);
    calls.clear();
    await reviewPullRequest(environment.deps, pull.number);
    expect(calls.count(), JSON.stringify(calls.summary())).toBeLessThanOrEqual(3);
    expect(calls.writes()).toBe(0);
  });

  it('is noted in the store once before its check is made, which is found again when its answer was lost', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const { deps } = environment;
    const noted = vi.spyOn(deps.store, 'upsertPull');
    const post = 'POST /repos/{owner}/{repo}/check-runs';
    environment.github.faults.inject({ kind: 'error-after', status: 502 }, { on: post });
    await expect(reviewPullRequest(deps, pull.number)).rejects.toThrow();
    expect(noted).toHaveBeenCalledOnce();
    expect(await deps.store.pull(deps.repo, pull.number)).toMatchObject({
      published: { conclusion: 'success', check: { head: pull.pull.headSha, digest: '' } },
    });
    await reviewPullRequest(environment.createDeps(), pull.number);
    expect(seen(pull).checks).toHaveLength(1);
  });

  it('is judged again in place after a push that corrects it', async () => {
    const pull = environment.propose(definitionFile('agenda', 'id_token_signed_response_alg: rs256'));
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull)).toMatchObject({ labels: ['integration', 'internet', 'invalid', 'new-sp'] });
    const [comment] = pull.comments;
    environment.alice.addLabels(environment.repository, pull, 'urgent');
    environment.alice.pushCommit(environment.repository, pull.pull.headRef, definitionFile('agenda'));
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull).labels).toEqual(['integration', 'internet', 'new-sp', 'ready', 'urgent']);
    expect(pull.comments).toHaveLength(1);
    expect(pull.comments[0]?.id).toBe(comment?.id);
    expect(pull.comments[0]?.body).toContain('✅');
  });

  it('waits for an approval of the very commit, and takes a dismissal for what it is', async () => {
    const pull = environment.propose(serviceFile('agenda', 'internet/production'));
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull)).toMatchObject({
      checks: [expect.stringMatching(/^action_required/)],
      labels: expect.arrayContaining(['needs-decision']),
    });
    const approval = environment.bob.approve(environment.repository, pull);
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull)).toMatchObject({
      checks: [expect.stringMatching(/^success/)],
      labels: expect.arrayContaining(['ready']),
    });
    expect(pull.comments[0]?.body).toContain('Approuvé par `bob`');
    environment.github.calls.clear();
    await reviewPullRequest(environment.deps, pull.number);
    expect(
      environment.github.calls.count(),
      JSON.stringify(environment.github.calls.summary()),
    ).toBeLessThanOrEqual(3);
    environment.bob.dismiss(environment.repository, pull, approval);
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull)).toMatchObject({ checks: [expect.stringMatching(/^action_required/)] });
    environment.bob.approve(environment.repository, pull);
    environment.alice.pushCommit(environment.repository, pull.pull.headRef, {
      ...serviceFile('agenda', 'internet/production', '\nuserinfo_signed_response_alg: ES256'),
    });
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull).labels).toContain('needs-decision');
    expect(pull.comments[0]?.body).toContain('`bob` avait approuvé une version plus ancienne');
  });

  it('does not count the approval of someone who may not write', async () => {
    const carol = environment.github.createUser(`carol-${environment.repository.id}`);
    const pull = environment.propose(serviceFile('agenda', 'internet/production'));
    carol.approve(environment.repository, pull);
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull).labels).toContain('needs-decision');
    expect(pull.comments[0]?.body).toContain('ne compte pas');
    const dave = environment.github.createUser(`dave-${environment.repository.id}`);
    dave.approve(environment.repository, pull);
    await reviewPullRequest(environment.deps, pull.number);
    expect(pull.comments[0]?.body).toContain(
      `\`${carol.login}\`, \`${dave.login}\` ont approuvé, mais cela ne compte pas`,
    );
  });

  it('is told of what another open pull request claims, and both are judged again', async () => {
    const first = environment.propose(serviceFile('agenda'));
    await reviewPullRequest(environment.deps, first.number);
    const twin = Object.values(serviceFile('agenda'))[0] ?? '';
    const second = environment.propose({ 'service-providers/internet/integration/agenda-bis.yaml': twin });
    const outcome = await reviewPullRequest(environment.deps, second.number);
    expect(outcome).toMatchObject({ kind: 'judged', alsoReview: [first.number] });
    expect(second.comments[0]?.body).toContain(`#${first.number}`);
    await reviewPullRequest(environment.deps, first.number);
    expect(first.comments[0]?.body).toContain(`#${second.number}`);
    environment.alice.close(environment.repository, second);
    expect(await reviewPullRequest(environment.deps, second.number)).toEqual({
      kind: 'gone',
      alsoReview: [first.number],
      reclaim: [],
    });
    await reviewPullRequest(environment.deps, first.number);
    expect(first.comments[0]?.body).not.toContain(`#${second.number}`);
  });

  it('knows the whole registry: an address that someone else has is an error', async () => {
    const [text = ''] = Object.values(serviceFile('voisin'));
    const pull = environment.propose({ 'service-providers/internet/integration/copie.yaml': text });
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull).labels).toContain('invalid');
    expect(pull.comments[0]?.body).toContain('registry/duplicate-uri');
  });

  it('follows the default branch by what changed in it', async () => {
    const warm = environment.propose(serviceFile('agenda'));
    await reviewPullRequest(environment.deps, warm.number);
    environment.bob.merge(environment.repository, warm);
    environment.github.calls.clear();
    const [text = ''] = Object.values(serviceFile('agenda'));
    const pull = environment.propose({ 'service-providers/internet/integration/copie.yaml': text });
    await reviewPullRequest(environment.deps, pull.number);
    expect(environment.github.calls.count('GET /repos/{owner}/{repo}/tarball/{ref}')).toBe(0);
    expect(pull.comments[0]?.body).toContain('registry/duplicate-uri');
  });

  it('is judged again where the default branch moved before anyone knew of it', async () => {
    const { deps } = environment;
    const [other, pull] = [
      environment.propose(serviceFile('agenda')),
      environment.propose(serviceFile('agenda', 'internet/integration', '\n# Une autre')),
    ];
    await reviewPullRequest(deps, other.number);
    const asked: number[] = [];
    const upsert = deps.store.upsertPull.bind(deps.store);
    // Another process reads the new head, and asks the open pull requests, before this one's verdict is noted.
    vi.spyOn(deps.store, 'upsertPull').mockImplementationOnce(async (...given) => {
      environment.bob.pushCommit(environment.repository, 'main', serviceFile('ecole'));
      await rereviewAffected(environment.createDeps(), async (numbers) => void asked.push(...numbers));
      await upsert(...given);
    });
    expect(await reviewPullRequest(deps, pull.number)).toMatchObject({ kind: 'moving' });
    const checks = () => environment.repository.checkRuns.map(({ headSha }) => headSha);
    expect([asked, checks()]).toEqual([[], [other.pull.headSha]]);
    expect(await reviewPullRequest(deps, pull.number)).toMatchObject({
      kind: 'judged',
      alsoReview: [other.number],
    });
    expect(checks()).toEqual([other, pull].map((each) => each.pull.headSha));
  });

  it('is judged by the default branch as another process has read it, whatever GitHub last saw the request on', async () => {
    const [[, text] = ['', '']] = Object.entries(serviceFile('agenda'));
    const pull = environment.propose({ 'service-providers/internet/integration/autre.yaml': text });
    const [one, two] = [environment.createDeps(), environment.createDeps()];
    expect(await reviewPullRequest(one, pull.number)).toMatchObject({
      collected: { review: { conclusion: 'success' } },
    });
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('agenda'));
    const asked: number[] = [];
    const ask = async (numbers: readonly number[]) => void asked.push(...numbers);
    await rereviewAffected(two, ask);
    expect(await reviewPullRequest(one, pull.number)).toMatchObject({
      collected: { review: { conclusion: 'failure' } },
    });
    // Whichever process reads the next move, it is known to have been.
    environment.bob.pushCommit(environment.repository, 'main', { ...serviceFile('ecole') });
    await rereviewAffected(two, ask);
    const path = 'service-providers/internet/integration/agenda.yaml';
    environment.bob.pushCommit(environment.repository, 'main', { [path]: null });
    await rereviewAffected(one, ask);
    expect(asked).toEqual([pull.number, pull.number]);
  });

  it('is judged by files and a commit of one moment, when another process moves on while they are read', async () => {
    const { store, repository, bob } = environment;
    await reviewPullRequest(environment.deps, environment.propose(serviceFile('agenda')).number);
    const before = environment.deps.mirror.now()?.commit;
    let asked = 0;
    const moving = store.db.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        // The second time that it reads which commit is kept, another process keeps the next one right after.
        if (result.rows[0]?.commit === before) asked += 1;
        if (result.rows[0]?.commit === before && asked === 2) {
          bob.pushCommit(repository, 'main', serviceFile('annuaire'));
          await rereviewAffected(environment.createDeps(), async () => undefined);
        }
        return result;
      },
    });
    const { mirror } = environment.createDeps(new ReviewStore(moving));
    expect(await mirror.commit()).toBe(before);
    expect(asked).toBe(2);
    const path = 'service-providers/internet/integration/annuaire.yaml';
    expect([mirror.now()?.files.has(path), (await mirror.commit()) === before]).toEqual([false, false]);
    expect(mirror.now()?.files.has(path)).toBe(true);
  });

  it('comes back from a restart without reading the registry again, nor writing anything twice', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    await reviewPullRequest(environment.deps, pull.number);
    environment.github.calls.clear();
    await reviewPullRequest(environment.createDeps(), pull.number);
    expect(environment.github.calls.count('GET /repos/{owner}/{repo}/tarball/{ref}')).toBe(0);
    expect(environment.github.calls.writes()).toBe(0);
  });

  it('is not spoken for by a pull request of the same commit into another branch', async () => {
    environment.bob.pushCommit(environment.repository, 'autre', { 'a.txt': 'a' });
    const pull = environment.propose(serviceFile('agenda', 'internet/production'));
    await reviewPullRequest(environment.deps, pull.number);
    const twin = environment.alice.openPullRequest(environment.repository, {
      branch: pull.pull.headRef,
      title: 'x',
      base: 'autre',
    });
    expect(await reviewPullRequest(environment.deps, twin.number, { again: true })).toMatchObject({
      reclaim: [],
    });
    expect(seen(pull).checks).toEqual([expect.stringMatching(/^action_required/)]);
    // Neither does it lend one: the commit could be proposed to the default branch again before anyone looks.
    environment.alice.close(environment.repository, pull);
    await reviewPullRequest(environment.deps, pull.number);
    await reviewPullRequest(environment.deps, twin.number, { again: true });
    expect(seen(pull).checks).toEqual([expect.stringMatching(/^action_required/)]);
  });

  it('gets no check where it was never proposed to the default branch', async () => {
    environment.bob.pushCommit(environment.repository, 'autre', { 'a.txt': 'a' });
    const pull = environment.alice.openPullRequest(environment.repository, {
      branch: 'demande-ailleurs',
      title: 'x',
      base: 'autre',
      files: serviceFile('agenda', 'internet/production'),
    });
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull).checks).toEqual([]);
  });

  it('shares the check of its commit with others: it says the worst of them', async () => {
    const files = serviceFile('agenda', 'internet/production');
    const one = environment.propose(files);
    await reviewPullRequest(environment.deps, one.number);
    environment.repository.git.refs.set('refs/heads/copie', one.pull.headSha);
    const other = environment.bob.openPullRequest(environment.repository, {
      branch: 'copie',
      title: 'la même',
    });
    // Approvals are of a pull request: the other one has none.
    environment.bob.approve(environment.repository, one);
    await reviewPullRequest(environment.deps, other.number);
    expect(seen(one).checks).toEqual([expect.stringMatching(/^action_required/)]);
    const outcome = await reviewPullRequest(environment.deps, one.number);
    expect(seen(one).checks, 'the other one still lacks it').toEqual([
      expect.stringMatching(/^action_required/),
    ]);
    expect(outcome).toMatchObject({ kind: 'judged' });
    // Judged at the same time, without knowing of the other: its check is written again.
    const blind = environment.createDeps();
    const openAt = blind.store.openPullsAt.bind(blind.store);
    let asked = 0;
    blind.store.openPullsAt = async (...given) => {
      asked += 1;
      return asked === 1 ? [] : openAt(...given);
    };
    expect(await reviewPullRequest(blind, one.number, { again: true })).toMatchObject({
      reclaim: [other.number],
    });
    await reviewPullRequest(environment.deps, other.number, { again: true });
    expect(seen(one).checks.at(-1)).toMatch(/^action_required/);
    environment.bob.close(environment.repository, other);
    expect(await reviewPullRequest(environment.deps, other.number)).toMatchObject({
      kind: 'gone',
      reclaim: [one.number],
    });
    await reviewPullRequest(environment.deps, one.number, { again: true });
    expect(seen(one).checks.at(-1)).toMatch(/^success/);
  });

  it('says nothing where no definition is touched', async () => {
    const pull = environment.propose({ 'README.md': '# Autre\n' });
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull)).toEqual({
      checks: ['success: Rien à vérifier\u00a0: aucune définition n’est touchée'],
      comments: [],
      labels: [],
    });
  });

  it('is told of settings under a name that nobody reads, though it changes nothing else', async () => {
    environment.createRegistry(serviceFile('agenda'));
    const pull = environment.propose({ '.github/greffier.yml': 'approvals:\n  production: 2\n' });
    await reviewPullRequest(environment.deps, pull.number);
    const check = environment.repository.checkRuns.find(({ headSha }) => headSha === pull.pull.headSha);
    expect(check?.conclusion).toBe('failure');
    expect(pull.comments.map(({ body }) => body).join()).toContain('.github/greffier.yaml');
  });

  it('is judged quietly as long as it is a draft', async () => {
    const pull = environment.alice.openPullRequest(environment.repository, {
      branch: 'brouillon',
      title: 'x',
      files: serviceFile('agenda'),
      draft: true,
    });
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull)).toMatchObject({
      comments: [],
      labels: [],
      checks: [expect.stringMatching(/^success/)],
    });
  });

  it('is judged by the settings of the default branch, whatever it writes in them itself', async () => {
    const pull = environment.propose({
      ...serviceFile('agenda', 'internet/production'),
      '.github/greffier.yaml': 'language: en\napprovals:\n  production: 2\n',
    });
    const outcome = await reviewPullRequest(environment.deps, pull.number);
    expect(outcome).toMatchObject({
      collected: { settings: { language: 'fr' }, review: { conclusion: 'failure' } },
    });
    expect(pull.comments[0]?.body).toContain('change/mixed');
  });

  it('is judged the same from a fork', async () => {
    const fork = environment.alice.fork(environment.repository);
    const pull = environment.alice.openPullRequest(environment.repository, {
      branch: 'demande',
      title: 'x',
      files: serviceFile('agenda'),
      from: fork,
    });
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull).labels).toEqual(['integration', 'internet', 'new-sp', 'ready']);
  });

  it('tells a link from a file', async () => {
    const pull = environment.alice.openPullRequest(environment.repository, {
      branch: 'lien',
      title: 'x',
      files: {
        'service-providers/internet/integration/lien.yaml': { content: 'voisin.yaml', mode: '120000' },
      },
    });
    await reviewPullRequest(environment.deps, pull.number);
    expect(pull.comments[0]?.body).toContain('file/path');
  });

  it('takes in sixty faulty definitions at once, within all limits', async () => {
    const files = Object.assign(
      {},
      ...Array.from({ length: 60 }, (_, index) =>
        definitionFile(
          `service-${index}`,
          `name: A${index}\nredirect_uris: http://a.fr\nuserinfo_signed_response_alg: RS257`,
        ),
      ),
    );
    const pull = environment.propose(files);
    await reviewPullRequest(environment.deps, pull.number);
    expect(seen(pull).comments[0]?.length).toBeLessThan(65_536);
    const [run] = environment.repository.checkRuns;
    expect(run?.annotations.length).toBeGreaterThan(100);
    expect(environment.github.calls.count('GET /repos/{owner}/{repo}/git/blobs/{file_sha}')).toBe(0);
  });

  it('never goes back to an older state that a late answer shows', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const { repository } = environment.deps;
    const old = await repository.client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner: repository.owner,
      repo: repository.repo,
      pull_number: pull.number,
    });
    old.data.updated_at = new Date(Date.parse(old.data.updated_at) - 1000).toISOString();
    environment.alice.pushCommit(
      environment.repository,
      pull.pull.headRef,
      definitionFile('agenda', 'redirect_uris: http://a.fr'),
    );
    await reviewPullRequest(environment.deps, pull.number);
    const before = seen(pull);
    expect(before.labels).toContain('invalid');

    const late = environment.client();
    late.hook.wrap('request', (request, options) =>
      options.method === 'GET' && options.url.endsWith('/pulls/{pull_number}')
        ? Promise.resolve(old)
        : request(options),
    );
    environment.github.calls.clear();
    const outcome = await reviewPullRequest(environment.createDeps(undefined, late), pull.number);
    expect(outcome).toMatchObject({ kind: 'moving', after: 5 });
    expect(environment.github.calls.writes()).toBe(0);
    expect(seen(pull)).toEqual(before);
  });

  it('is not let through by what GitHub does not say of someone who objects, which is asked again first', async () => {
    const pull = environment.propose(serviceFile('musee', 'internet/production'));
    const dan = environment.github.createUser(`dan-${environment.repository.id}`);
    environment.github.addCollaborator(environment.repository, dan, 'write');
    environment.bob.approve(environment.repository, pull);
    dan.review(environment.repository, pull, 'REQUEST_CHANGES', 'Non');
    const client = environment.client();
    client.hook.wrap('request', async (request, options) => {
      if (options.username === dan.login) throw Object.assign(new Error('Not Found'), { status: 404 });
      return request(options);
    });
    const deps = environment.createDeps(undefined, client);
    expect(await reviewPullRequest(deps, pull.number, { mayWait: true })).toMatchObject({ kind: 'moving' });
    await reviewPullRequest(deps, pull.number);
    const last = environment.repository.checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha);
    expect(last?.conclusion).toBe('action_required');
  });

  it('pages through more files than a comparison shows, and checks that none is left out', async () => {
    const files = Object.fromEntries(Array.from({ length: 320 }, (_, n) => [`a/${n}.txt`, `${n}\n`]));
    const pull = environment.propose({ ...files, ...serviceFile('agenda') });
    const outcome = await reviewPullRequest(environment.deps, pull.number);
    expect(environment.github.calls.count('GET /repos/{owner}/{repo}/pulls/{pull_number}/files')).toBe(4);
    expect(outcome).toMatchObject({ kind: 'judged', collected: { facts: { filesComplete: true } } });
    expect(pull.comments[0]?.body).toContain('service-providers/internet/integration/agenda.yaml');

    const counting = environment.client();
    counting.hook.after('request', (answer, options) => {
      if (options.url.endsWith('/pulls/{pull_number}')) answer.data.changed_files = 400;
    });
    const fewer = environment.propose({ ...files, ...serviceFile('annuaire') });
    const short = await reviewPullRequest(environment.createDeps(undefined, counting), fewer.number);
    expect(short).toMatchObject({
      kind: 'judged',
      collected: { facts: { filesComplete: false }, review: { conclusion: 'failure' } },
    });
  });

  it('costs the same in a registry of ten thousand definitions', async () => {
    const many = Object.assign(
      {},
      ...Array.from({ length: 10_000 }, (_, index) => serviceFile(`service-${index}`)),
    );
    environment.createRegistry(many);
    const first = environment.propose(serviceFile('agenda', 'internet/production'));
    environment.github.calls.clear();
    await reviewPullRequest(environment.deps, first.number);
    const labels = environment.github.calls.count('POST /repos/{owner}/{repo}/labels');
    expect(
      environment.github.calls.count() - labels,
      JSON.stringify(environment.github.calls.summary()),
    ).toBeLessThanOrEqual(8);
    const second = environment.propose(serviceFile('annuaire', 'internet/production'));
    environment.github.calls.clear();
    await reviewPullRequest(environment.deps, second.number);
    expect(
      environment.github.calls.count(),
      JSON.stringify(environment.github.calls.summary()),
    ).toBeLessThanOrEqual(8);
    environment.github.calls.clear();
    await reviewPullRequest(environment.deps, second.number);
    expect(environment.github.calls.count()).toBeLessThanOrEqual(3);
    expect(environment.github.calls.writes()).toBe(0);
  }, 120_000);
});
