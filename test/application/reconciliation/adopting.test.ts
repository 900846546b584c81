/** Clients that were there before Greffier: tied to a definition on the operator's word, and to nobody else's. */
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { type Adopted, adoptClient } from '#application/reconciliation/adopt';
import type { FileChanges } from '#demo/github/git/repository';
import { readDefinition } from '#domain/definition/read-definition';
import { readClientList } from '#domain/provisioning/import/from-clients';
import { newAccount } from '#domain/provisioning/ledger';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld, worldVault } from './registry-world.ts';

const cell = 'internet/integration';
const contacts = ['exploitation@agence-fictive.gouv.fr'];
const uris = ['https://agenda.ville-agenda.fr/retour'];
const scope = 'openid given_name usual_name email uid siret phone idp_id custom roles organization_label';

describe('a client that was there before Greffier', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });

  /** One that somebody made at the provider, by hand, as the definition of a service describes it. */
  async function made(id: string, more: Readonly<Record<string, unknown>> = {}) {
    const { issuer, initialAccessToken } = world.openid;
    const client = await openid.dynamicClientRegistration(
      new URL(issuer),
      {
        client_name: `Service ${id}`,
        redirect_uris: [`https://${id}.ville-${id}.fr/retour`],
        post_logout_redirect_uris: [`https://${id}.ville-${id}.fr/fin`],
        id_token_signed_response_alg: 'RS256',
        userinfo_signed_response_alg: 'RS256',
        token_endpoint_auth_method: 'client_secret_post',
        scope,
        ...more,
      },
      undefined,
      { execute: [openid.allowInsecureRequests], initialAccessToken },
    );
    return client.clientMetadata() as Readonly<Record<string, unknown>>;
  }
  function ledger(): SqlLedger {
    const { store, deps } = world.environment;
    return new SqlLedger({ db: store.db, registry: deps.repo, vault: worldVault, newLink });
  }
  /** What `greffier adopt` does with a list of clients, and a folder in which the definition is. */
  async function adopted(
    file: FileChanges,
    client: Readonly<Record<string, unknown>>,
    completion?: Readonly<Record<string, string>>,
    own = ledger(),
  ): Promise<Adopted> {
    const [path = '', text] = Object.entries(file)[0] ?? [];
    const { definition, place } = readDefinition({ path, bytes: Buffer.from(String(text)) });
    const [imported] = readClientList([client], cell, () => completion) ?? [];
    if (definition === undefined || place === undefined || imported === undefined) throw new Error(path);
    return adoptClient(
      { ledger: own, vault: worldVault, kinds: new Map([[cell, 'registration']]), by: 'operator' },
      { desired: { path, cell, id: place.id, definition }, client: imported },
    );
  }

  it('lives on while its definition is not merged yet, and is that of the definition once it is', async () => {
    const { environment, openid: provider } = world;
    world.begin(serviceFile('autre'));
    await world.reconcile();
    const file = serviceFile('agenda');
    const client = await made('agenda', { contacts });
    const before = provider.clients().find(({ client_name }) => client_name === 'Service agenda');
    expect(await adopted(file, client)).toEqual({ kind: 'adopted' });
    // Many more are not merged yet either, and keep nobody waiting.
    for (let n = 0; n < 11; n++)
      expect(await adopted(serviceFile(`vieux-${n}`), await made(`vieux-${n}`, { contacts }))).toEqual({
        kind: 'adopted',
      });
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('neuf'));
    for (const sweep of [false, true, false]) await world.reconcile(sweep);
    expect(world.clients()['Service neuf']).toEqual(['https://neuf.ville-neuf.fr/retour']);
    expect([...environment.repository.issues.values()].map(({ title }) => title)).toEqual([]);
    expect(await world.states()).toMatchObject({ 'internet/integration/agenda': 'active' });
    expect(world.clients()['Service agenda']).toEqual(uris);

    const pull = environment.propose(file);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile(true);
    expect(provider.clients().filter(({ client_name }) => client_name === 'Service agenda')).toEqual([
      before,
    ]);
    // From then on it is like any other: what takes its file away takes it away.
    environment.bob.pushCommit(environment.repository, 'main', { [Object.keys(file)[0] ?? '']: null });
    await world.reconcile();
    expect(await world.states()).toMatchObject({ 'internet/integration/agenda': 'inactive' });
  });

  it('is left when the service begins to make one for its definition at that very moment', async () => {
    world.begin(serviceFile('agenda'));
    const client = await made('agenda', { contacts });
    const own = ledger();
    const intent = { action: 'create', digest: 'd'.repeat(32) } as const;
    // Its second look is the last thing before it writes.
    const { holdersOf } = SqlLedger.prototype;
    vi.spyOn(own, 'holdersOf').mockImplementation(async (...given) => {
      await own.save({ ...newAccount({ cell, id: 'agenda' }), intent });
      return holdersOf.apply(own, given);
    });
    expect(await adopted(serviceFile('agenda'), client, undefined, own)).toMatchObject({ kind: 'left' });
    expect(await own.load({ cell, id: 'agenda' })).toMatchObject({ state: 'begun', intent });
  });

  it('stays that of its definition when it is tied between the look and the first word of the service that begins', async () => {
    const { environment, openid: provider } = world;
    world.begin(serviceFile('autre'));
    await world.reconcile();
    const file = serviceFile('agenda');
    const client = await made('agenda', { contacts });
    const { load } = SqlLedger.prototype;
    let result: Adopted | undefined;
    const looking = vi.spyOn(SqlLedger.prototype, 'load').mockImplementation(async function (
      this: SqlLedger,
      ref,
    ) {
      const before = await load.call(this, ref);
      looking.mockImplementation(load);
      result = await adopted(file, client);
      return before;
    });
    environment.bob.pushCommit(environment.repository, 'main', file);
    await world.reconcile();
    looking.mockRestore();
    expect(result).toEqual({ kind: 'adopted' });
    const ours = () => provider.clients().filter(({ client_name }) => client_name === 'Service agenda');
    expect(ours().map(({ client_id }) => client_id)).toEqual([client.client_id]);
    expect(await ledger().load({ cell, id: 'agenda' })).toMatchObject({
      state: 'active',
      clientId: client.client_id,
    });
    await world.reconcile(true);
    expect(ours()).toHaveLength(1);
    expect(await ledger().load({ cell, id: 'agenda' })).not.toHaveProperty('failure');
  });

  it('is said to be adopted, and to have been removed by nobody, where its definition is proposed', async () => {
    const { environment } = world;
    world.begin(serviceFile('autre'));
    await world.reconcile();
    const file = serviceFile('agenda');
    expect(await adopted(file, await made('agenda', { contacts }))).toEqual({ kind: 'adopted' });
    const pull = environment.propose(file);
    const { clientsOf } = world.provisioning;
    await reviewPullRequest({ ...environment.createDeps(), clientsOf }, pull.number);
    const said = pull.comments[0]?.body ?? '';
    expect(said).toContain('change/returned');
    expect(said).toMatch(/existe déjà.*l’équipe l’a rattaché à cette définition/);
    expect(said).not.toMatch(/a été retiré|rien ne dit plus/);
  });

  it('is not tied to a definition whose contacts are not known to be its own', async () => {
    const { environment } = world;
    // A stranger saw the name and the address of a service that is not in the registry yet, and was merged.
    const stranger = serviceFile(
      'agenda',
      cell,
      '\ncontacts:\n  technical:\n    - intrus@ville-agenda.fr\n  support: aide@ville-agenda.fr',
    );
    world.begin(stranger);
    const client = await made('agenda');
    expect(await adopted(stranger, client)).toMatchObject({ kind: 'left', values: { fields: 'contacts' } });
    const told = { contacts: contacts.join(' ') };
    expect(await adopted(stranger, client, told)).toMatchObject({
      kind: 'left',
      values: { fields: 'contacts' },
    });
    expect(await adopted(serviceFile('agenda'), client, told)).toEqual({ kind: 'adopted' });
    const mails = await environment.store.db
      .selectFrom('mails')
      .select('facts')
      .where('registry', '=', environment.deps.repo)
      .execute();
    expect(JSON.stringify(mails)).not.toContain('intrus');
  });
});
