import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { newLink, tokenHash } from '#application/handover/link-token';
import { type Keyring, parseKeyring } from '#application/handover/secrets/keyring';
import { countSealed, measureSealed, resealStored } from '#application/handover/secrets/rotate-key';
import { vaultWith } from '#application/handover/secrets/vault';
import { tokenSealingPurpose } from '#application/ledger/client-mails';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { createMetrics } from '#base/observability/metrics';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { type Sealed, sealingPurpose } from '#domain/provisioning/provider';
import type { Database } from '#infrastructure/database/database';
import { greffier } from '../../cli/console.ts';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { engines, opened, type Scratch } from '../../infrastructure/database/engines.ts';

const cell = 'internet/integration' as const;
const key = () => randomBytes(32).toString('base64');
const ring = (text: string): Keyring => parseKeyring(text) ?? expect.fail();

describe.each(engines)('replacing GREFFIER_KEY on $name', (engine) => {
  let scratch: Scratch;
  let store: Database;
  let old: string;
  let fresh: string;
  beforeEach(async () => {
    scratch = await engine.scratch();
    store = await opened(scratch.location);
    [old, fresh] = [key(), key()];
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await store.close();
    await scratch.remove();
  });

  const ledgerWith = (keys: string) =>
    new SqlLedger({ db: store.db, registry: 'org/registre', vault: vaultWith(ring(keys)), newLink });

  /** A client with the means to manage it, a secret in its account, and one behind a link in a mail that waits. */
  async function aClient(id: string, keys = old): Promise<ClientAccount> {
    const vault = vaultWith(ring(keys));
    const subject = { cell, id };
    const account: ClientAccount = {
      ...subject,
      state: 'active',
      handle: id,
      clientId: id,
      wanted: wantedMetadata(aDesired(id)),
      seen: {},
      unanswered: 0,
      management: vault.seal(`management of ${id}`, sealingPurpose(subject, 'management')),
      secret: vault.seal(`secret of ${id}`, sealingPurpose(subject, 'client-secret')),
    };
    const ledger = ledgerWith(keys);
    await ledger.save(account, undefined, 'created');
    await ledger.save(account);
    return account;
  }

  /** What everything that is stored says when it is opened with these keys. */
  async function openedWith(keys: string): Promise<readonly (string | undefined)[]> {
    const vault = vaultWith(ring(keys));
    const accounts = await ledgerWith(keys).all();
    const links = await store.db.selectFrom('handovers').selectAll().orderBy('id').execute();
    const mails = await store.db.selectFrom('mails').selectAll().orderBy('client').execute();
    const open = (sealed: string | null | undefined, purpose: string) =>
      sealed === null || sealed === undefined ? 'nothing' : vault.open(sealed as Sealed, purpose);
    return [
      ...accounts.map((one) => open(one.management, sealingPurpose(one, 'management'))),
      ...accounts.map((one) => open(one.secret, sealingPurpose(one, 'client-secret'))),
      ...links.map((one) => open(one.secret, sealingPurpose({ cell, id: one.id }, 'client-secret'))),
      ...mails.map((one) => open(one.token, tokenSealingPurpose(one.id))?.length.toString()),
    ];
  }

  const all = ['management of agenda', 'secret of agenda', 'secret of agenda', '43'];

  it('seals everything again, and then the old key may go', async () => {
    await aClient('agenda');
    expect(await openedWith(old)).toEqual(all);
    const both = ring(`${fresh},${old}`);
    expect(await countSealed(store.db, both)).toEqual({ current: 0, former: 4, missing: 0 });
    expect(await resealStored(store.db, both)).toBe(4);
    expect(await countSealed(store.db, both)).toEqual({ current: 4, former: 0, missing: 0 });
    expect(await openedWith(fresh)).toEqual(all);
    expect(await resealStored(store.db, both)).toBe(0);
  });

  it('does no more in one go than it is told to, and goes on the next time', async () => {
    for (const id of ['agenda', 'carte', 'guichet']) await aClient(id);
    const both = ring(`${fresh},${old}`);
    const batches = [];
    for (let batch = 1; batch > 0; batches.push(batch)) batch = await resealStored(store.db, both, 5);
    expect(batches).toEqual([5, 5, 2, 0]);
    expect((await openedWith(fresh)).every((text) => text !== undefined)).toBe(true);
  });

  it('leaves alone what changed since it was read, and what no key opens', async () => {
    await aClient('agenda');
    await aClient('perdu', key());
    const both = ring(`${fresh},${old}`);
    // While its values are sealed again, the link is used and the mail sent.
    const meanwhile: Promise<unknown>[] = [];
    const racing: Keyring = {
      ...both,
      open(sealed, purpose) {
        if (meanwhile.length === 0)
          meanwhile.push(
            store.db.updateTable('handovers').set({ secret: null, revealed_at: new Date() }).execute(),
            store.db.updateTable('mails').set({ token: null, state: 'sent' }).execute(),
          );
        return both.open(sealed, purpose);
      },
    };
    await resealStored(store.db, racing);
    expect(await Promise.all(meanwhile)).toHaveLength(2);
    const links = await store.db.selectFrom('handovers').select('secret').execute();
    expect(links.map(({ secret }) => secret)).toEqual([null, null]);
    expect(await countSealed(store.db, both)).toEqual({ current: 2, former: 0, missing: 2 });
  });

  it('does not let an account that was read before bring the old key back', async () => {
    const before = await aClient('agenda');
    const both = `${fresh},${old}`;
    await resealStored(store.db, ring(both));
    await ledgerWith(both).save(before, undefined, 'renewed');
    expect(await countSealed(store.db, ring(both))).toMatchObject({ former: 0, missing: 0 });
  });

  it('still hands the keys over with the new key alone', async () => {
    await aClient('agenda');
    await resealStored(store.db, ring(`${fresh},${old}`));
    const mail = await store.db.selectFrom('mails').selectAll().executeTakeFirstOrThrow();
    const vault = vaultWith(ring(fresh));
    const token = vault.open(mail.token as Sealed, tokenSealingPurpose(mail.id)) ?? '';
    const handovers = sqlHandoverStore(store.db, vault, () => ({ method: 'client_secret_post' }));
    expect(await handovers.reveal(tokenHash(token))).toMatchObject({ secret: 'secret of agenda' });
  });

  it('tells in its metrics and on the command line which keys are still needed', async () => {
    await aClient('agenda');
    const metrics = createMetrics();
    await measureSealed(store.db, ring(`${fresh},${old}`), metrics);
    expect(await metrics.registry.metrics()).toContain('greffier_sealed_values{key="former"} 4');

    const { location } = scratch;
    vi.stubEnv('DATABASE_URL', 'url' in location ? location.url : '');
    vi.stubEnv('GREFFIER_DATA', 'folder' in location ? location.folder : '');
    vi.stubEnv('GREFFIER_KEY', fresh);
    await store.close();
    const keys = () => greffier('/', ['store', 'keys'], { language: 'en' });
    expect(await keys()).toMatchObject({
      code: 1,
      out: expect.stringContaining('4 values are sealed with a key'),
    });
    vi.stubEnv('GREFFIER_KEY', `${fresh},${old}`);
    expect(await keys()).toMatchObject({ code: 0, out: expect.stringContaining('4 of them just now') });
    expect((await keys()).out).toContain('those after the first may be taken out');
    vi.stubEnv('GREFFIER_KEY', 'court');
    expect(await keys()).toMatchObject({ code: 2 });
    store = await opened(location);
  });
});
