/** A kill may leave the keys of a client in the ledger that were mailed to nobody: what becomes of them with the client. */
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { outboxUnder, sendMail, waitingMails } from '#application/handover/outbox';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { newAccount } from '#domain/provisioning/ledger';
import { sealingPurpose } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { aStore, aVault } from '../../infrastructure/identity-providers/store.ts';
import { freeLease } from '../../infrastructure/queue/leases.ts';

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await aStore();
});
afterAll(() => db.destroy());

it('hands over no keys with the news that a client is gone, and does with the news that it is back', async () => {
  const vault = aVault();
  const ledger = new SqlLedger({ db, registry: 'org/registre', vault, newLink });
  const account = newAccount({ cell: 'internet/integration', id: 'agenda' });
  const active = {
    ...account,
    state: 'active' as const,
    handle: 'h',
    clientId: 'c0ffee',
    wanted: wantedMetadata(aDesired('agenda')),
    secret: vault.seal('the-secret', sealingPurpose(account, 'client-secret')),
  };
  const event = { cell: account.cell, id: account.id, what: 'deactivate' as const };
  const gone = await ledger.save({ ...active, state: 'inactive' }, event, 'deactivated');
  expect(await db.selectFrom('handovers').selectAll().execute()).toEqual([]);
  expect(await db.selectFrom('mails').select('token').execute()).toEqual([{ token: null }]);
  const back = await ledger.save({ ...gone, state: 'active' }, { ...event, what: 'revive' }, 'revived');
  expect(await db.selectFrom('handovers').selectAll().execute()).toHaveLength(1);
  expect(back).not.toHaveProperty('secret');
  const texts: string[] = [];
  const sender = {
    send: async ({ text }: { text: string }) => {
      texts.push(text);
      return { ok: true as const };
    },
  };
  const outbox = outboxUnder(freeLease(db), {
    vault,
    sender,
    publicUrl: 'https://greffier.example.fr',
    answerPlaces: { registryUrl: 'https://github.com/org/registre' },
    cell: () => undefined,
  });
  for (const id of await waitingMails(db)) await sendMail(outbox, id);
  expect(texts.map((text) => text.includes('https://greffier.example.fr/handover/'))).toEqual([false, true]);
});
