import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicCatalogue, searched } from '#application/front-desk/catalogue';
import type { Tables } from '#infrastructure/database/tables';
import { aStore } from '../../infrastructure/identity-providers/store.ts';

const registry = 'org/registre';

describe('the public catalogue', () => {
  let db: Kysely<Tables>;
  beforeAll(async () => {
    db = await aStore();
  });
  afterAll(() => db.destroy());

  async function service(
    cell: string,
    id: string,
    {
      name = id,
      state = 'active',
      clientId = 'c-1' as string | null,
      of = registry,
      siret = '13002526500013',
    } = {},
  ): Promise<void> {
    const bytes = Buffer.from(
      `version: 1\nname: ${name}\norganization: { siret: "${siret}" }\ndescription: Gérer ${id}\ncontacts: { technical: [secret@montfictif.fr] }\n`,
    );
    const blob = createHash('sha1').update(bytes).update(cell).update(of).digest('hex');
    await db.insertInto('blobs').values({ id: blob, bytes }).execute();
    const path = `service-providers/${cell}/${id}.yaml`;
    await db
      .insertInto('last_readable')
      .values({ repo: of, path, blob, commit: 'c'.repeat(40) })
      .execute();
    await db
      .insertInto('clients')
      .values({ registry: of, cell, id, state, client_id: clientId, request: null, account: '{}' })
      .execute();
    for (const [what, at] of [
      ['requested', '2026-01-01'],
      ['create', '2026-02-02'],
      ['update', '2026-03-03'],
      ['failed', '2026-04-04'],
    ])
      await db
        .insertInto('audit')
        .values({
          registry: of,
          cell,
          client: id,
          entry: JSON.stringify({ what }),
          at: new Date(`${at}T10:00:00Z`),
        })
        .execute();
  }

  it('lists what is provisioned in production on Internet, and nothing else', async () => {
    await service('internet/production', 'agenda', { name: 'Écho des communes' });
    await service('internet/production', 'zinc', { siret: '21350238800019' });
    await service('internet/production', 'asked', { clientId: null });
    await service('internet/production', 'gone', { state: 'inactive' });
    await service('internet/integration', 'trial');
    await service('rie/production', 'hidden');
    await service('internet/production', 'other', { of: 'org/another' });
    await db
      .insertInto('outside_answers')
      .values({
        question: 'siret 13002526500013',
        answer: JSON.stringify({
          found: true,
          legalName: 'DIRECTION INTERMINISTERIELLE DU NUMERIQUE',
          ceased: false,
        }),
        at: new Date(),
      })
      .execute();
    let now = 0;
    const catalogue = publicCatalogue(db, registry, () => now);
    const { services, changed } = await catalogue();
    expect(services).toEqual([
      {
        name: 'Écho des communes',
        description: 'Gérer agenda',
        organization: { siret: '13002526500013', name: 'DIRECTION INTERMINISTERIELLE DU NUMERIQUE' },
        since: new Date('2026-02-02T10:00:00Z'),
        changed: new Date('2026-03-03T10:00:00Z'),
      },
      expect.objectContaining({ name: 'zinc', organization: { siret: '21350238800019' } }),
    ]);
    expect(changed).toEqual(new Date('2026-03-03T10:00:00Z'));
    expect(JSON.stringify(services)).not.toContain('secret@');
    // Visitors cause no work: what comes later is there a minute later.
    await service('internet/production', 'later');
    expect((await catalogue()).services).toHaveLength(2);
    now = 60_000;
    expect((await catalogue()).services).toHaveLength(3);
  });

  it('is searched by words, whatever their accents and capitals', async () => {
    const { services } = await publicCatalogue(db, registry)();
    expect(searched(services, ' ECHO numerique ').map(({ name }) => name)).toEqual(['Écho des communes']);
    expect(searched(services, 'absent')).toEqual([]);
    expect(searched(services, '')).toBe(services);
  });
});
