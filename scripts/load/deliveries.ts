/**
 * `npm run bench:deliveries [-- --short]`: durable deliveries per second on each engine, against Probot's own server
 * with an empty handler, which keeps nothing, and a bare loop of commits on the same disk, each of as many deliveries as
 * are under way. All run at the same time, and are sent to in turns; a ratio is the median of those within one round. What a
 * delivery takes of the processor, in all threads of the process that answers, depends less on what else the machine does:
 * the server of PostgreSQL and the sender are not in it. About two minutes, `--short` twenty seconds.
 */
import { cpus, loadavg } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import {
  type BenchmarkEnvironment,
  print,
  processorSeconds,
  quantile,
  type RegistrySetup,
  withBenchmarkEnvironment,
} from './benchmark-environment.ts';
import { startProbot } from './probot-process.ts';
import { createWebhookSender, pushWebhook, type SignedWebhook } from './webhook-sender.ts';

const { values: asked } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    deliveries: { type: 'string' },
    rounds: { type: 'string' },
    engine: { type: 'string' },
  },
});
const deliveries = Number(asked.deliveries ?? (asked.short ? 1_000 : 2_000));
const rounds = Number(asked.rounds ?? (asked.short ? 1 : 12));
/** Deliveries to each before the first round, so that all have compiled what they run. */
const warm = Math.min(4_000, deliveries * 2);
const pulls = 500;
const concurrency = 64;

interface Contender {
  readonly name: string;
  readonly port: number;
  readonly processId: number | undefined;
  /** By round, the deliveries per second, and the microseconds of the processor that one took. */
  readonly rates: number[];
  readonly costs: number[];
}

async function contendersOf(
  environment: BenchmarkEnvironment,
  setup: RegistrySetup,
): Promise<readonly Contender[]> {
  const { port, processId } = await startProbot(environment, setup, 'empty');
  const probot = { name: "Probot's server, empty handler, nothing kept", port, processId };
  const own = environment.engines.map(async (engine) => {
    const store = await environment.createStore(engine);
    const bot = await environment.startBot({ setup, store, options: ['--only', 'ingress'] });
    return {
      name: `Greffier on ${engine}, every delivery on disk`,
      port: Number(new URL(bot.url).port),
      processId: bot.processId,
    };
  });
  return [probot, ...(await Promise.all(own))].map((one) => ({ ...one, rates: [], costs: [] }));
}

/** What stands for a webhook where there is none. */
const unsent = pushWebhook(0, { registry: { id: 0 }, installation: 0 });

async function send(
  { port }: Contender,
  name: string,
  count: number,
  webhooks: readonly SignedWebhook[],
): Promise<readonly number[]> {
  const sender = createWebhookSender(port, concurrency);
  const times = await sender.burst(name, count, (index) => webhooks[index % webhooks.length] ?? unsent);
  sender.close();
  return times;
}

async function measure(
  contender: Contender,
  round: number,
  webhooks: readonly SignedWebhook[],
): Promise<void> {
  const before = processorSeconds(contender.processId);
  const begun = performance.now();
  const times = await send(contender, `round-${round}`, deliveries, webhooks);
  const rate = deliveries / ((performance.now() - begun) / 1_000);
  const cost = ((processorSeconds(contender.processId) - before) / deliveries) * 1_000_000;
  contender.rates.push(rate);
  contender.costs.push(cost);
  print(
    `round ${round}  ${contender.name}: ${Math.round(rate)}/s, ${Math.round(cost)} µs of the processor each, ` +
      `median ${quantile(times, 0.5).toFixed(1)} ms, 99th ${quantile(times, 0.99).toFixed(1)} ms`,
  );
}

/** The median of the ratios within a round. */
function ratio(values: readonly number[], others: readonly number[]): string {
  const ratios = values.map((value, round) => value / (others[round] ?? Number.NaN));
  return quantile(ratios, 0.5).toFixed(2);
}

/** The ratio of the best rounds, and the median of those within a round. */
function against(rates: readonly number[], others: readonly number[] = []): string {
  return `${(Math.max(...rates) / Math.max(...others)).toFixed(2)} (medians: ${ratio(rates, others)})`;
}

/**
 * What the disk gives whoever does nothing else: a loop in which as many deliveries as are under way are one commit of
 * SQLite, flushed, and then the next. @returns deliveries per second
 */
function bareLoop(environment: BenchmarkEnvironment): number {
  const database = new DatabaseSync(environment.newPath('bare.sqlite'));
  database.exec('pragma journal_mode = wal; pragma synchronous = full; create table kept (body blob)');
  const insert = database.prepare('insert into kept values (?)');
  // As long as what is kept of one.
  const body = unsent.bytes.subarray(0, 250);
  const begun = performance.now();
  for (let written = 0; written < deliveries; written += concurrency) {
    database.exec('begin');
    for (let one = 0; one < concurrency; one += 1) insert.run(body);
    database.exec('commit');
  }
  const rate = deliveries / ((performance.now() - begun) / 1_000);
  database.close();
  return rate;
}

await withBenchmarkEnvironment(async (environment) => {
  const setup = await environment.setUpRegistry();
  const webhooks = Array.from({ length: pulls }, (_, number) => pushWebhook(number + 1, setup));
  const contenders = await contendersOf(environment, setup);
  for (const contender of contenders) await send(contender, 'warm', warm, webhooks);
  const bare: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // Whoever comes first in a round comes last in the next.
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(turn + round) % contenders.length];
      if (contender !== undefined) await measure(contender, round, webhooks);
    }
    bare.push(bareLoop(environment));
    print(`round ${round}  a bare loop of commits of ${concurrency}: ${Math.round(bare.at(-1) ?? 0)}/s`);
  }
  print(`\nload ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors, which the sender shares`);
  const [probot] = contenders;
  for (const { name, rates, costs } of contenders)
    print(
      `${name}: best ${Math.round(Math.max(...rates))}/s, ${against(rates, probot?.rates)} of Probot's, ` +
        `${against(rates, bare)} of the bare loop's; median ${Math.round(quantile(costs, 0.5))} µs of the processor each, ` +
        `${ratio(costs, probot?.costs ?? [])} of Probot's`,
    );
}, asked.engine);
