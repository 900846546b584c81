/** What a newcomer does with `--keep`: their own request, by the forms of pages, from the first address that is printed. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DemoEnvironment, startEnvironment } from '#demo/environment';
import { formsOf } from '#demo/forms';
import { demoTranslator } from '#demo/messages';
import { showAddresses } from '#demo/next-steps';
import { Presenter } from '#demo/presenter/presenter';
import { TextBrowser } from '#demo/text-browser';
import { unescapeHtml } from '#demo/unescape-html';
import { waitUntil } from '#demo/wait-until';
import { patience } from '../patience.ts';
import { crawl } from './crawl.ts';

const entry = join(import.meta.dirname, '../../src/cli/cli.ts');
const alex = {
  given_name: 'Alex',
  usual_name: 'Martin <b>',
  email: 'alex.martin@mairie-nouvelle.fr',
  siret: '21999900000017',
};
let environment: DemoEnvironment;
let printed: string;

beforeAll(async () => {
  environment = await startEnvironment({ entry, language: 'fr' });
  await environment.bot.start();
  printed = '';
  const presenter = new Presenter({
    write: (text) => (printed += text),
    coloured: false,
    width: 100,
    pause: 0,
  });
  showAddresses(environment, presenter, demoTranslator('fr'));
});
afterAll(() => environment.stop());

/** The addresses in the order in which they are printed. */
const addresses = () => printed.match(/(?<=\u00a0: )https?:\/\/\S+/g) ?? [];

it('leads from the desk to keys, and the keys to a sign-in', async () => {
  const [desk = '', registry = '', mails = '', application = ''] = addresses();
  expect(desk).toBe(`${environment.bot.url}/`);
  const redirect = /http:\/\/localhost:\d+\/auth\/retour/.exec(printed)?.[0] ?? '';
  const browser = new TextBrowser();
  const press = browser.submit.bind(browser);

  const home = await browser.open(new URL(desk));
  const [, signIn = ''] = /<a href="(\/connexion[^"]*)"/.exec(home.html) ?? [];
  const provider = await browser.open(new URL(signIn, desk));
  const signedIn = await press(provider, { words: 'Se connecter' }, alex);
  expect(signedIn.html).toContain('Alex Martin &lt;b&gt;');

  const form = await browser.open(new URL('/demande', desk));
  const check = await press(
    form,
    { name: 'action', value: 'check' },
    { name: 'Annuaire des élus', network: 'internet', environment: 'integration', redirect_uris: redirect },
  );
  expect(check.html).toContain('name="action" value="send"');
  const request = await press(check, { name: 'action', value: 'send' });
  expect(request.url.pathname).toBe('/demandes/1');

  const pull = await waitUntil(async () => {
    const list = await browser.open(new URL(registry));
    return /href="([^"]*\/pull\/\d+)"/.exec(list.html)?.[1];
  }, patience);
  const open = () => browser.open(new URL(pull ?? '', registry));
  expect(await waitUntil(async () => (await open()).html.includes('La fusion est possible.'), patience)).toBe(
    true,
  );
  const merged = await press(await open(), { name: 'do', value: 'merge' });
  expect(merged.html).toContain('fusionnée');

  const ready = await waitUntil(async () => {
    const page = await browser.open(request.url);
    return page.html.includes('value="keys"') && page;
  }, patience);
  if (!ready) return expect.fail();
  const shown = await press(ready, { name: 'action', value: 'keys' });
  const [clientId = '', secret = ''] = [...shown.html.matchAll(/<code\b[^>]*>([^<]+)<\/code>/g)].map(
    ([, text]) => unescapeHtml(text ?? ''),
  );
  const start = await browser.open(new URL(application));
  const asked = await press(start, {}, { client_id: clientId, client_secret: secret });
  expect(asked.html).toContain('Se connecter à Annuaire des élus');
  const inside = await press(asked, { words: 'Se connecter' }, alex);
  expect(inside.url.href.startsWith(redirect)).toBe(true);
  expect(inside.html).toContain('<strong>Alex Martin &lt;b&gt;</strong>');
  // A secret that is not the one is refused, and so is coming back twice.
  expect((await browser.open(inside.url)).status).toBe(400);
  const wrong = await press(start, {}, { client_id: clientId, client_secret: `${secret}x` });
  const refused = await press(wrong, { words: 'Se connecter' }, alex);
  expect([refused.status, refused.html.includes('invalid_client')]).toEqual([400, true]);

  // The way to production is a pull request that the App proposes.
  await press(await open(), { name: 'do', value: 'comment' }, { body: '/greffier promote' });
  const promotion = await waitUntil(async () => {
    const list = await browser.open(new URL(registry));
    const pulls = [...list.html.matchAll(/href="([^"]*\/pull\/\d+)"/g)].map(([, href]) => href);
    return pulls.find((href) => href !== pull);
  }, patience);
  const proposed = await browser.open(new URL(promotion ?? '', registry));
  expect(proposed.html).toContain('service-providers/internet/production/annuaire-des-elus.yaml');

  // Whatever links there are lead to pages: hers, the operator's, and everyone's.
  expect(
    await waitUntil(async () => (await browser.open(new URL(mails))).html.includes('Demande 1'), patience),
  ).toBe(true);
  const own = await crawl([desk, `${desk}demandes`, registry, mails, application], browser);
  expect(own.dead).toEqual([]);
  expect(own.opened.length).toBeGreaterThan(20);
  const operator = new TextBrowser();
  const who = await operator.open(new URL('/connexion?retour=/suivi', desk));
  const dominique = formsOf(who.html)
    .flatMap(({ controls }) => controls)
    .find(({ words }) => words.startsWith('Dominique'));
  const follow = await operator.submit(who, { words: dominique?.words ?? '' });
  expect([follow.url.pathname, follow.status]).toEqual(['/suivi', 200]);
  // Somebody else's request is as one that is not there, also to them.
  const dead = (await crawl(addresses(), operator)).dead.filter((link) => !/\/demandes\/\d+/.test(link));
  expect(dead).toEqual([]);
});

it('hands the file over to who does not sign in, by a link that has it filled in', async () => {
  const [desk = ''] = addresses();
  const browser = new TextBrowser();
  const check = await browser.submit(
    await browser.open(new URL('/demande', desk)),
    { name: 'action', value: 'check' },
    {
      'organization.siret': alex.siret,
      name: 'Registre des arbres',
      network: 'internet',
      environment: 'integration',
      redirect_uris: 'http://localhost:3000/retour',
      'contacts.technical': alex.email,
    },
  );
  const [, link = ''] = /href="([^"]*\/new\/main[^"]*)"/.exec(check.html) ?? [];
  const file = await browser.open(new URL(unescapeHtml(link)));
  expect(file.url.href.startsWith(environment.github.url)).toBe(true);
  const pull = await browser.submit(file, {}, { as: 'sacha' });
  expect(pull.html).toContain('+name: Registre des arbres');
});

it('merges nothing while the check is pending', async () => {
  const [, registry = ''] = addresses();
  const browser = new TextBrowser();
  const form = await browser.open(
    new URL(
      `${registry}/new/main?filename=service-providers/internet/production/essai.yaml&value=version:+1`,
    ),
  );
  // Nobody is there to judge.
  await environment.bot.kill();
  const pull = await browser.submit(form, {}, { as: 'sacha' });
  const before = environment.registry.git.branch('main');
  const refused = await browser.submit(pull, { name: 'do', value: 'merge' }, { as: 'dominique' });
  expect(refused.status).toBe(405);
  expect(refused.html).toContain('Required status check &quot;greffier&quot; is expected.');
  const asked = await fetch(
    `${environment.github.api}/repos/registre-fictif/proconnect/pulls/${pull.url.pathname.split('/').at(-1)}/merge`,
    { method: 'PUT', headers: { authorization: `Bearer ${environment.reviewer.token}` } },
  );
  expect([asked.status, await asked.json()]).toMatchObject([
    405,
    { message: expect.stringContaining('"greffier" is expected') },
  ]);
  expect(environment.registry.git.branch('main')).toBe(before);
});
