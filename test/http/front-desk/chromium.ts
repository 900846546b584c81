/** The pages in Chromium, as people meet them: what is wrong with one, whichever it is. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { patience } from '../../patience.ts';

/** Debian's. Tests never download a browser. */
export const executablePath = process.env.TEST_CHROMIUM ?? '/usr/bin/chromium';
export const installed = existsSync(executablePath);
/** Where pictures of the pages are kept, to be looked at. None when unset. */
const pictures = process.env.TEST_PICTURES;
/** Bytes of a page with all that it loads. */
const maxWeight = 60_000;

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 900 };
/** With and without scripts, on a phone and on a desk. */
export const visits: readonly (readonly [string, BrowserContextOptions])[] = [
  ['on a phone', { viewport: phone, isMobile: true, hasTouch: true }],
  ['on a phone, without scripts', { viewport: phone, javaScriptEnabled: false }],
  ['on a desk, in the dark', { viewport: desktop, colorScheme: 'dark' }],
  ['on a desk, without scripts', { viewport: desktop, javaScriptEnabled: false }],
];

export function launch(): Promise<Browser> {
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args, chromiumSandbox: false });
}

export async function visit(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ locale: 'fr-FR', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  // Before the page's own content, where its policy does not reach.
  await page.addInitScript({ content: axe.source });
  return page;
}

/** What axe holds against a page, whether it is wider than the screen, and whether it weighs too much. */
export async function faultsOf(
  page: Page,
  options: BrowserContextOptions,
  state: string,
): Promise<readonly string[]> {
  const { width = 0 } = options.viewport ?? {};
  const plain = options.javaScriptEnabled === false;
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    const scheme = `${options.colorScheme ?? 'light'}${plain ? '-plain' : ''}`;
    await page.screenshot({ path: join(pictures, `${state}-${width}-${scheme}.png`), fullPage: true });
  }
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
  const weight = await weightOf(page);
  const own = [
    ...(wide > width ? [`${state}: ${wide} px wide on ${width}`] : []),
    ...(weight > maxWeight ? [`${state}: ${weight} bytes`] : []),
  ];
  // axe is a script itself.
  if (plain) return own;
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)');
  return [
    ...own,
    ...violations.map(({ id, nodes }) => `${state}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
  ];
}

/** The page itself and the files that it names, each as long as it is before anything compresses it. */
async function weightOf(page: Page): Promise<number> {
  const html = await page.content();
  const files = await page
    .locator('link[rel=stylesheet], link[rel=icon], script[src]')
    .evaluateAll((elements) =>
      elements.map((element) => (element.getAttribute('href') ?? element.getAttribute('src')) || ''),
    );
  const lengths = await Promise.all(
    files.map(async (file) => (await (await fetch(new URL(file, page.url()))).arrayBuffer()).byteLength),
  );
  return lengths.reduce((sum, length) => sum + length, Buffer.byteLength(html));
}
