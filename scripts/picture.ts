/**
 * `npm run picture`: takes the README's pictures, of recorded comments and of the front desk, in Chromium (`CHROMIUM`, by default Debian's).
 * `npm run picture -- DIR CASE…` takes those of other recorded reviews, in three widths, to look at.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { commentPage } from './comment-page.ts';
import { type DeskPage, deskPages } from './desk-pages.ts';
import { withTextChunk } from './png.ts';
import { commentDigest, readmePictures, recordedComment, root, sourceKeyword } from './readme-pictures.ts';

/** Pixels: a large window, a small one, a telephone. */
const widths = [1280, 768, 360];

async function take(browser: Browser, comment: string, width: number): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width, height: 400 } });
  await page.setContent(commentPage(comment));
  const picture = await page.screenshot({ fullPage: true });
  await page.close();
  return withTextChunk(picture, sourceKeyword, commentDigest(comment));
}

async function takeDesk(browser: Browser, { html, height }: DeskPage): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 860, height } });
  await page.setContent(html);
  const picture = await page.screenshot();
  await page.close();
  return withTextChunk(picture, sourceKeyword, commentDigest(html));
}

const [folder, ...cases] = process.argv.slice(2);
const shots =
  folder === undefined
    ? Object.entries(readmePictures).map(([path, review]) => ({ path: join(root, path), review, width: 860 }))
    : cases.flatMap((review) =>
        widths.map((width) => ({ path: join(folder, `${review}-${width}.png`), review, width })),
      );
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
  chromiumSandbox: false,
});
for (const { path, review, width } of shots) keep(path, await take(browser, recordedComment(review), width));
if (folder === undefined)
  for (const [path, page] of Object.entries(await deskPages()))
    keep(join(root, path), await takeDesk(browser, page));
await browser.close();

function keep(path: string, picture: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, picture);
  process.stdout.write(`${path} ${picture.length} bytes\n`);
}
