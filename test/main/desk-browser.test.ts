/** Camille, and a stranger, at the desk of a whole service in a real browser: every story, with and without scripts. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseDerivedKeyring } from '#application/handover/secrets/keyring';
import type { PullRequest } from '#demo/github/state';
import { agent } from '#demo/openid-provider';
import { waitUntil } from '#demo/wait-until';
import { Sessions, sessionKeyPurpose } from '#http/front-desk/session';
import { executablePath, faultsOf, installed, launch, visit, visits } from '../http/front-desk/chromium.ts';
import { patience } from '../patience.ts';
import { DeskService } from './desk-service.ts';

const title = installed ? 'the desk in a browser' : `the desk: left out, no Chromium at ${executablePath}`;

describe.skipIf(!installed)(title, () => {
  let desk: DeskService;
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  // One of its own for each story: the desk counts the forms of each person.
  beforeEach(async () => {
    desk = await DeskService.open();
  });
  afterEach(() => desk.close());
  afterAll(() => browser.close());

  const textOf = async (page: Page): Promise<string> => (await page.locator('main').textContent()) ?? '';
  /** Loads the page anew until it says so: nothing moves by itself. */
  async function until(page: Page, words: string): Promise<void> {
    const said = await waitUntil(async () => {
      // What was pressed may still be on its way.
      await page.reload().catch(() => undefined);
      return (await textOf(page)).includes(words);
    }, patience);
    expect(said, words).toBe(true);
  }
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const follow = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).first().click();
  const pullOf = async (known: ReadonlySet<number>): Promise<PullRequest> => {
    const found = await waitUntil(() => desk.pulls().find(({ number }) => !known.has(number)), patience);
    return found ?? expect.fail('no pull request');
  };
  const knownPulls = () => new Set(desk.pulls().map(({ number }) => number));
  /** The texts of the headings, in the order in which they are read. */
  const headings = async (page: Page): Promise<string> =>
    Array.from(
      (await page.locator('main').ariaSnapshot()).matchAll(/heading "([^"]*)"/g),
      ([, heading]) => heading,
    ).join(' | ');

  it.each(visits)(
    'takes a service from six faults to its keys, changes, promotes and withdraws, %s',
    async (where, options: BrowserContextOptions) => {
      const { origin, bob, registry } = desk;
      const number = visits.findIndex(([name]) => name === where) + 1;
      const page = await visit(browser, options);
      const sound = async (state: string) => expect(await faultsOf(page, options, state)).toEqual([]);
      const id = `salles-du-quartier-${number}`;
      const name = `Salles du quartier ${number}`;

      // A new request, with six faults.
      await page.goto(`${origin}/`);
      await sound('home');
      await follow(page, 'Se connecter');
      await page.getByRole('button').first().click();
      await page.getByRole('heading', { name: 'Mes demandes' }).waitFor();
      await sound('requests-empty');
      await page.getByRole('navigation').getByRole('link', { name: 'Faire une demande' }).click();
      const fill = async (values: Readonly<Record<string, string>>) => {
        for (const [field, value] of Object.entries(values)) await page.fill(`[name="${field}"]`, value);
      };
      await page.check('[name=network][value=internet]');
      await page.check('[name=environment][value=integration]');
      await fill({
        'organization.siret': '219 999 000 00017',
        name: `Salles # ${number}`,
        redirect_uris: `https://salles-${number}.montfictif.fr/retour\nhttp://salles-${number}.montfictif.fr/cb`,
        post_logout_redirect_uris: 'https://ailleurs.example.org/au-revoir',
        'contacts.support': 'aide',
        'contacts.technical': `${agent.email}\nexploitation`,
      });
      await press(page, 'Vérifier mes réponses');
      await page.getByRole('heading', { name: 'Il y a 6 réponses à corriger' }).waitFor();
      await sound('faults');
      await press(page, 'Tout corriger');
      await fill({
        name,
        post_logout_redirect_uris: `https://salles-${number}.montfictif.fr/au-revoir`,
        'contacts.support': 'aide@montfictif.fr',
        'contacts.technical': agent.email,
      });
      await press(page, 'Vérifier mes réponses');
      await page.getByRole('heading', { name: 'Vérifiez vos réponses' }).waitFor();
      await sound('check');
      const before = knownPulls();
      await press(page, 'Envoyer la demande');
      await page.getByRole('heading', { name: /Demande \d+/ }).waitFor();
      await until(page, 'En attente d’une décision');
      await sound('request-waiting');
      const request = page.url();
      const pull = await pullOf(before);

      // A reviewer asks for something; the correction is the form again.
      bob.comment(registry, pull, 'Pour quels agents ?');
      bob.review(registry, pull, 'REQUEST_CHANGES', 'Ajoutez une description.');
      await until(page, 'Ajoutez une description.');
      await until(page, 'À corriger');
      await sound('request-to-correct');
      expect(await headings(page)).toMatch(
        /^Demande \d+ : Salles du quartier \d \| Échanges \| Corriger \| Répondre$/,
      );
      await page.getByLabel('Répondre').fill('Tous les agents de la ville.');
      await press(page, 'Envoyer la réponse');
      await page.getByText('Tous les agents de la ville.').waitFor();
      await follow(page, 'Reprendre le formulaire avec vos réponses');
      await sound('correction');
      await fill({ description: 'Réserver une salle du quartier' });
      await press(page, 'Vérifier mes réponses');
      await press(page, 'Envoyer la demande');
      expect(page.url()).toBe(request);
      const commits = () => registry.git.commitsBetween(pull.pull.baseSha, pull.pull.headSha).length;
      expect(await waitUntil(() => commits() === 2, patience)).toBe(true);
      await waitUntil(
        () => registry.checkRuns.some(({ headSha }) => headSha === pull.pull.headSha),
        patience,
      );
      bob.approve(registry, pull);
      await until(page, 'Prête, plus rien ne manque');
      bob.merge(registry, pull);
      await waitUntil(async () => {
        await page.reload().catch(() => undefined);
        return page.getByRole('button', { name: 'Afficher les clés' }).isVisible();
      }, patience);
      await sound('request-keys');
      await press(page, 'Afficher les clés');
      const made = desk.openid.clients().filter(({ client_name: one }) => one === name);
      expect(made).toHaveLength(1);
      await page.getByText(String(made[0]?.client_secret)).waitFor();
      await sound('keys');

      // Their own service: a change of it, which is then withdrawn.
      await page.goto(`${origin}/demandes`);
      await sound('requests');
      const own = page.getByRole('listitem').filter({ hasText: name });
      await own
        .getByRole('link', { name: /^Modifier/ })
        .first()
        .click();
      await page.getByRole('heading', { name: 'Modifier une demande' }).waitFor();
      await fill({ description: 'Réserver et annuler une salle du quartier' });
      await press(page, 'Vérifier mes réponses');
      await page.getByText('sera modifié').waitFor();
      await press(page, 'Envoyer la demande');
      await page.getByRole('heading', { name: /Demande \d+/ }).waitFor();
      await until(page, 'En attente d’une décision');
      // A contact's word is an owner's.
      expect(await textOf(page)).not.toContain('contacts techniques actuels');
      await page.getByText('Retirer cette demande').click();
      await press(page, 'Retirer la demande');
      await until(page, 'Vous avez retiré cette demande.');
      await sound('request-withdrawn');

      // To production: only what is missing is asked.
      await page.goto(`${origin}/demandes`);
      await own
        .getByRole('link', { name: /^Passer en production/ })
        .first()
        .click();
      await page.getByRole('heading', { name: 'Passer en production' }).waitFor();
      await sound('promotion');
      await fill({ datapass: 'H4821' });
      await page.check('[name=private_sector][value=false]');
      await press(page, 'Vérifier mes réponses');
      await page.getByRole('heading', { name: 'Vérifiez vos réponses' }).waitFor();
      await press(page, 'Envoyer la demande');
      await until(page, 'En attente d’une décision');
      await sound('request-production');

      // Those who keep it all.
      await follow(page, 'Suivi');
      await page.getByRole('heading', { name: 'Suivi' }).waitFor();
      await page.getByLabel(/Nom du fichier/).fill(id);
      await press(page, 'Afficher');
      await page.getByText('client créé').first().waitFor();
      await sound('overview');
      expect(await headings(page)).toBe(
        'Suivi | Demandes | Les plus anciennes qui attendent | Cellules | internet/integration | Tickets ouverts | Travail | Histoire d’un client',
      );
      await page.goto(`${origin}/services`);
      await sound('services');
      await page.context().close();

      // A stranger: the id is taken, what is there is told to nobody, and a change of it is for people to decide.
      const stranger = await visit(browser, options);
      const keyring = parseDerivedKeyring(desk.key, sessionKeyPurpose);
      if (keyring === undefined) return expect.fail();
      const sessions = new Sessions({
        keyring,
        origin,
        issuer: desk.openid.issuer,
        now: Date.now,
        ended: async () => false,
      });
      const bea = { key: String(number).repeat(64), email: 'bea@ailleurs.fr', siret: '13002526500013' };
      const [, cookie = ''] = /^[^=]+=([^;]+)/.exec(sessions.begin(bea, undefined)) ?? [];
      await stranger.context().addCookies([{ name: 'guichet', value: cookie, url: origin }]);
      await stranger.goto(`${origin}/demande?from=internet/integration/${id}`);
      expect(await textOf(stranger)).toContain('n’est pas la vôtre');
      expect(await stranger.content()).not.toContain(agent.email);
      await stranger.check('[name=network][value=internet]');
      await stranger.check('[name=environment][value=integration]');
      for (const [field, value] of Object.entries({
        'organization.siret': '13002526500013',
        name,
        redirect_uris: `https://autre-${number}.montfictif.fr/retour`,
        'contacts.technical': 'bea@ailleurs.fr',
        id,
      }))
        await stranger.fill(`[name="${field}"]`, value);
      await press(stranger, 'Vérifier mes réponses');
      await stranger.getByText('Un service porte déjà ce nom de fichier').waitFor();
      expect(await faultsOf(stranger, options, 'taken')).toEqual([]);
      await press(stranger, 'Demander à changer le service existant');
      await press(stranger, 'Vérifier mes réponses');
      await press(stranger, 'Envoyer la demande');
      await stranger.getByRole('heading', { name: /Demande \d+/ }).waitFor();
      await until(stranger, 'En attente d’une décision');
      const said = await textOf(stranger);
      expect(said).toContain('n’est pas parmi les contacts techniques actuels');
      expect(said).not.toContain(agent.email);
      expect(said).not.toContain(`salles-${number}.montfictif.fr`);
      expect(await faultsOf(stranger, options, 'stranger')).toEqual([]);
      await stranger.context().close();
    },
    180_000,
  );
});
