/**
 * Durable deliveries per second, against Probot's own server with an empty handler, which keeps nothing. The servers
 * take turns in processes of their own, and the best of their rounds counts.
 *
 *   npm run bench:deliveries -- [DELIVERIES] [ROUNDS]        TEST_DATABASE_URL adds PostgreSQL
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startLocalGitHub } from '../src/demo/github/local-github.ts';
import { neededEvents, neededPermissions } from '../src/service/permissions.ts';

const [deliveries = 5_000, rounds = 3] = process.argv.slice(2).map(Number);
const concurrency = 64;
const secret = 'b'.repeat(32);
/** Bytes of a webhook of a pull request at GitHub, about. */
const bodyLength = 20_000;

interface Contender {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly program: string;
}

interface Result {
  readonly perSecond: number;
  readonly median: number;
  readonly late: number;
  readonly memoryBefore: number;
  readonly memoryAfter: number;
}

/** Bodies by pull request, signed once. */
const bodies: (Body | undefined)[] = [];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const permissions = Object.fromEntries(
  Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
);
const github = await startLocalGitHub({ permissions, events: neededEvents });
const registry = github.createRepository('org/registry', {
  files: { 'README.md': 'Bonjour\n' },
  installed: false,
});
const installation = github.install(registry).id;
const folder = mkdtempSync(join(tmpdir(), 'greffier-bench-'));
const server = join(import.meta.dirname, 'bench-server.ts');
const app = {
  PATH: process.env.PATH ?? '',
  APP_ID: String(github.appId),
  PRIVATE_KEY: github.privateKey,
  WEBHOOK_SECRET: secret,
  GHE_HOST: github.host,
  GHE_PROTOCOL: 'http',
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'fatal',
};

const contenders: Contender[] = [
  { name: 'Probot, empty handler, nothing kept', program: 'probot', environment: app },
  {
    name: 'Greffier on PGlite, every delivery flushed to disk',
    program: 'greffier',
    environment: { ...app, GREFFIER_DATA: folder },
  },
];
const databaseUrl = process.env.TEST_DATABASE_URL;
const database = `greffier_bench_${process.pid}`;
if (databaseUrl !== undefined) {
  await administer(`create database ${database}`);
  const own = new URL(databaseUrl);
  own.pathname = `/${database}`;
  contenders.push({
    name: 'Greffier on PostgreSQL',
    program: 'greffier',
    environment: { ...app, DATABASE_URL: own.href },
  });
}

const results = new Map<string, Result[]>();
for (let round = 1; round <= rounds; round += 1)
  for (const contender of contenders) {
    const result = await measure(contender, round);
    results.set(contender.name, [...(results.get(contender.name) ?? []), result]);
    say(
      `round ${round}  ${contender.name}: ${Math.round(result.perSecond)}/s, ` +
        `median ${result.median.toFixed(1)} ms, 99th ${result.late.toFixed(1)} ms, ` +
        `memory ${Math.round(result.memoryBefore)} → ${Math.round(result.memoryAfter)} MB`,
    );
  }
say('');
const best = (name: string): number =>
  Math.max(...(results.get(name) ?? []).map(({ perSecond }) => perSecond));
const reference = best(contenders[0]?.name ?? '');
for (const { name } of contenders)
  say(`${name}: best ${Math.round(best(name))}/s, ${(best(name) / reference).toFixed(2)} of Probot's`);

if (databaseUrl !== undefined) await administer(`drop database ${database} with (force)`);
await github.stop();
rmSync(folder, { recursive: true });

async function measure(contender: Contender, round: number): Promise<Result> {
  const child = spawn(process.execPath, [server, contender.program], {
    env: contender.environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const port = await portOf(child);
    const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
    await burst(port, agent, `warm-${round}`, 500);
    const memoryBefore = memoryOf(child);
    const begun = performance.now();
    const times = await burst(port, agent, `round-${round}`, deliveries);
    const seconds = (performance.now() - begun) / 1000;
    times.sort((a, b) => a - b);
    agent.destroy();
    return {
      perSecond: deliveries / seconds,
      median: times[Math.floor(times.length / 2)] ?? 0,
      late: times[Math.floor(times.length * 0.99)] ?? 0,
      memoryBefore,
      memoryAfter: memoryOf(child),
    };
  } finally {
    child.kill('SIGKILL');
  }
}

function portOf(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.stdout?.on('data', (text) => {
    const port = /port (\d+)/.exec(String(text))?.[1];
    if (port !== undefined) resolve(Number(port));
  });
  child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  return promise;
}

/** Resident megabytes of a process (Linux). */
function memoryOf(child: ChildProcess): number {
  const pages = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Number(pages) / 1024;
}

/** Sends so many deliveries, some at a time. @returns the milliseconds of each */
async function burst(port: number, agent: Agent, name: string, count: number): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  async function sender(): Promise<void> {
    for (let mine = next++; mine < count; mine = next++) {
      const begun = performance.now();
      const status = await send(port, agent, `${name}-${mine}`, mine % 500);
      if (status !== 202 && status !== 200) throw new Error(`a delivery was answered ${status}`);
      times.push(performance.now() - begun);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, sender));
  return times;
}

function send(port: number, agent: Agent, id: string, number: number): Promise<number> {
  const body = bodyOf(number);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(
    {
      host: '127.0.0.1',
      port,
      agent,
      method: 'POST',
      path: '/api/github/webhooks',
      headers: {
        'content-type': 'application/json',
        'content-length': body.bytes.length,
        'user-agent': 'GitHub-Hookshot/bench',
        'x-github-event': 'pull_request',
        'x-github-delivery': id,
        'x-hub-signature-256': body.signature,
      },
    },
    (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    },
  );
  sent.once('error', reject);
  sent.end(body.bytes);
  return promise;
}

interface Body {
  readonly bytes: Buffer;
  readonly signature: string;
}

function bodyOf(number: number): Body {
  bodies[number] ??= signed({
    action: 'synchronize',
    installation: { id: installation },
    repository: { full_name: 'org/registry', default_branch: 'main' },
    sender: { login: 'alice' },
    pull_request: { number, body: 'x'.repeat(bodyLength) },
  });
  return bodies[number];
}

function signed(payload: object): Body {
  const bytes = Buffer.from(JSON.stringify(payload));
  return { bytes, signature: `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}` };
}

async function administer(statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}
