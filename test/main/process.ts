/**
 * A whole service in a process of its own, for tests that kill it. Each deed is a line of `DEEDS`: `begin` and `end`,
 * the kind of job, the pull request, and the process. A deed lasts `DEED_MS` milliseconds.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultConfiguration } from '#base/config/config-file';
import { readEnvironment } from '#base/config/environment';
import type { Job, JobKind, RetryLater } from '#infrastructure/queue/job-kinds';
import { startService } from '#main/start';

const { DEEDS = '', DEED_MS = '0' } = process.env;

async function deed(job: Job<JobKind>): Promise<RetryLater | undefined> {
  const number = 'number' in job.payload ? job.payload.number : 0;
  const line = `${job.kind} ${number} ${process.pid} ${job.request}\n`;
  appendFileSync(DEEDS, `begin ${line}`);
  await sleep(Number(DEED_MS));
  appendFileSync(DEEDS, `end ${line}`);
  return undefined;
}

const read = readEnvironment(process.env);
if (!read.ok) throw new Error(JSON.stringify(read.errors));
const started = await startService({
  settings: read.config,
  configuration: { ...defaultConfiguration, sweep: 86_400 },
  version: 'test',
  handlers: async () => ({
    handlers: {
      review: deed,
      'merge-group': deed,
      rejudge: deed,
      reconcile: deed,
      'live-checks': deed,
      sweep: deed,
      command: deed,
      mail: deed,
      request: deed,
      'request-news': deed,
    },
  }),
});
if (!started.ok) throw new Error(JSON.stringify(started.error));
const { service } = started;
process.once('SIGTERM', () => void service.stop(20_000));
await service.atWork;
process.stdout.write(`port ${service.port}\n`);
