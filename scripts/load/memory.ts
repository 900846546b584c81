/**
 * `npm run bench:memory [-- --full]`: how long a `greffier serve` takes to be ready and what it rests at, on its first start and
 * on a later one, and its memory over 20,000 deliveries on each engine, `--full` over 100,000, one in ten of which asks for a
 * review of one of forty pull requests at the local GitHub. Printed at every tenth, and whether it is flat: its slope over the
 * second half; then what it rests at again. About five minutes; `--full` ten to twenty.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { BotProcess } from '#demo/bot-process';
import {
  type BenchmarkEngine,
  type BenchmarkEnvironment,
  openSamplePullRequest,
  print,
  type RegistrySetup,
  registryName,
  withBenchmarkEnvironment,
} from './benchmark-environment.ts';
import { createWebhookSender, pushWebhook, type SignedWebhook, signWebhook } from './webhook-sender.ts';

const { values: asked } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    deliveries: { type: 'string' },
    engine: { type: 'string' },
  },
});
const deliveries = Number(asked.deliveries ?? (asked.full ? 100_000 : asked.short ? 2_000 : 20_000));
const parts = 10;
const pulls = 40;
const concurrency = 16;
/** Milliseconds after which what a start leaves was given back (`main/at-rest.ts`), and what a rush leaves. */
const settling = 5_000;
const calm = 65_000;
/** The part by which memory may grow in the second half: the noise of the allocator, and of caches that are still filled. */
const flat = 0.05;

interface Sample {
  readonly deliveries: number;
  /** Megabytes: resident, and held by JavaScript once all garbage is collected. */
  readonly resident: number;
  readonly held: number;
}

/** What a registry is sent: a push to one of its pull requests, and nine times as much that is none of its business. */
function webhooksOf(setup: RegistrySetup): readonly SignedWebhook[] {
  const common = {
    installation: { id: setup.installation },
    repository: { id: setup.registry.id, full_name: registryName, default_branch: 'main' },
    sender: { login: 'camille' },
  };
  const idle = Array.from({ length: 9 }, (_, branch) =>
    signWebhook('push', { ...common, ref: `refs/heads/${branch}`, commits: Array(40).fill(common) }),
  );
  return Array.from({ length: pulls }, (_, index) => [pushWebhook(index + 1, setup), ...idle]).flat();
}

function residentOf(bot: BotProcess): number {
  const status = readFileSync(`/proc/${bot.processId}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

/** Milliseconds that its threads have had of processors, which other work on the machine hardly changes (proc(5)). */
function processorOf(bot: BotProcess): number {
  const fields = readFileSync(`/proc/${bot.processId}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What it answers for `/metrics`, by name. */
async function metricOf(bot: BotProcess, name: string): Promise<number> {
  const text = await (await fetch(`${bot.url}/metrics`)).text();
  return Number(new RegExp(`^greffier_${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(text)?.[1]);
}

async function sampleOf(bot: BotProcess, sent: number): Promise<Sample> {
  while (Number.isFinite(await metricOf(bot, 'queue'))) await sleep(100);
  const resident = residentOf(bot);
  if (bot.processId !== undefined) process.kill(bot.processId, 'SIGUSR2');
  await sleep(500);
  return { deliveries: sent, resident, held: (await metricOf(bot, 'nodejs_heap_size_used_bytes')) / 2 ** 20 };
}

/** Least squares, per 10,000 deliveries. */
function slope(samples: readonly Sample[], of: (sample: Sample) => number): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(samples.map((sample) => sample.deliveries));
  const y = mean(samples.map(of));
  const both = samples.reduce((sum, one) => sum + (one.deliveries - x) * (of(one) - y), 0);
  const square = samples.reduce((sum, one) => sum + (one.deliveries - x) ** 2, 0);
  return (both / square) * 10_000;
}

async function watch(environment: BenchmarkEnvironment, engine: BenchmarkEngine): Promise<void> {
  const setup = await environment.setUpRegistry();
  const compiled = { NODE_COMPILE_CACHE: environment.newPath('compiled') };
  const nodeOptions = ['--import', join(import.meta.dirname, 'collect-garbage.ts')];
  execFileSync(process.execPath, [...nodeOptions, join(import.meta.dirname, '../compile.js')], {
    env: compiled,
  });
  const store = { ...(await environment.createStore(engine)), ...compiled };
  const startAndSettle = async (which: string): Promise<BotProcess> => {
    const started = await environment.startBot({ setup, store, nodeOptions });
    const spent = processorOf(started);
    await sleep(settling);
    print(
      `  ${which} start: ${started.readyAfter} ms to /readyz, ${spent} ms of them on a processor; ` +
        `${residentOf(started).toFixed(0)} MB at rest`,
    );
    return started;
  };
  print(`Greffier on ${engine}`);
  // There is no store, and what `npm ci` has compiled: what a machine meets once.
  const first = await startAndSettle('first');
  await first.stop();
  const bot = await startAndSettle('later');
  for (let index = 0; index < pulls; index += 1) openSamplePullRequest(setup, index);
  const webhooks = webhooksOf(setup);
  const samples: Sample[] = [];
  const begun = performance.now();
  for (let part = 1; part <= parts; part += 1) {
    const count = deliveries / parts;
    // Connections that idle while the queue is emptied are closed by the server: each part has its own.
    const sender = createWebhookSender(Number(new URL(bot.url).port), concurrency);
    await sender.burst(
      `part-${part}`,
      count,
      (index) => webhooks[index % webhooks.length] ?? pushWebhook(1, setup),
    );
    sender.close();
    setup.github.calls.clear();
    const sample = await sampleOf(bot, part * count);
    samples.push(sample);
    print(
      `${String(sample.deliveries).padStart(8)} deliveries: ${sample.resident.toFixed(0)} MB resident, ` +
        `${sample.held.toFixed(1)} MB held`,
    );
  }
  const minutes = (performance.now() - begun) / 60_000;
  await sleep(calm);
  const rested = residentOf(bot);
  const second = samples.slice(parts / 2);
  const half = deliveries / 2 / 10_000;
  const growth = (of: (sample: Sample) => number) => {
    const perTenThousand = slope(second, of);
    return { perTenThousand, isFlat: perTenThousand * half < flat * Math.max(...second.map(of)) };
  };
  const resident = growth((sample) => sample.resident);
  const held = growth((sample) => sample.held);
  const verdict = resident.isFlat && held.isFlat ? 'flat' : 'NOT FLAT';
  print(
    `second half, per 10,000 deliveries: ${resident.perTenThousand.toFixed(1)} MB resident, ` +
      `${held.perTenThousand.toFixed(1)} MB held: ${verdict} (${minutes.toFixed(1)} minutes), at rest again ${rested.toFixed(0)} MB\n`,
  );
  await bot.stop();
}

await withBenchmarkEnvironment(async (environment) => {
  for (const engine of environment.engines) await watch(environment, engine);
}, asked.engine);
