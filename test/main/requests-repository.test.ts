/** Who is asked, and who is believed, when the repository of requests is renamed or its name is another one's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newLink } from '#application/handover/link-token';
import { vaultWith } from '#application/handover/secrets/vault';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { resumeAtServer } from '#application/reconciliation/known-servers';
import type { Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import type { ServiceContext } from '#main/context';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { engines } from '../infrastructure/database/engines.ts';
import { ServiceStory } from './service-story.ts';

const cell = 'internet/production';
const anId = (n: number) => `0000000${n}-0000-4000-8000-000000000000`;

describe.each(engines)('the repository of requests, on $name', (engine) => {
  let story: ServiceStory;
  let desk: Repository;
  let adele: GitHubUser;
  beforeEach(async () => {
    story = await ServiceStory.open(engine);
    desk = story.github.createRepository('org/demandes', { files: { 'README.md': '# Demandes' } });
    adele = story.github.createUser('adele');
    story.github.addCollaborator(desk, adele, 'write');
    story.moreCells = `  ${cell}:\n    provider: manual\n    repository: org/demandes\n`;
    story.alice.pushCommit(story.registry, 'main', serviceFile('mairie', cell));
    await story.start();
    await story.settled();
    expect(openIn(desk)).toBe(1);
  });
  afterEach(() => story.close());

  const ledgerOf = (db: ServiceContext['store']['db']) =>
    new SqlLedger({ db, registry: 'org/registre', vault: vaultWith(undefined), newLink });
  const openIn = (at: Repository) => [...at.issues.values()].filter(({ state }) => state === 'open').length;
  const account = async (id = 'mairie') =>
    (await ledgerOf(story.context.store.db).all()).find((one) => one.cell === cell && one.id === id);
  /** Everything that somebody may say in a repository to have it believed. */
  async function answer(at: Repository, by: GitHubUser, clientId: string): Promise<void> {
    const [issue] = at.issues.values();
    if (issue === undefined) throw new Error('there is no issue');
    by.comment(at, issue, `/greffier provisioned ${clientId}`);
    await story.settled();
  }
  /** Somebody else's, under the name that the first one had; its issue has the same number. */
  function takeOver(): { readonly other: Repository; readonly mallory: GitHubUser } {
    const mallory = story.github.createUser('mallory');
    const other = story.github.createRepository('org/demandes', { files: { 'README.md': '# Demandes' } });
    story.github.addCollaborator(other, mallory, 'admin');
    mallory.openIssue(other, 'Demande', 'x');
    return { other, mallory };
  }

  it('is followed by its number when it is renamed', async () => {
    story.alice.renameRepository(desk, 'guichet');
    story.alice.pushCommit(story.registry, 'main', serviceFile('ecole', cell));
    await story.settled();
    await answer(desk, adele, anId(1));
    expect(await account()).toMatchObject({ state: 'active', clientId: anId(1) });
    await story.sweep();
    expect(openIn(desk)).toBe(0);
  });

  it('is not the one that has its name now: nobody there is believed or asked, and the operator is told', async () => {
    story.alice.renameRepository(desk, 'guichet');
    const { other, mallory } = takeOver();
    await answer(other, mallory, anId(6));
    const [issue] = other.issues.values();
    if (issue !== undefined) mallory.close(other, issue);
    await story.sweep();
    expect(await account()).toMatchObject({ state: 'begun' });
    expect(
      [...other.issues.values()].flatMap(({ comments }) => comments.map(({ author }) => author.login)),
    ).toEqual(['mallory']);
    const told = [...story.registry.issues.values()].map(({ body }) => body).join('\n');
    expect(told).toContain(`greffier store moved ${cell}`);
    expect(told).toContain(String(other.id));
    // The way back: the name that it has today.
    await story.stop();
    story.moreCells = story.moreCells.replace('org/demandes', 'org/guichet');
    await story.start();
    await answer(desk, adele, anId(1));
    expect(await account()).toMatchObject({ state: 'active', clientId: anId(1) });
  });

  it('is not another one under its name either where nobody was asked yet', async () => {
    const empty = 'rie/integration';
    const first = story.github.createRepository('org/rie', { files: { 'README.md': '# Demandes' } });
    await story.stop();
    story.moreCells += `  ${empty}:\n    provider: manual\n    repository: org/rie\n`;
    await story.start();
    await story.settled();
    story.alice.renameRepository(first, 'guichet-rie');
    const other = story.github.createRepository('org/rie', { files: { 'README.md': '# Demandes' } });
    await story.sweep();
    story.alice.pushCommit(
      story.registry,
      'main',
      serviceFile('hopital', empty, '\nip_addresses: ["185.24.187.10"]'),
    );
    await story.settled();
    expect(openIn(other)).toBe(0);
    const told = [...story.registry.issues.values()].map(({ body }) => body).join('\n');
    expect(told).toContain(`greffier store moved ${empty}`);
    await story.stop();
    story.moreCells = story.moreCells.replace('org/rie', 'org/guichet-rie');
    await story.start();
    await story.settled();
    expect([openIn(other), openIn(first)]).toEqual([0, 1]);
  });

  it('is another one when the operator says so: what was asked is asked again there', async () => {
    story.alice.deleteRepository(desk);
    const { other, mallory } = takeOver();
    await story.sweep();
    await answer(other, mallory, anId(6));
    expect(await account()).toMatchObject({ state: 'begun' });
    await story.stop();
    await story.inStore((db) =>
      resumeAtServer({ cells: new Map([[cell, {}]]), ledger: ledgerOf(db) }, cell, 'operator'),
    );
    await story.start();
    await story.settled();
    expect(openIn(other)).toBe(2);
    await answer(other, mallory, anId(6));
    expect(await account(), 'an issue that Greffier did not open').toMatchObject({ state: 'begun' });
  });

  it('of a store from before numbers were kept is the one that has the name', async () => {
    await story.stop();
    await story.inStore((db) =>
      db.updateTable('cell_servers').set({ server: 'manual' }).where('cell', '=', cell).execute(),
    );
    await story.start();
    await story.settled();
    const servers = await ledgerOf(story.context.store.db).servers();
    expect(servers.get(cell)).toEqual({ server: `manual ${desk.id}` });
    await answer(desk, adele, anId(1));
    expect(await account()).toMatchObject({ state: 'active', clientId: anId(1) });
  });
});
