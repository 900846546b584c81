import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
      expect(answers(pull)).toEqual([expect.stringContaining('`contents: write`')]);
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
      expect(await review(environment, pull, { client })).toMatchObject({ wait: true });
      expect(pull.pull.merged).toBeUndefined();
      expect(answers(pull)).toEqual([]);
    });

    describe.runIf(granted.contents === 'write')('what GitHub does not let be merged', () => {
      const mergeRoute = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';
      const refuse = (status: 405 | 409 | 422, message: string, times = 1) =>
        environment.github.faults.inject({ kind: 'refusal', status, message }, { on: mergeRoute, times });
      const sent = () =>
        environment.exchanges
          .filter(({ method, template }) => method === 'PUT' && template.endsWith('/merge'))
          .map(({ requestBody }) => (requestBody as { merge_method?: string }).merge_method);
      beforeEach(() => {
        environment.createRegistry(settings);
        environment.exchanges.length = 0;
      });
      afterEach(() => environment.github.faults.clear());

      it.each(['squash', 'rebase'] as const)(
        'takes the method that the repository allows: %s',
        async (method) => {
          Object.assign(environment.repository, { mergeMethods: new Set([method]) });
          const pull = environment.propose(known);
          await review(environment, pull);
          expect(pull.pull.merged).toBeDefined();
          expect(sent()).toEqual([method]);
        },
      );

      it('takes another method where the rules of the branch want a linear history', async () => {
        const pull = environment.propose(known);
        refuse(405, 'Repository rule violations found\n\nThis branch must not contain merge commits.');
        await review(environment, pull);
        expect(pull.pull.merged).toBeDefined();
        // The first one, by `merge`, met the refusal.
        expect(sent()).toEqual(['squash']);
        expect(answers(pull)).toEqual([]);
      });

      it.each([
        [405, 'Required status check "tests" is expected.', 'd’autres vérifications'],
        [405, 'At least 1 approving review is required by reviewers with write access.', 'l’approbation'],
        [405, 'Changes must be made through the merge queue', 'file d’attente'],
        [405, 'Pull Request is not mergeable', 'Mettez-la à jour'],
        [422, 'Il faut @tout-le-monde', '`Il faut @tout-le-monde`'],
      ] as const)('says why, once: %s %s', async (status, message, words) => {
        const pull = environment.propose(known);
        refuse(status, message, 2);
        await review(environment, pull);
        await review(environment, pull);
        expect(answers(pull)).toEqual([expect.stringContaining(words)]);
        expect(pull.pull.merged).toBeUndefined();
        // What waits is known to sweeps, and no more once it is merged.
        const waits = async () =>
          (await environment.deps.store.openPulls(environment.deps.repo))[0]?.mergeWaits;
        expect(await waits()).toBe(pull.pull.headSha);
        await review(environment, pull);
        expect(pull.pull.merged).toBeDefined();
      });

      it('judges again what was judged against another state of the default branch', async () => {
        const pull = environment.propose(known);
        const client = environment.client();
        let moved = false;
        client.hook.before('request', (options) => {
          // Someone pushes between the verdict and the merge.
          if (options.method !== 'GET' || !options.url.endsWith('/git/ref/{ref}') || moved) return;
          moved = true;
          environment.bob.pushCommit(environment.repository, 'main', serviceFile('entre-temps'));
        });
        expect(await review(environment, pull, { client })).toMatchObject({ wait: true, after: 1 });
        expect(sent()).toEqual([]);
        expect(await review(environment, pull, { client })).toBeUndefined();
        expect(pull.pull.merged).toBeDefined();
      });

      it('is looked at again when another check of the commit has passed, and only what waits', async () => {
        const [pull, other] = [environment.propose(known), environment.propose(serviceFile('annuaire'))];
        refuse(405, 'Required status check "tests" is expected.');
        await review(environment, pull);
        const { deps, store } = environment;
        const jobs = new JobQueue(store.db);
        const payload = (head: string) => ({
          installation: 1,
          repo: deps.repo,
          head,
          merging: true as const,
        });
        const handlers = createReviewHandlers({
          review: deps,
          jobs,
          log: pino({ level: 'silent' }),
          metrics: createMetrics(),
          installation: 1,
          repositoryNumbered: () => deps.repository,
        });
        await store.db.deleteFrom('jobs').execute();
        for (const head of [pull.pull.headSha, other.pull.headSha]) {
          const job = {
            id: 1,
            kind: 'rejudge',
            payload: payload(head),
            request: 'x',
            since: new Date(),
            attempt: 1,
          } as const;
          await handlers.rejudge(job, freeLease(store.db));
        }
        const asked = await store.db.selectFrom('jobs').select('payload').execute();
        expect(asked.map(({ payload }) => payload)).toEqual([
          expect.objectContaining({ number: pull.number }),
        ]);
        expect(asked[0]?.payload).not.toHaveProperty('again');
        await review(environment, pull);
        expect(pull.pull.merged).toBeDefined();
      });
    });

    it.each<[string, (lost: () => Promise<never>) => Partial<Lease>]>([
      ['writes nothing to GitHub', (hold) => ({ hold })],
      [
        'keeps no verdict',
        (execute) => {
          const selectFrom = environment.store.db.selectFrom.bind(environment.store.db);
          const database = { selectFrom, transaction: () => ({ execute }) };
          return { database, unflushed: database };
        },
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
