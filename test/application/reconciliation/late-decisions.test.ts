/** What a public service says only after the merge: a decision that nobody was shown is a person's to take. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LookupDeps, lookUpReview, lookupTurns } from '#application/lookups/answer-cache';
import type { ReviewDeps } from '#application/mirror/deps';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { createRecheck } from '#application/reconciliation/recheck-outside-answers';
import { defined } from '#base/defined';
import { readDefinition } from '#domain/definition/read-definition';
import type { DatapassRecord, OutsideAnswer } from '#domain/registry/outside-answers';
import type { Entry } from '#domain/registry/registry';
import { ReviewEnvironment, serviceFile } from '../pull-requests/review-environment.ts';

const questionsOf = (entries: readonly Entry[]) =>
  new Map(
    entries.map(({ path, partial }) => [
      path,
      defined({ siret: partial?.siret, datapass: partial?.datapass }),
    ]),
  );

let environment: ReviewEnvironment;
beforeAll(async () => {
  environment = await ReviewEnvironment.open();
});
afterAll(() => environment.close());

it('a DataPass of another organization is for a person to decide: in the review that knows of it, else before provisioning', async () => {
  environment.createRegistry({});
  let datapass: OutsideAnswer<DatapassRecord> = { ok: false, reason: 'unreachable' };
  const at = new Date().toISOString();
  const lookups: LookupDeps = {
    db: environment.store.db,
    now: Date.now,
    identityDomains: [],
    turns: lookupTurns(),
    siret: async () => ({
      ok: true,
      at,
      value: { found: true, legalName: 'COMMUNE', ceased: false, administration: true },
    }),
    datapass: async () => datapass,
  };
  const cell = 'internet/production';
  const files = serviceFile('agenda', cell);
  const pull = environment.propose(files);
  const review = (questions = lookups, clientsOf?: ReviewDeps['clientsOf']) =>
    reviewPullRequest(
      {
        ...environment.deps,
        lookUp: (asked, asker) => lookUpReview(questions, questionsOf(asked), asker),
        ...defined({ clientsOf }),
      },
      pull.number,
    );
  const conclusion = () =>
    environment.repository.checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha)?.conclusion;
  await review();
  environment.bob.approve(environment.repository, pull);
  await review();
  expect(conclusion()).toBe('success');
  const words = pull.comments.map(({ body }) => body).join('\n');
  expect(words).not.toContain('datapass-organization');
  datapass = {
    ok: true,
    at: new Date().toISOString(),
    value: {
      found: true,
      definition: 'pro_connect_service_provider',
      siret: '20009999200014',
      modalities: ['internet', 'rie'],
      state: { kind: 'habilitation', state: 'active' },
    },
  };
  const [path = '', text = ''] = Object.entries(files)[0] ?? [];
  const { definition } = readDefinition({ path, bytes: Buffer.from(text) });
  if (definition === undefined) throw new Error('no definition');
  const { recheck } = createRecheck(lookups, () => 'fr');
  const objection = await recheck({ path, cell, id: 'agenda', definition });
  expect(objection).toMatchObject({
    kind: 'undecided',
    text: expect.stringContaining('d’une autre organisation'),
  });
  expect(objection?.decisions).toHaveLength(1);
  // A review that knows it shows the same decision, and the reconciliation is told that it did.
  const shown: (readonly string[])[] = [];
  const markShown = async (decisions: ReadonlyMap<string, readonly string[]>) => {
    shown.push(decisions.get(path) ?? []);
  };
  const plan = async () => ({ facts: { steps: [], unserved: [], manual: [] }, markShown });
  await review(lookups, async () => ({ present: new Map(), accounts: [], plan }));
  expect(shown).toEqual([objection?.decisions]);
});
