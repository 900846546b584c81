/** Sweeps of a cell whose provider cannot list, and that has more clients than one of them reads. */
import { expect, it } from 'vitest';
import type { ClientAccounts } from '#application/ledger/client-accounts';
import { refreshAccounts } from '#application/reconciliation/ask-providers';
import { type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import { planFor } from '#domain/provisioning/plan';
import type { Provider } from '#domain/provisioning/provider';

it.each([250, 500, 1000])(
  'in a day look at every client of a cell of %d, though they keep their minute',
  async (count) => {
    const cell = 'internet/integration' as const;
    const accounts: ClientAccount[] = Array.from({ length: count }, (_, at) => ({
      ...newAccount({ cell, id: `client-${at}` }),
      state: 'active',
      handle: `h${at}`,
      clientId: `c${at}`,
    }));
    const read = new Set<string>();
    const provider = {
      kind: 'registration',
      cell,
      governedFields: [],
      read: async (ref: { id: string }) => {
        read.add(ref.id);
        return { ok: true, value: { kind: 'unknown' } };
      },
    } as unknown as Provider;
    const ledger = {
      all: () => accounts,
      load: async ({ id }: { id: string }) => accounts.find((one) => one.id === id),
    } as unknown as ClientAccounts;
    const plan = planFor({ desired: [], cells: [], now: 0, removalDelay: 0 });
    const begun = Date.parse('2026-11-27T00:00:07Z');
    for (let sweep = 0; sweep < 288; sweep += 1)
      await refreshAccounts(
        {
          cells: new Map([
            [cell, { provider, info: { provider: 'registration', method: '' }, repair: false }],
          ]),
          now: () => begun + sweep * 300_000,
        },
        ledger,
        true,
        plan,
      );
    expect(read.size).toBe(count);
  },
);
