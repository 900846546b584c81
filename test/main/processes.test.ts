import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreLocation } from '#base/config/environment';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { Database } from '#infrastructure/database/database';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import { engines, opened, type Scratch } from '../infrastructure/database/engines.ts';

const secret = 'w'.repeat(32);
const program = join(import.meta.dirname, 'process.ts');

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly ended: Promise<number | null>;
}

describe.each(engines)('processes on $name', { timeout: 120_000 }, (engine) => {
  let github: LocalGitHub;
  let installation: number;
  let repository: number;
  let scratch: Scratch;
  let folder: string;
  let running: Running[];

  beforeEach(async () => {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    github = await startLocalGitHub({ permissions, events: neededEvents });
    const registry = github.createRepository('org/registry', {
      files: { 'README.md': 'Bonjour\n' },
      installed: false,
    });
    installation = github.install(registry).id;
    repository = registry.id;
    scratch = await engine.scratch();
    folder = mkdtempSync(join(tmpdir(), 'greffier-deeds-'));
    running = [];
  });
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    await github.stop();
    await scratch.remove();
    rmSync(folder, { recursive: true });
  });

  async function start(duration = 0): Promise<Running> {
    const child = spawn(process.execPath, [program], {
      env: {
        PATH: process.env.PATH,
        APP_ID: String(github.appId),
        PRIVATE_KEY: github.privateKey,
        WEBHOOK_SECRET: secret,
        GHE_HOST: github.host,
        GHE_PROTOCOL: 'http',
        HOST: '127.0.0.1',
        PORT: '0',
        LOG_LEVEL: 'silent',
        DEEDS: join(folder, 'deeds'),
        DEED_MS: String(duration),
        ...where(scratch.location),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout?.on('data', (text) => resolve(Number(String(text).split(' ')[1])));
      void ended.then((code) => reject(new Error(`the process ended with ${code}`)));
    });
    const process_ = { child, port, ended };
    running.push(process_);
    return process_;
  }
  function where(location: StoreLocation): Record<string, string> {
    return 'url' in location ? { DATABASE_URL: location.url } : { GREFFIER_DATA: location.folder };
  }
  function deliver(port: number, id: string, number: number): Promise<number> {
    const body = JSON.stringify({
      action: 'synchronize',
      installation: { id: installation },
      repository: { id: repository, full_name: 'org/registry', default_branch: 'main' },
      sender: { login: 'alice' },
      pull_request: { number },
    });
    return fetch(`http://127.0.0.1:${port}/api/github/webhooks`, {
      method: 'POST',
      body,
      headers: {
        'x-github-event': 'pull_request',
        'x-github-delivery': id,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
    }).then(
      ({ status }) => status,
      () => 0,
    );
  }
  /** Lines such as `begin review 4 1234 delivery-9`, in order. */
  function deeds(): readonly string[][] {
    const file = join(folder, 'deeds');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line.includes(' review ')).map((line) => line.split(' '));
  }
  const ended = () =>
    new Set(deeds().flatMap(([what, , number]) => (what === 'end' ? [Number(number)] : [])));
  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  async function withStore<T>(look: (store: Database) => Promise<T>): Promise<T> {
    const store = await opened(scratch.location);
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  }

  it('keeps every delivery that was accepted, and does its work, whenever the process is killed', async () => {
    const accepted = new Set<number>();
    let number = 0;
    for (let round = 0; round < 2; round += 1) {
      const { child, port, ended: gone } = await start();
      const burst: Promise<void>[] = [];
      const before = accepted.size;
      for (let sent = 0; sent < 30; sent += 1) {
        number += 1;
        const mine = number;
        burst.push(
          deliver(port, `delivery-${mine}`, mine).then((status) => {
            if (status === 202) accepted.add(mine);
            // The first answers are in while others are still being written.
            if (accepted.size >= before + 7) child.kill('SIGKILL');
          }),
        );
      }
      await Promise.all(burst);
      child.kill('SIGKILL');
      await gone;
    }
    const last = await start();
    await until(() => [...accepted].every((one) => ended().has(one)));
    last.child.kill('SIGTERM');
    expect(await last.ended).toBe(0);
    const kept = await withStore(({ db }) => db.selectFrom('deliveries').select('id').execute());
    const ids = new Set(kept.map(({ id }) => id));
    for (const one of accepted) expect(ids).toContain(`delivery-${one}`);
    expect(accepted.size).toBeGreaterThanOrEqual(14);
  });

  it('finishes what runs on SIGTERM', async () => {
    const { child, port, ended: gone } = await start(300);
    expect(await deliver(port, 'a', 1)).toBe(202);
    await until(() => deeds().length > 0);
    child.kill('SIGTERM');
    expect(await gone).toBe(0);
    expect(deeds().map(([what]) => what)).toEqual(['begin', 'end']);
  });

  it.runIf(engine.name === 'postgresql')(
    'share one PostgreSQL: each pull request is judged by one at a time, and the work of a killed one is taken over',
    async () => {
      const three = [await start(150), await start(150), await start(150)];
      const [first] = three;
      if (first === undefined) return expect.fail();
      const pulls = Array.from({ length: 12 }, (_, index) => index + 1);
      const pushed = (push: number) =>
        pulls.map((pull) => deliver(three[(push + pull) % 3]?.port ?? 0, `push-${push}-${pull}`, pull));
      const burst = Array.from({ length: 9 }, (_, push) => pushed(push)).flat();
      expect(new Set(await Promise.all(burst))).toEqual(new Set([202]));
      expect(new Set(await Promise.all(pushed(9)))).toEqual(new Set([202]));
      await until(() =>
        deeds().some(([what, , , pid]) => what === 'begin' && pid === String(first.child.pid)),
      );
      first.child.kill('SIGKILL');
      await first.ended;
      await until(async () => {
        const left = await withStore(({ db }) => db.selectFrom('jobs').select('id').execute());
        return left.length === 0;
      });
      expect(ended()).toEqual(new Set(pulls));
      // Ten pushes are not ten reviews, and the last push of each is what was judged last.
      const begun = deeds().filter(([what]) => what === 'begin');
      expect(begun.length).toBeLessThan(10 * pulls.length);
      for (const pull of pulls) {
        const own = deeds().filter(([, , number]) => number === String(pull));
        expect(own.at(-1)?.slice(0, 1)).toEqual(['end']);
        expect(own.at(-1)?.[4]).toBe(`push-9-${pull}`);
        overlapsNowhere(own, String(first.child.pid));
      }
    },
  );
});

/** A pull request is never judged by two at once; the killed process's last deed never ended. */
function overlapsNowhere(own: readonly string[][], killed: string): void {
  let open: string | undefined;
  for (const [what, , , pid] of own) {
    if (what === 'begin') {
      expect(open === undefined || open === killed).toBe(true);
      open = pid;
    } else {
      expect(pid).toBe(open);
      open = undefined;
    }
  }
}
