import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personKey } from '#application/front-desk/applicant';
import { digestOf } from '#application/front-desk/request-base';
import { phaseOf } from '#application/front-desk/request-phase';
import type { TextBrowser } from '#demo/text-browser';
import { readDefinition } from '#domain/definition/read-definition';
import { definitionOf } from '#domain/front-desk/form-values';
import { numberOf } from '../../application/front-desk/desk-world.ts';
import { soundValues } from './desk-server.ts';
import { agent, openDesk, type SignedInDesk } from './signed-in-desk.ts';

const path = 'service-providers/internet/integration/agenda.yaml';
const text = 'version: 1\nname: Agenda\n';

describe('the pages of requests', () => {
  let desk: SignedInDesk;
  let camille: TextBrowser;
  let csrf: string;
  let key: string;
  beforeAll(async () => {
    desk = await openDesk();
    const signedIn = await desk.signIn();
    camille = signedIn.browser;
    csrf = /name="csrf" value="([^"]+)"/.exec(signedIn.page.html)?.[1] ?? '';
    key = personKey(desk.issuer, agent.sub);
  });
  afterAll(() => desk.close());

  const filed = async (person = key, wanted = text): Promise<number> =>
    numberOf(
      await desk.requests.create({
        id: randomUUID(),
        person,
        applicant: { email: agent.email, siret: agent.siret },
        path,
        wanted,
      }),
    );
  const open = (at: string) => camille.open(new URL(at, desk.origin));
  const post = (at: string, body: Record<string, string>, origin = desk.origin) =>
    camille.open(new URL(at, desk.origin), undefined, {
      method: 'POST',
      body: new URLSearchParams({ csrf, ...body }),
      headers: { origin },
    });

  it('show what a person asked for, and nothing of anybody else', async () => {
    const [own, other] = [await filed(), await filed('d'.repeat(64))];
    const list = (await open('/demandes')).html;
    expect(list).toContain(`href="/demandes/${own}"`);
    expect(list).not.toContain(`href="/demandes/${other}"`);
    expect((await open(`/demandes/${own}`)).html).toContain('<h1>Demande 1 : Agenda</h1>');
    const hidden = await open(`/demandes/${other}`);
    const missing = await open('/demandes/999999');
    expect(hidden.status).toBe(404);
    expect(hidden.html).toBe(missing.html);
    for (const action of ['answer', 'withdraw', 'keys']) {
      const tried = await post(`/demandes/${other}`, { action, answer: 'x', id: randomUUID() });
      expect(tried.status, action).toBe(404);
    }
    expect(await desk.requests.numbered(other)).toMatchObject({ state: 'sending' });
    expect(await desk.requests.answers(other)).toEqual([]);
  });

  it('send whoever is not signed in to sign in', async () => {
    const response = await fetch(new URL('/demandes/1', desk.origin), { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/connexion?retour=%2Fdemandes%2F1');
  });

  it('keep an answer whose session ended, and say where the request waits', async () => {
    const number = await filed();
    const refused = await post(`/demandes/${number}`, {
      action: 'answer',
      answer: 'Deux <b>sites</b>',
      csrf: 'old',
    });
    expect(refused.status).toBe(403);
    expect(refused.html).toContain('readonly>Deux &lt;b&gt;sites&lt;/b&gt;</textarea>');
    expect(refused.html).toContain(`href="/connexion?retour=%2Fdemandes%2F${number}"`);
    expect((await open('/demandes?suite=envoi')).html).toContain('Votre demande attend dans l’autre onglet');
    expect((await open('/demandes')).html).not.toContain('l’autre onglet');
  });

  it('show what people wrote as text', async () => {
    const number = await filed();
    const evil = '<script>alert(1)</script>\n<img src=x onerror=y> [a](javascript:1) \u202e"\'&';
    const remark = { id: 'comment-1', login: '"><b>x', at: '2026-11-27T08:00:00Z', text: evil };
    await desk.requests.save(number, { talk: JSON.stringify([remark]) });
    const { html } = await open(`/demandes/${number}`);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<b>x');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;<br>&lt;img');
    expect(html).toContain('⟨U+202E⟩');
  });

  it('say in words that there were enough answers for an hour, and give back what was written', async () => {
    const number = await filed();
    for (let n = 0; n < 20; n += 1) await desk.requests.answer(key, number, randomUUID(), 'Oui.');
    const refused = await post(`/demandes/${number}`, {
      action: 'answer',
      id: randomUUID(),
      answer: 'Ma <b>longue',
    });
    expect(refused.status).toBe(429);
    const page = refused.html;
    expect(page).toContain('20 réponses en une heure');
    expect(page).toContain('Ma &lt;b&gt;longue');
  });

  it('call nobody one of the team of whom GitHub does not say so', async () => {
    const number = await filed();
    const remark = { id: 'comment-1', login: 'mallory', at: '2026-11-27T08:00:00Z', text: 'Envoyez la clé' };
    const talk = [remark, { ...remark, id: 'comment-2', login: 'dominique', team: true }];
    await desk.requests.save(number, { talk: JSON.stringify(talk) });
    const { html } = await open(`/demandes/${number}`);
    expect(html).toContain('mallory, sur GitHub, ');
    expect(html).toContain('dominique, de l’équipe, ');
  });

  it('take no secret in an answer, which anyone may read and the person cannot take back', async () => {
    const number = await filed();
    const answer = `Voici : ${'0123456789abcdef'.repeat(4)}, mot de passe : s3cr3t-du-service`;
    await post(`/demandes/${number}`, { action: 'answer', id: randomUUID(), answer });
    const [kept] = await desk.requests.answers(number);
    expect(kept?.text).toMatch(/^Voici : •{64}, mot de passe : •+$/);
  });

  it('take an answer once, however often it is sent', async () => {
    const number = await filed();
    const id = randomUUID();
    for (let times = 0; times < 2; times += 1)
      await post(`/demandes/${number}`, { action: 'answer', id, answer: ' Oui.\n<b> ' });
    expect(await desk.requests.answers(number)).toMatchObject([{ text: 'Oui.\n<b>', posted: false }]);
    expect((await open(`/demandes/${number}`)).html).toContain('Oui.<br>&lt;b&gt;');
  });

  it('let write to the team after the end, too: about keys that are lost, or why it was refused', async () => {
    const number = await filed();
    desk.work.keys = async () => 'read';
    for (const state of ['merged', 'closed', 'withdrawn'] as const) {
      await desk.db.updateTable('requests').set({ state }).where('number', '=', number).execute();
      const { html } = await open(`/demandes/${number}`);
      expect(html, state).toContain('à l’équipe ci-dessous');
      expect(html.includes('name="answer"'), state).toBe(state !== 'withdrawn');
      await post(`/demandes/${number}`, { action: 'answer', id: randomUUID(), answer: state });
    }
    const written = (await desk.requests.answers(number)).map(({ text }) => text);
    expect(written).toEqual(['merged', 'closed']);
    desk.work.keys = async () => 'none';
  });

  it('withdraw, by a form of their own only', async () => {
    const number = await filed();
    const withdraw = { action: 'withdraw' };
    expect((await post(`/demandes/${number}`, withdraw, 'https://evil.example')).status).toBe(403);
    expect((await post(`/demandes/${number}`, { ...withdraw, csrf: 'x' })).status).toBe(403);
    expect(await desk.requests.numbered(number)).toMatchObject({ state: 'sending' });
    const page = await post(`/demandes/${number}`, withdraw);
    expect(page.html).toContain('En cours de retrait');
    expect(await desk.requests.numbered(number)).toMatchObject({ state: 'withdrawing' });
  });

  it('show the keys once, at the press of a button and not before', async () => {
    const number = await filed();
    let left = 1;
    desk.work.keys = async () => (left > 0 ? 'waiting' : 'read');
    desk.work.reveal = async () => {
      left -= 1;
      return left < 0
        ? undefined
        : { name: 'Agenda', cell: 'internet/integration', clientId: 'c-1', secret: 's<3', method: 'post' };
    };
    expect((await open(`/demandes/${number}`)).html).not.toContain('s&lt;3');
    const shown = await post(`/demandes/${number}`, { action: 'keys' });
    expect(shown.html).toContain('s&lt;3');
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect((await post(`/demandes/${number}`, { action: 'keys' })).html).not.toContain('s&lt;3');
    desk.work.keys = async () => 'none';
  });

  it('say what was found and what is missing, field by field', async () => {
    const number = await filed();
    const review = {
      head: 'a',
      outcome: 'judged',
      conclusion: 'action_required',
      findings: [
        {
          rule: 'change/organization',
          severity: 'decision',
          path,
          pointer: '/redirect_uris/0',
          message: { key: 'change/organization#transfer', values: { before: '<b>', value: '2' } },
        },
      ],
      required: [],
      missing: [{ reason: 'environment', environment: 'production', count: 2 }],
      approvedBy: [],
      changesRequestedBy: [],
      since: '2026-11-27T08:00:00Z',
    };
    await desk.requests.save(number, { review: JSON.stringify(review) });
    desk.work.phase = async () => ({ phase: 'waiting', since: new Date(review.since) });
    const { html } = await open(`/demandes/${number}`);
    expect(html).toContain('<strong>URL de redirection de connexion</strong>, 1ʳᵉ ligne');
    expect(html).not.toContain('redirect_uris');
    expect(html).toContain('<code>&lt;b&gt;</code>');
    expect(html).toContain('L’accord de 2 personnes de l’équipe');
    expect(html).toContain('27 novembre 2026');
    expect((await open(`/demandes/${number}?lang=en`)).html).toContain('The approval of 2 people');
    await open('/?lang=fr');
  });

  it('say whose turn it is once a correction was sent', async () => {
    const number = await filed();
    const review = {
      head: 'a',
      outcome: 'judged',
      conclusion: 'action_required',
      findings: [],
      required: [],
      missing: [],
      approvedBy: [],
      changesRequestedBy: ['dominique'],
      lookAgainBy: ['dominique'],
      since: '2026-11-27T08:00:00Z',
    };
    await desk.requests.save(number, { review: JSON.stringify(review) });
    desk.work.phase = async () => ({ phase: 'waiting', since: new Date(review.since) });
    expect((await open(`/demandes/${number}`)).html).toMatch(
      /<ul><li>Une nouvelle lecture, depuis votre correction.: dominique<\/li><\/ul>/u,
    );
  });

  it('make a fix of what was found at the press of its button: a correction, once', async () => {
    const sent = definitionOf({
      ...soundValues,
      id: 'agenda',
      environment: 'integration',
      'contacts.technical': 'Equipe@montfictif.fr',
    });
    const number = await filed(key, sent.text);
    const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(sent.text) });
    const review = {
      head: 'c1',
      outcome: 'judged',
      conclusion: 'success',
      findings: findings.map(({ fix: _, ...finding }) => finding),
      required: [],
      missing: [],
      approvedBy: [],
      changesRequestedBy: [],
      since: '2026-11-27T08:00:00Z',
    };
    await desk.requests.sent(number, 7);
    const made = {
      commit: 'c1',
      commits: JSON.stringify(['c1']),
      made: digestOf({ wanted: sent.text, base: null }),
    };
    await desk.requests.save(number, { ...made, review: JSON.stringify(review) });
    desk.work.phase = async (request) => phaseOf(request, false);
    const { html } = await open(`/demandes/${number}`);
    expect(html).toContain('<strong>E-mails des contacts techniques</strong>, 1ʳᵉ ligne');
    const button = /<button name="apply" value="([^"]+)"[^>]*>(.*?)<\/button>/.exec(html);
    expect(button?.[2]).toContain('equipe@montfictif.fr');
    const apply = button?.[1] ?? '';
    const after = await post(`/demandes/${number}`, { apply });
    expect((await desk.requests.numbered(number))?.wanted).toBe(sent.text.replace('Equipe', 'equipe'));
    // What was found before is not said of what is sent now.
    expect(after.html).toContain('En cours d’examen');
    expect(after.html).not.toContain('name="apply"');
    await post(`/demandes/${number}`, { apply });
    expect((await desk.requests.numbered(number))?.wanted).toBe(sent.text.replace('Equipe', 'equipe'));
    expect((await post(`/demandes/${number}`, { apply, csrf: 'x' })).status).toBe(403);
    // Of a commit that is somebody else's, the page says what was found and corrects nothing.
    await desk.requests.save(number, { ...made, review: JSON.stringify({ ...review, head: 'other' }) });
    await desk.requests.correct(
      { person: key, applicant: { email: agent.email, siret: agent.siret }, wanted: sent.text },
      number,
    );
    const overtaken = await open(`/demandes/${number}`);
    expect(overtaken.html).toContain('E-mails des contacts techniques');
    expect(overtaken.html).not.toContain('name="apply"');
  });

  it('tell a stranger nothing of the service that they would change', async () => {
    const number = await filed();
    const values = { uris: ['https://secret.montfictif.fr/retour'], before: '21999900000017', value: '1' };
    const found = (rule: string, key: string) => ({
      rule,
      severity: 'decision',
      path,
      pointer: '/name',
      message: { key, values },
    });
    const review = {
      head: 'a',
      outcome: 'judged',
      conclusion: 'action_required',
      findings: [
        found('change/uri-removed', 'change/uri-removed#login'),
        found('change/organization', 'change/organization#transfer'),
        found('change/owner', 'change/owner#desk'),
      ],
      required: [],
      missing: [],
      approvedBy: [],
      changesRequestedBy: [],
      since: '2026-11-27T08:00:00Z',
    };
    await desk.requests.save(number, { review: JSON.stringify(review) });
    desk.work.phase = async () => ({ phase: 'waiting', since: new Date(review.since) });
    const before = desk.work.definition;
    expect((await open(`/demandes/${number}`)).html).toContain('secret.montfictif.fr');
    desk.work.definition = async () => ({ kind: 'taken' });
    const { html } = await open(`/demandes/${number}`);
    expect(html).not.toMatch(/secret\.montfictif|21999900000017/);
    expect(html).toContain('Votre demande change ce point du service qui est là.');
    expect(html).toContain('Votre adresse n’est pas parmi les contacts techniques actuels');
    desk.work.definition = before;
  });

  it('say what the desk lacks to send', async () => {
    desk.work.lacks = ['contents: write'];
    expect((await open('/demandes')).html).toContain('contents: write');
    desk.work.lacks = [];
  });

  it('list the services of which one is a technical contact, to change, promote and remove', async () => {
    const service = { path, cell: 'internet/integration', id: 'agenda', name: 'Agenda <b>' } as const;
    desk.work.services = async (email) => (email === agent.email ? [service] : []);
    const { html } = await open('/demandes');
    expect(html).toContain('Agenda &lt;b&gt;');
    expect(html).toContain('/demande?from=internet%2Fintegration%2Fagenda&amp;to=production');
    const id = randomUUID();
    const removal = { action: 'remove', id, path };
    const page = await post('/demandes', removal);
    const number = Number(page.url.pathname.split('/').at(-1));
    expect(await desk.requests.numbered(number)).toMatchObject({ path, wanted: null });
    expect((await post('/demandes', removal)).url.pathname).toBe(page.url.pathname);
    const second = { ...service, path: path.replace('agenda', 'bureau'), id: 'bureau' };
    desk.work.services = async () => [service, second];
    const next = await post('/demandes', { ...removal, path: second.path });
    expect(next.url.pathname).not.toBe(page.url.pathname);
    const other = path.replace('agenda', 'autre');
    expect((await post('/demandes', { ...removal, path: other })).status).toBe(404);
    expect((await post('/demandes', { ...removal, csrf: 'x' })).status).toBe(403);
    desk.work.services = async () => [];
  });

  it('take the word of a contact that a service still exists, where it is asked, and nobody else’s', async () => {
    const cell = 'internet/integration' as const;
    const service = { path, cell, id: 'agenda', name: 'Agenda' };
    const kept: string[] = [];
    desk.work.keep = async (own, { person }) => kept.push(`${own.path} ${person.email}`) > 0;
    desk.work.services = async () => [service];
    expect((await open('/demandes')).html).not.toContain('value="keep"');
    desk.work.services = async () => [{ ...service, asked: new Date('2027-11-27T09:00:00Z') }];
    expect((await open('/demandes')).html).toContain('Le 27 novembre 2027, le registre a demandé');
    // A link, from a mail or anywhere else, does nothing.
    await open(`/demandes?action=keep&path=${path}`);
    expect((await post('/demandes', { action: 'keep', path, csrf: 'x' })).status).toBe(403);
    expect((await post('/demandes', { action: 'keep', path: path.replace('agenda', 'autre') })).status).toBe(
      404,
    );
    expect(kept).toEqual([]);
    expect((await post('/demandes', { action: 'keep', path })).url.pathname).toBe('/demandes');
    expect(kept).toEqual([`${path} ${agent.email}`]);
    desk.work.services = async () => [];
  });

  it('stop a flood', async () => {
    const number = await filed();
    desk.clock.ahead = 120_000;
    const statuses: number[] = [];
    for (let times = 0; times < 31; times += 1)
      statuses.push((await post(`/demandes/${number}`, { action: 'nothing' })).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    desk.clock.ahead = 240_000;
    const long = await post(`/demandes/${number}`, { action: 'answer', answer: 'x'.repeat(300_000) });
    expect(long.status).toBe(413);
    desk.clock.ahead = 0;
  });
});
