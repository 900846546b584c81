import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { messageToSign, signatureOf } from '#infrastructure/identity-providers/proconnect/signature';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { anAttempt, held, issuedBy, said, succeeded, unkept } from '../../domain/provisioning/outcomes.ts';
import { type PartnerApi, partnerSecret, startPartnerApi } from './partner-api.ts';

const cell = 'internet/integration' as const;
const domain = 'registre.example.fr';
const common = `greffier.registre@${domain}`;

describe('the signature', () => {
  const at = 1_767_225_600;

  it('is taken of time, method, path and query for a list', () => {
    const url = new URL('https://api.example.fr/api/oidc_clients?email=bot%40example.gouv.fr');
    const request = { method: 'GET', url, at };
    expect(messageToSign(request)).toBe('1767225600:GET:/api/oidc_clients?email=bot%40example.gouv.fr');
    expect(signatureOf(request, partnerSecret)).toBe(
      '92c7898352545c86f101ed38df11e96cb0d93ca900e529d7f2e916814fae8ffc',
    );
  });

  it('is taken of the very bytes of the body too, and of an encoded plus sign', () => {
    const url = new URL('https://api.example.fr/api/oidc_clients?email=bot%2Bregistre%40example.gouv.fr');
    const body = '{"name":"Mon service","redirect_uris":["https://a.gouv.fr/cb"]}';
    expect(signatureOf({ method: 'POST', url, body, at }, partnerSecret)).toBe(
      '03c1f62e3a61bda823d44953d8c8a221d460f8726190a96a522b4b6c65951421',
    );
  });

  it('has the question mark even without a query', () => {
    expect(messageToSign({ method: 'GET', url: new URL('https://a.fr/x'), at })).toBe('1767225600:GET:/x?');
  });
});

describe('the proconnect provider, against the partner API', () => {
  let api: PartnerApi;
  beforeAll(async () => {
    api = await startPartnerApi();
  });
  beforeEach(() => {
    api.clients.clear();
    api.asked.length = 0;
    api.clockOffset = 0;
  });
  afterAll(() => api.close());

  const provider = (secret = partnerSecret) =>
    proconnectProvider({ cell, url: api.url, secret, identityDomain: domain, fetch, now: Date.now });
  const subject = { cell, id: 'agenda' };
  const wanted = wantedMetadata(
    aDesired('agenda', { contacts: { technical: ['equipe+pro@ville.example.fr', 'dsi@ville.example.fr'] } }),
  );
  const stored = () => [...api.clients.values()];
  const find = async (attempt = anAttempt) => (await provider().find?.(subject, attempt)) ?? expect.fail();
  const made = async () => held(issuedBy(await provider().create(subject, wanted, anAttempt)));

  it('creates with everything that ProConnect needs, its own two addresses, and the mark of the attempt', async () => {
    await made();
    expect(stored()).toMatchObject([
      {
        name: 'Service agenda',
        redirect_uris: ['https://agenda.ville.example.fr/callback'],
        post_logout_redirect_uris: ['https://agenda.ville.example.fr/'],
        id_token_signed_response_alg: 'RS256',
        userinfo_signed_response_alg: 'RS256',
        active: true,
      },
    ]);
    expect(stored()[0]?.collaborators.toSorted()).toEqual(
      [
        'agenda@registre.example.fr',
        `creation.${anAttempt.mark}@${domain}`,
        'dsi@ville.example.fr',
        'equipe+pro@ville.example.fr',
        common,
      ].toSorted(),
    );
  });

  it('writes plain userinfo as null, and reads it back as none', async () => {
    const plain = { ...wanted, userinfo_signed_response_alg: 'none' as const };
    const issued = issuedBy(await provider().create(subject, plain, anAttempt));
    expect(stored()[0]).toMatchObject({ userinfo_signed_response_alg: null });
    expect(issued.metadata.userinfo_signed_response_alg).toBe('none');
  });

  it('lets no secret out of the function that read it', async () => {
    const issued = await provider().create(subject, wanted, anAttempt);
    const all = [issued, await find(), await provider().list?.()];
    expect(JSON.stringify(all)).not.toContain(stored()[0]?.client_secret);
    expect(JSON.stringify(all)).not.toContain('client_secret');
  });

  it('finds the client whose creation was answered to nobody', async () => {
    api.dropAnswerTo('POST');
    expect(await provider().create(subject, wanted, anAttempt)).toMatchObject({ ok: false, retry: true });
    const found = succeeded(await find());
    expect(found).toMatchObject([{ handle: stored()[0]?._id, clientId: stored()[0]?.key }]);
    expect(stored()).toHaveLength(1);
  });

  it('lists thousands of clients, whose answer is ten megabytes', async () => {
    await made();
    const [client] = stored();
    for (let n = 0; n < 5_000; n += 1) {
      const _id = `a${n.toString(16).padStart(23, '0')}`;
      const uris = [`https://service-${n}.example.fr/${'x'.repeat(1_500)}`];
      api.clients.set(_id, { ...(client ?? expect.fail()), _id, key: `${n}`, redirect_uris: uris });
    }
    const listed = succeeded((await provider().list?.()) ?? expect.fail());
    expect(listed).toHaveLength(5_001);
    expect(new Set(listed.map(({ clientId }) => clientId)).size).toBe(5_001);
    expect(JSON.stringify(listed)).not.toContain(client?.client_secret);
  });

  it.each([
    ['cut off', '[{"_id":"a","key":"b","collaborators":[]},', 'unreachable'],
    ['cut off within a client', '[{"_id":"a","key', 'unreachable'],
    ['of one client without end', `[{"name":"${'x'.repeat(2 * 1024 * 1024)}`, 'list-too-long'],
    ['no JSON', '[{"_id"}]', 'not-json'],
  ])('concludes nothing from a list that is %s', async (_what, text, key) => {
    const cut = proconnectProvider({
      cell,
      url: api.url,
      secret: partnerSecret,
      identityDomain: domain,
      fetch: async () => new Response(text),
      now: Date.now,
    });
    for (const answer of [await cut.list?.(), await cut.find?.(subject, anAttempt)])
      expect(answer).toMatchObject({ ok: false, message: { key: `provisioning#${key}` } });
  });

  it('finds only the client of that definition, and lists all of them in one call', async () => {
    await made();
    await provider().create({ cell, id: 'agenda-2' }, wantedMetadata(aDesired('agenda-2')), anAttempt);
    expect(succeeded(await find())).toHaveLength(1);
    api.asked.length = 0;
    expect(await provider().list?.()).toMatchObject({ ok: true, value: [{}, {}] });
    expect(api.asked).toEqual(['GET /api/oidc_clients']);
  });

  it('finds what this very attempt made, and nothing that carries only what anyone could write', async () => {
    await made();
    expect(succeeded(await find())).toHaveLength(1);
    expect(succeeded(await find({ ...anAttempt, mark: 'other' }))).toEqual([]);
    const [ours] = stored();
    if (ours !== undefined) ours.collaborators = [`agenda@${domain}`, common];
    expect(succeeded(await find())).toEqual([]);
  });

  it('takes no client that carries the identity of two definitions, however it is written', async () => {
    await provider().create({ cell, id: 'autre' }, wantedMetadata(aDesired('autre')), anAttempt);
    const [theirs] = stored();
    const mark = `creation.${anAttempt.mark}@${domain}`;
    theirs?.collaborators.push(`agenda@${domain}`);
    expect(succeeded(await find())).toEqual([]);
    if (theirs !== undefined)
      theirs.collaborators = [`agenda@${domain}`, mark, common, `AUTRE@${domain.toUpperCase()}`];
    expect(succeeded(await find())).toEqual([]);
  });

  it('gives no contact an identity address', async () => {
    const contacts = ['dsi@ville.example.fr', `autre@${domain}`, `Tiers@${domain.toUpperCase()}`];
    await provider().create(subject, { ...wanted, contacts }, anAttempt);
    expect(stored()[0]?.collaborators.toSorted()).toEqual([
      `agenda@${domain}`,
      `creation.${anAttempt.mark}@${domain}`,
      'dsi@ville.example.fr',
      common,
    ]);
  });

  it('keeps every collaborator on an update, though the API forgets those that are left out', async () => {
    const client = await made();
    await provider().update(subject, client, { ...wanted, client_name: 'Autre nom' }, unkept);
    expect(stored()[0]?.name).toBe('Autre nom');
    expect(stored()[0]?.collaborators).toHaveLength(4);
  });

  it('comes back through a declared contact when a person took it off the collaborators', async () => {
    const client = await made();
    const [one] = stored();
    if (one === undefined) throw new Error('nothing was made');
    // What an edit of one field in the portal does.
    one.collaborators = ['equipe+pro@ville.example.fr'];
    api.bodies.length = 0;
    expect(succeeded(await provider().read(subject, client, unkept))).toMatchObject({
      kind: 'found',
      client: { metadata: { contacts: ['equipe+pro@ville.example.fr'] } },
      detached: true,
    });
    // A read changes nothing: a plan is made by it.
    expect(api.bodies).toEqual([]);
    expect(await provider().restore?.(subject, client)).toMatchObject({ ok: true });
    // The whole state, as on every call that changes something.
    expect(api.bodies.map((body) => Object.keys(body).sort())).toEqual([
      [
        'active',
        'collaborators',
        'id_token_signed_response_alg',
        'name',
        'post_logout_redirect_uris',
        'redirect_uris',
        'userinfo_signed_response_alg',
      ],
    ]);
    expect(stored()[0]?.collaborators).toEqual([
      'equipe+pro@ville.example.fr',
      common,
      'agenda@registre.example.fr',
    ]);
    one.collaborators = ['equipe+pro@ville.example.fr'];
    api.clients.set(one._id, one);
    const updated = issuedBy(await provider().update(subject, client, wanted, unkept));
    expect(updated.metadata.contacts).toEqual(['dsi@ville.example.fr', 'equipe+pro@ville.example.fr']);
    expect(stored()).toHaveLength(1);
  });

  it('says that a client is hidden when none of the addresses sees it', async () => {
    const client = await made();
    const [one] = stored();
    if (one === undefined) throw new Error('nothing was made');
    one.collaborators = ['quelqu.un@ailleurs.example.fr'];
    expect(succeeded(await provider().read(subject, client, unkept))).toMatchObject({ kind: 'hidden' });
    const update = await provider().update(subject, client, wanted, unkept);
    expect(update).toMatchObject({ ok: false, retry: false, lost: true });
    expect(said(update)).toMatch(/add `agenda@registre.example.fr` to its collaborators/);
  });

  it('deactivates without losing anything, and removes; what is not shown is not said to be gone', async () => {
    const client = await made();
    await provider().update(subject, client, { ...wanted, active: false }, unkept);
    expect(stored()[0]).toMatchObject({ active: false, key: client.clientId });
    expect(succeeded(await provider().remove(subject, client, unkept))).toEqual({ kind: 'removed' });
    expect(stored()).toEqual([]);
    expect(await provider().remove(subject, client, unkept)).toMatchObject({ ok: false, lost: true });
  });

  it('takes a client that ProConnect ignores for an inactive one', async () => {
    const client = await made();
    const [one] = stored();
    delete one?.post_logout_redirect_uris;
    expect(succeeded(await provider().read(subject, client, unkept))).toMatchObject({
      client: { metadata: { active: false } },
    });
  });

  describe('tells each refusal in words that say what to do', () => {
    it('401: a wrong secret', async () => {
      expect(said(await provider('autre').create(subject, wanted, anAttempt))).toMatch(
        /Check `secret` and `url`/,
      );
    });

    it('401: a clock that is off, which may be set right', async () => {
      api.clockOffset = 3600;
      const outcome = await provider().create(subject, wanted, anAttempt);
      expect(outcome).toMatchObject({ ok: false, fault: 'provider' });
      expect(said(outcome)).toMatch(/Set the clock/);
    });

    it.each([
      [403, { error: 'sandbox_disabled' }, /integration on Internet only/, 'provider'],
      [403, '<h1>WAF</h1>', /in front of/, 'passing'],
      [404, { detail: 'Not Found' }, /not that of a partner API/, 'provider'],
      [404, '<h1>nginx</h1>', /not that of a partner API/, 'provider'],
      [
        422,
        { detail: [{ code: 'too_big', path: ['name'], message: 'Too big' }] },
        /`name: Too big`/,
        'definition',
      ],
      [
        422,
        { detail: [{ path: ['redirect_uris', 0], message: 'Bad' }] },
        /`redirect_uris.0: Bad`/,
        'definition',
      ],
      [
        422,
        { detail: [{ path: ['collaborators', 2], message: 'Bad' }] },
        /`contacts.technical.2: Bad`/,
        'definition',
      ],
      // The address that asks, and what Greffier adds to every client, are no applicant's to correct.
      [422, { detail: 'Invalid email' }, /`Invalid email`.*`identity_domain`/, 'provider'],
      [
        422,
        { detail: 'Cannot remove yourself from collaborators' },
        /request of Greffier itself/,
        'provider',
      ],
      [
        422,
        { detail: [{ path: ['collaborators', 0], message: 'Bad' }] },
        /`collaborators.0: Bad`/,
        'provider',
      ],
      [422, { detail: [{ path: ['active'], message: 'Bad' }] }, /`active: Bad`/, 'provider'],
      [
        422,
        { detail: [{ code: 'unrecognized_keys', path: [], keys: ['x'] }] },
        /`unrecognized_keys`/,
        'provider',
      ],
      [
        422,
        { detail: [{ code: 'custom', path: [], message: 'Invalid JSON' }] },
        /`Invalid JSON`/,
        'provider',
      ],
      [422, { detail: 'Invalid ObjectId' }, /was not expected/, 'passing'],
      [301, {}, /points to another address/, 'provider'],
      [200, '<h1>Maintenance</h1>', /unreadable/, 'passing'],
      [500, { detail: 'Internal Server Error' }, /internal error \(500\)/, 'passing'],
      [502, 'proxy', /internal error \(502\)/, 'passing'],
      [418, { detail: 'thé' }, /was not expected/, 'passing'],
    ])('%s %j', async (status, body, words, fault) => {
      api.answerNext(status, body);
      const outcome = await provider().create(subject, wanted, anAttempt);
      expect(said(outcome)).toMatch(words);
      expect(outcome).toMatchObject({ ok: false, fault });
    });

    it('429: waits as long as it is told to', async () => {
      api.answerNext(429, {}, { 'retry-after': '12' });
      expect(await find()).toMatchObject({ ok: false, retry: true, after: 12 });
    });
  });
});
