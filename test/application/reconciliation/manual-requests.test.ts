/** Several words of the end of one request: of a command, and of the issue that is closed. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { auditTrail } from '#application/ledger/audit-trail';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { confirmProvisioned } from '#application/reconciliation/manual-requests';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { newAccount } from '#domain/provisioning/ledger';
import type { Tables } from '#infrastructure/database/tables';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { said } from '../../domain/provisioning/outcomes.ts';
import { aStore, aVault, emptied } from '../../infrastructure/identity-providers/store.ts';
import { writer } from '../writer.ts';

const cell = 'internet/integration' as const;

describe('a request that is done', () => {
  let db: Kysely<Tables>;
  beforeAll(async () => {
    db = await aStore();
  });
  afterAll(() => db.destroy());
  beforeEach(() => emptied(db));

  it.each([
    ['creation', 'create', wantedMetadata(aDesired('agenda'))],
    ['deletion', 'delete', undefined],
  ] as const)('ends once, whoever says so at the same time: %s', async (_kind, action, wanted) => {
    const ledger = new SqlLedger({ db, registry: 'org/registre', vault: aVault(), newLink });
    const request = { name: '12', action, digest: 'd', ...(wanted === undefined ? {} : { wanted }) };
    const account = await ledger.save({ ...newAccount({ cell, id: `agenda-${action}` }), request });
    const confirmation = { clientId: 'c0ffee', by: writer('operatrice') };
    const deps = { ledger, now: () => 0 };
    const ends = await Promise.all([
      confirmProvisioned(deps, account, confirmation),
      confirmProvisioned(deps, account, confirmation),
      confirmProvisioned(deps, account, confirmation),
    ]);
    expect(ends.filter(({ ok }) => ok)).toHaveLength(1);
    const mails = await db.selectFrom('mails').select('id').execute();
    expect(mails.length).toBeLessThanOrEqual(1);
    const trail: unknown[] = [];
    for await (const entry of auditTrail(db, account.id)) trail.push(entry);
    expect(trail).toHaveLength(1);
    expect((await ledger.load(account))?.state).toBe(wanted === undefined ? undefined : 'active');
  });

  it.each([
    ['in the same cell', 'internet/production'],
    ['in another cell', 'internet/integration'],
  ] as const)('is not done by the client of another definition, %s', async (_, where) => {
    const ledger = new SqlLedger({ db, registry: 'org/registre', vault: aVault(), newLink });
    const theirs = wantedMetadata(aDesired('victime', {}, where));
    const theirId = '0d9e4b1c-live';
    await ledger.save({
      ...newAccount({ cell: where, id: 'victime' }),
      state: 'active',
      handle: theirId,
      clientId: theirId,
      wanted: theirs,
      seen: theirs,
    });
    const wanted = wantedMetadata(aDesired('agenda', {}, 'internet/production'));
    const asked = await ledger.save({
      ...newAccount({ cell: 'internet/production', id: 'agenda' }),
      request: { name: '12', action: 'create', digest: 'd', wanted },
    });
    const by = writer('operatrice');
    const deps = { ledger, now: () => 0 };
    const refused = await confirmProvisioned(deps, asked, { clientId: theirId, by });
    expect(said(refused)).toContain(`${where}/victime`);
    expect(await ledger.load(asked)).toEqual(asked);
    expect(await confirmProvisioned(deps, asked, { clientId: 'another-id', by })).toMatchObject({ ok: true });
  });

  it('is done by a client once, though two requests are said to be done by it at one moment', async () => {
    const ledger = new SqlLedger({ db, registry: 'org/registre', vault: aVault(), newLink });
    const asked = await Promise.all(
      ['agenda', 'annuaire'].map((id, n) => {
        const wanted = wantedMetadata(aDesired(id, {}, 'internet/production'));
        const request = { name: String(n + 1), action: 'create', digest: 'd', wanted } as const;
        return ledger.save({ ...newAccount({ cell: 'internet/production', id }), request });
      }),
    );
    const confirmation = { clientId: 'one-id', by: writer('operatrice') };
    const done = await Promise.all(
      asked.map((account) => confirmProvisioned({ ledger, now: () => 0 }, account, confirmation)),
    );
    expect(done.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await ledger.holdersOf({ handle: 'one-id', clientId: 'one-id' })).toHaveLength(1);
    const refused = done.find(({ ok }) => !ok);
    expect(refused && said(refused)).toMatch(/internet\/production\/(?:agenda|annuaire)/);
  });
});
