import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReviewHandlers } from '#application/pull-requests/handlers';
import { createMetrics } from '#base/observability/metrics';
import type { PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { freeLease } from '../../infrastructure/queue/leases.ts';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

const asked = '.github/greffier.yaml';
const settings = { [asked]: 'automatic_merge:\n  integration: true\n' };

/** Judges a pull request as the worker would, and does what follows from the verdict. */
async function review(
  environment: ReviewEnvironment,
  pull: PullRequest,
  client = environment.client(),
): Promise<void> {
  const { deps, store } = environment;
  const handlers = createReviewHandlers({
    review: { ...deps, repository: { ...deps.repository, client } },
    jobs: new JobQueue(store.db),
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    installation: 1,
  });
  const payload = { installation: 1, repo: deps.repo, number: pull.number };
  const job = { id: 1, kind: 'review', payload, request: 'essai', since: new Date(), attempt: 1 } as const;
  await handlers.review(job, freeLease(store.db));
}

const answers = (pull: PullRequest) =>
  pull.comments.map(({ body }) => body).filter((body) => body.startsWith('<!-- greffier:merge:'));

describe.each([{ contents: 'write' }, { contents: 'read' }] as const)(
  'merging by itself, with contents: $contents',
  (granted) => {
    let environment: ReviewEnvironment;
    beforeAll(async () => {
      environment = await ReviewEnvironment.open(granted);
    });
    afterAll(async () => {
      expect(environment.apiProblems()).toEqual([]);
      await environment.close();
    });

    const merges = () =>
      environment.github.calls.count('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge');

    it('happens where the settings ask for it and the App may write, and is told where it may not', async () => {
      environment.createRegistry(settings);
      const pull = environment.propose(serviceFile('agenda'));
      await review(environment, pull);
      if (granted.contents === 'write') {
        expect(pull.pull.merged).toBeDefined();
        expect(answers(pull)).toEqual([]);
        const sent = environment.exchanges.find(
          ({ method, template }) => method === 'PUT' && template.endsWith('/merge'),
        );
        expect(sent?.requestBody).toMatchObject({ sha: pull.pull.headSha });
        return;
      }
      expect(pull.pull.merged).toBeUndefined();
      expect(answers(pull)).toEqual([expect.stringContaining('403 Forbidden')]);
      await review(environment, pull);
      expect(answers(pull)).toHaveLength(1);
    });

    it.each<[string, Record<string, string>, (by: GitHubUser) => PullRequest]>([
      ['the settings do not ask for it', {}, (by) => environment.propose(serviceFile('agenda'), by)],
      [
        'production is touched',
        settings,
        (by) => environment.propose(serviceFile('agenda', 'internet/production'), by),
      ],
      [
        'only the settings are touched',
        settings,
        (by) => environment.propose({ [asked]: `language: en\n${settings[asked]}` }, by),
      ],
      [
        'something is to be corrected',
        settings,
        (by) => environment.propose({ ...serviceFile('agenda', 'internet/integration', '\nsector: x') }, by),
      ],
    ])('is not tried when %s', async (_why, files, propose) => {
      environment.createRegistry(files);
      environment.github.calls.clear();
      const pull = propose(environment.alice);
      await review(environment, pull);
      expect(merges()).toBe(0);
      expect(pull.pull.merged).toBeUndefined();
      expect(answers(pull)).toEqual([]);
    });

    it.runIf(granted.contents === 'write')('never takes a commit that came after the verdict', async () => {
      environment.createRegistry(settings);
      const pull = environment.propose(serviceFile('agenda'));
      const client = environment.client();
      client.hook.before('request', (options) => {
        // The applicant pushes between the verdict and the merge.
        if (options.method === 'PUT' && options.url.endsWith('/merge') && pull.pull.merged === undefined)
          environment.alice.pushCommit(environment.repository, pull.pull.headRef, {
            'apres.txt': 'après le verdict\n',
          });
      });
      await review(environment, pull, client);
      expect(pull.pull.merged).toBeUndefined();
      expect(answers(pull)).toEqual([expect.stringContaining('409 Conflict')]);
    });
  },
);
