/** What was answered is there after the process was killed, and after the power was cut; a copy is of one moment. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReviewStore } from '#application/mirror/review-store';
import { seededRandom } from '#demo/github/fault-injector';
import { copyStore } from '#infrastructure/database/embedded/copy';
import { errcodeOf } from '#infrastructure/database/errors';
import { Inbox } from '#infrastructure/queue/inbox';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { opened } from './engines.ts';

const here = import.meta.dirname;
let root: string;
let folder: string;
beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'greffier-durable-'));
  folder = join(root, 'data');
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const compiler = spawnSync('cc', ['--version']).status === 0;
/** What is loaded before a process to see what it flushes. */
function compiled(): string {
  const watched = join(root, 'watch.so');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', watched, join(here, 'power-cut.c'), '-ldl']);
  return watched;
}

/** Has a process receive deliveries until so many were answered, does something meanwhile, and kills it. @returns them */
async function answered(
  name: string,
  count: number,
  environment: Readonly<Record<string, string>> = {},
  meanwhile: (answered: readonly string[]) => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(here, 'receiving-process.ts'), folder, name], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ids: string[] = [];
  let told: Promise<void> | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === count) told = meanwhile(ids).finally(() => child.kill('SIGKILL'));
  }
  await told;
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return ids;
}

/** Holds that a store is sound, and has these deliveries, each with its work. */
async function expectKept(at: string, ids: readonly string[]): Promise<void> {
  const store = await opened({ folder: at });
  const { rows } = await sql`pragma integrity_check`.execute(store.db);
  expect(rows).toEqual([{ integrity_check: 'ok' }]);
  const deliveries = await store.db.selectFrom('deliveries').select('id').execute();
  const kept = new Set(deliveries.map(({ id }) => id));
  expect(ids.filter((id) => !kept.has(id))).toEqual([]);
  // What was not flushed by itself came before, and is flushed with it.
  const blobs = new Set((await store.db.selectFrom('blobs').select('id').execute()).map(({ id }) => id));
  if (blobs.size > 0) expect([...kept].filter((id) => !blobs.has(id))).toEqual([]);
  // The work of a delivery is that of the last one of its lane, and comes with it.
  const jobs = await store.db.selectFrom('jobs').select('request').execute();
  expect(jobs.map(({ request }) => request).filter((request) => !kept.has(request))).toEqual([]);
  expect(jobs).toHaveLength(new Set(deliveries.map(({ id }) => id.split('-')[1])).size);
  await store.close();
}

describe('what was answered is kept', () => {
  it('when the process is killed, again and again', async () => {
    const all: string[] = [];
    for (const [round, count] of [1, 40, 700].entries()) {
      all.push(...(await answered(`r${round}`, count)));
      await expectKept(folder, all);
    }
  });

  it.runIf(compiler)(
    'when the power is cut: of what was not flushed nothing is left, or any part',
    { timeout: 240_000 },
    async () => {
      const watched = compiled();
      const flushed = join(root, 'flushed');
      fs.mkdirSync(flushed);
      const environment = {
        LD_PRELOAD: watched,
        POWER_CUT_WATCHED: folder,
        POWER_CUT_KEPT: flushed,
      };
      const ids = await answered('r', 2_000, environment);
      const random = seededRandom(7);
      for (const [name, part] of [
        ['nothing', 0],
        ['a part', 0.5],
        ['nearly all', 0.9],
      ] as const) {
        const left = join(root, `left: ${name}`);
        fs.mkdirSync(left);
        for (const file of ['greffier.sqlite', 'greffier.sqlite-wal'])
          fs.writeFileSync(
            join(left, file),
            afterPowerCut(file, () => random() < part),
          );
        await expectKept(left, ids);
      }

      /** A file, of whose blocks some are as they were last written, and the others as they were last flushed. */
      function afterPowerCut(file: string, reachedTheDisk: () => boolean): Buffer {
        const then = fs.readFileSync(join(flushed, file));
        const last = fs.readFileSync(join(folder, file));
        const size = 4096;
        const blocks: Buffer[] = [];
        for (let from = 0; from < Math.max(then.length, last.length); from += size) {
          const source = reachedTheDisk() ? last : then;
          blocks.push(source.subarray(from, from + size));
        }
        return Buffer.concat(blocks);
      }
    },
  );
});

describe('the disk', () => {
  it('is waited for by the name of the log as well, once', async () => {
    const names = vi.spyOn(fs, 'fsyncSync');
    const paths: string[] = [];
    names.mockImplementation((descriptor) => void paths.push(fs.readlinkSync(`/proc/self/fd/${descriptor}`)));
    const store = await opened({ folder });
    for (const id of ['1', '2'])
      await new Inbox(store.db, new JobQueue(store.db)).receive(
        { id, event: 'push' },
        { ignored: 'nobody’s' },
      );
    expect(paths).toEqual([folder]);
    names.mockRestore();
    await store.close();
  });

  it('is waited for by what is told, and not by what is read or done again', async () => {
    const store = await opened({ folder });
    const jobs = new JobQueue(store.db);
    const said = vi.spyOn(DatabaseSync.prototype, 'exec');
    const flushes = vi.spyOn(fs, 'fdatasync');
    const relaxed = () =>
      said.mock.calls.filter(([text]) => text === 'pragma synchronous = normal').length -
      flushes.mock.calls.length;
    const job = { kind: 'review', payload: { installation: 1, repo: 'org/registre', number: 1 } } as const;
    await new Inbox(store.db, jobs).receive({ id: '1', event: 'push' }, { jobs: [job] });
    expect([relaxed(), flushes.mock.calls.length]).toEqual([0, 1]);
    const claimed = await jobs.claim();
    if (claimed === undefined) throw new Error('nothing to do');
    await jobs.leaseOf(claimed, new AbortController().signal).hold();
    await new ReviewStore(store.db).saveBlobs(new Map([['a', Buffer.from('a')]]));
    expect(relaxed()).toBe(3);
    // The verdict itself, by what the job that makes it is given.
    const { unflushed: fenced } = jobs.leaseOf(claimed, new AbortController().signal);
    await fenced.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('blobs')
        .values({ id: 'c', bytes: Buffer.from('c') })
        .execute();
    });
    expect(relaxed()).toBe(4);
    await expect(
      fenced.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('blobs')
          .values({ id: 'd', bytes: Buffer.from('d') })
          .execute();
        throw new Error('given up');
      }),
    ).rejects.toThrow('given up');
    expect(relaxed()).toBe(5);
    await jobs.complete(claimed);
    await store.db.transaction().execute(async () => undefined);
    await store.db.transaction().execute((transaction) =>
      transaction
        .insertInto('blobs')
        .values({ id: 'b', bytes: Buffer.from('b') })
        .execute(),
    );
    expect(relaxed()).toBe(5);
    const kept = await store.db.selectFrom('blobs').select('id').orderBy('id').execute();
    expect(kept.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    const { rows } = await sql`pragma synchronous`.execute(store.db);
    expect(rows).toEqual([{ synchronous: 2 }]);
    said.mockRestore();
    flushes.mockRestore();
    await store.close();
  });

  it('that once failed to write is trusted no more: nothing is answered until another process has looked', async () => {
    const store = await opened({ folder });
    const inbox = new Inbox(store.db, new JobQueue(store.db));
    const receive = () => inbox.receive({ id: '1', event: 'push' }, { ignored: '' });
    const failing = vi.spyOn(fs, 'fdatasync').mockImplementation((_, done) => {
      done(new Error('EIO'));
    });
    await expect(receive()).rejects.toThrow('EIO');
    failing.mockRestore();
    await expect(receive()).rejects.toThrow('EIO');
    await expect(store.db.selectFrom('marks').select('name').execute()).rejects.toThrow('EIO');
    await store.close();
    const again = await opened({ folder });
    expect(await again.db.selectFrom('marks').select('name').execute()).toEqual([]);
    await again.close();
  });
});

describe.runIf(compiler)('a disk that fails SQLite itself', () => {
  it('is trusted no more either: a later flush would succeed without having written what came before', () => {
    const sign = join(root, 'fails');
    const environment = { PATH: process.env.PATH, LD_PRELOAD: compiled(), POWER_CUT_FAILS: sign };
    const said = execFileSync(process.execPath, [join(here, 'failing-process.ts'), folder, sign], {
      env: environment,
      encoding: 'utf8',
    });
    expect(said).toBe('kept\nrefused\nrefused\n');
  });
});

describe('a full disk', () => {
  it('refuses what has no room, whole, and takes it when there is', async () => {
    const store = await opened({ folder });
    const inbox = new Inbox(store.db, new JobQueue(store.db));
    const pages = async (most: number) => sql.raw(`pragma max_page_count = ${most}`).execute(store.db);
    const repo = randomBytes(400_000).toString('base64');
    const job = { kind: 'review', payload: { installation: 1, repo, number: 1 } } as const;
    const receive = () => inbox.receive({ id: 'large', event: 'push' }, { jobs: [job] });
    // No less than there are.
    await pages(1);
    const refused: unknown = await receive().catch((error: unknown) => error);
    expect(errcodeOf(refused)).toBe(13);
    expect(await store.db.selectFrom('jobs').selectAll().execute()).toEqual([]);
    await pages(1_000_000);
    expect(await receive()).toBe('accepted');
    await store.close();
    await expectKept(folder, ['large']);
  });
});

describe('a copy', () => {
  it('is a sound store of one moment, made while another process writes', async () => {
    const copied = join(root, 'copied');
    fs.mkdirSync(copied);
    const path = join(copied, 'greffier.sqlite');
    let before: readonly string[] = [];
    await answered('r', 500, {}, async (ids) => {
      before = [...ids];
      expect(copyStore(folder, path)).toEqual({ ok: true });
    });
    expect(fs.statSync(path).mode & 0o077).toBe(0);
    await expectKept(copied, before);
    expect(copyStore(folder, path)).toEqual({ ok: false, reason: 'taken' });
    expect(copyStore(root, join(root, 'other'))).toEqual({ ok: false, reason: 'absent' });
    expect(fs.existsSync(join(root, 'other'))).toBe(false);
  });
});
