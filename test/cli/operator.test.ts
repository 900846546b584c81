import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { vaultWith } from '#application/handover/secrets/vault';
import { auditTrail } from '#application/ledger/audit-trail';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { newAccount } from '#domain/provisioning/ledger';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { engines, opened, type Scratch } from '../infrastructure/database/engines.ts';
import { formerExport } from '../infrastructure/database/frozen.ts';
import { greffier as greffierIn } from './console.ts';

const greffier = (...args: readonly string[]) => greffierIn('/', args, { language: 'en' });

const noneGivenUp = 'Nothing was given up. What waits: greffier jobs list --all\n';

function ledgerOf(db: Kysely<Tables>) {
  const ledger = new SqlLedger({ db, registry: 'org/registre', vault: vaultWith(undefined), newLink });
  const stored = async (from: Kysely<Tables>) => {
    const trail = [];
    for await (const entry of auditTrail(from)) trail.push(entry);
    return trail;
  };
  return { ledger, stored };
}

describe.each(engines)("the operator's commands on $name", (engine) => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await engine.scratch();
    const { location } = scratch;
    vi.stubEnv('DATABASE_URL', 'url' in location ? location.url : '');
    vi.stubEnv('GREFFIER_DATA', 'folder' in location ? location.folder : '');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await scratch.remove();
  });

  /** Two reviews, of which the first was given up. */
  async function prepare(): Promise<void> {
    const store = await opened(scratch.location);
    const jobs = new JobQueue(store.db);
    for (const number of [1, 2])
      await jobs.enqueue([{ kind: 'review', payload: { installation: 1, repo: 'org/r', number } }], {
        request: 'd',
      });
    const claimed = (await jobs.claim()) ?? expect.fail();
    await jobs.giveUp(claimed, 'TypeError: a bug\u202e');
    await store.close();
  }

  it('looks into the store while the service has it', async () => {
    const store = await opened(scratch.location);
    try {
      await new JobQueue(store.db).enqueue([{ kind: 'sweep', payload: {} }], { request: 'r' });
      const { ledger } = ledgerOf(store.db);
      await ledger.save({ ...newAccount({ cell: 'rie/integration', id: 'agenda' }), state: 'active' });
      expect(await greffier('jobs')).toEqual({ code: 0, out: noneGivenUp, err: '' });
      expect((await greffier('jobs', 'list', '--all')).out).toContain('sweep');
      expect(await greffier('log')).toMatchObject({ code: 0, err: '' });
      expect((await greffier('keys')).out).toContain('rie/integration/agenda');
      expect(await greffier('store', 'registries')).toMatchObject({ code: 0, err: '' });
      // What changes it is for one process.
      const retried = await greffier('jobs', 'retry', '--all');
      expect(retried.code).toBe(engine.name === 'embedded' ? 2 : 0);
    } finally {
      await store.close();
    }
  });

  it('list what was given up, show it, try it again, or forget it', async () => {
    await (await opened(scratch.location)).close();
    expect(await greffier('jobs')).toEqual({ code: 0, out: noneGivenUp, err: '' });
    expect((await greffier('jobs', '--all')).out).toBe('Nothing.\n');
    await prepare();
    const listed = await greffier('jobs', 'list');
    expect(listed.out).toMatch(
      /^ +1 {2}dead +\S+ {2}1× {2}`review:org\/r#1` {2}`TypeError: a bug⟨U\+202E⟩`\n$/,
    );
    expect(JSON.parse((await greffier('jobs', '--all', '--format', 'json')).out)).toHaveLength(2);
    expect(JSON.parse((await greffier('jobs', 'show', '1')).out)).toMatchObject({
      state: 'dead',
      attempts: 1,
    });
    expect((await greffier('jobs', 'retry', '1')).out).toBe('Put back: 1.\n');
    expect((await greffier('jobs')).out).toBe(noneGivenUp);
    expect((await greffier('jobs', 'discard', '--all')).out).toBe('Discarded for good: 0.\n');
  });

  it('say what they cannot do', async () => {
    await (await opened(scratch.location)).close();
    expect(await greffier('jobs', 'retry', '7')).toMatchObject({
      code: 2,
      err: 'There is no job number 7.\n',
    });
    expect(await greffier('jobs', 'retry')).toMatchObject({ code: 2, err: expect.stringContaining('--all') });
    expect(await greffier('jobs', 'burn', '1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('`burn`'),
    });
    expect(await greffier('store', 'export')).toMatchObject({ code: 2 });
    expect(await greffier('store', 'import', '/nowhere/x')).toMatchObject({
      code: 2,
      err: 'Cannot open `/nowhere/x`.\n',
    });
  });

  it('tell what was done with one definition, by its id or its path, and say when there is nothing', async () => {
    const store = await opened(scratch.location);
    for (const cell of ['internet/integration', 'internet/production'])
      await store.db
        .insertInto('audit')
        .values({
          registry: 'org/r',
          cell,
          client: 'agenda',
          entry: storableJson({ cell, id: 'agenda', what: 'created' }),
        })
        .execute();
    await store.close();
    const cells = async (...args: readonly string[]) => {
      const { out } = await greffier('log', ...args);
      return out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).cell]));
    };
    const both = ['internet/integration', 'internet/production'];
    expect(await cells('agenda')).toEqual(both);
    expect(await cells('internet/production/agenda')).toEqual(['internet/production']);
    expect(await cells('service-providers/internet/integration/agenda.yaml')).toEqual([both[0]]);
    expect(await cells('agenda', '--format', 'json')).toEqual(both);
    for (const nobody of ['agenad', 'rie/production/agenda', '*'])
      expect(await greffier('log', nobody)).toEqual({
        code: 0,
        out: '',
        err: expect.stringContaining(`tells nothing of \`${nobody}\``),
      });
  });

  it('say that the server of a cell is the same one at a new address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'greffier-operator-'));
    const config = join(folder, 'greffier.config.yaml');
    writeFileSync(
      config,
      'registry: org/registre\ncells: { rie/integration: { provider: registration, issuer: "https://new.example.fr" } }\n',
    );
    vi.stubEnv('GREFFIER_CONFIG', config);
    const from = 'registration https://old.example.fr';
    const to = 'registration https://new.example.fr';
    const store = await opened(scratch.location);
    const { ledger, stored } = ledgerOf(store.db);
    await ledger.save({ ...newAccount({ cell: 'rie/integration', id: 'agenda' }), state: 'active' });
    await ledger.saveServer('rie/integration', { server: from, asked: to });
    await store.close();

    expect(await greffier('store', 'moved')).toMatchObject({ code: 2 });
    expect(await greffier('store', 'moved', 'internet/production')).toMatchObject({ code: 2 });
    expect(await greffier('store', 'moved', 'rie/integration')).toEqual({
      code: 0,
      out: `The clients of \`rie/integration\` are at \`${to}\` from now on, and no longer at \`${from}\`. Provisioning goes on.\n`,
      err: '',
    });
    expect((await greffier('store', 'moved', 'rie/integration')).out).toMatch(/nothing to say/);
    const after = await opened(scratch.location);
    expect(await ledgerOf(after.db).ledger.servers()).toEqual(new Map([['rie/integration', { server: to }]]));
    expect(await stored(after.db)).toMatchObject([{ what: 'server-moved', server: to }]);
    await after.close();
    rmSync(folder, { recursive: true });
  });

  it('copy the store to a file that only its owner reads, and a file to an empty store', async () => {
    await prepare();
    const folder = mkdtempSync(join(tmpdir(), 'greffier-copy-'));
    const path = join(folder, 'store.ndjson');
    // What was there before, for others to read, is replaced, and not written into.
    writeFileSync(path, 'before', { mode: 0o644 });
    const reader = openSync(path, 'r');
    expect((await greffier('store', 'export', path)).code).toBe(0);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readFileSync(reader, 'utf8')).toBe('before');
    closeSync(reader);
    expect(readdirSync(folder)).toEqual(['store.ndjson']);
    const told = join(folder, 'told');
    execFileSync('mkfifo', [told]);
    const copied = readFile(told, 'utf8');
    expect((await greffier('store', 'export', told)).code).toBe(0);
    expect(await copied).toBe(readFileSync(path, 'utf8'));
    expect(await greffier('store', 'import', path)).toMatchObject({
      code: 2,
      err: expect.stringContaining('not empty'),
    });
    const other = await (engines[0] ?? expect.fail()).scratch();
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('GREFFIER_DATA', 'folder' in other.location ? other.location.folder : '');
    expect((await greffier('store', 'import', path)).out).toBe('2 rows entered the store.\n');
    expect((await greffier('jobs', '--all')).out.split('\n')).toHaveLength(3);
    await other.remove();
    rmSync(folder, { recursive: true });
  });

  it('refuse a copy of the store that is not all there, or is damaged, and take nothing of it', async () => {
    await prepare();
    const folder = mkdtempSync(join(tmpdir(), 'greffier-cut-'));
    const path = join(folder, 'store.ndjson');
    expect((await greffier('store', 'export', path)).code).toBe(0);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const other = await (engines[0] ?? expect.fail()).scratch();
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('GREFFIER_DATA', 'folder' in other.location ? other.location.folder : '');
    const imported = async (kept: readonly string[]) => {
      writeFileSync(path, `${kept.join('\n')}\n`);
      const { code, out, err } = await greffier('store', 'import', path);
      return { code, told: (out + err).split('\n').at(-2)?.replaceAll(`\`${path}\``, 'IT') };
    };
    const cut = {
      code: 2,
      told: 'IT is cut short: its end is missing, and nothing entered the store. Copy it again, or take another one.',
    };
    const damaged = (line: number) => ({
      code: 2,
      told: `IT is damaged at line ${line}: nothing entered the store. Copy it again, or take another one.`,
    });
    expect(lines).toHaveLength(4);
    for (const kept of [1, 2, 3]) expect(await imported(lines.slice(0, kept))).toEqual(cut);
    const [head = '', first = '', second = '', end = ''] = lines;
    expect(await imported([head, first, second.slice(0, -9)])).toEqual(damaged(3));
    expect(await imported([head, first, end])).toEqual(damaged(3));
    expect(await imported([...lines, second])).toEqual(damaged(5));
    expect(await imported([head, first, '"x"', end])).toEqual(damaged(3));
    const strange = {
      code: 2,
      told: 'A row of IT is there twice, or comes from no store of Greffier: nothing entered. Copy it again, or take another one.',
    };
    expect(await imported([head, first, first, end])).toEqual(strange);
    const blob = (values: object) => JSON.stringify(['blobs', { id: 'x', bytes: 'AA==', ...values }]);
    for (const row of [
      '["nothing",{}]',
      '["jobs",1]',
      '["jobs",{"id":"x"}]',
      ...[{ id: { a: 1 } }, { id: ['x'] }, { bytes: '*' }, { of: 'no column' }].map(blob),
      ...['soonZ', '2026-13-45T00:00:00Z'].map((moment) => blob({ unused_since: moment })),
    ])
      expect(await imported([head, first, row, end]), row).toEqual(strange);
    expect(await greffier('store', 'import', folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`Cannot open \`${folder}\``),
    });
    expect(await imported(['cells: {}'])).toEqual({
      code: 2,
      told: 'IT is not a copy of a store of Greffier.',
    });
    expect((await greffier('jobs', '--all')).out).toBe('Nothing.\n');
    expect(await imported(lines)).toEqual({ code: 0, told: '2 rows entered the store.' });
    await other.remove();
    rmSync(folder, { recursive: true });
  });

  it('copy what people wrote to a file and back, with every break of lines that there is', async () => {
    const written = 'a\u2028b\u2029c\u0085d\ve\ff\rg\r\nh';
    const store = await opened(scratch.location);
    await store.db.insertInto('known_labels').values({ repo: 'org/registre', name: written }).execute();
    await store.close();
    const folder = mkdtempSync(join(tmpdir(), 'greffier-breaks-'));
    const path = join(folder, 'store.ndjson');
    expect((await greffier('store', 'export', path)).code).toBe(0);
    const other = await (engines[0] ?? expect.fail()).scratch();
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('GREFFIER_DATA', 'folder' in other.location ? other.location.folder : '');
    expect((await greffier('store', 'import', path)).out).toBe('1 rows entered the store.\n');
    const copy = await opened(other.location);
    expect(await copy.db.selectFrom('known_labels').select('name').execute()).toEqual([{ name: written }]);
    await copy.close();
    await other.remove();
    rmSync(folder, { recursive: true });
  });

  it.runIf(engine.name === 'embedded')(
    'are refused the store of an earlier version until its export was imported',
    async () => {
      mkdirSync(join(process.env.GREFFIER_DATA ?? '', 'postgresql'));
      const refused = {
        code: 2,
        err: expect.stringMatching(/`greffier store export .*`greffier store import /),
      };
      expect(await greffier('jobs')).toMatchObject(refused);
      expect(await greffier('store', 'import', '/nowhere/x')).toMatchObject({ code: 2 });
      expect(await greffier('jobs')).toMatchObject(refused);
      expect((await greffier('store', 'import', formerExport)).out).toBe('32 rows entered the store.\n');
      expect((await greffier('jobs', '--all')).out.split('\n')).toHaveLength(3);
    },
  );

  it('copy the embedded store while it is open, and say how to copy another', async () => {
    const store = await opened(scratch.location);
    const folder = mkdtempSync(join(tmpdir(), 'greffier-copy-'));
    const path = join(folder, 'greffier.sqlite');
    const copied = await greffier('store', 'copy', path);
    if (engine.name === 'postgresql') {
      expect(copied).toMatchObject({ code: 2, err: expect.stringContaining('pg_dump') });
    } else {
      expect(copied).toMatchObject({ code: 0, out: expect.stringContaining(path) });
      expect(await greffier('store', 'copy', path)).toMatchObject({
        code: 2,
        err: `\`${path}\` exists already.\n`,
      });
      expect((await greffier('store', 'copy', '/nowhere/x')).err).toBe('Cannot open `/nowhere/x`.\n');
      vi.stubEnv('GREFFIER_DATA', join(folder, 'other'));
      expect((await greffier('store', 'copy', path)).err).toMatch(/^There is no store in /);
      vi.stubEnv('GREFFIER_DATA', folder);
      expect((await greffier('jobs')).out).toBe(noneGivenUp);
    }
    await store.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a folder without a store', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    'jobs',
    'log',
    'keys',
    'keys rotate client-1',
    'store export x.ndjson',
    'store copy x.sqlite',
    'store upgrade',
    'store keys',
    'store registries',
    'store bind org/r 1',
    'store moved internet/integration',
    'plan',
    'reconcile',
    'adopt agenda client-1 --cell internet/integration',
  ])('is said to be one by %s, with where it was looked for, and stays empty', async (line) => {
    const { folder, root } = withoutStore();
    const readsRegistry = /^(?:plan|reconcile|adopt|keys rotate)/.test(line);
    const { code, out, err } = await greffier(...line.split(' '), ...(readsRegistry ? root : []));
    expect(err).toContain(`no store in \`${join(folder, 'data')}\``);
    expect(err).toContain('greffier store create');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(readdirSync(folder).sort()).toEqual(['greffier.config.yaml', 'service-providers']);
    rmSync(folder, { recursive: true });
  });

  it('gets one from who asks for it, and says that the service may have one elsewhere', async () => {
    const { folder, root } = withoutStore();
    const made = await greffier('store', 'create');
    expect(made).toMatchObject({ code: 0, out: 'The store is ready.\n' });
    expect(made.err).toContain(`There was no store: \`${join(folder, 'data')}\` was just made`);
    expect(await greffier('store', 'create')).toEqual({ code: 0, out: 'The store is ready.\n', err: '' });
    expect(await greffier('plan', ...root)).toMatchObject({ code: 0, err: '' });
    rmSync(folder, { recursive: true });
  });

  /** A registry and its configuration, in a folder with nothing else. */
  function withoutStore() {
    const folder = mkdtempSync(join(tmpdir(), 'greffier-none-'));
    mkdirSync(join(folder, 'service-providers'));
    const config = join(folder, 'greffier.config.yaml');
    writeFileSync(config, 'registry: org/r\ncells: { internet/integration: { provider: manual } }\n');
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('GREFFIER_DATA', join(folder, 'data'));
    vi.stubEnv('GREFFIER_CONFIG', config);
    vi.stubEnv('GREFFIER_KEY', Buffer.alloc(32, 1).toString('base64'));
    return { folder, root: ['--root', folder] };
  }
});
