/** Starts Probot's own server (`probot.ts`) in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '#demo/bot';
import type { Ground, Stage } from './ground.ts';

export interface Peer {
  readonly port: number;
  readonly processId: number | undefined;
  kill(): void;
}

export async function startPeer(ground: Ground, stage: Stage, handler: 'empty' | 'naive'): Promise<Peer> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'probot.ts'), handler], {
    env: { ...stage.environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  ground.atEnd(() => child.kill('SIGKILL'));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.stdout.on('data', (text) => {
    // Probot logs there too.
    if (/^ready$/m.test(String(text))) resolve();
  });
  child.once('exit', (code) => reject(new Error(`Probot ended with ${code}`)));
  await promise;
  return { port, processId: child.pid, kill: () => void child.kill('SIGKILL') };
}
