/** Nobody waits for all the definitions of a large pull request, or of a large registry, to be read. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inTurns } from '#application/in-turns';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { registrySource } from '#application/reconciliation/github-registry';
import { createLog } from '#base/observability/logger';
import { Registry } from '#domain/registry/registry';
import { openRules } from '#domain/registry/rules/all';
import { ReviewEnvironment, serviceFile } from './pull-requests/review-environment.ts';

/** How often the event loop has gone round, and in which of its turns each definition was read, and judged. */
const { reads, verdicts, loop } = vi.hoisted(() => ({
  reads: [] as { path: string; turn: number }[],
  verdicts: [] as { path: string; turn: number }[],
  loop: { turn: 0 },
}));

vi.mock('#domain/registry/locate-findings', async (original) => {
  const actual = await original<typeof import('#domain/registry/locate-findings')>();
  return {
    ...actual,
    withRegistryFindings: (...given: Parameters<typeof actual.withRegistryFindings>) => {
      verdicts.push({ path: given[0].reading.path, turn: loop.turn });
      return actual.withRegistryFindings(...given);
    },
  };
});

vi.mock('#domain/definition/read-definition', async (original) => {
  const actual = await original<typeof import('#domain/definition/read-definition')>();
  const noted =
    <Rest extends readonly unknown[], Result>(read: (file: { path: string }, ...rest: Rest) => Result) =>
    (file: { path: string }, ...rest: Rest): Result => {
      reads.push({ path: file.path, turn: loop.turn });
      return read(file, ...rest);
    };
  return {
    ...actual,
    openDefinition: noted(actual.openDefinition as (file: { path: string }) => unknown),
    readDefinition: noted(actual.readDefinition as (file: { path: string }) => unknown),
  };
});

let environment: ReviewEnvironment;
let going = true;
beforeAll(async () => {
  environment = await ReviewEnvironment.open();
  const count = (): void => {
    loop.turn += 1;
    if (going) globalThis.setImmediate(count);
  };
  count();
});
afterAll(async () => {
  going = false;
  await environment.close();
});

const some = (name: string, count: number) =>
  Object.assign({}, ...Array.from({ length: count }, (_, n) => serviceFile(`${name}-${n}`)));

/** The most definitions that were read in one turn, of those whose path matches. */
function mostAtOnce(which: RegExp): number {
  const turns = reads.filter(({ path }) => which.test(path)).map(({ turn }) => turn);
  expect(turns.length).toBeGreaterThanOrEqual(30);
  return Math.max(...Array.from(Map.groupBy(turns, (turn) => turn).values(), (same) => same.length));
}

it('gives everyone else a turn between the steps of long work', async () => {
  const turns: number[] = [];
  const answer = await inTurns(
    (function* (): Generator<undefined, string, undefined> {
      for (let n = 0; n < 20; n += 1) {
        turns.push(loop.turn);
        yield;
      }
      return 'done';
    })(),
  );
  expect(answer).toBe('done');
  expect(new Set(turns).size).toBe(20);
});

/** Which definitions are compared with others, and in which turn, while something is done. */
async function comparisons(
  work: () => Promise<unknown>,
): Promise<readonly { readonly path: string; readonly turn: number }[]> {
  const seen: { path: string; turn: number }[] = [];
  const { claimants } = Registry.prototype;
  const spy = vi.spyOn(Registry.prototype, 'claimants').mockImplementation(function (
    this: Registry,
    ...args
  ) {
    seen.push({ path: args[1], turn: loop.turn });
    return claimants.apply(this, args);
  });
  await work();
  spy.mockRestore();
  return seen;
}

const sourceOf = ({ deps }: ReviewEnvironment) =>
  registrySource({
    registry: deps.repo,
    repository: deps.repository,
    mirror: deps.mirror,
    reviewStore: deps.store,
    log: createLog('silent'),
  });

it('compares one definition a turn with the registry, and with the others of its pull request', async () => {
  environment.createRegistry(some('voisin', 3));
  const pull = environment.propose(some('annuaire', 30));
  const seen = await comparisons(() => reviewPullRequest(environment.deps, pull.number));
  const turns = Map.groupBy(seen, ({ turn }) => turn);
  expect(new Set(seen.map(({ path }) => path)).size).toBe(30);
  expect(turns.size).toBeGreaterThanOrEqual(60);
  for (const same of turns.values()) expect(new Set(same.map(({ path }) => path)).size).toBe(1);
});

it('compares one definition a turn with the others of the registry, before any is applied', async () => {
  const files = some('annuaire', 30) as Record<string, string>;
  // All claim the same address: none of them is without a collision.
  const alike = Object.entries(files).map(([path, text]) => [
    path,
    text.replace(/https:\/\/annuaire-\d+\.ville-annuaire-\d+\.fr/g, 'https://annuaire.ville-annuaire.fr'),
  ]);
  environment.createRegistry(Object.fromEntries(alike));
  const source = sourceOf(environment);
  const head = await source.head();
  const seen = await comparisons(async () => expect((await source.at(head)).held).toHaveLength(30));
  expect(new Set(seen.map(({ path }) => path)).size).toBe(30);
  for (const same of Map.groupBy(seen, ({ turn }) => turn).values())
    expect(new Set(same.map(({ path }) => path)).size).toBe(1);
});

it('looks for what may collide in bounded steps, however large the registry', () => {
  const registry = Registry.of(
    Array.from({ length: 1_500 }, (_, n) => ({
      path: `service-providers/internet/integration/service-${n}.yaml`,
      redirectUris: [`https://service-${n}.exemple-${n}.fr/retour`],
      scopes: [],
    })) as never,
  );
  const steps = registry.candidatesInSteps();
  let count = 0;
  for (let step = steps.next(); step.done !== true; step = steps.next()) count += 1;
  // The names, then each thousand of addresses, hosts and definitions.
  expect(count).toBeGreaterThanOrEqual(4);
});

it('judges one definition a turn, as often as more is known of people', async () => {
  environment.createRegistry(some('voisin', 3));
  const pull = environment.propose(
    Object.assign(
      {},
      ...Array.from({ length: 30 }, (_, n) => serviceFile(`etat-${n}`, 'internet/production')),
    ),
  );
  environment.bob.approve(environment.repository, pull);
  verdicts.length = 0;
  await reviewPullRequest(environment.deps, pull.number);
  expect(verdicts.length).toBe(60);
  for (const same of Map.groupBy(verdicts, ({ turn }) => turn).values()) expect(same).toHaveLength(1);
});

it('compares what changed with every other open request in bounded steps', async () => {
  environment.createRegistry(some('voisin', 3));
  const first = environment.propose(some('foule', 40));
  await reviewPullRequest(environment.deps, first.number);
  const second = environment.propose(some('masse', 40));
  const turns: number[] = [];
  const [rule] = openRules;
  const spy = vi.spyOn(rule ?? expect.fail(), 'check').mockImplementation(() => void turns.push(loop.turn));
  await reviewPullRequest(environment.deps, second.number);
  spy.mockRestore();
  expect(turns.length).toBeGreaterThanOrEqual(1_600);
  const most = Math.max(...Array.from(Map.groupBy(turns, (turn) => turn).values(), (same) => same.length));
  expect(most).toBeLessThanOrEqual(1_000);
});

it('compares one definition a turn of each open request with what the default branch has got', async () => {
  environment.createRegistry(some('voisin', 3));
  const { deps, repository, bob } = environment;
  const pull = environment.propose(some('attente', 30));
  await reviewPullRequest(deps, pull.number);
  bob.pushCommit(repository, 'main', some('arrivee', 2));
  const asked: number[] = [];
  const seen = await comparisons(() =>
    rereviewAffected(deps, async (numbers) => void asked.push(...numbers)),
  );
  expect(asked).toEqual([]);
  expect(new Set(seen.map(({ path }) => path)).size).toBe(30);
  for (const same of Map.groupBy(seen, ({ turn }) => turn).values())
    expect(new Set(same.map(({ path }) => path)).size).toBe(1);
});

it('leaves the registry at its commit while it is worked on, and has those wait who ask for another', async () => {
  environment.createRegistry(some('voisin', 3));
  const { deps, repository, bob } = environment;
  const first = repository.git.branch('main') ?? '';
  const order: string[] = [];
  const working = deps.mirror.during(deps.repository, first, async (view) => {
    // Long enough for GitHub to have answered, if it were asked.
    for (let turn = 0; turn < 3_000 && order.length === 0; turn += 1) await setImmediate();
    order.push(`${view.files.size} files`);
  });
  const second = bob.pushCommit(repository, 'main', some('autre', 2));
  const asking = deps.mirror
    .at(deps.repository, second)
    .then(({ files }) => order.push(`${files.size} files`));
  await Promise.all([working, asking]);
  expect(order).toEqual(['3 files', '5 files']);
  await expect(
    deps.mirror.during(deps.repository, second, () => Promise.reject(new Error('x'))),
  ).rejects.toThrow('x');
  expect((await deps.mirror.at(deps.repository, first)).files.size).toBe(3);
});

it('reads one definition a turn: of the registry, of a pull request, and of what is to be applied', async () => {
  environment.createRegistry(some('voisin', 30));
  const pull = environment.propose(some('agenda', 30));
  await reviewPullRequest(environment.deps, pull.number);
  expect(mostAtOnce(/voisin/)).toBe(1);
  expect(mostAtOnce(/agenda/)).toBe(1);
  reads.length = 0;
  const source = sourceOf(environment);
  await source.at((await environment.deps.mirror.commit()) ?? '');
  expect(mostAtOnce(/voisin/)).toBe(1);
});
