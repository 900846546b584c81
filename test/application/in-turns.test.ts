/** Nobody waits for all the definitions of a large pull request, or of a large registry, to be read. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inTurns } from '#application/in-turns';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { registrySource } from '#application/reconciliation/registry-source';
import { createLog } from '#base/observability/logger';
import { Registry } from '#domain/registry/registry';
import { ReviewEnvironment, serviceFile } from './pull-requests/review-environment.ts';

/** How often the event loop has gone round, and in which of its turns each definition was read. */
const { reads, loop } = vi.hoisted(() => ({
  reads: [] as { path: string; turn: number }[],
  loop: { turn: 0 },
}));

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
    if (going) setImmediate(count);
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

it('compares one definition a turn with the registry, and with the others of its pull request', async () => {
  const seen: { path: string; turn: number }[] = [];
  const { claimants } = Registry.prototype;
  const spy = vi.spyOn(Registry.prototype, 'claimants').mockImplementation(function (
    this: Registry,
    ...args
  ) {
    seen.push({ path: args[1], turn: loop.turn });
    return claimants.apply(this, args);
  });
  environment.createRegistry(some('voisin', 3));
  const pull = environment.propose(some('annuaire', 30));
  await reviewPullRequest(environment.deps, pull.number);
  spy.mockRestore();
  const turns = Map.groupBy(seen, ({ turn }) => turn);
  expect(new Set(seen.map(({ path }) => path)).size).toBe(30);
  expect(turns.size).toBeGreaterThanOrEqual(60);
  for (const same of turns.values()) expect(new Set(same.map(({ path }) => path)).size).toBe(1);
});

it('reads one definition a turn: of the registry, of a pull request, and of what is to be applied', async () => {
  environment.createRegistry(some('voisin', 30));
  const pull = environment.propose(some('agenda', 30));
  await reviewPullRequest(environment.deps, pull.number);
  expect(mostAtOnce(/voisin/)).toBe(1);
  expect(mostAtOnce(/agenda/)).toBe(1);
  reads.length = 0;
  const source = registrySource({
    registry: environment.deps.repo,
    repository: environment.deps.repository,
    mirror: environment.deps.mirror,
    reviewStore: environment.deps.store,
    log: createLog('silent'),
  });
  await source.at((await environment.deps.mirror.commit()) ?? '');
  expect(mostAtOnce(/voisin/)).toBe(1);
});
