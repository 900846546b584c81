/** What a review costs in reading: each side of each definition is parsed once, however many stages the verdict takes. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

const parsed = vi.hoisted((): string[] => []);
vi.mock('#domain/definition/parse/source', async (importOriginal) => {
  const original = await importOriginal<typeof import('#domain/definition/parse/source')>();
  return {
    ...original,
    Source: class extends original.Source {
      constructor(...given: ConstructorParameters<typeof original.Source>) {
        super(...given);
        parsed.push(given[0].path);
      }
    },
  };
});

let environment: ReviewEnvironment;
beforeAll(async () => {
  environment = await ReviewEnvironment.open();
});
afterAll(() => environment.close());

it('parses each side of each definition once, through every stage of the verdict', async () => {
  const cell = 'internet/production';
  environment.createRegistry(serviceFile('agenda', cell, '\nowners:\n  - carole'));
  const deps = {
    ...environment.deps,
    clientsOf: async () => ({
      present: new Map(),
      accounts: [],
      plan: async () => ({
        facts: { digest: 'digest', steps: [], unserved: [], manual: [] },
        markShown: async () => undefined,
      }),
    }),
  };
  const pull = environment.propose({
    ...serviceFile('agenda', cell, '\nowners:\n  - alice'),
    ...serviceFile('annuaire', cell),
  });
  environment.bob.approve(environment.repository, pull);
  await deps.mirror.at(deps.repository, environment.repository.git.refs.get('refs/heads/main') ?? '');
  parsed.length = 0;

  const outcome = await reviewPullRequest(deps, pull.number);
  // The stages were all there: a decision of owners, an approval that counts, the plan.
  expect(outcome).toMatchObject({
    kind: 'judged',
    collected: { asked: true, review: { conclusion: 'success', plan: { digest: 'digest' } } },
  });
  expect(parsed.sort()).toEqual([
    `service-providers/${cell}/agenda.yaml`,
    `service-providers/${cell}/agenda.yaml`,
    `service-providers/${cell}/annuaire.yaml`,
  ]);
});
