/**
 * `npm run bench:deliveries [-- --short]`: durable deliveries per second on each engine, against Probot's own server
 * with an empty handler, which keeps nothing. They take turns, each in a process of its own, and the best of their
 * rounds counts. About two minutes, `--short` twenty seconds.
 */
import { parseArgs } from 'node:util';
import { type Ground, onGround, quantile, type Stage, say } from './ground.ts';
import { startPeer } from './peer.ts';
import { type Letter, pushTo, senderTo } from './sender.ts';

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

async function contendersOf(ground: Ground, stage: Stage): Promise<readonly Contender[]> {
  const probot: Contender = {
    name: "Probot's server, empty handler, nothing kept",
    rates: [],
    start: () => startPeer(ground, stage, 'empty'),
  };
  const own = ground.engines.map(async (engine): Promise<Contender> => {
    const store = await ground.store(engine);
    return {
      name: `Greffier on ${engine}, every delivery on disk`,
      rates: [],
      async start() {
        const bot = await ground.bot({ stage, store, options: ['--only', 'ingress'] });
        return { port: Number(new URL(bot.url).port), kill: () => bot.kill() };
      },
    };
  });
  return [probot, ...(await Promise.all(own))];
}

async function measure(contender: Contender, round: number, letters: readonly Letter[]): Promise<void> {
  const running = await contender.start();
  const sender = senderTo(running.port, concurrency);
  const letter = (index: number): Letter => letters[index % letters.length] ?? pushTo(0, 0);
  await sender.burst(`warm-${round}`, Math.min(500, deliveries), letter);
  const begun = performance.now();
  const times = await sender.burst(`round-${round}`, deliveries, letter);
  const rate = deliveries / ((performance.now() - begun) / 1_000);
  sender.close();
  await running.kill();
  contender.rates.push(rate);
  say(
    `round ${round}  ${contender.name}: ${Math.round(rate)}/s, ` +
      `median ${quantile(times, 0.5).toFixed(1)} ms, 99th ${quantile(times, 0.99).toFixed(1)} ms`,
  );
}

await onGround(async (ground) => {
  const stage = await ground.stage();
  const letters = Array.from({ length: pulls }, (_, number) => pushTo(number + 1, stage.installation));
  const contenders = await contendersOf(ground, stage);
  for (let round = 1; round <= rounds; round += 1)
    for (const contender of contenders) await measure(contender, round, letters);
  say();
  const best = (contender: Contender | undefined): number => Math.max(...(contender?.rates ?? []));
  for (const contender of contenders) {
    const ratio = best(contender) / best(contenders[0]);
    say(`${contender.name}: best ${Math.round(best(contender))}/s, ${ratio.toFixed(2)} of Probot's`);
  }
}, asked.engine);
