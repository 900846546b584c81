/** The pages of those who are signed in, as people meet them: in a browser, on a phone, in the dark, without scripts. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personKey } from '#application/front-desk/applicant';
import { numberOf } from '../../application/front-desk/desk-world.ts';
import { agent, openDesk, type SignedInDesk } from './signed-in-desk.ts';

/** Debian's. Tests never download a browser. */
const executablePath = process.env.TEST_CHROMIUM ?? '/usr/bin/chromium';
const installed = existsSync(executablePath);
const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
];
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
const visits: readonly (readonly [string, BrowserContextOptions])[] = [
  ['on a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
  ['on a desk, in the dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
];

const title = installed ? 'requests in a browser' : `requests: left out, no Chromium at ${executablePath}`;

describe.skipIf(!installed)(title, () => {
  let desk: SignedInDesk;
  let browser: Browser;
  let number: number;
  beforeAll(async () => {
    desk = await openDesk({ operators: [agent.email] });
    browser = await chromium.launch({ executablePath, args: quiet, chromiumSandbox: false });
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
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await desk.close();
  });

  /** What axe holds against the page, and whether it is wider than the screen. */
  async function faults(page: Page): Promise<readonly string[]> {
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)');
    const [wide, seen] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    return [
      ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      ...(wide > seen ? [`${wide} px wide on ${seen}`] : []),
    ];
  }

  it.each(visits)(
    'have no fault %s, from the sign-in to the keys and out again',
    async (_name, options) => {
      const context = await browser.newContext({ locale: 'fr-FR', ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(8_000);
      await page.addInitScript({ content: axe.source });
      const at = (where: string) => page.goto(new URL(where, desk.origin).href);
      await at('/connexion/retour?state=x');
      expect(await faults(page), 'a sign-in that failed').toEqual([]);
      await at('/connexion?retour=/demandes');
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'Mes demandes' }).waitFor();
      expect(await faults(page), 'the list').toEqual([]);
      await page.getByRole('link', { name: `Demande ${number}` }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByText('Retirer cette demande').click();
      expect(await faults(page), 'a request').toEqual([]);
      await page.getByLabel('Répondre').fill('Oui');
      await page.getByRole('button', { name: 'Envoyer la réponse' }).click();
      await page.getByText('Vous (en cours d’envoi)').first().waitFor();
      await page.getByRole('button', { name: 'Afficher les clés' }).click();
      await page.getByText('a'.repeat(64)).waitFor();
      expect(await faults(page), 'the keys').toEqual([]);
      await at('/suivi?client=agenda');
      expect(await faults(page), 'the overview').toEqual([]);
      await at('/demandes/999');
      expect(await faults(page), 'no request').toEqual([]);
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
