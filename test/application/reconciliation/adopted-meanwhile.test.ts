/** A client is tied to its definition while the service begins to make one: whoever is second sees the first. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { newAccount } from '#domain/provisioning/ledger';
import { engines, newStore } from '../../infrastructure/database/engines.ts';
import { aVault } from '../../infrastructure/identity-providers/store.ts';

const cell = 'rie/integration';
const intent = { action: 'create', digest: 'd'.repeat(32) } as const;

describe.each(engines)('adopt and the service, at one moment, on $name', (engine) => {
  async function aLedger() {
    const { db, close } = await newStore(engine);
    onTestFinished(close);
    return new SqlLedger({ db, registry: 'org/registre', vault: aVault(), newLink });
  }
  const begin = (ledger: SqlLedger, id: string) => ledger.save({ ...newAccount({ cell, id }), intent });
  const adopt = (ledger: SqlLedger, id: string) => {
    const client = { handle: `client-${id}`, clientId: `client-${id}` };
    const account = { ...newAccount({ cell, id }), state: 'active' as const, ...client };
    return ledger.saveAdopted(account, { cell, id, what: 'adopted', clientId: client.clientId, by: 'op' });
  };

  it('keep the client of who was first, each after the other', async () => {
    const ledger = await aLedger();
    expect(await adopt(ledger, 'a')).toBe(true);
    expect(await begin(ledger, 'a')).toMatchObject({ state: 'active', clientId: 'client-a' });
    expect(await ledger.load({ cell, id: 'a' })).toMatchObject({ state: 'active', clientId: 'client-a' });
    expect(await ledger.load({ cell, id: 'a' })).not.toHaveProperty('intent');
    await begin(ledger, 'b');
    expect(await adopt(ledger, 'b')).toBe(false);
    expect(await ledger.load({ cell, id: 'b' })).toMatchObject({ state: 'begun', intent });
  });

  it('keep the client of who was first, at once', async () => {
    const ledger = await aLedger();
    const ids = Array.from({ length: 40 }, (_, n) => `id-${n}`);
    const tied = await Promise.all(
      ids.map(async (id, n) => {
        const both = [() => adopt(ledger, id), () => begin(ledger, id)];
        const [one, other] = await Promise.all((n % 2 === 0 ? both : both.toReversed()).map((run) => run()));
        return one === true || other === true;
      }),
    );
    for (const [n, id] of ids.entries())
      expect(await ledger.load({ cell, id })).toMatchObject(
        tied[n] === true ? { clientId: `client-${id}` } : { state: 'begun', intent },
      );
  });
});
