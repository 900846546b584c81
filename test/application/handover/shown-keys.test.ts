/** A secret that a page has shown: the ledger itself makes no link to it, whatever asks for one. */
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { newLink, tokenHash } from '#application/handover/link-token';
import { tokenSealingPurpose } from '#application/ledger/client-mails';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import { type Sealed, sealingPurpose, type Vault } from '#domain/provisioning/provider';
import type { Database } from '#infrastructure/database/database';
import type { Tables } from '#infrastructure/database/tables';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { engines, newStore } from '../../infrastructure/database/engines.ts';
import { aVault } from '../../infrastructure/identity-providers/store.ts';

const ref = { cell: 'rie/integration', id: 'agenda' } as const;

describe.each(engines)('keys that were shown, on $name', (engine) => {
  let store: Database;
  let db: Kysely<Tables>;
  let vault: Vault;
  let ledger: SqlLedger;
  let account: ClientAccount;
  beforeEach(async () => {
    store = await newStore(engine);
    ({ db } = store);
    vault = aVault();
    ledger = new SqlLedger({ db, registry: 'org/registre', vault, newLink });
    account = {
      ...newAccount(ref),
      state: 'active',
      handle: 'client-1',
      clientId: 'client-1',
      wanted: wantedMetadata(aDesired('agenda')),
    };
    await ledger.save({ ...account, secret: sealed('first') }, undefined, 'created');
  });
  afterEach(() => store.close());

  const sealed = (secret: string): Sealed => vault.seal(secret, sealingPurpose(ref, 'client-secret'));
  const press = async () => {
    const rows = await db.selectFrom('mails').selectAll().where('token', 'is not', null).execute();
    const handovers = sqlHandoverStore(db, vault, () => ({ method: 'client_secret_post' }));
    const answers = [];
    for (const { id, token } of rows) {
      const opened = vault.open(token as Sealed, tokenSealingPurpose(id)) ?? expect.fail();
      answers.push(await handovers.reveal(tokenHash(opened)));
    }
    return answers.flatMap((one) => (typeof one === 'string' ? [] : [one.secret]));
  };

  it('make no second link, though everything else asked for one', async () => {
    expect(await press()).toEqual(['first']);
    for (const kind of ['renewed', 'changed', 'created', 'revived', 'replaced'] as const) {
      const kept = await ledger.save({ ...account, secret: sealed('first') }, undefined, kind);
      expect(kept.secret).toBeUndefined();
      expect(await press()).toEqual([]);
    }
    expect(await ledger.keysReadAt(account)).toBeTypeOf('number');
  });

  it('are another matter once the provider gave another secret, or for another client', async () => {
    await press();
    await ledger.save({ ...account, secret: sealed('second') }, undefined, 'changed');
    expect(await press()).toEqual(['second']);
    const other = { ...account, handle: 'client-2', clientId: 'client-2' };
    await ledger.save({ ...other, secret: sealed('first') }, undefined, 'replaced');
    expect(await press()).toEqual(['first']);
  });

  it('have a new link as long as nobody opened the one before', async () => {
    await ledger.save({ ...account, secret: sealed('first') }, undefined, 'renewed');
    expect(await press()).toEqual(['first']);
  });
});
