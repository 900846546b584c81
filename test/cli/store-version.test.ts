/** A store of another version: whoever is not asked to upgrade it leaves it to the service that works in it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { columnsOf } from '#infrastructure/database/contents';
import { type Database, openDatabase } from '#infrastructure/database/database';
import { engines, opened, type Scratch } from '../infrastructure/database/engines.ts';
import { formerExport } from '../infrastructure/database/frozen.ts';
import { greffier } from './console.ts';

const lines = [
  'jobs',
  'jobs list --all',
  'jobs show 1',
  'jobs retry --all',
  'log',
  'keys',
  'keys rotate client-1',
  'plan',
  'reconcile',
  'adopt agenda client-1 --cell rie/integration',
  'store export /nowhere/x.ndjson',
  `store import ${formerExport}`,
  'store registries',
  'store bind org/registre 1',
  'store moved rie/integration',
  'store keys',
];

describe.each(engines)('a store on $name', (engine) => {
  let scratch: Scratch;
  let folder: string;
  beforeEach(async () => {
    scratch = await engine.scratch();
    const { location } = scratch;
    folder = mkdtempSync(join(tmpdir(), 'greffier-version-'));
    mkdirSync(join(folder, 'service-providers'));
    const config = join(folder, 'greffier.config.yaml');
    writeFileSync(config, 'registry: org/registre\ncells: { rie/integration: { provider: manual } }\n');
    vi.stubEnv('DATABASE_URL', 'url' in location ? location.url : '');
    vi.stubEnv('GREFFIER_DATA', 'folder' in location ? location.folder : '');
    vi.stubEnv('GREFFIER_CONFIG', config);
    vi.stubEnv('GREFFIER_KEY', Buffer.alloc(32, 1).toString('base64'));
    vi.stubEnv('GITHUB_TOKEN', 'token');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await scratch.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const tables = async (store: Database) => ({
    columns: [...(await columnsOf(store.db))],
    migrations: (await sql`select * from migrations order by name`.execute(store.db)).rows,
  });

  /** Makes the store what another version would have left, and answers what is then in it. */
  async function leave(how: (store: Database) => Promise<unknown>) {
    const store = await opened(scratch.location);
    await how(store);
    const left = await tables(store);
    await store.close();
    return left;
  }

  const earlier = ({ db }: Database) =>
    db.transaction().execute(async (transaction) => {
      await sql`alter table handovers drop column secret_mark`.execute(transaction);
      await sql`delete from migrations where name = '0405-secret-marks'`.execute(transaction);
    });
  const later = ({ db }: Database) =>
    sql`insert into migrations (name, timestamp) values ('9999-to-come', '2031-01-01')`.execute(db);

  it.each(lines)('of an earlier version is refused by %s, which changes nothing in it', async (line) => {
    await leave(earlier);
    const { code, out, err } = await greffier(folder, line.split(' '), { language: 'en' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^The store is that of an earlier version .*`0405-secret-marks`.*store upgrade/);
    // Still to be upgraded, by who is asked to.
    const refused = await openDatabase(scratch.location, 'none');
    expect(refused).toEqual({ ok: false, reason: 'store-earlier', migrations: ['0405-secret-marks'] });
  });

  it.each(lines)('of a later version is refused by %s, which changes nothing in it', async (line) => {
    await leave(later);
    const { code, out, err } = await greffier(folder, line.split(' '), { language: 'en' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^The store is that of a later version .*`9999-to-come`/);
    expect(await openDatabase(scratch.location, 'upgrade')).toMatchObject({ reason: 'store-later' });
  });

  it('is upgraded by who asks for it, as it would be at the start of the service', async () => {
    const whole = await leave(async () => undefined);
    await leave(earlier);
    const { code, out } = await greffier(folder, ['store', 'upgrade'], { language: 'en' });
    expect({ code, out }).toEqual({ code: 0, out: 'The store is that of this version.\n' });
    expect((await leave(async () => undefined)).columns).toEqual(whole.columns);
    expect((await greffier(folder, ['jobs', '--all'], { language: 'en' })).out).toBe('Nothing.\n');
  });

  it
    .runIf(engine.name === 'postgresql')
    .each(['log', 'plan', 'reconcile', 'adopt agenda client-1 --cell rie/integration'])(
    'that nobody made yet is not made by %s',
    async (line) => {
      const { code, err } = await greffier(folder, line.split(' '), { language: 'en' });
      expect({ code, err }).toEqual({
        code: 2,
        err: expect.stringMatching(
          /^There is no store in the database of DATABASE_URL yet.*greffier store create/,
        ),
      });
      expect(await openDatabase(scratch.location, 'none')).toMatchObject({ reason: 'store-empty' });
    },
  );
});
