/**
 * `npm run bench:deliveries [-- --short]`: durable deliveries per second on each engine, against Probot's own server
 * with an empty handler, which keeps nothing, and a bare loop of commits on the same disk, each of as many deliveries as
 * are under way. They take turns; the best of their rounds count, and their medians. About two minutes, `--short` twenty
 * seconds.
 */
import { cpus, loadavg } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  type BenchmarkEnvironment,
  print,
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
const deliveries = Number(asked.deliveries ?? (asked.short ? 1_000 : 5_000));
const rounds = Number(asked.rounds ?? (asked.short ? 1 : 3));
const pulls = 500;
const concurrency = 64;

interface Running {
  readonly port: number;
  kill(): unknown;
}

interface Contender {
  readonly name: string;
  /** The deliveries per second of each round. */
  readonly rates: number[];
  start(): Promise<Running>;
}

async function contendersOf(
  environment: BenchmarkEnvironment,
  setup: RegistrySetup,
): Promise<readonly Contender[]> {
  const probot: Contender = {
    name: "Probot's server, empty handler, nothing kept",
    rates: [],
    start: () => startProbot(environment, setup, 'empty'),
  };
  const own = environment.engines.map(async (engine): Promise<Contender> => {
    const store = await environment.createStore(engine);
    return {
      name: `Greffier on ${engine}, every delivery on disk`,
      rates: [],
      async start() {
        const bot = await environment.startBot({ setup, store, options: ['--only', 'ingress'] });
        return { port: Number(new URL(bot.url).port), kill: () => bot.kill() };
      },
    };
  });
  return [probot, ...(await Promise.all(own))];
}

/** What stands for a webhook where there is none. */
const unsent = pushWebhook(0, { registry: { id: 0 }, installation: 0 });

async function measure(
  contender: Contender,
  round: number,
  webhooks: readonly SignedWebhook[],
): Promise<void> {
  const running = await contender.start();
  const sender = createWebhookSender(running.port, concurrency);
  const webhook = (index: number): SignedWebhook => webhooks[index % webhooks.length] ?? unsent;
  await sender.burst(`warm-${round}`, Math.min(500, deliveries), webhook);
  const begun = performance.now();
  const times = await sender.burst(`round-${round}`, deliveries, webhook);
  const rate = deliveries / ((performance.now() - begun) / 1_000);
  sender.close();
  await running.kill();
  contender.rates.push(rate);
  print(
    `round ${round}  ${contender.name}: ${Math.round(rate)}/s, ` +
      `median ${quantile(times, 0.5).toFixed(1)} ms, 99th ${quantile(times, 0.99).toFixed(1)} ms`,
  );
}

/**
 * What the disk gives whoever does nothing else: a loop in which as many deliveries as are under way are one commit of
 * SQLite, flushed, and then the next. @returns deliveries per second
 */
function bareLoop(environment: BenchmarkEnvironment): number {
  const database = new DatabaseSync(environment.newPath('bare.sqlite'));
  database.exec('pragma journal_mode = wal; pragma synchronous = full; create table kept (body blob)');
  const insert = database.prepare('insert into kept values (?)');
  const body = gzipSync(unsent.bytes, { level: 1 });
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
  const bare: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of contenders) await measure(contender, round, webhooks);
    bare.push(bareLoop(environment));
    print(`round ${round}  a bare loop of commits of ${concurrency}: ${Math.round(bare.at(-1) ?? 0)}/s`);
  }
  print(`\nload ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors, which the sender shares`);
  const [probot] = contenders;
  for (const { name, rates } of contenders) {
    const against = (others: readonly number[] = []): string => {
      const best = Math.max(...rates) / Math.max(...others);
      return `${best.toFixed(2)} (medians: ${(quantile(rates, 0.5) / quantile(others, 0.5)).toFixed(2)})`;
    };
    print(
      `${name}: best ${Math.round(Math.max(...rates))}/s, ${against(probot?.rates)} of Probot's, ` +
        `${against(bare)} of the bare loop's`,
    );
  }
}, asked.engine);
