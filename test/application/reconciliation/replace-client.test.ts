/** Keys that may be in other hands: never the same ones again, other ones for the application, and the end of the former. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { newLink, tokenHash } from '#application/handover/link-token';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import { auditTrail } from '#application/ledger/audit-trail';
import { tokenSealingPurpose } from '#application/ledger/client-mails';
import { SqlLedger } from '#application/ledger/sql-ledger';
import type { PullRequest } from '#demo/github/state';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { Sealed } from '#domain/provisioning/provider';
import { freeLease } from '../../infrastructure/queue/leases.ts';
import { killingLease } from '../histories/leases.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld, worldKey } from './registry-world.ts';

describe('keys that may be in other hands', () => {
  let world: RegistryWorld;
  let pull: PullRequest;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    world.begin({});
    await world.reconcile();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const vault = () => parseKeyring(worldKey) ?? expect.fail();
  const db = () => world.environment.store.db;
  const account = async (): Promise<ClientAccount> => {
    const row = await db()
      .selectFrom('clients')
      .select('account')
      .where('registry', '=', world.environment.deps.repo)
      .executeTakeFirstOrThrow();
    return row.account as ClientAccount;
  };
  const here = () => world.environment.deps.repo;
  const mails = () =>
    db().selectFrom('mails').selectAll().where('registry', '=', here()).orderBy('created_at').execute();
  const events = async () => {
    const found: string[] = [];
    for await (const line of auditTrail(db(), 'agenda')) {
      const { what, registry } = line as { what: string; registry?: string };
      if (registry === undefined || registry === here()) found.push(what);
    }
    return found;
  };
  const handovers = () =>
    sqlHandoverStore(db(), vaultWith(vault()), () => ({ method: 'client_secret_post' }));
  /** The token in the last mail that has one. */
  const lastToken = async () => {
    const last = (await mails()).findLast(({ token }) => token !== null) ?? expect.fail();
    return vault().open(last.token as Sealed, tokenSealingPurpose(last.id)) ?? expect.fail();
  };
  const read = async () => {
    const keys = await handovers().reveal(tokenHash(await lastToken()));
    return typeof keys === 'string' ? expect.fail(keys) : keys;
  };
  const weekAgo = () =>
    db()
      .updateTable('handovers')
      .set({ revealed_at: new Date(Date.now() - 8 * 86_400_000) })
      .where('revealed_at', 'is not', null)
      .where('registry', '=', here())
      .execute();
  const atProvider = () => world.openid.clients().map(({ client_id }) => String(client_id));

  /** A client whose definition a pull request brought. */
  async function aClient(): Promise<string> {
    const { environment } = world;
    pull = environment.propose(serviceFile('agenda'), environment.alice);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
    return (await account()).clientId ?? expect.fail();
  }
  const say = (body: string) => world.say(world.environment.bob, pull, body);

  it('are not handed over again once a page has shown them, whoever asks', async () => {
    const clientId = await aClient();
    expect(await say('/greffier handover')).toEqual(['+1']);
    const { secret } = await read();
    const before = await db().selectFrom('handovers').selectAll().execute();
    expect(await say('/greffier handover')).toEqual(['confused']);
    expect(await db().selectFrom('handovers').selectAll().execute()).toEqual(before);
    expect(JSON.stringify(await account())).not.toContain(secret);
    expect((await account()).secret).toBeUndefined();
    expect(clientId).toBe((await account()).clientId);
  });

  it('were shown by an earlier version, which noted no mark: not handed over either', async () => {
    await aClient();
    await read();
    await db().updateTable('handovers').set({ secret_mark: null }).where('registry', '=', here()).execute();
    expect(await say('/greffier handover')).toEqual(['confused']);
  });

  it('are replaced with their client, which works until the others were read, and a week more', async () => {
    const before = await aClient();
    const told = await say('/greffier rotate');
    expect(told).toEqual(['confused']);
    expect(pull.comments.at(-1)?.body).toContain(`/greffier rotate ${before}`);
    const old = await read();
    expect(await say(`/greffier rotate ${before}`)).toEqual(['+1']);
    await world.reconcile();
    const { clientId = '', former } = await account();
    expect(clientId).not.toBe(before);
    expect(former).toMatchObject({ clientId: before });
    expect(atProvider().toSorted()).toEqual([before, clientId].toSorted());
    expect((await mails()).at(-1)?.facts).toMatchObject({ notice: 'replaced', former: { clientId: before } });
    const comment = () => pull.comments.find(({ body }) => body.startsWith('<!-- greffier:prov'))?.body ?? '';
    expect(comment()).toMatch(new RegExp(`${clientId}[\\s\\S]*Remplace \`${before}\`[\\s\\S]*7 jours`));
    const fresh = await read();
    expect(fresh).toMatchObject({ clientId });
    expect(fresh.secret).not.toBe(old.secret);
    await world.reconcile(true);
    expect(atProvider()).toHaveLength(2);
    await weekAgo();
    await world.reconcile(true);
    expect(atProvider()).toEqual([clientId]);
    expect(await account()).not.toHaveProperty('former');
    expect((await mails()).at(-1)?.facts).toMatchObject({ notice: 'closed', former: { clientId: before } });
    expect(comment()).not.toContain(before);
    expect(await events()).toEqual(
      expect.arrayContaining(['revealed', 'replaced', 'recorded', 'create', 'revealed', 'closed']),
    );
    // Said once more, it is about nobody's client.
    expect(await say(`/greffier rotate ${before}`)).toEqual(['confused']);
  });

  it('end their link with the client, opened or not, and its mail says so', async () => {
    const before = await aClient();
    const token = await lastToken();
    await say(`/greffier rotate ${before}`);
    expect(await handovers().reveal(tokenHash(token))).toBe('replaced');
    await world.reconcile();
    expect(await handovers().reveal(tokenHash(token))).toBe('replaced');
    expect(await read()).toMatchObject({ clientId: (await account()).clientId });
  });

  it('are closed at once where someone says so, and only once they were replaced', async () => {
    const before = await aClient();
    expect(await say(`/greffier revoke ${before}`)).toEqual(['confused']);
    await say(`/greffier rotate ${before}\n/greffier revoke ${before}`);
    await world.reconcile();
    expect(atProvider()).toEqual([(await account()).clientId]);
    expect(await events()).toEqual(expect.arrayContaining(['replaced', 'revoked', 'closed']));
  });

  it('wait in a frozen cell, the old ones working, and end with the freeze', async () => {
    const before = await aClient();
    const inDays = (days: number): number => Date.now() + days * 86_400_000;
    const until = new Date(inDays(2)).toISOString().slice(0, 10);
    world.environment.bob.pushCommit(world.environment.repository, 'main', {
      '.github/greffier.yaml': `freeze:\n  internet/integration: { until: ${until}, reason: Bascule }\n`,
    });
    await world.reconcile();
    await say(`/greffier rotate ${before}\n/greffier revoke ${before}`);
    await world.reconcile(true);
    expect(atProvider()).toEqual([before]);
    vi.useFakeTimers({ toFake: ['Date'], now: inDays(3) });
    await world.reconcile(true);
    expect(atProvider()).toEqual([(await account()).clientId]);
    expect(atProvider()).not.toEqual([before]);
  });

  it('are told of where the former client cannot be closed, once in the trail, and closed when it can', async () => {
    const before = await aClient();
    const ask = fetch;
    vi.stubGlobal('fetch', async (...[url, init]: Parameters<typeof fetch>) =>
      init?.method === 'DELETE' ? Response.json({ error: 'policy' }, { status: 403 }) : ask(url, init),
    );
    world.restart();
    await say(`/greffier rotate ${before}\n/greffier revoke ${before}`);
    await world.reconcile();
    await world.reconcile(true);
    const comment = () => pull.comments.find(({ body }) => body.startsWith('<!-- greffier:prov'))?.body ?? '';
    expect(comment()).toContain('Il n’a pas pu être fermé');
    expect((await events()).filter((one) => one === 'failed')).toHaveLength(1);
    vi.unstubAllGlobals();
    world.restart();
    await world.reconcile(true);
    expect(comment()).not.toContain('Il n’a pas pu');
    expect(atProvider()).toEqual([(await account()).clientId]);
  });

  it('are nobody else’s to replace', async () => {
    const before = await aClient();
    const { alice } = world.environment;
    expect(await world.say(alice, pull, `/greffier rotate ${before}`)).toEqual(['confused']);
    expect((await account()).clientId).toBe(before);
  });

  it('go with a definition that is removed meanwhile: neither client is left', async () => {
    const before = await aClient();
    await say(`/greffier rotate ${before}`);
    const gone = Object.fromEntries(Object.keys(serviceFile('agenda')).map((path) => [path, null]));
    world.environment.bob.pushCommit(world.environment.repository, 'main', gone);
    await world.reconcile();
    expect(atProvider()).toEqual([]);
    expect(await world.states()).toEqual({});
  });

  describe.each([['registration'], ['proconnect']] as const)('of a former client, at %s', (provider) => {
    const uris = (...paths: string[]) => paths.map((path) => `https://agenda.ville-agenda.fr/${path}`);
    const atBoth = (): Record<string, unknown> =>
      provider === 'registration'
        ? Object.fromEntries(
            world.openid.clients().map((one) => [String(one.client_id), one.redirect_uris as string[]]),
          )
        : Object.fromEntries(
            [...world.partner.clients.values()].map((one) => [one.key, one.active ? one.redirect_uris : []]),
          );
    async function replaced(): Promise<{ readonly before: string; readonly clientId: string }> {
      world.begin(described('retour', 'autre'));
      world.provide({ 'internet/integration': provider });
      await world.reconcile();
      const before = (await account()).clientId ?? '';
      pull = world.environment.propose({ 'README.md': 'x\n' }, world.environment.alice);
      await say(`/greffier rotate ${before}`);
      await world.reconcile();
      const { clientId = '' } = await account();
      expect(atBoth()).toEqual({
        [before]: uris('retour', 'autre').toSorted(),
        [clientId]: uris('retour', 'autre').toSorted(),
      });
      return { before, clientId };
    }
    const tamperAtPartner = (key: string, change: object) => {
      for (const [id, client] of world.partner.clients)
        if (client.key === key) world.partner.clients.set(id, { ...client, ...change });
    };
    const described = (...paths: string[]) => {
      const [[path = '', text = ''] = []] = Object.entries(serviceFile('agenda'));
      const [first = '', ...others] = uris(...paths);
      return { [path]: text.replace(uris('retour')[0] ?? '', [first, ...others].join('\n  - ')) };
    };
    const push = (...paths: string[]) =>
      world.environment.bob.pushCommit(world.environment.repository, 'main', described(...paths));

    it('a redirect URI that the definition drops is dropped at once, and none is added', async () => {
      const { before, clientId } = await replaced();
      push('retour', 'nouveau');
      await world.reconcile();
      expect(atBoth()).toEqual({
        [before]: uris('retour'),
        [clientId]: uris('nouveau', 'retour'),
      });
      expect((await account()).former?.clientId).toBe(before);
      expect((await events()).filter((one) => one === 'narrowed')).toHaveLength(1);
      // Once it is said, it is not asked for again.
      await world.reconcile(true);
      expect((await events()).filter((one) => one === 'narrowed')).toHaveLength(1);
    });

    it('what was taken from it at the provider is not given back to it', async () => {
      const { before } = await replaced();
      if (provider === 'proconnect') tamperAtPartner(before, { redirect_uris: uris('autre') });
      else world.openid.tamper(before, { redirect_uris: uris('autre') });
      expect(atBoth()[before]).toEqual(uris('autre'));
      push('retour', 'nouveau');
      await world.reconcile();
      expect(atBoth()[before]).not.toContain(uris('retour')[0]);
      expect(atBoth()[before]).not.toContain(uris('autre')[0]);
    });

    it.runIf(provider === 'proconnect')('it is not switched on where somebody switched it off', async () => {
      const { before } = await replaced();
      tamperAtPartner(before, { active: false });
      push('retour');
      await world.reconcile();
      await world.reconcile(true);
      expect(atBoth()[before]).toEqual([]);
    });

    it('nobody signs in where none of its redirect URIs is left', async () => {
      const { before, clientId } = await replaced();
      push('ailleurs');
      await world.reconcile();
      const { [before]: left = [], [clientId]: now } = atBoth();
      for (const uri of uris('retour', 'autre')) expect(left).not.toContain(uri);
      expect(now).toEqual(uris('ailleurs'));
      expect((await account()).former?.clientId).toBe(before);
    });
  });

  it('of a former client are noted that could not be taken from it, and taken when they can', async () => {
    const before = await aClient();
    await say(`/greffier rotate ${before}`);
    await world.reconcile();
    const ask = fetch;
    let asked = 0;
    vi.stubGlobal('fetch', async (...[url, init]: Parameters<typeof fetch>) => {
      if (init?.method !== 'PUT' || !String(url).includes(before)) return ask(url, init);
      asked += 1;
      return Response.json({ error: 'policy' }, { status: 403 });
    });
    world.restart();
    const [[path = '', text = ''] = []] = Object.entries(serviceFile('agenda'));
    const moved = { [path]: text.replace('/retour', '/ailleurs') };
    world.environment.bob.pushCommit(world.environment.repository, 'main', moved);
    await world.reconcile();
    expect(asked).toBeGreaterThan(0);
    expect((await account()).former).toMatchObject({ clientId: before, undropped: expect.anything() });
    expect(await events()).not.toContain('narrowed');
    vi.unstubAllGlobals();
    world.restart();
    await world.reconcile(true);
    expect((await account()).former).not.toHaveProperty('undropped');
    expect(await events()).toContain('narrowed');
  });

  it('are not brought back by whoever read the account before', async () => {
    const before = await aClient();
    const stale = await account();
    await say(`/greffier rotate ${before}`);
    const ledger = new SqlLedger({ db: db(), registry: here(), vault: vaultWith(vault()), newLink });
    expect(await ledger.save({ ...stale, management: 'renewed' as Sealed })).toMatchObject({
      former: { clientId: before },
      formerManagement: 'renewed',
    });
    expect((await account()).clientId).toBeUndefined();
  });

  it('are replaced once, whatever is killed on the way', async () => {
    let wasKilled = true;
    for (let nth = 1; wasKilled; nth += 1) {
      world.begin({});
      await world.reconcile();
      const before = await aClient();
      await read();
      const lease = killingLease(freeLease(db()), nth);
      world.restart(undefined, lease);
      const steps = async () => {
        await say(`/greffier rotate ${before}`);
        await world.reconcile();
        await say(`/greffier revoke ${before}`);
        await world.reconcile();
      };
      await steps().catch(() => undefined);
      wasKilled = lease.wasKilled();
      world.restart();
      // The queue gives the same work again to whoever comes next.
      await steps();
      await world.reconcile(true);
      const { clientId, former } = await account();
      expect(former, `killed at ${nth}`).toBeUndefined();
      expect(clientId).not.toBe(before);
      const live = world.openid.clients().filter(({ client_name }) => client_name === 'Service agenda');
      expect(
        live.map(({ client_id }) => client_id),
        `killed at ${nth}`,
      ).toEqual([clientId]);
      const said = await events();
      for (const what of ['replaced', 'revoked', 'closed'])
        expect(
          said.filter((one) => one === what),
          `killed at ${nth}`,
        ).toHaveLength(1);
      const links = await db()
        .selectFrom('handovers')
        .select('client_id')
        .where('registry', '=', here())
        .where('secret', 'is not', null)
        .execute();
      expect(links, `killed at ${nth}`).toEqual([{ client_id: clientId }]);
    }
  }, 120_000);

  it('are read in the portal at the partner API: another client there, the first closed on a word', async () => {
    world.provide({ 'internet/integration': 'proconnect' });
    const before = await aClient();
    expect(await say(`/greffier rotate ${before}`)).toEqual(['+1']);
    await world.reconcile();
    const { clientId } = await account();
    expect(clientId).not.toBe(before);
    expect([...world.partner.clients.values()]).toHaveLength(2);
    await world.reconcile(true);
    expect([...world.partner.clients.values()]).toHaveLength(2);
    await say(`/greffier revoke ${before}`);
    await world.reconcile();
    expect([...world.partner.clients.values()].map(({ key }) => key)).toEqual([clientId]);
  });

  it('are for people to renew where people run the cell: one issue that says why, until it is said to be done', async () => {
    world.provide({ 'internet/integration': 'manual' });
    const { environment } = world;
    pull = environment.propose(serviceFile('agenda'), environment.alice);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
    const asked = world.issue('Créer un client') ?? expect.fail();
    await world.say(environment.bob, asked, '/greffier provisioned client-42');
    await world.reconcile();
    expect(await say('/greffier rotate client-42')).toEqual(['+1']);
    await say('/greffier rotate client-42');
    const issue = world.issue('Renouveler un secret') ?? expect.fail();
    expect(issue.body).toContain('client-42');
    expect(issue.body).toContain('lu par quelqu’un d’autre');
    const all = [...environment.repository.issues.values()];
    expect(all.filter(({ title }) => title.startsWith('Renouveler'))).toHaveLength(1);
    environment.bob.close(environment.repository, issue);
    await world.reconcile();
    // Whatever closed it: it may have been the text of a merge.
    expect([issue.state, (await account()).renewal]).toEqual(['open', String(issue.number)]);
    expect(await world.say(environment.bob, issue, '/greffier provisioned client-43')).toEqual(['confused']);
    expect(await world.say(environment.bob, issue, '/greffier provisioned client-42')).toEqual(['+1']);
    expect(issue.state).toBe('closed');
    await world.reconcile();
    expect((await account()).renewal).toBeUndefined();
    expect((await account()).clientId).toBe('client-42');
    expect((await events()).slice(-2)).toEqual(['requested', 'renewed']);
  });
});
