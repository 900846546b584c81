import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReviewDeps } from '#application/mirror/deps';
import { createReviewHandlers } from '#application/pull-requests/handlers';
import { defined } from '#base/defined';
import { LeaseLost } from '#base/lease-lost';
import { createMetrics } from '#base/observability/metrics';
import type { PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import type { OutsideAnswer, SiretRecord } from '#domain/registry/outside-answers';
import type { OctokitRequester } from '#infrastructure/github/client/repository-client';
import type { RetryLater } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import type { Lease } from '#infrastructure/queue/lease';
import { freeLease } from '../../infrastructure/queue/leases.ts';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

const asked = '.github/greffier.yaml';
const settings = { [asked]: 'automatic_merge:\n  integration: true\n' };

/** A definition whose contact is of the domain of its URLs. */
const known = serviceFile('agenda', 'internet/integration', contact('equipe@ville-agenda.fr'));

function contact(address: string): string {
  return `\ncontacts:\n  technical:\n    - ${address}`;
}

/** Judges a pull request as the worker would, and does what follows from the verdict. */
async function review(
  environment: ReviewEnvironment,
  pull: PullRequest,
  more: {
    readonly client?: OctokitRequester;
    readonly lookUp?: ReviewDeps['lookUp'];
    readonly lease?: Partial<Lease>;
  } = {},
): Promise<RetryLater | undefined> {
  const { client = environment.client(), lookUp } = more;
  const { deps, store } = environment;
  const handlers = createReviewHandlers({
    review: { ...deps, repository: { ...deps.repository, client }, ...defined({ lookUp }) },
    jobs: new JobQueue(store.db),
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    installation: 1,
    repositoryNumbered: () => deps.repository,
  });
  const payload = { installation: 1, repo: deps.repo, number: pull.number };
  const job = { id: 1, kind: 'review', payload, request: 'essai', since: new Date(), attempt: 1 } as const;
  return await handlers.review(job, { ...freeLease(store.db), ...more.lease });
}

const answers = (pull: PullRequest) =>
  pull.comments.map(({ body }) => body).filter((body) => body.startsWith('<!-- greffier:merge:'));

const [path = ''] = Object.keys(known);

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
      const pull = environment.propose(known);
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
      ['the settings do not ask for it', {}, (by) => environment.propose(known, by)],
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
        'a page for people comes with the definition',
        settings,
        (by) => environment.propose({ ...known, 'README.md': '# Écrivez à https://ailleurs.example\n' }, by),
      ],
      [
        'a contact is of a domain that the URLs say nothing of',
        settings,
        (by) =>
          environment.propose(
            serviceFile('agenda', 'internet/integration', contact('inconnu@ailleurs-exemple.fr')),
            by,
          ),
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

    it.runIf(granted.contents === 'write')(
      'waits for a public service that is silent, asks again, and happens once it has answered',
      async () => {
        environment.createRegistry(settings);
        const pull = environment.propose(known);
        let siret: OutsideAnswer<SiretRecord> = { ok: false, reason: 'unreachable' };
        const lookUp = async () => ({ [path]: { siret } });
        expect(await review(environment, pull, { lookUp })).toMatchObject({ wait: true, after: 600 });
        expect(pull.pull.merged).toBeUndefined();
        expect(answers(pull)).toEqual([]);
        siret = { ok: true, at: new Date().toISOString(), value: { found: false } };
        expect(await review(environment, pull, { lookUp })).toBeUndefined();
        expect(pull.pull.merged).toBeDefined();
      },
    );

    it.runIf(granted.contents === 'write')('asks nobody where there is nobody to ask', async () => {
      environment.createRegistry(settings);
      const pull = environment.propose(known);
      const lookUp = async () => ({ [path]: { datapass: { ok: false, reason: 'unconfigured' } as const } });
      expect(await review(environment, pull, { lookUp })).toBeUndefined();
      expect(pull.pull.merged).toBeDefined();
    });

    it.runIf(granted.contents === 'write')('never takes a commit that came after the verdict', async () => {
      environment.createRegistry(settings);
      const pull = environment.propose(known);
      const client = environment.client();
      client.hook.before('request', (options) => {
        // The applicant pushes between the verdict and the merge.
        if (options.method === 'PUT' && options.url.endsWith('/merge') && pull.pull.merged === undefined)
          environment.alice.pushCommit(environment.repository, pull.pull.headRef, {
            'apres.txt': 'après le verdict\n',
          });
      });
      await review(environment, pull, { client });
      expect(pull.pull.merged).toBeUndefined();
      expect(answers(pull)).toEqual([expect.stringContaining('409 Conflict')]);
    });

    it.each<[string, (lost: () => Promise<never>) => Partial<Lease>]>([
      ['writes nothing to GitHub', (hold) => ({ hold })],
      [
        'keeps no verdict',
        (execute) => ({
          database: {
            selectFrom: environment.store.db.selectFrom.bind(environment.store.db),
            transaction: () => ({ execute }),
          },
        }),
      ],
    ])('of work that another process took over meanwhile %s', async (_what, leaseOf) => {
      environment.createRegistry(settings);
      const pull = environment.propose(known);
      environment.github.calls.clear();
      const lost = async () => {
        throw new LeaseLost();
      };
      await expect(review(environment, pull, { lease: leaseOf(lost) })).rejects.toThrow(LeaseLost);
      expect(environment.github.calls.writes()).toBe(0);
      expect(pull.pull.merged).toBeUndefined();
    });
  },
);
