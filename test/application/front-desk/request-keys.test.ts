import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keysOfRequest } from '#application/front-desk/keys-of-request';
import { ownServices } from '#application/front-desk/own-services';
import { keysState, revealKeys } from '#application/front-desk/request-keys';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { sealingPurpose } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables';
import { engines, newStore } from '../../infrastructure/database/engines.ts';
import { aVault } from '../../infrastructure/identity-providers/store.ts';

const registry = 'org/registre';
const place = { cell: 'internet/integration', id: 'agenda' } as const;
const path = 'service-providers/internet/integration/agenda.yaml';
const contact = { email: 'equipe_1@ville.fr' };

describe.each(engines)('the keys of a request, on $name', (engine) => {
  const vault = aVault();
  let db: Kysely<Tables>;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ db, close } = await newStore(engine));
  });
  afterAll(() => close());
  beforeEach(async () => {
    await db.deleteFrom('clients').execute();
    await db.deleteFrom('handovers').execute();
  });

  async function provisioned(state = 'active', of = registry): Promise<void> {
    const account = {
      ...place,
      state,
      clientId: 'c-1',
      handle: 'c-1',
      seen: {},
      unanswered: 0,
      wanted: { client_name: 'Agenda', contacts: ['Equipe_1@ville.fr'] },
    };
    await db
      .insertInto('clients')
      .values({ registry: of, ...place, state, client_id: 'c-1', account: JSON.stringify(account) })
      .execute();
  }
  async function handedOver(expires = Date.now() + 86_400_000): Promise<void> {
    await db
      .insertInto('handovers')
      .values({
        token_hash: crypto.randomUUID(),
        registry,
        ...place,
        client_id: 'c-1',
        name: 'Agenda',
        secret: vault.seal('le-secret', sealingPurpose(place, 'client-secret')),
        expires_at: new Date(expires),
      })
      .execute();
  }
  const deps = () => ({
    db,
    registry,
    handovers: sqlHandoverStore(db, vault, () => ({ method: 'client_secret_post' })),
  });
  const merged = { path, state: 'merged' } as const;

  it('are shown once, to a technical contact of what was applied', async () => {
    await provisioned();
    await handedOver();
    expect(await keysState(deps(), merged, contact)).toBe('waiting');
    expect(await revealKeys(deps(), merged, contact)).toMatchObject({ clientId: 'c-1', secret: 'le-secret' });
    expect(await keysState(deps(), merged, contact)).toBe('read');
    expect(await revealKeys(deps(), merged, contact)).toBeUndefined();
  });

  it('are shown to nobody else', async () => {
    await provisioned();
    await handedOver();
    // An underscore is no wildcard.
    for (const email of ['camille@ville.fr', 'equipex1@ville.fr', '']) {
      expect(await keysState(deps(), merged, { email })).toBe('others');
      expect(await revealKeys(deps(), merged, { email })).toBeUndefined();
      expect(await ownServices(db, registry, email)).toEqual([]);
    }
    expect(await revealKeys(deps(), { path, state: 'open' }, contact)).toBeUndefined();
    expect(await revealKeys({ ...deps(), registry: 'org/autre' }, merged, contact)).toBeUndefined();
  });

  it('are gone when nobody read them in time', async () => {
    await provisioned();
    await handedOver(Date.now() - 1000);
    expect(await keysState(deps(), merged, contact)).toBe('read');
  });

  it('are told to an applicant whom no link reaches', async () => {
    const request = { path, wanted: 'x' };
    expect(await keysOfRequest(db, registry, request, contact)).toBe('no');
    await provisioned();
    expect(await keysOfRequest(db, registry, request, { email: 'camille@ville.fr' })).toBe('yes');
    expect(await keysOfRequest(db, registry, request, contact)).toBe('to-applicant');
    expect(await keysOfRequest(db, registry, { path, wanted: null }, undefined)).toBe('to-applicant');
  });

  it('belong to services that a contact may change', async () => {
    await provisioned();
    expect(await ownServices(db, registry, contact.email)).toEqual([{ path, ...place, name: 'Agenda' }]);
    expect(await ownServices(db, 'org/autre', contact.email)).toEqual([]);
  });
});
