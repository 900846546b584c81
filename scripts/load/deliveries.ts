/**
 * `npm run bench:deliveries [-- --short]`: durable deliveries per second on each engine, against Probot's own server
 * with an empty handler, which keeps nothing. They take turns, each in a process of its own, and the best of their
 * rounds counts. About two minutes, `--short` twenty seconds.
 */
import { parseArgs } from 'node:util';
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

await withBenchmarkEnvironment(async (environment) => {
  const setup = await environment.setUpRegistry();
  const webhooks = Array.from({ length: pulls }, (_, number) => pushWebhook(number + 1, setup));
  const contenders = await contendersOf(environment, setup);
  for (let round = 1; round <= rounds; round += 1)
    for (const contender of contenders) await measure(contender, round, webhooks);
  print();
  const best = (contender: Contender | undefined): number => Math.max(...(contender?.rates ?? []));
  for (const contender of contenders) {
    const ratio = best(contender) / best(contenders[0]);
    print(`${contender.name}: best ${Math.round(best(contender))}/s, ${ratio.toFixed(2)} of Probot's`);
  }
}, asked.engine);
