import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eraseExpiredSecrets, sqlHandoverStore } from '#application/handover/handover-store';
import { newToken, tokenHash } from '#application/handover/link-token';
import { handoverPage } from '#application/handover/one-time-page';
import { sealingPurpose } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables';
import { aStore, aVault, emptied } from '../../infrastructure/identity-providers/store.ts';

const secret = 'le-secret-qui-ne-doit-etre-vu-qu-une-fois';
const cell = 'internet/integration' as const;

describe('the one-time page', () => {
  let db: Kysely<Tables>;
  const vault = aVault();
  beforeAll(async () => {
    db = await aStore();
  });
  afterAll(() => db.destroy());
  beforeEach(() => emptied(db));

  const handovers = (opener = vault) =>
    sqlHandoverStore(db, opener, () => ({
      discovery: 'https://idp.example.fr/.well-known/openid-configuration',
      method: 'client_secret_post',
    }));

  async function link(changes: { expires?: Date; name?: string } = {}): Promise<string> {
    const token = newToken();
    await db
      .insertInto('handovers')
      .values({
        token_hash: tokenHash(token),
        registry: 'org/registre',
        cell,
        id: 'agenda',
        client_id: 'client-agenda',
        name: changes.name ?? 'Agenda',
        secret: vault.seal(secret, sealingPurpose({ cell, id: 'agenda' }, 'client-secret')),
        expires_at: changes.expires ?? new Date(Date.now() + 86_400_000),
      })
      .execute();
    return token;
  }
  const ask = (method: string, token: string, more: object = {}) =>
    handoverPage(handovers(), { method, token, ...more });

  it('shows nothing of the keys to a GET or a HEAD, however often: link scanners open everything', async () => {
    const token = await link();
    for (const method of ['GET', 'HEAD', 'GET', 'GET']) {
      const answer = await ask(method, token);
      expect(answer.status).toBe(200);
      expect(answer.body).not.toContain(secret);
      expect(answer.body).not.toContain('client-agenda');
    }
    expect((await ask('POST', token)).body).toContain(secret);
  });

  it('shows the keys once on the button, and erases them', async () => {
    const token = await link();
    const first = await ask('POST', token);
    expect(first.body).toContain('client-agenda');
    expect(first.body).toContain(secret);
    expect(first.body).toContain('client_secret_post');
    expect((await ask('POST', token)).status).toBe(410);
    const { rows } = await sql`select secret from handovers`.execute(db);
    expect(rows).toEqual([{ secret: null }]);
    expect((await ask('GET', token)).body).toMatch(
      /déjà été affichées.*redonnées à personne[\s\S]*\/greffier rotate/,
    );
  });

  it('gives them to one of two who press at the same time', async () => {
    const token = await link();
    const answers = await Promise.all([ask('POST', token), ask('POST', token), ask('POST', token)]);
    expect(answers.filter((answer) => answer.body.includes(secret))).toHaveLength(1);
  });

  it('expires, and the secret is erased without having been seen', async () => {
    const token = await link({ expires: new Date(Date.now() - 1000) });
    expect((await ask('POST', token)).status).toBe(410);
    expect((await ask('GET', token)).body).toMatch(/durée de validité/);
    expect(await eraseExpiredSecrets(db)).toBe(1);
    expect(await eraseExpiredSecrets(db)).toBe(0);
  });

  it('keeps the keys when they cannot be opened, and says whom to tell', async () => {
    const token = await link();
    const answer = await handoverPage(handovers(aVault()), { method: 'POST', token });
    expect(answer.status).toBe(503);
    expect((await ask('POST', token)).body).toContain(secret);
  });

  it.each(['', 'court', '../../etc/passwd', newToken(), `${newToken()}x`])(
    'does not know %j',
    async (token) => {
      expect((await ask('GET', token)).status).toBe(404);
      expect((await ask('POST', token)).status).toBe(404);
    },
  );

  it('refuses other methods', async () => {
    expect(await ask('DELETE', await link())).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
    });
  });

  it.each(['GET', 'POST'])('sends strict headers with %s, whatever the answer', async (method) => {
    for (const token of [await link(), newToken()]) {
      const { headers, body } = await ask(method, token);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(body).not.toMatch(/<script|\son[a-z]+=|\sstyle=|src=/i);
    }
  });

  it('speaks French, and English to who asks for it', async () => {
    const token = await link();
    expect((await ask('GET', token)).body).toContain('<html lang="fr">');
    expect((await ask('GET', token, { acceptLanguage: 'en-GB,en;q=0.8' })).body).toContain(
      '<html lang="en">',
    );
    expect((await ask('GET', token, { acceptLanguage: 'en', lang: 'fr' })).body).toContain(
      '<html lang="fr">',
    );
    expect((await ask('GET', token, { acceptLanguage: 'fr-FR,en' })).body).toContain('Afficher les clés');
  });

  it('speaks the language of the registry to who asks for none', async () => {
    const token = await link();
    const inEnglish = (more: object) =>
      handoverPage(handovers(), { method: 'GET', token, ...more }, 'en').then(({ body }) => body);
    expect(await inEnglish({})).toContain('<html lang="en">');
    expect(await inEnglish({ acceptLanguage: 'de' })).toContain('<html lang="en">');
    expect(await inEnglish({ acceptLanguage: 'fr-FR' })).toContain('<html lang="fr">');
  });

  it('shows a name as text, whatever is in it', async () => {
    const token = await link({ name: `<img src=x onerror=alert(1)>"'&` });
    expect((await ask('GET', token)).body).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
  });
});
