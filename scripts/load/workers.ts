/**
 * `npm run bench:workers [-- --short]`: reviews per second of one worker process and of three on one PostgreSQL, with
 * the ingress in a process of its own: a burst of pull requests that are opened at once, until the last verdict. In turns
 * within one run, with a GitHub that answers at once, when the processors are the limit, and with one that takes 100
 * milliseconds for each call, which is about what GitHub.com takes. About two minutes.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import {
  openSamplePullRequest,
  print,
  quantile,
  webhookSecret,
  withBenchmarkEnvironment,
} from './benchmark-environment.ts';
import { VerdictWatcher } from './verdict-watcher.ts';

const { values: asked } = parseArgs({
  options: { short: { type: 'boolean', default: false }, pulls: { type: 'string' } },
});
const pulls = Number(asked.pulls ?? (asked.short ? 10 : 100));
const rounds = asked.short ? 1 : 2;
const counts = [1, 3];
const latencies = [0, 100];

await withBenchmarkEnvironment(async (environment) => {
  if (!environment.engines.includes('PostgreSQL')) return;
  const rates = new Map<string, number[]>();
  for (let round = 1; round <= rounds; round += 1)
    for (const latency of latencies)
      for (const workers of counts) {
        const verdicts = new VerdictWatcher();
        const setup = await environment.setUpRegistry(verdicts.observe);
        const { faults, webhooks } = setup.github;
        const store = await environment.createStore('PostgreSQL');
        const ingress = await environment.startBot({ setup, store, options: ['--only', 'ingress'] });
        const bots = [ingress];
        for (let worker = 0; worker < workers; worker += 1)
          bots.push(await environment.startBot({ setup, store, options: ['--only', 'worker'] }));
        webhooks.target = { url: `${ingress.url}/api/github/webhooks`, secret: webhookSecret };
        const burst = (from: number, count: number) =>
          Promise.all(
            Array.from({ length: count }, (_, index) =>
              verdicts.of(openSamplePullRequest(setup, from + index).pull.headSha),
            ),
          );
        await burst(0, 8 * workers);
        await webhooks.settled();
        if (latency > 0) faults.injectRandomly(1, [{ kind: 'slow', milliseconds: latency }]);
        const begun = performance.now();
        const ends = await burst(1_000, pulls);
        const rate = pulls / ((Math.max(...ends) - begun) / 1_000);
        const name = `${latency} ms a call, ${workers} workers`;
        rates.set(name, [...(rates.get(name) ?? []), rate]);
        print(`round ${round}  ${name}: ${pulls} reviews, ${rate.toFixed(1)} a second`);
        for (const bot of bots) await bot.kill();
      }
  print(`\n${cpus().length} processors, shared with PostgreSQL and with the local GitHub`);
  for (const latency of latencies) {
    const median = (workers: number) =>
      quantile(rates.get(`${latency} ms a call, ${workers} workers`) ?? [], 0.5);
    print(`${latency} ms a call: three workers do ${(median(3) / median(1)).toFixed(2)} times what one does`);
  }
});
