/** Someone who is signed in and asks for more than anyone needs. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personKey } from '#application/front-desk/applicant';
import type { BrowserPage, TextBrowser } from '#demo/text-browser';
import { agent, openDesk, type SignedInDesk } from './signed-in-desk.ts';

describe('requests without end', () => {
  let desk: SignedInDesk;
  let browser: TextBrowser;
  let csrf: string;
  beforeAll(async () => {
    desk = await openDesk();
    const signedIn = await desk.signIn();
    browser = signedIn.browser;
    csrf = /name="csrf" value="([^"]+)"/.exec(signedIn.page.html)?.[1] ?? '';
  });
  afterAll(() => desk.close());

  const post = (path: string, values: Record<string, string>): Promise<BrowserPage> => {
    // Whoever has time has as many minutes.
    desk.clock.ahead += 10_000;
    return browser.open(new URL(path, desk.origin), undefined, {
      method: 'POST',
      body: new URLSearchParams({ ...values, csrf }),
      headers: { origin: desk.origin },
    });
  };
  const send = (id: string): Promise<BrowserPage> =>
    post('/demande', {
      'organization.siret': agent.siret,
      name: `Agenda ${id}`,
      id,
      network: 'internet',
      environment: 'integration',
      redirect_uris: `https://${id}.ville-de-montfictif.fr/retour`,
      id_token_signed_response_alg: 'RS256',
      userinfo_signed_response_alg: 'RS256',
      'contacts.technical': agent.email,
      action: 'send',
    });
  const filed = async (): Promise<number> =>
    (await desk.requests.ofPerson(personKey(desk.issuer, agent.sub))).length;

  it('are not taken beyond fifty, in a day or at once, and it is said why', async () => {
    for (let count = 0; count < 50; count += 1)
      expect((await send(`service-${count}`)).url.pathname).toMatch(/^\/demandes\/\d+$/);
    const refused = await send('un-de-trop');
    expect(refused.status).toBe(429);
    expect(refused.html).toContain('50 demandes');
    // Withdrawing makes no room on the same day: each costs a pull request.
    const [last] = await desk.requests.ofPerson(personKey(desk.issuer, agent.sub));
    await post(`/demandes/${last?.number}`, { action: 'withdraw' });
    expect((await send('encore-un')).status).toBe(429);
    const path = 'service-providers/internet/integration/agenda.yaml';
    desk.work.services = async () => [{ path, cell: 'internet/integration', id: 'agenda', name: 'Agenda' }];
    expect((await post('/demandes', { action: 'remove', path, id: randomUUID() })).status).toBe(429);
    expect(await filed()).toBe(50);
    // What is there is corrected all the same.
    expect((await send('service-3')).url.pathname).toMatch(/^\/demandes\/\d+$/);
    expect(await filed()).toBe(50);
  });
});
