/**
 * One round: several services are brought from a proposal to their end at the same time, while the program is killed
 * and everything around it fails now and then. Then nothing fails any more, and it is looked whether anything was lost
 * or doubled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '#demo/github/fault-injector';
import { waitUntil } from '#demo/wait-until';
import { type Engine, opened } from '../infrastructure/database/engines.ts';
import { ChaosRound, runServiceCase, type ServiceCase, type ServiceOutcome } from './actors.ts';
import { type ChaosEnvironment, startChaosEnvironment } from './environment.ts';
import { externalViolations, handoverViolations, storeViolations } from './invariants.ts';

export interface RoundOptions {
  readonly engine: Engine;
  readonly seed: number;
  /** How many services. */
  readonly services: number;
  /** At the same time; more than one only on PostgreSQL. */
  readonly processes: number;
  /** The part of all requests that meets a fault, 0 to 1. */
  readonly rate: number;
  /** Milliseconds after which nothing fails any more, whatever is left to do. */
  readonly faultPeriod: number;
  /** Gets a line for what happens. */
  readonly report?: (line: string) => void;
}

export interface RoundOutcome {
  readonly violations: readonly string[];
  readonly kills: number;
  readonly requests: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly pulls: number;
  readonly deliveries: number;
  readonly mails: number;
  readonly seconds: number;
  /** The end of the program's log, when something is violated. */
  readonly log: string;
}

/** Milliseconds that the program has between two kills, at least and at most. */
const betweenKills = [2_000, 9_000] as const;
/** A kill falls on one of so many requests that come next. */
const maxRequestsBeforeKill = 25;
/** Milliseconds that one thing may take to come, and for which nothing may change in the end. */
const timeout = 150_000;
const quietPeriod = 4_000;

const names = [
  'Agenda des associations',
  'Cantine scolaire',
  'Marchés publics',
  'Piscine intercommunale',
  'Urbanisme en ligne',
  'Médiathèque Simone',
  'Parc automobile',
  'Objets trouvés',
] as const;
const cells = ['internet/production', 'internet/integration', 'rie/integration'] as const;
const outcomes: readonly ServiceOutcome[] = ['removed', 'renamed', 'kept', 'renamed', 'removed'];

export async function runRound(options: RoundOptions): Promise<RoundOutcome> {
  const { engine, seed, report = () => undefined } = options;
  const started = performance.now();
  const environment = await startChaosEnvironment({
    scratch: await engine.scratch(),
    processes: options.processes,
    seed,
    rate: options.rate,
  });
  const violations: string[] = [];
  let log = '';
  try {
    await environment.bots.start();
    report(`ready after ${seconds(started)} s`);
    const round = new ChaosRound(environment, seededRandom(seed + 2), timeout);
    violations.push(...(await runStories(environment, round, options)));
    if (violations.length === 0) violations.push(...(await waitUntilSettled(environment, round, report)));
    if (violations.length === 0) violations.push(...(await stopAndInspect(environment)));
    log = environment.bots.log;
    return {
      violations,
      kills: environment.bots.kills,
      requests: environment.faults.requests,
      faults: environment.faults.counts,
      pulls: [...environment.registry.issues.values()].filter(({ pull }) => pull !== undefined).length,
      deliveries: new Set(environment.github.webhooks.deliveries.map(({ guid }) => guid)).size,
      mails: environment.mailbox.mails.length,
      seconds: Number(seconds(started)),
      log: violations.length === 0 ? '' : log,
    };
  } finally {
    await environment.stop();
  }
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** The stories, in trouble as long as it lasts. @returns what nobody saw come */
async function runStories(
  environment: ChaosEnvironment,
  round: ChaosRound,
  options: RoundOptions,
): Promise<string[]> {
  const { faults, bots, github } = environment;
  const random = seededRandom(options.seed + 3);
  const stories = names.slice(0, options.services).map((name, index): [string, ServiceCase] => [
    `applicant-${index}`,
    {
      id: `service-${index}`,
      name,
      cell: cells[index % cells.length] ?? cells[0],
      outcome:
        index % cells.length === 2 ? 'kept' : (outcomes[Math.floor(random() * outcomes.length)] ?? 'kept'),
    },
  ]);
  faults.start();
  github.faults.injectDeliveryRandomly(options.rate, ['drop', 'duplicate'], options.seed);
  const over = new AbortController();
  const killing = killRepeatedly(environment, random, over.signal);
  const end = setTimeout(() => over.abort(), options.faultPeriod);
  over.signal.addEventListener('abort', () => {
    faults.stop();
    github.faults.clear();
    options.report?.('nothing fails any more');
  });
  const settled = await Promise.allSettled([
    ...stories.map(([login, service]) => runServiceCase(round, github.createUser(login), service)),
    // Once nothing fails any more, what waits for a next try need not be waited for.
    killing.then(() => bots.advanceTime()),
  ]);
  clearTimeout(end);
  if (!over.signal.aborted) over.abort();
  await killing;
  return settled.flatMap((one) =>
    one.status === 'rejected' ? [one.reason instanceof Error ? one.reason.message : String(one.reason)] : [],
  );
}

/** Kills the program again and again: at a moment of its own, or when it asks something of someone. */
async function killRepeatedly(
  environment: ChaosEnvironment,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  const [least, most] = betweenKills;
  while (!signal.aborted) {
    await environment.bots.waitUntilReady();
    await sleep(least + random() * (most - least), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const { kills } = environment.bots;
    if (random() < 0.3) environment.bots.kill();
    else
      environment.faults.armKill(() => environment.bots.kill(), Math.ceil(random() * maxRequestsBeforeKill));
    await waitUntil(() => signal.aborted || environment.bots.kills > kills, timeout);
  }
  // On a slow machine the time may be over before any of them fell: a round without one shows nothing.
  if (environment.bots.kills === 0) environment.bots.kill();
}

/** Waits until all is as it should be, and stays so. */
async function waitUntilSettled(
  environment: ChaosEnvironment,
  round: ChaosRound,
  report: (line: string) => void,
): Promise<string[]> {
  let violations: string[] = [];
  const whole = () => {
    violations = externalViolations(environment, round.expected);
    return violations.length === 0;
  };
  // Webhooks that were lost at the end come with the next sweep: one that begins after now has seen them all.
  const sweeps = () => environment.bots.log.split('"msg":"swept"').length;
  const before = sweeps();
  if ((await waitUntil(whole, timeout)) !== true) return violations;
  await waitUntil(() => sweeps() > before + 1, timeout);
  report('all is as it should be');
  let writes = -1;
  await waitUntil(async () => {
    const before = environment.github.calls.writes();
    await sleep(quietPeriod);
    writes = environment.github.calls.writes();
    return before === writes;
  }, timeout);
  whole();
  return [
    ...violations,
    ...(await handoverViolations(environment)),
    ...environment.bots.unexpectedExits.map((code) => `a process ended by itself: ${code}`),
    ...environment.bots.failedRestarts.map((error) => `a process was not started again: ${error}`),
  ];
}

/** Asks the program to stop, and looks into its store. */
async function stopAndInspect(environment: ChaosEnvironment): Promise<string[]> {
  const codes = await environment.bots.stop();
  const store = await opened(environment.location);
  try {
    return [
      ...codes.flatMap((code) => (code === 0 ? [] : [`asked to stop, a process ended with ${code}`])),
      ...(await storeViolations(environment, store)),
    ];
  } finally {
    await store.close();
  }
}
