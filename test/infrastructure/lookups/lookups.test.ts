import type { Kysely } from 'kysely';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookUpAnswers, lookUpReview, lookupTurns } from '#application/lookups/answer-cache';
import { createRecheck } from '#application/reconciliation/recheck-outside-answers';
import { Secret } from '#base/config/secret';
import type { OutsideAnswer, SiretRecord } from '#domain/registry/outside-answers';
import type { Tables } from '#infrastructure/database/tables';
import { companyDirectory } from '#infrastructure/lookups/company-directory';
import { datapassClient } from '#infrastructure/lookups/datapass';
import type { HttpOptions, Silence } from '#infrastructure/lookups/throttled-client';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { aStore } from '../identity-providers/store.ts';

const companies = 'https://recherche-entreprises.api.gouv.fr';
const dp = 'https://datapass.api.gouv.fr';
const siret = '13002526500013';
let clock: number;
let waits: number[];
const httpOptions: HttpOptions = {
  fetch: (url, init) => fetch(url, init),
  userAgent: 'Greffier/0.1.0 (+https://github.com/exemple/registre)',
  now: () => clock,
  wait: async (milliseconds) => {
    waits.push(milliseconds);
    clock += milliseconds;
  },
};

beforeEach(() => {
  clock = Date.parse('2026-09-01T08:00:00Z');
  waits = [];
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const unit = {
  siren: '130025265',
  nom_complet: 'DIRECTION INTERMINISTERIELLE DU NUMERIQUE (DINUM)',
  nature_juridique: '7120',
  etat_administratif: 'A',
  statut_diffusion: 'O',
  siege: { siret, etat_administratif: 'A' },
  matching_etablissements: [{ siret, etat_administratif: 'A', libelle_commune: 'PARIS 7', est_siege: true }],
  complements: { est_administration: true, est_entrepreneur_individuel: false },
  dirigeants: [{ nom: 'PERSONNE', prenoms: 'ALICE' }],
};
const found = (changes: object = {}) => ({ results: [{ ...unit, ...changes }], total_results: 1 });

describe('the directory of companies', () => {
  const ask = companyDirectory(companies, httpOptions);
  const answering = (status: number, body: object | string, headers: Record<string, string> = {}) =>
    nock(companies)
      .get('/search')
      .query({
        q: siret,
        minimal: 'true',
        include: 'siege,complements,matching_etablissements',
        per_page: '1',
      })
      .matchHeader('user-agent', httpOptions.userAgent)
      .reply(status, body, headers);

  it('tells the legal name, the legal form and the states, and nobody by name', async () => {
    answering(200, found());
    const answer = await companyDirectory(companies, httpOptions)(siret);
    expect(answer).toEqual({
      ok: true,
      at: '2026-09-01T08:00:00.000Z',
      value: {
        found: true,
        legalName: 'DIRECTION INTERMINISTERIELLE DU NUMERIQUE (DINUM)',
        legalForm: '7120',
        ceased: false,
        closed: false,
        administration: true,
      },
    });
    expect(JSON.stringify(answer)).not.toContain('ALICE');
  });

  it.each([
    [
      'closed establishment',
      { matching_etablissements: [{ siret, etat_administratif: 'F', date_fermeture: '2025-03-01' }] },
      { closed: true, closedOn: '2025-03-01' },
    ],
    ['ceased unit', { etat_administratif: 'C' }, { ceased: true }],
    ['establishment that is only the seat', { matching_etablissements: [] }, { closed: false }],
    [
      'one person',
      { nature_juridique: '1000', nom_complet: 'ALICE PERSONNE' },
      { legalName: 'SIREN 130025265' },
    ],
    ['partly hidden', { statut_diffusion: 'P', nom_complet: 'ALICE' }, { legalName: 'SIREN 130025265' }],
  ])('%s', async (_what, changes, expected) => {
    answering(200, found(changes));
    expect(await companyDirectory(companies, httpOptions)(siret)).toMatchObject({
      ok: true,
      value: expected,
    });
  });

  it('knows nothing: found is false, and that is no error', async () => {
    answering(200, { results: [], total_results: 0 });
    expect(await companyDirectory(companies, httpOptions)(siret)).toMatchObject({
      ok: true,
      value: { found: false },
    });
  });

  it.each([
    [500, { erreur: 'interne' }],
    [400, { erreur: 'requête' }],
    [200, { autre: 'chose' }],
    [200, '<html>'],
    [302, ''],
  ])('%s %j: unreachable, never an error', async (status, body) => {
    answering(status, body, status === 302 ? { location: 'https://ailleurs.example/' } : {});
    expect(await companyDirectory(companies, httpOptions)(siret)).toEqual({
      ok: false,
      reason: 'unreachable',
    });
  });

  it('asks no more than five times a second', async () => {
    for (let n = 0; n < 4; n += 1) answering(200, found());
    for (let n = 0; n < 4; n += 1) await ask(siret);
    expect(waits).toEqual([200, 200, 200]);
  });

  it('does not wait again and again for a service that cannot be reached', async () => {
    const lookUp = companyDirectory(companies, httpOptions);
    const dead = () =>
      nock(companies)
        .get('/search')
        .query(true)
        .replyWithError(Object.assign(new Error('dead'), { code: 'ECONNREFUSED' }));
    for (let n = 0; n < 3; n += 1) {
      dead();
      expect(await lookUp(siret)).toMatchObject({ ok: false });
    }
    answering(200, found());
    expect(await lookUp(siret)).toMatchObject({ ok: false });
    expect(nock.pendingMocks()).toHaveLength(1);
    clock += 30_000;
    expect(await lookUp(siret)).toMatchObject({ ok: true });
  });

  it('leaves the service in peace for as long as it asks', async () => {
    const lookUp = companyDirectory(companies, httpOptions);
    answering(429, '', { 'retry-after': '30' });
    expect(await lookUp(siret)).toMatchObject({ ok: false });
    expect(await lookUp(siret)).toMatchObject({ ok: false });
    expect(nock.pendingMocks()).toEqual([]);
    clock += 30_000;
    answering(200, found());
    expect(await lookUp(siret)).toMatchObject({ ok: true });
  });
});

describe('DataPass', () => {
  const account = { url: dp, clientId: 'greffier', clientSecret: new Secret('secret-datapass') };
  const token = (value = 'jeton', status = 200) =>
    nock(dp)
      .post('/api/v1/oauth/token', {
        grant_type: 'client_credentials',
        client_id: 'greffier',
        client_secret: 'secret-datapass',
        scope: 'read_authorizations',
      })
      .reply(status, status === 200 ? { access_token: value, token_type: 'Bearer', expires_in: 7200 } : {});
  const get = (path: string, value = 'jeton') =>
    nock(dp, { reqheaders: { authorization: `Bearer ${value}` } }).get(path);
  const habilitation = {
    id: 6789,
    state: 'active',
    revoked: false,
    definition_id: 'pro_connect_service_provider',
    organisation: { siret, insee_payload: { nom: 'PERSONNE' } },
    data: { modalities: ['internet'], contact_technique_email: 'alice@personne.example.fr' },
  };

  it('reads a habilitation, and keeps no personal data', async () => {
    token();
    get('/api/v1/habilitations/6789').reply(200, habilitation);
    const answer = await datapassClient(account, httpOptions)('H6789');
    expect(answer).toEqual({
      ok: true,
      at: new Date(clock).toISOString(),
      value: {
        found: true,
        definition: 'pro_connect_service_provider',
        siret,
        modalities: ['internet'],
        state: { kind: 'habilitation', state: 'active' },
      },
    });
  });

  it('believes `revoked` more than the state, and reads the other spelling of organisation', async () => {
    token();
    const { organisation, ...rest } = habilitation;
    get('/api/v1/habilitations/6789').reply(200, { ...rest, organization: organisation, revoked: true });
    expect(await datapassClient(account, httpOptions)('H6789')).toMatchObject({
      value: { siret, state: { kind: 'habilitation', state: 'revoked' } },
    });
  });

  it('reads a demande with the habilitations that it gave: a reopened one may be a draft', async () => {
    token();
    get('/api/v1/demandes/123').reply(200, {
      ...habilitation,
      state: 'draft',
      reopening: true,
      applicant: { email: 'alice@personne.example.fr' },
      habilitations: [{ state: 'active' }, { state: 'obsolete' }],
    });
    expect(await datapassClient(account, httpOptions)('D123')).toMatchObject({
      value: { state: { kind: 'demande', state: 'draft', habilitations: ['active', 'obsolete'] } },
    });
  });

  it('asks for one token for many questions, and for a new one before it ends', async () => {
    const ask = datapassClient(account, httpOptions);
    token('premier');
    get('/api/v1/habilitations/1', 'premier').times(2).reply(200, habilitation);
    await ask('H1');
    await ask('H1');
    clock += 7_200_000;
    token('deuxieme');
    get('/api/v1/habilitations/1', 'deuxieme').reply(200, habilitation);
    expect(await ask('H1')).toMatchObject({ ok: true });
    expect(nock.isDone()).toBe(true);
  });

  it('asks for a new token once when one is withdrawn', async () => {
    token('premier');
    get('/api/v1/habilitations/1', 'premier').reply(401, { errors: [{ status: '401' }] });
    token('deuxieme');
    get('/api/v1/habilitations/1', 'deuxieme').reply(200, habilitation);
    expect(await datapassClient(account, httpOptions)('H1')).toMatchObject({ ok: true });
  });

  it('does not find what is unknown', async () => {
    token();
    get('/api/v1/habilitations/1').reply(404, { errors: [{ status: '404' }] });
    expect(await datapassClient(account, httpOptions)('H1')).toMatchObject({
      ok: true,
      value: { found: false },
    });
  });

  it('asks nothing without an account', async () => {
    const answer = await datapassClient({ url: dp }, httpOptions)('H1');
    expect(answer).toEqual({ ok: false, reason: 'unconfigured' });
  });

  it.each([
    ['a refused account', (): void => void token('', 401)],
    [
      'an account without the role',
      (): void => {
        token();
        get('/api/v1/habilitations/1').reply(403, {});
      },
    ],
  ])('%s: no answer, which is no consent', async (_what, prepare) => {
    prepare();
    expect(await datapassClient(account, httpOptions)('H1')).toEqual({ ok: false, reason: 'unreachable' });
  });

  it.each([500, 503, 429])('%s: unreachable, never an error', async (status) => {
    token();
    get('/api/v1/habilitations/1').reply(status, {});
    expect(await datapassClient(account, httpOptions)('H1')).toEqual({ ok: false, reason: 'unreachable' });
  });
});

describe('a service that gives no answer', () => {
  const faulty = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });

  it.each([
    ['ENOTFOUND', 'name-not-found'],
    ['ECONNREFUSED', 'connection-refused'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-issuer'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timed-out'],
  ])('says why, once until it answers, and while it is left in peace: %s', async (code, network) => {
    const silences: Silence[] = [];
    let reachable = false;
    const options: HttpOptions = {
      ...httpOptions,
      fetch: async () => {
        if (reachable) return Response.json(found());
        throw faulty(code);
      },
      onSilence: (silence) => silences.push(silence),
    };
    const host = 'recherche-entreprises.api.gouv.fr';
    const lookUp = companyDirectory(companies, options);
    const silence = { ok: false, reason: 'unreachable', fault: { network, host } };
    // The last of them are not asked.
    for (let n = 0; n < 5; n += 1) expect(await lookUp(siret)).toEqual(silence);
    expect(silences).toEqual([{ service: host, network }]);
    const ask = datapassClient({ url: dp, clientId: 'x', clientSecret: new Secret('y') }, options);
    expect(await ask('H1')).toMatchObject({ ok: false, fault: { network, host: 'datapass.api.gouv.fr' } });
    expect(silences).toHaveLength(2);
    clock += 30_000;
    reachable = true;
    expect(await lookUp(siret)).toMatchObject({ ok: true });
    reachable = false;
    await lookUp(siret);
    expect(silences).toHaveLength(3);
  });

  it('tells the status of what cannot be used, such as of a refused account', async () => {
    const silences: Silence[] = [];
    const options: HttpOptions = {
      ...httpOptions,
      fetch: async () => new Response('', { status: 401 }),
      onSilence: (silence) => silences.push(silence),
    };
    const ask = datapassClient({ url: dp, clientId: 'x', clientSecret: new Secret('y') }, options);
    await ask('H1');
    expect(silences).toEqual([{ service: 'datapass.api.gouv.fr', status: 401 }]);
  });

  it('is told to the operator with the fault where a client waits for it', async () => {
    const db = await aStore();
    const services = {
      db,
      now: () => clock,
      identityDomains: [],
      turns: lookupTurns(),
      datapass: async (): Promise<OutsideAnswer<never>> => ({ ok: false, reason: 'unconfigured' }),
      siret: companyDirectory(companies, {
        ...httpOptions,
        fetch: async () => {
          throw faulty('SELF_SIGNED_CERT_IN_CHAIN');
        },
      }),
    };
    const { recheck } = createRecheck(services, () => 'fr');
    const objection = await recheck(aDesired('agenda'));
    expect(objection).toMatchObject({ kind: 'silent' });
    expect(objection?.text).toContain('L’Annuaire des Entreprises n’a pas répondu');
    expect(objection?.text).toContain(
      'Le certificat présenté par `recherche-entreprises.api.gouv.fr` vient d’une autorité',
    );
    await db.destroy();
  });
});

describe('remembered answers', () => {
  let db: Kysely<Tables>;
  beforeAll(async () => {
    db = await aStore();
  });
  afterAll(() => db.destroy());

  it('are used with their age, asked anew before provisioning, and stand in when a service is silent', async () => {
    let reachable = true;
    let calls = 0;
    const services = {
      db,
      now: () => clock,
      identityDomains: [],
      turns: lookupTurns(),
      datapass: async (): Promise<OutsideAnswer<never>> => ({ ok: false, reason: 'unconfigured' }),
      siret: async (): Promise<OutsideAnswer<SiretRecord>> => {
        calls += 1;
        if (!reachable) return { ok: false, reason: 'unreachable' };
        const value: SiretRecord = { found: true, legalName: 'DINUM', ceased: false };
        return { ok: true, value, at: new Date(clock).toISOString() };
      },
    };
    const first = await lookUpAnswers(services, { siret, datapass: 'H1' }, { asker: 'a' });
    expect(first).toMatchObject({ siret: { ok: true }, datapass: { ok: false, reason: 'unconfigured' } });
    clock += 3_600_000;
    expect(await lookUpAnswers(services, { siret }, { asker: 'a' })).toMatchObject({
      siret: { at: '2026-09-01T08:00:00.000Z' },
    });
    expect(calls).toBe(1);
    await lookUpAnswers(services, { siret }, { asker: 'a', refresh: true });
    expect(calls).toBe(2);
    reachable = false;
    clock += 3_600_000;
    expect(await lookUpAnswers(services, { siret }, { asker: 'a', refresh: true })).toMatchObject({
      siret: { ok: true },
    });
    clock += 3 * 86_400_000;
    // To read, but not to provision by: that old, it is no consent.
    expect(await lookUpAnswers(services, { siret }, { asker: 'a', refresh: true })).toEqual({
      siret: { ok: false, reason: 'unreachable' },
    });
    expect(await lookUpAnswers(services, { siret }, { asker: 'a' })).toMatchObject({
      siret: { ok: true, at: '2026-09-01T09:00:00.000Z' },
    });
    clock += 8 * 86_400_000;
    expect(await lookUpAnswers(services, { siret }, { asker: 'a' })).toEqual({
      siret: { ok: false, reason: 'unreachable' },
    });
  });

  /** Answers each number when it is told to. */
  function directory() {
    const questions: string[] = [];
    const answers: (() => void)[] = [];
    const asked = (number: string): Promise<OutsideAnswer<SiretRecord>> => {
      const { promise, resolve } = Promise.withResolvers<OutsideAnswer<SiretRecord>>();
      questions.push(number);
      answers.push(() => resolve({ ok: true, value: { found: false }, at: new Date(clock).toISOString() }));
      return promise;
    };
    const datapass = async (): Promise<OutsideAnswer<never>> => ({ ok: false, reason: 'unconfigured' });
    /** Answers until nobody waits. */
    const answerUntil = async (end: Promise<unknown>): Promise<void> => {
      let ended = false;
      void end.then(() => {
        ended = true;
      });
      while (!ended) {
        answers.shift()?.();
        await new Promise(setImmediate);
      }
    };
    return {
      questions,
      answerUntil,
      services: { db, now: () => clock, siret: asked, datapass, identityDomains: [], turns: lookupTurns() },
    };
  }
  const numbered = (from: number, count: number) =>
    new Map(
      Array.from({ length: count }, (_, n) => [`p${n}`, { siret: String(10_000_000_000_000 + from + n) }]),
    );

  it('asks the same once, however often one review or several ask for it', async () => {
    const { questions, answerUntil, services } = directory();
    const same = new Map(Array.from({ length: 600 }, (_, n) => [`p${n}`, { siret: '20000000000001' }]));
    const both = Promise.all([lookUpReview(services, same, 'a'), lookUpReview(services, same, 'b')]);
    await answerUntil(both);
    expect(questions).toEqual(['20000000000001']);
    expect(Object.values((await both)[0]).filter(({ siret: one }) => one?.ok)).toHaveLength(600);
  });

  it('lets someone with one question have a turn soon, whatever another one asks', async () => {
    const { questions, answerUntil, services } = directory();
    const many = lookUpReview(services, numbered(1_000, 50), 'a');
    while (questions.length < 4) await new Promise(setImmediate);
    const waits = vi.spyOn(services.turns.siret, 'ask');
    const one = lookUpReview(services, numbered(5_000, 1), 'b');
    // However long the store takes to say that it does not know.
    while (!waits.mock.calls.some(([asker]) => asker === 'b')) await new Promise(setImmediate);
    await answerUntil(one);
    // Behind the four that were being asked, and one of those that waited before: however long the store takes after that.
    expect(questions.indexOf('10000000005000')).toBeLessThan(6);
    await answerUntil(many);
    expect(questions).toHaveLength(51);
  });

  it('leaves for later what one review asks beyond 50 questions, and goes on from there', async () => {
    const { questions, answerUntil, services } = directory();
    const review = async () => {
      const answered = lookUpReview(services, numbered(9_000, 120), 'a');
      await answerUntil(answered);
      const reasons = Object.values(await answered).map(({ siret: one }) => (one?.ok ? 'ok' : one?.reason));
      return [questions.length, reasons.filter((reason) => reason === 'postponed').length];
    };
    expect([await review(), await review(), await review()]).toEqual([
      [50, 70],
      [100, 20],
      [120, 0],
    ]);
  });

  it('does not ask what cannot be a SIRET or a DataPass number', async () => {
    const never = async () => {
      throw new Error('this was not to be asked');
    };
    const services = {
      db,
      now: () => clock,
      identityDomains: [],
      siret: never,
      datapass: never,
      turns: lookupTurns(),
    };
    expect(await lookUpAnswers(services, { siret: '../x', datapass: 'H1/../2' }, { asker: 'a' })).toEqual({});
  });
});
