/**
 * One round: several services are brought from a proposal to their end at the same time, while the program is killed
 * and everything around it fails now and then. Then nothing fails any more, and it is looked whether anything was lost
 * or doubled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { chance } from '#demo/github/faults';
import { until } from '#demo/waiting';
import { type Engine, opened } from '../infrastructure/database/engines.ts';
import { brokenHandovers, brokenOutside, brokenStore } from './invariants.ts';
import { bringService, type End, Round, type Service } from './people.ts';
import { buildSet, type ChaosSet } from './set.ts';

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
  readonly trouble: number;
  /** Is told what happens. */
  readonly say?: (line: string) => void;
}

export interface RoundOutcome {
  readonly broken: readonly string[];
  readonly kills: number;
  readonly requests: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly pulls: number;
  readonly deliveries: number;
  readonly mails: number;
  readonly seconds: number;
  /** The end of the program's log, when something is broken. */
  readonly log: string;
}

/** Milliseconds that the program has between two kills, at least and at most. */
const betweenKills = [2_000, 9_000] as const;
/** A kill falls on one of so many requests that come next. */
const fewRequests = 25;
/** Milliseconds that one thing may take to come, and for which nothing may change in the end. */
const patience = 150_000;
const quiet = 4_000;

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
const ends: readonly End[] = ['removed', 'renamed', 'kept', 'renamed', 'removed'];

export async function playRound(options: RoundOptions): Promise<RoundOutcome> {
  const { engine, seed, say = () => undefined } = options;
  const started = performance.now();
  const set = await buildSet({
    scratch: await engine.scratch(),
    processes: options.processes,
    seed,
    rate: options.rate,
  });
  const broken: string[] = [];
  let log = '';
  try {
    await set.bots.start();
    say(`ready after ${seconds(started)} s`);
    const round = new Round(set, chance(seed + 2), patience);
    broken.push(...(await liveThroughIt(set, round, options)));
    if (broken.length === 0) broken.push(...(await settle(set, round, say)));
    if (broken.length === 0) broken.push(...(await stop(set)));
    log = set.bots.log;
    return {
      broken,
      kills: set.bots.kills,
      requests: set.trouble.requests,
      faults: set.trouble.counts,
      pulls: [...set.registry.issues.values()].filter(({ pull }) => pull !== undefined).length,
      deliveries: new Set(set.github.webhooks.deliveries.map(({ guid }) => guid)).size,
      mails: set.mailbox.mails.length,
      seconds: Number(seconds(started)),
      log: broken.length === 0 ? '' : log,
    };
  } finally {
    await set.stop();
  }
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** The stories, in trouble as long as it lasts. @returns what nobody saw come */
async function liveThroughIt(set: ChaosSet, round: Round, options: RoundOptions): Promise<string[]> {
  const { trouble, bots, github } = set;
  const random = chance(options.seed + 3);
  const stories = names.slice(0, options.services).map((name, index): [string, Service] => [
    `applicant-${index}`,
    {
      id: `service-${index}`,
      name,
      cell: cells[index % cells.length] ?? cells[0],
      end: index % cells.length === 2 ? 'kept' : (ends[Math.floor(random() * ends.length)] ?? 'kept'),
    },
  ]);
  trouble.start();
  github.faults.sometimesDelivery(options.rate, ['drop', 'duplicate'], options.seed);
  const over = new AbortController();
  const killing = killAtTimes(set, random, over.signal);
  const end = setTimeout(() => over.abort(), options.trouble);
  over.signal.addEventListener('abort', () => {
    trouble.stop();
    github.faults.clear();
    options.say?.('nothing fails any more');
  });
  const told = await Promise.allSettled([
    ...stories.map(([login, service]) => bringService(round, github.createPerson(login), service)),
    // Once nothing fails any more, what waits for a next try need not be waited for.
    killing.then(() => bots.passTime()),
  ]);
  clearTimeout(end);
  if (!over.signal.aborted) over.abort();
  await killing;
  return told.flatMap((one) =>
    one.status === 'rejected' ? [one.reason instanceof Error ? one.reason.message : String(one.reason)] : [],
  );
}

/** Kills the program again and again: at a moment of its own, or when it asks something of someone. */
async function killAtTimes(set: ChaosSet, random: () => number, signal: AbortSignal): Promise<void> {
  const [least, most] = betweenKills;
  while (!signal.aborted) {
    await set.bots.ready();
    await sleep(least + random() * (most - least), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const { kills } = set.bots;
    if (random() < 0.3) set.bots.kill();
    else set.trouble.armKill(() => set.bots.kill(), Math.ceil(random() * fewRequests));
    await until(() => signal.aborted || set.bots.kills > kills, patience);
  }
}

/** Waits until all is as it should be, and stays so. */
async function settle(set: ChaosSet, round: Round, say: (line: string) => void): Promise<string[]> {
  let broken: string[] = [];
  const whole = () => {
    broken = brokenOutside(set, round.expected);
    return broken.length === 0;
  };
  // Webhooks that were lost at the end come with the next sweep: one that begins after now has seen them all.
  const sweeps = () => set.bots.log.split('"msg":"swept"').length;
  const before = sweeps();
  if ((await until(whole, patience)) !== true) return broken;
  await until(() => sweeps() > before + 1, patience);
  say('all is as it should be');
  let writes = -1;
  await until(async () => {
    const before = set.github.calls.writes();
    await sleep(quiet);
    writes = set.github.calls.writes();
    return before === writes;
  }, patience);
  whole();
  return [
    ...broken,
    ...(await brokenHandovers(set)),
    ...set.bots.ownEnds.map((code) => `a process ended by itself: ${code}`),
  ];
}

/** Asks the program to stop, and looks into its store. */
async function stop(set: ChaosSet): Promise<string[]> {
  const codes = await set.bots.stop();
  const store = await opened(set.location);
  try {
    return [
      ...codes.flatMap((code) => (code === 0 ? [] : [`asked to stop, a process ended with ${code}`])),
      ...(await brokenStore(set, store)),
    ];
  } finally {
    await store.close();
  }
}
