/** Other keys for a client, while something else is at that client: a second word, a run, a freeze, an end. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PullRequest } from '#demo/github/state';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { freeLease, undisturbed } from '../../infrastructure/queue/leases.ts';
import { adoptedClient } from '../histories/adoptions.ts';
import { killingLease, meddledLease } from '../histories/leases.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

describe('keys that are replaced', () => {
  let world: RegistryWorld;
  let pull: PullRequest;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(() => world.close());
  beforeEach(() => begun());
  afterEach(() => vi.restoreAllMocks());

  async function begun(): Promise<void> {
    world.begin({});
    await world.reconcile();
  }
  const db = () => world.environment.store.db;
  const here = () => world.environment.deps.repo;
  const account = async (): Promise<ClientAccount> => {
    const row = await db()
      .selectFrom('clients')
      .select('account')
      .where('registry', '=', here())
      .executeTakeFirstOrThrow();
    return row.account as ClientAccount;
  };
  const atProvider = () =>
    world.openid
      .clients()
      .filter(({ client_name }) => client_name === 'Service agenda')
      .map(({ client_id }) => String(client_id));
  const links = () =>
    db()
      .selectFrom('handovers')
      .select('client_id')
      .where('registry', '=', here())
      .where('secret', 'is not', null)
      .execute();
  async function aClient(): Promise<string> {
    const { environment } = world;
    pull = environment.propose(serviceFile('agenda'), environment.alice);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
    return (await account()).clientId ?? expect.fail();
  }
  const say = (body: string) => world.say(world.environment.bob, pull, body);

  /** Says something right before each step, one after the other, of what is done meanwhile by another process. */
  async function* saidBefore(
    work: () => Promise<unknown>,
    words: (client: string) => Promise<unknown>,
    prepare: (client: string) => Promise<unknown> = async () => undefined,
  ) {
    let wasThere = true;
    for (let nth = 1; wasThere; nth += 1) {
      await begun();
      const client = await aClient();
      await prepare(client);
      const others = undisturbed(world.services, db());
      const lease = meddledLease(freeLease(db()), nth, async () => {
        const at = world.provisioning;
        world.provisioning = others;
        await words(client);
        world.provisioning = at;
      });
      world.restart(undefined, lease);
      await work();
      wasThere = lease.wasMeddled();
      world.restart();
      if (!wasThere) await words(client);
      await world.reconcile();
      await world.reconcile(true);
      yield { nth, client };
    }
  }

  it('leave the former client closed, whenever someone says so', async () => {
    const said = saidBefore(
      () => world.reconcile(),
      (client) => say(`/greffier revoke ${client}`),
      (client) => say(`/greffier rotate ${client}`),
    );
    for await (const { nth, client } of said) {
      const { clientId, former } = await account();
      expect(former, `said before step ${nth}`).toBeUndefined();
      expect(clientId).not.toBe(client);
      expect(atProvider(), `said before step ${nth}`).toEqual([clientId]);
      expect(await links(), `said before step ${nth}`).toEqual([{ client_id: clientId }]);
    }
  }, 120_000);

  it('are replaced once, though someone else asks for it in the middle', async () => {
    let wasThere = true;
    for (let nth = 1; wasThere; nth += 1) {
      await begun();
      const client = await aClient();
      const ask = () => say(`/greffier rotate ${client}`);
      const lease = meddledLease(freeLease(db()), nth, async () => {
        const asking = world.provisioning;
        world.restart();
        await ask();
        await world.reconcile();
        world.provisioning = asking;
      });
      world.restart(undefined, lease);
      await ask();
      wasThere = lease.wasMeddled();
      world.restart();
      await world.reconcile();
      await world.reconcile(true);
      const { clientId, former } = await account();
      expect(former?.clientId, `asked before step ${nth}`).toBe(client);
      expect(atProvider().toSorted(), `asked before step ${nth}`).toEqual([client, clientId].toSorted());
      expect(await links(), `asked before step ${nth}`).toEqual([{ client_id: clientId }]);
    }
  }, 120_000);

  it('are replaced, or not yet, and nothing is lost, whenever it is asked for while the client is changed', async () => {
    const changed = serviceFile('agenda', 'internet/integration', '\nid_token_signed_response_alg: ES256');
    const said = saidBefore(
      () => world.reconcile(),
      (client) => say(`/greffier rotate ${client}`),
      async () => void world.environment.bob.pushCommit(world.environment.repository, 'main', changed),
    );
    for await (const { nth, client } of said) {
      const { clientId, former, wanted } = await account();
      expect(wanted?.id_token_signed_response_alg, `asked before step ${nth}`).toBe('ES256');
      const expected = [...(former === undefined ? [] : [client]), clientId];
      expect(atProvider().toSorted(), `asked before step ${nth}`).toEqual(expected.toSorted());
      expect(await links(), `asked before step ${nth}`).toEqual([{ client_id: clientId }]);
    }
  }, 120_000);

  it('let nobody in once the definition is gone, whenever they are asked for while it goes', async () => {
    const gone = Object.fromEntries(Object.keys(serviceFile('agenda')).map((path) => [path, null]));
    const said = saidBefore(
      () => world.reconcile(),
      (client) => say(`/greffier rotate ${client}`),
      async () => void world.environment.bob.pushCommit(world.environment.repository, 'main', gone),
    );
    for await (const { nth } of said) {
      const live = world.openid
        .clients()
        .filter(({ redirect_uris: uris }) => JSON.stringify(uris).includes('ville-agenda.fr'));
      expect(live, `asked before step ${nth}`).toEqual([]);
      expect(Object.values(await world.states()), `asked before step ${nth}`).not.toContain('active');
      expect(await links(), `asked before step ${nth}`).toEqual([]);
    }
  }, 120_000);

  it('let nobody in by the new client, though the former one cannot be closed, once the definition is gone', async () => {
    const client = await aClient();
    await say(`/greffier rotate ${client}`);
    await world.reconcile();
    const { fetch } = globalThis;
    let refuses = true;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) =>
      refuses && String(url).endsWith(client) ? new Response('{}', { status: 403 }) : fetch(url, init),
    );
    world.restart();
    const { bob, repository } = world.environment;
    const gone = Object.fromEntries(Object.keys(serviceFile('agenda')).map((path) => [path, null]));
    bob.pushCommit(repository, 'main', gone);
    await world.reconcile();
    await world.reconcile(true);
    expect(await world.states()).toEqual({ 'internet/integration/agenda': 'inactive' });
    expect((await account()).former).toMatchObject({ clientId: client });
    refuses = false;
    await world.reconcile(true);
    expect((await account()).former).toBeUndefined();
    expect(atProvider()).toEqual([(await account()).clientId]);
  });

  it('are not those of a client that was adopted before its definition is there: nothing would take its place', async () => {
    await aClient();
    const client = await adoptedClient(world, 'internet/integration', 'internet/integration/vieux');
    expect(await say(`/greffier rotate ${client}`)).toEqual(['confused']);
    await world.reconcile(true);
    expect(await world.states()).toMatchObject({ 'internet/integration/vieux': 'active' });
    expect(world.openid.clients().map(({ client_id }) => client_id)).toContain(client);
  });

  it('leave the former client as it is, however long ago they were read, where the client that has them is lost', async () => {
    const client = await aClient();
    await say(`/greffier rotate ${client}`);
    await world.reconcile();
    await db()
      .updateTable('handovers')
      .set({ revealed_at: new Date(Date.now() - 8 * 86_400_000), secret: null })
      .where('registry', '=', here())
      .execute();
    const { clientId = '' } = await account();
    const { fetch } = globalThis;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) =>
      String(url).endsWith(clientId) ? new Response('{}', { status: 401 }) : fetch(url, init),
    );
    world.restart();
    await world.reconcile(true);
    expect((await account()).state).toBe('lost');
    await world.reconcile(true);
    expect(atProvider()).toContain(client);
  });

  it('are a client’s that is there all the while: its definition does not come back to somebody else', async () => {
    const [path = ''] = Object.keys(serviceFile('agenda'));
    expect((await world.provisioning.clientsOf([path])).present).toEqual(new Map());
    const client = await aClient();
    await say(`/greffier rotate ${client}`);
    expect((await world.provisioning.clientsOf([path])).present).toEqual(new Map([[path, 'there']]));
  });

  it('are asked for in no issue while the cell is frozen', async () => {
    world.provide({ 'internet/integration': 'manual' });
    const { environment } = world;
    pull = environment.propose(serviceFile('agenda'), environment.alice);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
    const asked = world.issue('Créer un client') ?? expect.fail();
    await world.say(environment.bob, asked, '/greffier provisioned client-42');
    const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    const freeze = `freeze:\n  internet/integration: { until: ${until}, reason: Fêtes }\n`;
    environment.bob.pushCommit(environment.repository, 'main', { '.github/greffier.yaml': freeze });
    await world.reconcile();
    expect(await say('/greffier rotate client-42')).toEqual(['confused']);
    expect(world.issue('Renouveler un secret')).toBeUndefined();
    expect(pull.comments.at(-1)?.body).toContain('gel est en cours');
  });

  it.each(['POST', 'DELETE'])(
    'are replaced once at the partner API, wherever it is killed, and though the answer to a %s is lost',
    async (method) => {
      let wasKilled = true;
      for (let nth = 1; wasKilled; nth += 1) {
        await begun();
        world.provide({ 'internet/integration': 'proconnect' });
        const client = await aClient();
        const lease = killingLease(freeLease(db()), nth);
        world.restart(undefined, lease);
        const steps = async () => {
          await say(`/greffier rotate ${client}`);
          world.partner.dropAnswerTo(method);
          await world.reconcile();
          await say(`/greffier revoke ${client}`);
          world.partner.dropAnswerTo(method);
          await world.reconcile();
        };
        await steps().catch(() => undefined);
        wasKilled = lease.wasKilled();
        world.restart();
        await steps();
        // No other answer is lost.
        world.partner.dropAnswerTo('NONE');
        for (const sweep of [false, true, true]) await world.reconcile(sweep);
        const { clientId, former } = await account();
        expect(former, `killed at ${nth}`).toBeUndefined();
        expect(
          [...world.partner.clients.values()].map(({ key }) => key),
          `killed at ${nth}`,
        ).toEqual([clientId]);
        expect(clientId).not.toBe(client);
      }
    },
    240_000,
  );

  it('go to nobody who is no contact any more, where a link is asked for while the contacts change', async () => {
    const contacts = (...all: readonly string[]) =>
      serviceFile(
        'agenda',
        'internet/integration',
        `\ncontacts:\n  technical: [${all.join(', ')}]\n  support: aide@ville-agenda.fr`,
      );
    const [stays, goes] = ['equipe@ville-agenda.fr', 'prestataire@ville-agenda.fr'];
    let wasThere = true;
    for (let nth = 1; wasThere; nth += 1) {
      await begun();
      const { environment } = world;
      pull = environment.propose(contacts(stays, goes), environment.alice);
      await world.review(pull);
      environment.bob.merge(environment.repository, pull);
      await world.reconcile();
      const lease = meddledLease(freeLease(db()), nth, async () => {
        const asking = world.provisioning;
        world.restart();
        environment.bob.pushCommit(environment.repository, 'main', contacts(stays));
        await world.reconcile();
        world.provisioning = asking;
      });
      world.restart(undefined, lease);
      await say('/greffier handover');
      wasThere = lease.wasMeddled();
      if (!wasThere) break;
      expect((await account()).wanted?.contacts, `changed before step ${nth}`).toEqual([stays]);
      const last = await db()
        .selectFrom('mails')
        .select('facts')
        .where('registry', '=', here())
        .where('token', 'is not', null)
        .orderBy('created_at', 'desc')
        .executeTakeFirstOrThrow();
      expect(last.facts, `changed before step ${nth}`).toMatchObject({ to: [stays] });
      world.restart();
      await world.reconcile(true);
      expect(await links(), `changed before step ${nth}`).toHaveLength(1);
    }
  }, 120_000);
});
