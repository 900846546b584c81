/** Several words of the end of one request: of a command, and of the issue that is closed. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { confirmProvisioned } from '#application/reconciliation/manual-requests';
import { auditTrail } from '#application/reconciliation/reconcile-store';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { newAccount } from '#domain/provisioning/ledger';
import type { Tables } from '#infrastructure/database/tables';
import { aDesired } from '../../domain/provisioning/desired.ts';
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
});
