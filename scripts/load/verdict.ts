/**
 * `npm run bench:verdict [-- --short | --full]`: from a delivery to its verdict, the completed check run at the local
 * GitHub, at 1, 10 and 100 new pull requests a minute, evenly spaced. Against Probot's own server with a naive handler
 * (`probot-server.ts`) at a GitHub of its own, in turns within the same minutes. About two and a half minutes on both engines;
 * `--full` five minutes at each rate.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  type BenchmarkEngine,
  type BenchmarkEnvironment,
  openSamplePullRequest,
  print,
  quantile,
  type RegistrySetup,
  webhookSecret,
  withBenchmarkEnvironment,
} from './benchmark-environment.ts';
import { startProbot } from './probot-process.ts';
import { VerdictWatcher, verdictSteps } from './verdict-watcher.ts';

const { values: asked } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    engine: { type: 'string' },
  },
});

interface Rate {
  readonly aMinute: number;
  readonly samples: number;
  /** Seconds between two samples: at one a minute nothing overlaps, so that a shorter wait measures the same. */
  readonly every: number;
}

const rates: readonly Rate[] = asked.full
  ? [1, 10, 100].map((aMinute) => ({ aMinute, samples: 5 * aMinute, every: 60 / aMinute }))
  : asked.short
    ? [{ aMinute: 100, samples: 2, every: 0.6 }]
    : [
        { aMinute: 1, samples: 3, every: 6 },
        { aMinute: 10, samples: 3, every: 6 },
        { aMinute: 100, samples: 50, every: 0.6 },
      ];
/** Judged before the measurement begins, so that both have compiled what they run. */
const warm = asked.short ? 2 : 10;

interface Contender {
  readonly name: string;
  readonly setup: RegistrySetup;
  readonly verdicts: VerdictWatcher;
  /** Milliseconds until each was answered. */
  readonly steps: Record<(typeof verdictSteps)[number], number[]>;
  next: number;
}

async function contender(
  environment: BenchmarkEnvironment,
  name: string,
  start: (setup: RegistrySetup) => Promise<number>,
) {
  const verdicts = new VerdictWatcher();
  const setup = await environment.setUpRegistry(verdicts.observe);
  const port = await start(setup);
  setup.github.webhooks.target = {
    url: `http://127.0.0.1:${port}/api/github/webhooks`,
    secret: webhookSecret,
  };
  const steps: Contender['steps'] = { 'pull request': [], comparison: [], file: [] };
  return { name, setup, verdicts, steps, next: 0 } satisfies Contender;
}

/** Milliseconds from the moment at which a pull request was opened, and its webhook sent, to its verdict. */
async function time(one: Contender): Promise<number> {
  const { setup, verdicts } = one;
  one.next += 1;
  const begun = performance.now();
  const { pull } = openSamplePullRequest(setup, one.next);
  const verdict = await verdicts.of(pull.headSha);
  for (const step of verdictSteps) {
    const answered = verdicts.answered(pull.headSha, step);
    if (answered !== undefined) one.steps[step].push(answered - begun);
  }
  return verdict - begun;
}

async function run({ samples, every }: Rate, contenders: readonly Contender[]): Promise<readonly number[][]> {
  const times = contenders.map(async (one, turn) => {
    await sleep((turn / contenders.length) * every * 1_000);
    const running: Promise<number>[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      running.push(time(one));
      await sleep(every * 1_000);
    }
    return Promise.all(running);
  });
  return Promise.all(times);
}

/** The medians of the steps since they were last asked for. */
function stepsOf(one: Contender | undefined): string {
  const told = Object.entries(one?.steps ?? {}).flatMap(([step, times]) => {
    const all = times.splice(0);
    return all.length === 0 ? [] : [`${step} ${quantile(all, 0.5).toFixed(0)}`];
  });
  return told.length === 0 ? '' : `; GitHub answered: ${told.join(', ')}`;
}

async function compare(environment: BenchmarkEnvironment, engine: BenchmarkEngine): Promise<void> {
  const contenders = [
    await contender(environment, "Probot's server, naive handler", async (setup) => {
      const { port } = await startProbot(environment, setup, 'naive');
      return port;
    }),
    await contender(environment, `Greffier on ${engine}`, async (setup) => {
      const bot = await environment.startBot({ setup, store: await environment.createStore(engine) });
      return Number(new URL(bot.url).port);
    }),
  ];
  for (const one of contenders) for (let round = 0; round < warm; round += 1) await time(one);
  contenders.forEach(stepsOf);
  for (const rate of rates) {
    const each = await run(rate, contenders);
    const medians = each.map((times) => quantile(times, 0.5));
    contenders.forEach(({ name }, turn) => {
      const late = quantile(each[turn] ?? [], 0.99);
      print(
        `${String(rate.aMinute).padStart(3)} a minute  ${name.padEnd(32)} median ${medians[turn]?.toFixed(0)} ms, ` +
          `99th ${late.toFixed(0)} ms (${rate.samples} samples)${stepsOf(contenders[turn])}`,
      );
    });
    print(`${' '.repeat(14)}ratio of the medians ${((medians[1] ?? 0) / (medians[0] ?? 1)).toFixed(2)}`);
  }
  const [, greffier] = contenders;
  const calls = greffier?.setup.github.calls.count() ?? 0;
  print(`${' '.repeat(14)}calls to GitHub a pull request: ${(calls / (greffier?.next ?? 1)).toFixed(1)}\n`);
}

await withBenchmarkEnvironment(async (environment) => {
  for (const engine of environment.engines) await compare(environment, engine);
}, asked.engine);
