/** What is judged is what merging would make of the default branch. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reviewMergeGroup } from '#application/pull-requests/review-merge-group';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import type { PullRequest } from '#demo/github/state';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

const promoted = 'service-providers/internet/production/agenda.yaml';
const original = 'service-providers/internet/integration/agenda.yaml';

/** The only text of a file map. */
function textOf(files: Record<string, string>): string {
  return Object.values(files)[0] ?? '';
}

describe('what merging gives', () => {
  let environment: ReviewEnvironment;
  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await environment.close();
  });
  beforeEach(() => {
    environment.github.testMerges.readsUnknown = 0;
    environment.github.testMerges.madeAgain = 'when the common ancestor changes';
    environment.createRegistry({ ...serviceFile('agenda'), ...serviceFile('voisin') });
    environment.github.calls.clear();
  });

  const review = (pull: PullRequest, mayWait = false) =>
    reviewPullRequest(environment.deps, pull.number, { mayWait });
  const verdict = (pull: PullRequest) =>
    environment.repository.checkRuns
      .filter(({ headSha }) => headSha === pull.pull.headSha)
      .map(({ conclusion, title }) => `${conclusion}: ${title}`);
  const open = (branch: string) =>
    environment.alice.openPullRequest(environment.repository, { branch, title: 'Demande' });
  const agenda = (more: string) => textOf(serviceFile('agenda', 'internet/integration', more));

  /** Alice begins, then the default branch goes on. */
  function diverge(mine: Record<string, string | null>, theirs: Record<string, string | null>): PullRequest {
    environment.alice.pushCommit(environment.repository, 'mienne', mine);
    environment.bob.pushCommit(environment.repository, 'main', theirs);
    return open('mienne');
  }

  it('is judged where the file went, and not where a branch of before has it', async () => {
    const stolen = textOf(serviceFile('agenda')).replace(
      'https://agenda.ville-agenda.fr/retour',
      'https://vol.fr/retour',
    );
    expect(stolen).toContain('vol.fr');
    const pull = diverge(
      { [original]: stolen },
      {
        [original]: null,
        [promoted]: textOf(serviceFile('agenda', 'internet/production')),
      },
    );
    await review(pull);
    expect(pull.comments[0]?.body).toContain(promoted);
    expect(pull.comments[0]?.body).not.toContain(original);
    expect(pull.comments[0]?.body).toContain('c’est le résultat de la fusion qui est vérifié');
    expect(pull.labels).toContain('production');
    expect(pull.labels).not.toContain('new-sp');
    expect(pull.labels).not.toContain('ready');
  });

  it('is left to Git where a branch of before adds to a folder that was renamed', async () => {
    const folder = 'service-providers/internet/integration';
    const moved = { ...serviceFile('agenda'), ...serviceFile('voisin') };
    const pull = diverge(
      serviceFile('ecole'),
      Object.fromEntries(
        Object.entries(moved).flatMap(([path, text]) => [
          [path, null],
          [path.replace(folder, 'service-providers/internet/production'), text],
        ]),
      ),
    );
    await review(pull);
    // Git would put it into the other folder, and leaves that to a person: GitHub says so, the two lists of files do not.
    expect(verdict(pull)).toEqual([
      'failure: Deux changements du même fichier\u00a0: GitHub ne sait pas les fusionner',
    ]);
    expect(pull.labels).not.toContain('ready');
  });

  it('is not judged where Git cannot merge, which is said with the way out', async () => {
    const pull = diverge(
      { [original]: agenda('\nscopes: [openid, email]') },
      { [original]: agenda('\nscopes: [openid, siret]') },
    );
    await review(pull);
    expect(verdict(pull)).toEqual([expect.stringMatching(/^failure: .*fusionner/)]);
    expect(pull.comments[0]?.body).toContain('Resolve conflicts');
    expect([...pull.labels]).toEqual(['invalid']);
  });

  it('costs one call more when the default branch has gone on elsewhere', async () => {
    const pull = diverge(serviceFile('mairie'), serviceFile('autre'));
    await review(pull);
    expect(verdict(pull)).toEqual([expect.stringMatching(/^success/)]);
    const { calls } = environment.github;
    const labels = calls.count('POST /repos/{owner}/{repo}/labels');
    expect(calls.count() - labels, JSON.stringify(calls.summary())).toBeLessThanOrEqual(9);
    calls.clear();
    await review(pull);
    expect(calls.count(), JSON.stringify(calls.summary())).toBeLessThanOrEqual(3);
  });

  it('is told by a test merge of before, as long as nothing touched the same files since', async () => {
    const pull = diverge(
      { [original]: agenda('').replace(/$/, '\n# à la fin\n') },
      {
        [original]: `# au début\n${agenda('')}`,
      },
    );
    // GitHub makes the test merge now, and not again.
    await environment.client().request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner: environment.repository.owner.login,
      repo: environment.repository.name,
      pull_number: pull.number,
    });
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('autre'));
    await review(pull);
    expect(verdict(pull)).toEqual([expect.stringMatching(/^(success|action_required)/)]);
    expect(pull.comments[0]?.body).toContain('c’est le résultat de la fusion');
    environment.bob.pushCommit(environment.repository, 'main', {
      [original]: `# au tout début\n# au début\n${agenda('')}`,
    });
    const moved = environment.repository.git.branch('main') ?? '';
    await environment.deps.mirror.at(environment.deps.repository, moved);
    await review(pull);
    expect(verdict(pull).at(-1)).toMatch(/^failure: .*mettez votre demande à jour/);
    expect(pull.comments[0]?.body).toContain('Update branch');
    // What the branch holds once it is updated.
    environment.alice.forcePush(environment.repository, 'mienne', {
      [original]: `# au tout début\n# au début\n${agenda('')}\n# à la fin\n`,
    });
    await review(pull);
    expect(verdict(pull)).toEqual([expect.stringMatching(/^(success|action_required)/)]);
  });

  it('is waited for while GitHub works it out, and said to be unknown when it takes too long', async () => {
    environment.github.testMerges.readsUnknown = 100;
    const pull = diverge(
      { [original]: `${agenda('')}# à la fin\n` },
      { [original]: `# au début\n${agenda('')}` },
    );
    expect(await review(pull, true)).toMatchObject({
      kind: 'moving',
      why: 'GitHub works out the test merge',
    });
    expect(verdict(pull)).toEqual([]);
    await review(pull);
    expect(verdict(pull)).toEqual([expect.stringMatching(/^failure: GitHub ne dit pas encore/)]);
    expect(pull.comments[0]?.body).toContain('/greffier check');
  });

  it('tells a link from a file whose text is a definition', async () => {
    const content = textOf(serviceFile('lien'));
    expect(content.endsWith('\n')).toBe(true);
    const path = 'service-providers/internet/integration/lien.yaml';
    const pull = environment.alice.openPullRequest(environment.repository, {
      branch: 'lien',
      title: 'x',
      files: { [path]: { content, mode: '120000' } },
    });
    await review(pull);
    expect(pull.labels).toContain('invalid');
    const { mirror, repository } = environment.deps;
    await mirror.at(repository, environment.repository.git.branch('main') ?? '');
    environment.bob.merge(environment.repository, pull);
    const view = await mirror.at(repository, environment.repository.git.branch('main') ?? '');
    expect(view.files.get(path)?.mode).toBe('symlink');
    expect(view.registry.get(path)?.redirectUris ?? []).toEqual([]);
  });

  it('asks of a move out of production what production asks for', async () => {
    const production = textOf(serviceFile('agenda', 'internet/production'));
    environment.bob.pushCommit(environment.repository, 'main', { [original]: null, [promoted]: production });
    const pull = environment.propose({ [promoted]: null, [original]: textOf(serviceFile('agenda')) });
    await review(pull);
    expect(verdict(pull)).toEqual([expect.stringMatching(/^action_required/)]);
    expect(pull.comments[0]?.body).toContain('la production');
  });

  it('lets a merge group through by what was decided in its pull requests, and by nothing else', async () => {
    const pull = environment.propose(serviceFile('mairie', 'internet/production'));
    await review(pull);
    const base = environment.repository.git.branch('main') ?? '';
    const groupOf = async (files: Record<string, string>) => {
      const branch = `file-${environment.repository.git.refs.size}`;
      const group = environment.bob.pushCommit(environment.repository, branch, files);
      expect(await reviewMergeGroup(environment.deps, group, base)).toBeUndefined();
      const runs = environment.repository.checkRuns.filter(({ headSha }) => headSha === group);
      return runs.map(({ conclusion }) => conclusion);
    };
    const same = serviceFile('mairie', 'internet/production');
    const more = serviceFile('mairie', 'internet/production', '\nuserinfo_signed_response_alg: ES256');
    expect(await groupOf(same)).toEqual(['action_required']);
    environment.bob.approve(environment.repository, pull);
    await review(pull);
    expect(await groupOf(same)).toEqual(['success']);
    expect(await groupOf(more)).toEqual(['action_required']);
  });
});
