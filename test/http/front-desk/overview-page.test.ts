import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { agent, openDesk, type SignedInDesk } from './signed-in-desk.ts';

describe('the overview of operators', () => {
  let desk: SignedInDesk;
  afterEach(() => desk.close());

  async function seen(operators: readonly string[], path = '/suivi') {
    desk = await openDesk({ operators });
    const at = { registry: 'org/registre', cell: 'internet/integration' };
    const applicant = { email: agent.email };
    for (const person of ['a', 'b'])
      await desk.requests.create({ id: randomUUID(), person, applicant, path: 'x', wanted: 'x' });
    await desk.db
      .insertInto('drift')
      .values({ ...at, clients: 2 })
      .execute();
    await desk.db
      .insertInto('audit')
      .values({ ...at, client: 'agenda', entry: JSON.stringify({ what: 'create', id: '<b>agenda' }) })
      .execute();
    const { browser } = await desk.signIn();
    return browser.open(new URL(path, desk.origin));
  }

  it('counts requests by state and age, and what differs', async () => {
    const page = await seen([agent.email]);
    expect(page.status).toBe(200);
    expect(page.html).toContain('En cours d’envoi : 2');
    expect(page.html).toContain('2 clients différents du registre');
    expect(page.html).toContain('greffier plan');
    // Who asked is nobody's to see here.
    expect(page.html.replace(/<header>[\s\S]*<\/header>/, '')).not.toContain(agent.email);
  });

  it('tells the history of a client, in which nothing acts', async () => {
    const { html } = await seen([agent.email], '/suivi?client=agenda');
    expect(html).toContain('&lt;b&gt;agenda');
    expect(html).not.toContain('<b>agenda');
  });

  it('is not there for anybody else', async () => {
    expect((await seen(['adele@example.fr'])).status).toBe(404);
    const nobody = await fetch(new URL('/suivi', desk.origin));
    expect(nobody.status).toBe(404);
    expect((await fetch(new URL('/suivi', desk.origin), { method: 'POST' })).status).toBe(405);
  });
});
