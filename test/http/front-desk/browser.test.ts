/** The form as people meet it: in a browser, with a keyboard, on a phone, in the dark, with and without scripts. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { patience } from '../../patience.ts';
import { executablePath, installed, launch } from './chromium.ts';
import { type DeskServer, openDesk, sixFaults } from './desk-server.ts';

/** Where pictures of the pages are kept, to be looked at. None when unset. */
const pictures = process.env.TEST_PICTURES;

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 900 };
const visits: readonly (readonly [string, BrowserContextOptions])[] = [
  ['on a phone', { viewport: phone, isMobile: true, hasTouch: true }],
  ['on a phone, without scripts', { viewport: phone, javaScriptEnabled: false }],
  ['on a desk', { viewport: desktop }],
  ['on a desk, in the dark', { viewport: desktop, colorScheme: 'dark' }],
  ['on a desk, without scripts', { viewport: desktop, javaScriptEnabled: false }],
  ['on a wide screen', { viewport: { width: 1600, height: 1000 } }],
];

const suiteTitle = installed
  ? 'the front desk in a browser'
  : `the front desk: left out, no Chromium at ${executablePath}`;

describe.skipIf(!installed)(suiteTitle, () => {
  let desk: DeskServer;
  let address: string;
  let browser: Browser;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    desk = await openDesk({
      origin: 'own',
      now: () => Math.random() * 1e15,
      catalogue: async () => ({
        services: [
          {
            name: 'Agenda des associations',
            description: 'Gérer les agendas',
            organization: { siret: '13002526500013', name: 'Montfictif' },
            since: new Date('2026-03-02'),
            changed: new Date('2026-03-03'),
          },
        ],
      }),
    });
    address = `http://127.0.0.1:${desk.server.port}`;
    browser = await launch();
  });
  afterEach(async () => {
    for (const context of opened.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser.close();
    await desk.server.close();
  });

  async function aPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'fr-FR', ...options });
    opened.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    // Before the page's own content, where its policy does not reach.
    await page.addInitScript({ content: axe.source });
    return page;
  }

  async function isSound(page: Page, options: BrowserContextOptions, state: string): Promise<void> {
    const { width = 0 } = options.viewport ?? {};
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      const scheme = `${options.colorScheme ?? 'light'}${options.javaScriptEnabled === false ? '-plain' : ''}`;
      await page.screenshot({ path: join(pictures, `desk-${state}-${width}-${scheme}.png`), fullPage: true });
    }
    expect(await page.evaluate('document.documentElement.scrollWidth'), state).toBe(width);
    // axe is a script itself.
    if (options.javaScriptEnabled === false) return;
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)');
    const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(faults, state).toEqual([]);
  }

  async function answerWithFaults(page: Page): Promise<void> {
    const { network, environment, private_sector, ...texts } = sixFaults;
    await page.check(`[name=network][value=${network}]`);
    await page.check(`[name=environment][value=${environment}]`);
    await page.check(`[name=private_sector][value=${private_sector}]`);
    for (const [name, value] of Object.entries(texts))
      if (name.endsWith('_alg')) await page.check(`[name="${name}"][value=${value}]`);
      else await page.fill(`[name="${name}"]`, value);
  }
  const check = (page: Page) => page.getByRole('button', { name: 'Vérifier mes réponses' }).click();
  const names = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();

  it.each(visits)('goes from six faults to the checked answers and the file, %s', async (_where, options) => {
    const page = await aPage(options);
    await page.goto(address);
    await isSound(page, options, 'home');
    await page.getByRole('link', { name: 'Commencer une demande' }).click();
    await isSound(page, options, 'form');
    await answerWithFaults(page);
    await check(page);
    await page.getByRole('heading', { name: 'Il y a 6 réponses à corriger' }).waitFor();
    expect(await page.title()).toMatch(/^Erreur/);
    await isSound(page, options, 'faults');
    // The summary leads to its field.
    await page.getByRole('link', { name: /URL de redirection de connexion, 2ᵉ ligne/ }).click();
    expect(await page.locator(':focus, :target').first().getAttribute('id')).toBe('redirect_uris');
    // What is certain is corrected by a button, the rest by hand.
    await page.getByRole('button', { name: 'Tout corriger' }).click();
    await page.getByRole('heading', { name: 'Il y a 4 réponses à corriger' }).waitFor();
    expect(await page.inputValue('[name="organization.siret"]')).toBe('13002526500013');
    expect(await page.inputValue('[name=redirect_uris]')).toContain('https://agenda.montfictif.fr/retour');
    await page.fill('[name=name]', 'Agenda des associations');
    await page.fill('[name=datapass]', 'H4821');
    await page.fill('[name="contacts.support"]', 'aide@montfictif.fr');
    await page.fill('[name="contacts.technical"]', 'equipe@montfictif.fr');
    await page.check('[name="optional_scopes.siren"]');
    await page.fill('[name="optional_scopes.siren.justification"]', 'Regrouper les agents par organisme');
    await check(page);
    await page.getByRole('heading', { name: 'Vérifiez vos réponses' }).waitFor();
    await isSound(page, options, 'check');
    expect(await page.locator('pre').textContent()).toContain('name: Agenda des associations');
    const link = page.getByRole('link', { name: 'Ouvrir GitHub avec le fichier rempli' });
    expect(await link.getAttribute('href')).toMatch(
      /^https:\/\/github\.com\/exemple\/registre\/new\/main\?filename=/,
    );
    // One answer is changed from there: the form opens at its field.
    await page.getByRole('button', { name: 'Modifier Courte description' }).click();
    expect(page.url()).toBe(`${address}/demande#description`);
    expect(await page.inputValue('[name=description]')).toBe(sixFaults.description);
    expect(await page.isChecked('[name="optional_scopes.siren"]')).toBe(true);
    // The language changes without losing anything.
    await page.getByRole('button', { name: 'Read in English' }).click();
    expect(await page.inputValue('[name=description]')).toBe(sixFaults.description);
    await page.goto(`${address}/services`);
    await isSound(page, options, 'services');
  });

  it.each([true, false])(
    'has the answers still when one goes back to the form (scripts: %s)',
    async (scripts) => {
      const page = await aPage({ javaScriptEnabled: scripts });
      await page.goto(`${address}/demande`);
      await answerWithFaults(page);
      await check(page);
      await page.getByRole('heading', { name: 'Il y a 6 réponses à corriger' }).waitFor();
      await page.goBack();
      expect(await page.inputValue('[name=redirect_uris]')).toBe(sixFaults.redirect_uris);
      expect(await page.isChecked(`[name=network][value=${sixFaults.network}]`)).toBe(true);
    },
  );

  it('works with the keyboard alone, and is read in a sensible order', async () => {
    const page = await aPage({ viewport: desktop });
    await page.goto(`${address}/demande`);
    const focused = () =>
      page.evaluate<string>("document.activeElement?.id || document.activeElement?.textContent || ''");
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Aller au contenu');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('contenu');
    const order: string[] = [];
    for (let step = 0; step < 45 && order.at(-1) !== 'Vérifier mes réponses'; step++) {
      await page.keyboard.press('Tab');
      order.push((await focused()).trim());
    }
    const fields = order.filter((id) => /^[a-z_]+(?:\.[a-z_]+)*$/.test(id));
    expect(fields).toEqual([
      'organization.siret',
      'name',
      'network',
      'environment',
      'datapass',
      'description',
      'redirect_uris',
      'post_logout_redirect_uris',
      'id_token_signed_response_alg',
      'userinfo_signed_response_alg',
      'optional_scopes.siren',
      'optional_scopes.organizational_unit',
      'optional_scopes.belonging_population',
      'optional_scopes.chorusdt',
      'optional_scopes.idp_acr',
      'private_sector',
      'contacts.support',
      'contacts.technical',
      'id',
    ]);
    expect(
      await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle'),
      'where one is can be seen',
    ).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /réponses à corriger/ }).waitFor();
    expect(await focused()).toBe('erreurs');
    // What a screen reader finds: each field by its name, with what helps and what is wrong.
    const siret = page.getByRole('textbox', { name: 'SIRET de l’établissement' });
    expect(await siret.getAttribute('aria-invalid')).toBe('true');
    const tree = await page.locator('main').ariaSnapshot();
    const order2 = [
      'group "Il y a',
      'heading "Demander la connexion',
      'textbox "SIRET',
      'textbox "Nom du fournisseur',
      'radiogroup "Réseau',
      'radiogroup "Environnement',
    ].map((part) => tree.indexOf(part));
    expect(order2).not.toContain(-1);
    expect(order2).toEqual(order2.toSorted((one, other) => one - other));
    // The Enter key in a field checks; it does not press the first fix.
    await siret.fill('130 025 265 00013');
    await siret.press('Enter');
    await page.getByRole('heading', { name: /5 réponses à corriger|6 réponses à corriger/ }).waitFor();
    expect(await page.inputValue('[name="organization.siret"]')).toBe('130 025 265 00013');
  });

  it('shows on the RIE what the RIE needs, and the notice only where no form is needed', async () => {
    const page = await aPage({ viewport: desktop });
    await page.goto(`${address}/demande`);
    const addresses = page.locator('[name=ip_addresses]');
    const notice = page.getByText('Formulaire non nécessaire');
    expect(await addresses.isVisible()).toBe(false);
    await page.check('[name=network][value=rie]');
    expect(await addresses.isVisible()).toBe(true);
    await page.check('[name=environment][value=integration]');
    expect(await notice.isVisible()).toBe(false);
    await page.check('[name=network][value=internet]');
    expect(await notice.isVisible()).toBe(true);
  });

  it('says while one types what is wrong with a field that was left, and takes it back', async () => {
    const page = await aPage({ viewport: desktop });
    await page.goto(`${address}/demande`);
    await page.fill('[name="organization.siret"]', '130 025 265 00013');
    await page.keyboard.press('Tab');
    const finding = page.locator('[id="organization.siret-findings"]');
    await finding.getByText('Erreur').waitFor();
    expect(await names(page, '.finding')).toHaveLength(1);
    expect(await page.getAttribute('[name="organization.siret"]', 'aria-invalid')).toBe('true');
    await page.fill('[name="organization.siret"]', '13002526500013');
    await page.keyboard.press('Tab');
    await finding.getByText('Erreur').waitFor({ state: 'detached' });
    expect(await page.getAttribute('[name="organization.siret"]', 'aria-invalid')).toBe(null);
  });

  it('weighs less than 60 KB in all, nothing of it from elsewhere', async () => {
    const page = await aPage({ viewport: desktop });
    const answers: Promise<readonly [string, number]>[] = [];
    page.on('response', (response) => {
      answers.push(response.body().then((body) => [response.url(), body.length] as const));
    });
    await page.goto(`${address}/demande`);
    await page.waitForLoadState('networkidle');
    const all = await Promise.all(answers);
    expect(all.map(([url]) => new URL(url).origin)).toEqual(all.map(() => address));
    expect(all.reduce((sum, [, length]) => sum + length, 0)).toBeLessThan(60_000);
  });
});
