import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { cellsOverview } from '#application/front-desk/cell-overview';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { agent, openDesk, type SignedInDesk } from './signed-in-desk.ts';
import { trouble } from './trouble.ts';

const path = 'service-providers/internet/integration/agenda.yaml';
describe('the overview of operators', () => {
  let desk: SignedInDesk;
  afterEach(() => desk.close());

  async function seen(
    operators: readonly string[],
    page = '/suivi',
    prepare: (desk: SignedInDesk) => Promise<void> = async () => undefined,
  ) {
    desk = await openDesk({ operators });
    const at = { registry: 'org/registre', cell: 'internet/integration' };
    const applicant = { email: agent.email };
    for (const person of ['a', 'b'])
      await desk.requests.create({ id: randomUUID(), person, applicant, path, wanted: 'x' });
    await desk.db
      .insertInto('drift')
      .values({ ...at, clients: 2 })
      .execute();
    await desk.db
      .insertInto('audit')
      .values({ ...at, client: 'agenda', entry: JSON.stringify({ what: 'create', clientId: '<b>agenda' }) })
      .execute();
    await prepare(desk);
    const { browser } = await desk.signIn();
    return browser.open(new URL(page, desk.origin));
  }

  it('counts requests by state and age, and what differs', async () => {
    const page = await seen([agent.email]);
    expect(page.status).toBe(200);
    expect(page.html).toContain('En cours d’envoi : 2');
    expect(page.html).toContain('2 clients différents du registre');
    expect(page.html).toContain('greffier plan --cell internet/integration');
    expect(page.html).toContain('greffier reconcile --cell internet/integration');
    expect(page.html).toContain(
      '<li>Demande 1 : <code>internet/integration/agenda</code>, En cours d’envoi, depuis le',
    );
    // Whoever is an operator finds the page.
    expect(page.html).toContain('href="/suivi" aria-current="page"');
    // Who asked is nobody's to see here.
    expect(page.html.replace(/<header>[\s\S]*<\/header>/, '')).not.toContain(agent.email);
  });

  it('says of each cell whether it answers, what drifted and how, and what freezes it; no secret', async () => {
    const { html } = await seen([agent.email], '/suivi', trouble);
    expect(html).toContain('3 clients');
    expect(html).toContain('<code>agenda</code> n’est plus ce qui a été demandé');
    expect(html).toMatch(
      /URL de redirection de connexion\s: <code>https:\/\/agenda\.montfictif\.fr\/retour<\/code> → <code>https:\/\/agenda\.montfictif\.fr\/&lt;b&gt;<\/code>/,
    );
    expect(html).not.toMatch(/<code>(?:bureau|cartes)<\/code> n’est plus/);
    expect(html).toContain('gelée jusqu’au 4 janvier 2027');
    expect(html).toContain('<q>Fêtes &lt;b&gt;</q>');
    expect(html).toContain('le fournisseur ne répond pas depuis le 27 novembre 2026 à 09:00');
    expect(html).toContain('<code>bureau</code> le SIRET <code>1</code> est fermé');
    expect(html).toContain('#12</a> : des clients ne sont plus ce qui a été demandé (internet/integration)');
    expect(html).toContain('/greffier confirm 0123abc');
    expect(html).toMatch(/<code>review<\/code>, depuis le .*<code>boom &lt;b&gt;<\/code>/);
    expect(html).toMatch(/greffier jobs retry \d+/);
    expect(html).not.toMatch(/SEALED|SECRET-MARK|reg\/c-1|<b>/);
    // Every command has a button that copies it, where scripts run.
    const commands = [...html.matchAll(/<code id="(commande-\d+)">/g)].map(([, id]) => id);
    expect(commands.length).toBeGreaterThan(2);
    expect([...html.matchAll(/data-copy="([^"]+)"/g)].map(([, id]) => id)).toEqual(commands);
  });

  it('tells what freezes no more', async () => {
    const { html } = await seen([agent.email], '/suivi', async ({ db }) => {
      const store = new ReconcileStore(db, 'org/registre');
      const cells = ['internet/integration'] as const;
      await store.observations.recordFreezes(cells, [{ cell: cells[0], reason: '' }], 'c');
      expect((await cellsOverview(db, 'org/registre', {}))[0]?.freeze).toEqual({ reason: '' });
      await store.observations.recordFreezes(cells, [], 'd');
    });
    expect(html).not.toContain('gelée');
  });

  it('tells the history of a client, in which nothing acts', async () => {
    const { html } = await seen([agent.email], '/suivi?client=agenda');
    expect(html).toContain('&lt;b&gt;agenda');
    expect(html).not.toContain('<b>agenda');
    expect(html).toContain('client créé');
    expect(html).toContain('greffier log agenda');
  });

  it('is not there for anybody else', async () => {
    const refused = await seen(['adele@example.fr']);
    expect(refused.status).toBe(404);
    expect(refused.html).not.toContain('href="/suivi"');
    // Whoever is not signed in may be one whose session ended.
    const nobody = await fetch(new URL('/suivi?client=agenda', desk.origin), { redirect: 'manual' });
    expect(nobody.status).toBe(303);
    expect(nobody.headers.get('location')).toBe('/connexion?retour=%2Fsuivi%3Fclient%3Dagenda');
    expect((await fetch(new URL('/suivi', desk.origin), { method: 'POST' })).status).toBe(405);
  });
});
