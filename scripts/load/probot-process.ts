/** Starts Probot's own server (`probot-server.ts`) in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '#demo/bot-process';
import type { BenchmarkEnvironment, RegistrySetup } from './benchmark-environment.ts';

export interface ProbotProcess {
  readonly port: number;
  readonly processId: number | undefined;
  kill(): void;
}

export async function startProbot(
  environment: BenchmarkEnvironment,
  setup: RegistrySetup,
  handler: 'empty' | 'naive',
): Promise<ProbotProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'probot-server.ts'), handler], {
    env: { ...setup.processEnvironment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  environment.addCleanup(() => child.kill('SIGKILL'));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.stdout.on('data', (text) => {
    // Probot logs there too.
    if (/^ready$/m.test(String(text))) resolve();
  });
  child.once('exit', (code) => reject(new Error(`Probot ended with ${code}`)));
  await promise;
  return { port, processId: child.pid, kill: () => void child.kill('SIGKILL') };
}
