import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReviewWorkshop } from '#application/pull-requests/handlers';
import { createMeasures } from '#base/observability/metrics';
import type { Person } from '#demo/github/people';
import type { PullRequest } from '#demo/github/state';
import { Jobs } from '#infrastructure/queue/job-queue';
import { Stage, service } from './review-stage.ts';

const asked = '.github/greffier.yaml';
const settings = { [asked]: 'automatic_merge:\n  integration: true\n' };

/** Judges a pull request as the worker would, and does what follows from the verdict. */
async function review(stage: Stage, pull: PullRequest, client = stage.client()): Promise<void> {
  const { room, store } = stage;
  const workshop = openReviewWorkshop({
    db: store.db,
    jobs: new Jobs(store.db),
    github: { installation: () => Promise.resolve(client) },
    log: pino({ level: 'silent' }),
    measures: createMeasures(),
    registry: { repo: room.repo, installation: 1 },
    appId: room.appId,
  });
  const payload = { installation: 1, repo: room.repo, number: pull.number };
  const job = { id: 1, kind: 'review', payload, request: 'essai', since: new Date(), attempt: 1 } as const;
  await workshop.handlers.review(job, new AbortController().signal);
}

const answers = (pull: PullRequest) =>
  pull.comments.map(({ body }) => body).filter((body) => body.startsWith('<!-- greffier:merge:'));

describe.each([{ contents: 'write' }, { contents: 'read' }] as const)(
  'merging by itself, with contents: $contents',
  (granted) => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await Stage.open(granted);
    });
    afterAll(async () => {
      expect(stage.problems()).toEqual([]);
      await stage.close();
    });

    const merges = () => stage.github.calls.count('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge');

    it('happens where the settings ask for it and the App may write, and is told where it may not', async () => {
      stage.registry(settings);
      const pull = stage.propose(service('agenda'));
      await review(stage, pull);
      if (granted.contents === 'write') {
        expect(pull.pull.merged).toBeDefined();
        expect(answers(pull)).toEqual([]);
        const sent = stage.exchanges.find(
          ({ method, template }) => method === 'PUT' && template.endsWith('/merge'),
        );
        expect(sent?.requestBody).toMatchObject({ sha: pull.pull.headSha });
        return;
      }
      expect(pull.pull.merged).toBeUndefined();
      expect(answers(pull)).toEqual([expect.stringContaining('403 Forbidden')]);
      await review(stage, pull);
      expect(answers(pull)).toHaveLength(1);
    });

    it.each<[string, Record<string, string>, (by: Person) => PullRequest]>([
      ['the settings do not ask for it', {}, (by) => stage.propose(service('agenda'), by)],
      [
        'production is touched',
        settings,
        (by) => stage.propose(service('agenda', 'internet/production'), by),
      ],
      [
        'something is to be corrected',
        settings,
        (by) => stage.propose({ ...service('agenda', 'internet/integration', '\nsector: x') }, by),
      ],
    ])('is not tried when %s', async (_why, files, propose) => {
      stage.registry(files);
      stage.github.calls.clear();
      const pull = propose(stage.alice);
      await review(stage, pull);
      expect(merges()).toBe(0);
      expect(pull.pull.merged).toBeUndefined();
      expect(answers(pull)).toEqual([]);
    });

    it.runIf(granted.contents === 'write')('never takes a commit that came after the verdict', async () => {
      stage.registry(settings);
      const pull = stage.propose(service('agenda'));
      const client = stage.client();
      client.hook.before('request', (options) => {
        // The applicant pushes between the verdict and the merge.
        if (options.method === 'PUT' && options.url.endsWith('/merge') && pull.pull.merged === undefined)
          stage.alice.pushCommit(stage.repository, pull.pull.headRef, { 'apres.txt': 'après le verdict\n' });
      });
      await review(stage, pull, client);
      expect(pull.pull.merged).toBeUndefined();
      expect(answers(pull)).toEqual([expect.stringContaining('409 Conflict')]);
    });
  },
);
