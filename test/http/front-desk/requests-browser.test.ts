/** The pages of those who are signed in, as people meet them: in a browser, on a phone, in the dark, without scripts. */
import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personKey } from '#application/front-desk/applicant';
import { definitionOf } from '#domain/front-desk/form-values';
import { numberOf } from '../../application/front-desk/desk-world.ts';
import { executablePath, faultsOf, installed, launch, visit, visits } from './chromium.ts';
import { soundValues } from './desk-server.ts';
import { agent, openDesk, type SignedInDesk } from './signed-in-desk.ts';
import { trouble } from './trouble.ts';

const path = 'service-providers/internet/integration/agenda-des-associations-de-montfictif.yaml';
const review = {
  head: 'a',
  outcome: 'judged',
  conclusion: 'action_required',
  findings: [
    {
      rule: 'change/organization',
      severity: 'decision',
      path,
      pointer: '/organization/siret',
      message: {
        key: 'change/organization#transfer',
        values: { before: '13002526500013', value: '20009999200014' },
      },
    },
  ],
  required: [],
  missing: [{ reason: 'environment', environment: 'production', count: 2 }],
  approvedBy: [],
  changesRequestedBy: [],
  since: '2026-11-27T08:00:00Z',
};
const title = installed ? 'requests in a browser' : `requests: left out, no Chromium at ${executablePath}`;

describe.skipIf(!installed)(title, () => {
  let desk: SignedInDesk;
  let browser: Browser;
  let number: number;
  beforeAll(async () => {
    desk = await openDesk({ operators: [agent.email] });
    browser = await launch();
    await trouble(desk);
    const person = personKey(desk.issuer, agent.sub);
    const applicant = { email: agent.email };
    number = numberOf(await desk.requests.create({ id: randomUUID(), person, applicant, path, wanted: 'x' }));
    const remark = {
      id: 'comment-1',
      login: 'bob',
      at: '2026-11-27T08:00:00Z',
      text: `Bonjour,\n\nvoyez https://${'tres-long-'.repeat(30)}.example.fr`,
    };
    await desk.requests.sent(number, 5);
    await desk.requests.save(number, { talk: JSON.stringify([remark]), review: JSON.stringify(review) });
    desk.work.keys = async () => 'waiting';
    desk.work.lacks = ['contents: write'];
    desk.work.services = async () => [
      { path, cell: 'internet/integration', id: 'agenda-des-associations-de-montfictif', name: 'Agenda' },
    ];
    desk.work.reveal = async () => ({
      name: 'Agenda',
      cell: 'internet/integration',
      clientId: randomUUID(),
      secret: 'a'.repeat(64),
      discovery: 'https://fca.integ01.dev-agentconnect.fr/api/v2/.well-known/openid-configuration',
      method: 'client_secret_post',
    });
  });
  afterAll(async () => {
    await browser.close();
    await desk.close();
  });

  it.each(visits)(
    'have no fault %s, from the sign-in to the keys and out again',
    async (_name, options) => {
      const page = await visit(browser, options);
      const context = page.context();
      const at = (where: string) => page.goto(new URL(where, desk.origin).href);
      await at('/connexion/retour?state=x');
      expect(await faultsOf(page, options, 'a-sign-in-that-failed')).toEqual([]);
      await at('/connexion?retour=/demandes');
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'Mes demandes' }).waitFor();
      expect(await faultsOf(page, options, 'the-list')).toEqual([]);
      await page.getByRole('link', { name: `Demande ${number}` }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByText('Retirer cette demande').click();
      expect(await faultsOf(page, options, 'a-request')).toEqual([]);
      await page.getByLabel('Répondre').fill('Oui');
      await page.getByRole('button', { name: 'Envoyer la réponse' }).click();
      await page.getByText('Vous (en cours d’envoi)').first().waitFor();
      await page.getByRole('button', { name: 'Afficher les clés' }).click();
      await page.getByText('a'.repeat(64)).waitFor();
      expect(await faultsOf(page, options, 'the-keys')).toEqual([]);
      await at('/suivi?client=agenda');
      expect(await faultsOf(page, options, 'the-overview')).toEqual([]);
      // Somebody changed the service while the form was open, and some of what the person did.
      const place = 'internet/integration/agenda';
      const version = (more: Readonly<Record<string, string>>) => definitionOf({ ...own, ...more }).text;
      const own = {
        ...soundValues,
        id: 'agenda',
        environment: 'integration',
        'contacts.technical': agent.email,
      };
      desk.work.definition = async () => ({ kind: 'own', text: version({}), commit: 'c1', blob: 'b1' });
      await at(`/demande?from=${place}`);
      await page.fill('[name=name]', 'Agenda partagé');
      const now = version({ name: 'Agenda 2027', 'contacts.support': 'nouvelle-aide@montfictif.fr' });
      desk.work.definition = async () => ({
        kind: 'own',
        text: now,
        commit: 'c2',
        blob: 'b2',
        before: version({}),
      });
      await page.getByRole('button', { name: 'Vérifier mes réponses' }).click();
      await page.getByText('modifié par quelqu’un d’autre').waitFor();
      expect(await page.inputValue('[name="contacts.support"]')).toBe('nouvelle-aide@montfictif.fr');
      expect(await page.inputValue('[name=name]')).toBe('Agenda partagé');
      expect(await faultsOf(page, options, 'changed-meanwhile')).toEqual([]);
      desk.work.definition = async () => ({ kind: 'free' });
      await at('/demandes/999');
      expect(await faultsOf(page, options, 'no-request')).toEqual([]);
      await page.getByRole('button', { name: 'Se déconnecter' }).click();
      // The provider asks, as it may, whether one really leaves.
      await page.waitForURL((url) => url.href.startsWith(desk.issuer));
      const cookies = (await context.cookies(desk.origin)).map(({ name }) => name);
      expect(cookies.filter((name) => /^guichet$|^connexion/.test(name))).toEqual([]);
      await context.close();
    },
    60_000,
  );
});
