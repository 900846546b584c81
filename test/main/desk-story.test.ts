/** Camille, who has no account at GitHub, at the desk of a whole service: from the form to the keys. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedServices } from '#application/recertification/recertification-store';
import { agent } from '#demo/openid-provider';
import { TextBrowser } from '#demo/text-browser';
import { waitUntil } from '#demo/wait-until';
import { soundValues } from '../http/front-desk/desk-server.ts';
import { patience } from '../patience.ts';
import { DeskService } from './desk-service.ts';

const values = {
  ...soundValues,
  'organization.siret': agent.siret,
  environment: 'integration',
  datapass: '',
  'contacts.technical': agent.email,
};

describe('the front desk of a whole service', () => {
  let desk: DeskService;
  beforeAll(async () => {
    desk = await DeskService.open();
  });
  afterAll(() => desk.close());

  it('takes a request from the form to the keys', async () => {
    const { origin, bob, registry, mailbox, openid, lines } = desk;
    const pulls = () => desk.pulls();
    const camille = new TextBrowser();
    const signedIn = await camille.press(await camille.open(new URL('/connexion', origin)));
    const csrf = /name="csrf" value="([^"]+)"/.exec(signedIn.html)?.[1] ?? '';
    const post = (path: string, body: Record<string, string>) =>
      camille.open(new URL(path, origin), undefined, {
        method: 'POST',
        body: new URLSearchParams({ csrf, ...body }),
        headers: { origin },
      });
    const page = async () => (await camille.open(new URL('/demandes/1', origin))).html;
    const pageSays = (words: string) =>
      waitUntil(async () => {
        const html = await page();
        return html.includes(words) && html;
      }, patience);

    // Pressed twice at once, then again from the page before.
    const [sent] = await Promise.all([1, 2].map(() => post('/demande', { ...values, action: 'send' })));
    if (sent === undefined) return expect.fail();
    await post('/demande', { ...values, action: 'send' });
    expect(sent.url.pathname).toBe('/demandes/1');
    expect(await pageSays('En attente d’une décision')).toBeDefined();
    expect(await page()).toContain('L’accord d’une personne de l’équipe');
    const [pull, ...others] = pulls();
    if (pull === undefined) return expect.fail();
    expect(others).toEqual([]);
    // Where the definition names it, the plan of the comment does too.
    expect(`${pull.title}
${pull.body}`).not.toContain('@');

    bob.comment(registry, pull, 'Quel est le public visé ? <script>');
    expect(await pageSays('Quel est le public visé ? &lt;script&gt;')).toBeDefined();
    const asked = await mailbox.waitFor(({ subject }) => subject.includes('un message pour vous'), patience);
    expect(asked?.to).toEqual([agent.email]);
    expect(asked?.text).toContain(`${origin}/demandes/1`);
    expect(asked?.raw).not.toContain('public vis');

    const id = /name="id" value="([^"]+)"/.exec(await page())?.[1] ?? '';
    await post('/demandes/1', { action: 'answer', id, answer: '@bob les agents' });
    await post('/demandes/1', { action: 'answer', id, answer: '@bob les agents' });
    expect(
      await waitUntil(() => pull.comments.some(({ body }) => body.includes('> @bob les agents')), patience),
    ).toBe(true);

    // A form that says nothing of the request that is open is no correction of it.
    const other = await post('/demande', {
      ...values,
      description: 'Partager les agendas des associations',
      action: 'send',
    });
    expect(other.html).toContain('Corriger la demande 1 avec ces réponses');
    const from = 'internet/integration/agenda-des-associations';
    const corrected = { ...values, from, description: 'Gérer les agendas de toutes les associations' };
    await post('/demande', { ...corrected, action: 'send' });
    const commits = () => registry.git.commitsBetween(pull.pull.baseSha, pull.pull.headSha).length;
    expect(await waitUntil(() => commits() === 2, patience)).toBe(true);

    bob.approve(registry, pull);
    expect(await pageSays('Prête, plus rien ne manque')).toBeDefined();
    bob.merge(registry, pull);
    expect(await pageSays('Afficher les clés')).toBeDefined();
    expect(await mailbox.waitFor(({ subject }) => subject.includes('acceptée'), patience)).toBeDefined();
    const shown = await post('/demandes/1', { action: 'keys' });
    const made = openid.clients().find((client) => client.client_name === values.name);
    expect(shown.html).toContain(String(made?.client_secret));
    expect(await page()).not.toContain(String(made?.client_secret));
    expect((await post('/demandes/1', { action: 'keys' })).html).not.toContain(String(made?.client_secret));

    // A year later the registry asks whether the service still exists: answered by its contact, then by someone who may write.
    const { db } = desk.context.store;
    const { registry: key } = desk.context.registry;
    const row = {
      registry: key,
      topic: 'recertify internet/integration/agenda-des-associations',
      issue: null,
    };
    const asks = async () => {
      const digest = JSON.stringify({ from: 0, asked: Date.now() });
      await db.deleteFrom('topics').where('topic', '=', row.topic).execute();
      await db
        .insertInto('topics')
        .values({ ...row, digest })
        .execute();
    };
    const isAsked = async () => (await askedServices(db, key)).size > 0;
    const own = async () => (await camille.open(new URL('/demandes', origin))).html;
    expect(await own()).not.toContain('value="keep"');
    await asks();
    expect(await own()).toContain('value="keep"');
    const path = 'service-providers/internet/integration/agenda-des-associations.yaml';
    expect((await post('/demandes', { action: 'keep', path })).html).not.toContain('value="keep"');
    expect(await isAsked()).toBe(false);
    await asks();
    const kept = bob.comment(registry, pull, '/greffier keep');
    expect(await waitUntil(async () => !(await isAsked()), patience)).toBe(true);
    expect(await waitUntil(() => kept.reactions.some(({ content }) => content === '+1'), patience)).toBe(
      true,
    );

    expect(pulls()).toHaveLength(1);
    // Their own service, for which a removal is another request.
    const list = await camille.open(new URL('/demandes', origin));
    expect(list.html).toContain('Passer en production');
    const [, removal = ''] = /name="id" value="([^"]+)"/.exec(list.html) ?? [];
    await post('/demandes', { action: 'remove', id: removal, path });
    const removing = await waitUntil(() => pulls().find(({ number }) => number !== pull.number), patience);
    expect(removing?.title).toMatch(
      /^Demande \d+\s: retirer internet\/integration\/agenda-des-associations$/,
    );
    const form = await camille.open(new URL(`/demande?from=${from}`, origin));
    expect(form.html).toContain('Gérer les agendas de toutes les associations');
    expect(pull.comments.filter(({ body }) => body.includes('> @bob les agents'))).toHaveLength(1);
    expect(openid.clients().filter((client) => client.client_name === values.name)).toHaveLength(1);
    const toCamille = mailbox.mails.map(({ subject }) => subject);
    expect(new Set(toCamille).size).toBe(toCamille.length);
    expect(lines.join('\n')).not.toContain(agent.email);
  });
});
