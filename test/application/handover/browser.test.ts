/** The one-time page as people meet it: in a browser, with a keyboard, on a phone, without scripts. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Kysely } from 'kysely';
import { pino } from 'pino';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { newToken, tokenHash } from '#application/handover/link-token';
import { handoverPage } from '#application/handover/one-time-page';
import { createMetrics } from '#base/observability/metrics';
import { sealingPurpose, type Vault } from '#domain/provisioning/provider';
import { type HttpServer, startHttpServer } from '#http/server';
import type { Tables } from '#infrastructure/database/tables';
import { executablePath, installed, launch } from '../../http/front-desk/chromium.ts';
import { aStore, aVault } from '../../infrastructure/identity-providers/store.ts';
import { patience } from '../../patience.ts';

/** Where pictures of the page are kept, to be looked at. None when unset. */
const pictures = process.env.TEST_PICTURES;

const cell = 'internet/integration' as const;
const secret = 'le-secret-qui-ne-doit-etre-vu-qu-une-fois-0123456789abcdef0123456789abcdef';
const clientId = '6c5d4f0a-8f0e-4b52-9a07-2f7f3c1d9e44';
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const languages = ['fr', 'en'] as const;
const button = { fr: 'Afficher les clés', en: 'Show the keys' };

const suiteTitle = installed
  ? 'the one-time page in a browser'
  : `the one-time page: left out, no Chromium at ${executablePath}`;

describe.skipIf(!installed)(suiteTitle, () => {
  const vault = aVault();
  let db: Kysely<Tables>;
  let server: HttpServer;
  let browser: Browser;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    db = await aStore();
    const handovers = sqlHandoverStore(db, vault, () => ({
      discovery: 'https://fca.integ01.dev-agentconnect.fr/api/v2/.well-known/openid-configuration',
      method: 'client_secret_post',
    }));
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      secrets: [],
      ready: async () => true,
      measure: async () => undefined,
      handover: (request) => handoverPage(handovers, request),
      schemas: new Map(),
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
    });
    browser = await launch();
  });
  afterEach(async () => {
    for (const context of opened.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await db.destroy();
  });

  async function aPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    opened.push(context);
    context.setDefaultTimeout(patience);
    return context.newPage();
  }

  async function link(
    changes: { name?: string; expires?: Date; seal?: Vault; replaced?: Date } = {},
  ): Promise<string> {
    const token = newToken();
    await db
      .insertInto('handovers')
      .values({
        token_hash: tokenHash(token),
        registry: 'org/registre',
        cell,
        id: 'agenda',
        client_id: clientId,
        name: changes.name ?? "Agenda des associations de l'agglomération de Montfictif",
        secret: (changes.seal ?? vault).seal(secret, sealingPurpose({ cell, id: 'agenda' }, 'client-secret')),
        expires_at: changes.expires ?? new Date(Date.now() + 86_400_000),
        replaced_at: changes.replaced ?? null,
      })
      .execute();
    return at(token);
  }
  const at = (token: string): string => `http://127.0.0.1:${server.port}/handover/${token}`;

  async function look(page: Page, state: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${state}-phone.png`), fullPage: true });
    await page.setViewportSize({ width: 1100, height: 700 });
    await page.screenshot({ path: join(pictures, `${state}-desk.png`) });
    await page.setViewportSize(phone.viewport);
  }

  /** What axe holds against the page, in words; every rule is run, the advised ones too. */
  async function faults(page: Page): Promise<readonly string[]> {
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)');
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  const press = (page: Page, language: 'fr' | 'en') =>
    page.getByRole('button', { name: button[language], exact: true }).click();

  /** The states that the page may be in, each with the way to it. */
  const states: readonly (readonly [
    state: string,
    status: number,
    reach: (page: Page, language: 'fr' | 'en') => Promise<number | undefined>,
  ])[] = [
    [
      'before',
      200,
      async (page, language) => (await page.goto(`${await link()}?lang=${language}`))?.status(),
    ],
    [
      'revealed',
      200,
      async (page, language) => {
        await page.goto(`${await link()}?lang=${language}`);
        const answered = page.waitForResponse((response) => response.request().method() === 'POST');
        await press(page, language);
        await page.getByText(secret).waitFor();
        return (await answered).status();
      },
    ],
    [
      'gone',
      410,
      async (page, language) => {
        const url = `${await link()}?lang=${language}`;
        await page.goto(url);
        await press(page, language);
        await page.getByText(secret).waitFor();
        return (await page.goto(url))?.status();
      },
    ],
    [
      'expired',
      410,
      async (page, language) =>
        (await page.goto(`${await link({ expires: new Date(0) })}?lang=${language}`))?.status(),
    ],
    [
      'replaced',
      410,
      async (page, language) =>
        (await page.goto(`${await link({ replaced: new Date() })}?lang=${language}`))?.status(),
    ],
    [
      'broken',
      503,
      async (page, language) => {
        await page.goto(`${await link({ seal: aVault() })}?lang=${language}`);
        const answered = page.waitForResponse((response) => response.request().method() === 'POST');
        await press(page, language);
        return (await answered).status();
      },
    ],
    [
      'unknown',
      404,
      async (page, language) => (await page.goto(`${at(newToken())}?lang=${language}`))?.status(),
    ],
  ];

  describe.each(languages)('in %s', (language) => {
    it.each(states)(
      'has no fault of accessibility, and fits a phone and a desk: %s',
      async (state, status, reach) => {
        const page = await aPage(phone);
        // Before the page's own content, where its policy does not reach.
        await page.addInitScript({ content: axe.source });
        expect(await reach(page, language)).toBe(status);
        expect(await page.evaluate('document.documentElement.lang')).toBe(language);
        await look(page, `${state}-${language}`);
        expect(await faults(page)).toEqual([]);
        // Against the phone's own width: a page that is too wide makes the window wider.
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.viewport.width);
        // On a desk, and where people prefer dark pages: it has one look, which stays readable.
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await faults(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
      },
    );

    it('works without JavaScript', async () => {
      const page = await aPage({ javaScriptEnabled: false });
      const url = `${await link()}?lang=${language}`;
      await page.goto(url);
      expect(await page.content()).not.toContain(secret);
      await press(page, language);
      await page.getByText(secret).waitFor();
      expect(await page.getByText(clientId).count()).toBe(1);
      await page.goto(url);
      expect(await page.content()).not.toContain(secret);
    });

    it('works with the keyboard alone', async () => {
      const page = await aPage();
      await page.goto(`${await link()}?lang=${language}`);
      const focused = () => page.evaluate<string>("document.activeElement?.textContent ?? ''");
      await page.keyboard.press('Tab');
      expect(await focused()).toBe(button[language]);
      expect(
        await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle'),
        'where one is can be seen',
      ).toBe('solid');
      await page.keyboard.press('Enter');
      await page.getByText(secret).waitFor();
      await page.keyboard.press('Tab');
      expect(await focused()).toBe(clientId);
      await page.keyboard.press('Tab');
      expect(await focused()).toBe(secret);
    });
  });

  it('shows nothing to those who only open the link, however often', async () => {
    const url = await link();
    const page = await aPage({ locale: 'fr-FR' });
    for (let visit = 0; visit < 3; visit += 1) {
      await page.goto(url);
      const content = await page.content();
      expect(content).not.toContain(secret);
      expect(content).not.toContain(clientId);
    }
    await press(page, 'fr');
    await page.getByText(secret).waitFor();
  });

  it('changes language by its link, before the keys are shown', async () => {
    const page = await aPage({ locale: 'fr-FR' });
    await page.goto(await link());
    await page.getByRole('link', { name: 'Read in English' }).click();
    await page.getByRole('button', { name: button.en }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });

  it('runs no script and loads nothing from elsewhere, whatever gets into it', async () => {
    const page = await aPage();
    const loaded: string[] = [];
    page.on('response', (response) => loaded.push(new URL(response.url()).pathname));
    const url = await link({
      name: '<script>window.acted = 1</script><img src=/stolen onerror="acted = 1">',
    });
    await page.goto(url);
    expect(await page.evaluate('typeof acted')).toBe('undefined');
    const refused = await page.evaluate<string[]>(`new Promise((resolve) => {
      const refused = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        refused.push(event.effectiveDirective);
        if (refused.length === 3) resolve(refused.sort());
      });
      const script = document.createElement('script');
      script.textContent = 'window.acted = 1';
      const image = document.createElement('img');
      image.src = '/stolen';
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      document.body.append(script, image, style);
    })`);
    expect(refused).toEqual(['img-src', 'script-src-elem', 'style-src-elem']);
    expect(await page.evaluate('typeof acted')).toBe('undefined');
    expect(loaded).toEqual([new URL(url).pathname]);
  });
});
