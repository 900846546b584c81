/** Someone whose account at the provider changed: a subject stays, an address and an organization do not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personKey } from '#application/front-desk/applicant';
import { agent, openDesk, type SignedInDesk } from './signed-in-desk.ts';

const values = {
  'organization.siret': agent.siret,
  name: 'Agenda des associations',
  network: 'internet',
  environment: 'integration',
  redirect_uris: 'https://agenda.ville-de-montfictif.fr/retour',
  id_token_signed_response_alg: 'RS256',
  userinfo_signed_response_alg: 'RS256',
  'contacts.technical': agent.email,
};

describe('an account that changed', () => {
  let desk: SignedInDesk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  /** Sends the form, as who they are at the provider now. */
  async function send(more: Record<string, string>): Promise<string> {
    const { browser, page } = await desk.signIn();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const sent = await browser.open(new URL('/demande', desk.origin), undefined, {
      method: 'POST',
      body: new URLSearchParams({ ...values, ...more, csrf, action: 'send', id: 'agenda' }),
      headers: { origin: desk.origin },
    });
    expect(sent.status).toBe(200);
    return sent.url.pathname;
  }

  it('corrects with the word of who they are now, not of who they were', async () => {
    const first = await send({});
    desk.claims.email = 'camille@autre-organisation.example';
    desk.claims.siret = '13002526500013';
    const again = await send({
      from: 'internet/integration/agenda',
      redirect_uris: 'https://agenda.ville-de-montfictif.fr/autre',
    });
    expect(again).toBe(first);
    const [request] = await desk.requests.ofPerson(personKey(desk.issuer, agent.sub));
    expect(request?.wanted).toContain('/autre');
    expect(request && desk.requests.applicantOf(request)).toEqual({
      email: 'camille@autre-organisation.example',
      siret: '13002526500013',
    });
  });
});
