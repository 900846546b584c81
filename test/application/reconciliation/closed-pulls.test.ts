/** How long closed pull requests are known, with what their reviews showed and how their merge was told. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import type { Database } from '#infrastructure/database/database';
import { inSeconds } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';
import { reviewersTopic, topicsUnder, writeTopic } from '#infrastructure/database/topics';
import { emptyTables, engines, newStore } from '../../infrastructure/database/engines.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const term = 90 * 86_400;
const registry = 'org/registre';

/** As if so much time had passed since what is noted was. */
const pass = (db: Kysely<Tables>, seconds: number) =>
  db
    .updateTable('pulls')
    .set({ unused_since: inSeconds(-seconds) })
    .where('unused_since', 'is not', null)
    .execute();

async function known(db: Kysely<Tables>, of: string) {
  const pulls = await db.selectFrom('pulls').select('number').where('repo', '=', of).execute();
  const shown = await db.selectFrom('shown_plans').select('pull').where('registry', '=', of).execute();
  const merges = await db.selectFrom('merges').select('pull').where('registry', '=', of).execute();
  const sorted = (numbers: readonly number[]) => [...new Set(numbers)].sort();
  return {
    pulls: sorted(pulls.map(({ number }) => number)),
    shown: sorted(shown.map(({ pull }) => pull)),
    merges: sorted(merges.map(({ pull }) => pull)),
    asked: sorted([...(await topicsUnder(db, of, reviewersTopic)).keys()].map(Number)),
  };
}

describe.each(engines)('on $name, a closed pull request', (engine) => {
  let store: Database;
  let db: Kysely<Tables>;
  beforeAll(async () => {
    store = await newStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());
  beforeEach(() => emptyTables(db, 'pulls', 'shown_plans', 'merges', 'origins', 'topics'));

  const row = (number: number, open: boolean) => ({
    repo: registry,
    number,
    head: `h${number}`,
    read_at: '',
    open,
    comparison: null,
    claims: '[]',
    touched: '[]',
    published: '{}',
    unused_since: null,
  });
  async function add(number: number, open: boolean): Promise<void> {
    await db.insertInto('pulls').values(row(number, open)).execute();
    await db
      .insertInto('shown_plans')
      .values({ registry, pull: number, head: `h${number}`, client: 'c', digest: 'd', step: '{}' })
      .execute();
    await db
      .insertInto('merges')
      .values({
        registry,
        pull: number,
        commit: `m${number}`,
        facts: '{}',
        published: null,
        deployments: '{}',
      })
      .execute();
    await writeTopic(db, registry, `${reviewersTopic}${number}`, '{"asked":["bob"],"since":"2026-03-02"}');
  }
  const owe = (client: string, pull: number) =>
    db
      .insertInto('origins')
      .values({
        registry,
        client,
        blob: 'b',
        commit: `m${pull}`,
        pull,
        head: `h${pull}`,
        word: 'pull',
        author: null,
      })
      .onConflict((conflict) => conflict.columns(['registry', 'client']).doUpdateSet({ pull }))
      .execute();
  const forget = () => new ReconcileStore(db, registry).closedPulls.forget(term);

  it('is known a term longer than anything is of its doing, and goes whole', async () => {
    await add(1, true);
    await add(2, false);
    await add(3, false);
    await owe('internet/integration/agenda', 3);
    expect(await forget()).toBe(0);
    await pass(db, term - 60);
    expect(await forget()).toBe(0);
    await pass(db, term + 60);
    expect(await forget()).toBe(1);
    expect(await known(db, registry)).toEqual({
      pulls: [1, 3],
      shown: [1, 3],
      merges: [1, 3],
      asked: [1, 3],
    });
    // Something else is there by now: its term begins.
    await owe('internet/integration/agenda', 1);
    expect(await forget()).toBe(0);
    await pass(db, term + 60);
    expect(await forget()).toBe(1);
    expect(await known(db, registry)).toEqual({ pulls: [1], shown: [1], merges: [1], asked: [1] });
  });

  it('begins anew where it was named or open meanwhile', async () => {
    await add(1, false);
    await add(2, false);
    await forget();
    await pass(db, term + 60);
    await owe('internet/integration/agenda', 1);
    const { repo: _, number: __, ...reopened } = row(2, true);
    await db.updateTable('pulls').set(reopened).where('number', '=', 2).execute();
    expect(await forget()).toBe(0);
    await emptyTables(db, 'origins');
    await db.updateTable('pulls').set({ open: false }).execute();
    expect(await forget()).toBe(0);
    expect(await known(db, registry)).toMatchObject({ pulls: [1, 2] });
  });

  it('does not go beneath a review that has it open again at that moment', async () => {
    await add(1, false);
    await forget();
    await pass(db, term + 60);
    let sweep: Promise<number> | undefined;
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('pulls')
        .values(row(1, true))
        .onConflict((conflict) =>
          conflict.columns(['repo', 'number']).doUpdateSet({ open: true, unused_since: null }),
        )
        .execute();
      sweep = forget();
      if (engine.name === 'postgresql') await sweep;
    });
    expect(await sweep).toBe(0);
    expect(await known(db, registry)).toEqual({ pulls: [1], shown: [1], merges: [1], asked: [1] });
  });

  it('goes with some others in each sweep, however many they are, and leaves those of another registry', async () => {
    const many = Array.from({ length: 1_200 }, (_, n) => row(n + 1, false));
    await db.insertInto('pulls').values(many).execute();
    await db
      .insertInto('pulls')
      .values({ ...row(1, false), repo: 'org/autre' })
      .execute();
    for (const left of [1_200, 1_200, 1_200]) {
      expect(await forget()).toBe(0);
      expect((await known(db, registry)).pulls).toHaveLength(left);
    }
    await pass(db, term + 60);
    for (const left of [700, 200, 0]) {
      await forget();
      expect((await known(db, registry)).pulls).toHaveLength(left);
    }
    expect((await known(db, 'org/autre')).pulls).toEqual([1]);
  });
});

describe('a pull request that was closed long ago', () => {
  const production = 'internet/production';
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  const bob = () => world.environment.bob;
  const registryOf = () => world.environment.repository;
  const db = () => world.environment.store.db;
  const long = () => pass(db(), term + 60);
  const numbers = async () => (await known(db(), world.environment.deps.repo)).pulls;

  it('is known until what it brought is somebody else’s doing, and the client goes on without', async () => {
    world.begin({});
    await world.reconcile(true);
    const first = world.environment.propose(serviceFile('agenda'));
    await world.review(first);
    bob().merge(registryOf(), first);
    await world.review(first);
    await world.reconcile(true);
    await world.reconcile(true);
    await long();
    await world.reconcile(true);
    expect(await numbers()).toEqual([first.number]);
    const second = world.environment.propose(
      serviceFile('agenda', 'internet/integration', '\nuserinfo_signed_response_alg: ES256'),
    );
    await world.review(second);
    bob().merge(registryOf(), second);
    await world.review(second);
    await world.reconcile(true);
    await long();
    await world.reconcile(true);
    expect(await known(db(), world.environment.deps.repo)).toEqual({
      pulls: [second.number],
      shown: [second.number],
      merges: [second.number],
      asked: [],
    });
    const before = world.openid.clients();
    await world.reconcile(true);
    expect(world.openid.clients()).toEqual(before);
    expect(await world.states()).toEqual({ 'internet/integration/agenda': 'active' });
  });

  it('is known while nobody can say yet what brought the default branch to what it is', async () => {
    world.begin({});
    bob().pushCommit(registryOf(), 'main', { 'README.md': '# Registre\n\nLes services.\n' });
    await world.reconcile(true);
    const pull = world.environment.propose(serviceFile('agenda'));
    await world.review(pull);
    bob().close(registryOf(), pull);
    await world.review(pull);
    await world.reconcile(true);
    await long();
    bob().pushCommit(registryOf(), 'main', serviceFile('annuaire', production));
    // GitHub's list of who pushed is late.
    const late = registryOf().activities.splice(-1);
    await world.reconcile(true);
    expect(await numbers()).toEqual([pull.number]);
    registryOf().activities.push(...late);
    await world.reconcile(true);
    expect(await numbers()).toEqual([]);
  });

  it('is judged as a new one where it is reopened: said in the same places, and approved once more', async () => {
    world.begin(serviceFile('agenda', production));
    await world.reconcile(true);
    const pull = world.environment.propose(
      serviceFile('agenda', production, '\nuserinfo_signed_response_alg: ES256'),
    );
    await world.review(pull);
    bob().approve(registryOf(), pull);
    await world.review(pull);
    const conclusion = () =>
      registryOf().checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha)?.conclusion;
    expect(conclusion()).toBe('success');
    bob().close(registryOf(), pull);
    await world.review(pull);
    await world.reconcile(true);
    await long();
    await world.reconcile(true);
    expect(await numbers()).toEqual([]);
    Object.assign(pull, { createdAt: new Date(Date.now() - 100 * 86_400_000) });
    world.environment.alice.reopen(registryOf(), pull);
    await world.review(pull);
    // What merging changed when it was approved, nobody knows any more.
    expect(conclusion()).toBe('action_required');
    expect(pull.comments).toHaveLength(1);
    expect(registryOf().checkRuns).toHaveLength(1);
    world.dan.approve(registryOf(), pull);
    await world.review(pull);
    expect(conclusion()).toBe('success');
    bob().merge(registryOf(), pull);
    await world.reconcile();
    expect(world.openid.clients()[0]?.userinfo_signed_response_alg).toBe('ES256');
  });
});
