/** What the service that runs on this machine says of its store, which only one process can open. */
import type { Installation } from './installation.ts';

export interface StoreCounts {
  /** Values sealed with a key that it does not have. */
  readonly missing: number;
  /** Jobs that were given up. */
  readonly dead: number;
}

const timeoutMs = 10_000;

/** @returns undefined when it does not answer, or is not ready */
export async function askRunning({ settings, fetch }: Installation): Promise<StoreCounts | undefined> {
  const host = settings.host === '0.0.0.0' || settings.host === '::' ? '127.0.0.1' : settings.host;
  const ask = async (path: string): Promise<string | undefined> => {
    try {
      const response = await fetch(
        new URL(path, `http://${host.includes(':') ? `[${host}]` : host}:${settings.port}`),
        {
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        },
      );
      return response.status === 200 ? await response.text() : undefined;
    } catch {
      return undefined;
    }
  };
  if ((await ask('/readyz')) === undefined) return undefined;
  const metrics = await ask('/metrics');
  if (metrics === undefined || !metrics.includes('greffier_sealed_values')) return undefined;
  const sum = (name: string, label: string): number =>
    metrics
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
      .reduce((total, line) => total + (Number(line.slice(line.lastIndexOf(' ') + 1)) || 0), 0);
  return {
    missing: sum('greffier_sealed_values', 'key="missing"'),
    dead: sum('greffier_queue', 'state="dead"'),
  };
}
