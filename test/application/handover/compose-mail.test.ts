import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Kysely } from 'kysely';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeMail } from '#application/handover/compose-mail';
import { newLink, tokenHash } from '#application/handover/link-token';
import { type MailCell, sendMail, waitingMails } from '#application/handover/outbox';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { sealingPurpose } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables';
import { type MailSender, smtpSender } from '#infrastructure/mail/smtp';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { aStore, aVault, emptied } from '../../infrastructure/identity-providers/store.ts';

const cell = 'internet/integration' as const;
const registry = 'org/registre';

describe('the words of a mail', () => {
  const content = {
    kind: 'created',
    name: 'Agenda <b>des</b> "associations"',
    cell,
    clientId: 'client-agenda',
    keys: { by: 'link', url: 'https://greffier.example.fr/handover/abc' },
  } as const;

  it('are French first, then English, and short', () => {
    const { subject, text } = composeMail(content);
    expect(subject).toBe('ProConnect\u00a0: vos clés pour Agenda <b>des</b> "associations"');
    expect(text.indexOf('Bonjour')).toBeLessThan(text.indexOf('Hello'));
    expect(text.length).toBeLessThan(1500);
  });

  it('are English first in a registry that speaks English, to the subject', () => {
    const { subject, text, html } = composeMail(content, 'en');
    expect(subject).toBe('ProConnect: your keys for Agenda <b>des</b> "associations"');
    expect(text.indexOf('Hello')).toBeLessThan(text.indexOf('Bonjour'));
    expect(html).toContain('<html lang="en">');
  });

  it('show foreign text as text in HTML', () => {
    const { html } = composeMail(content);
    expect(html).toContain('Agenda &lt;b&gt;des&lt;/b&gt; &quot;associations&quot;');
    expect(html).toContain('<a href="https://greffier.example.fr/handover/abc">');
  });

  it('show a line break in a name instead of making one', () => {
    const { subject, text } = composeMail({ ...content, name: 'x\r\nBcc: evil@example.fr' });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(text).toContain('⟨U+000D⟩⟨U+000A⟩Bcc');
  });

  it.each(['created', 'renewed', 'changed', 'revived', 'deactivated', 'deleted'] as const)(
    'say %s in both languages',
    (kind) => {
      const { text } = composeMail({ ...content, kind, deletion: new Date('2026-03-08T10:00:00Z') });
      expect(text).not.toMatch(/[{}]/);
      if (kind === 'deactivated') expect(text).toMatch(/8 mars 2026[\s\S]*8 March 2026/);
    },
  );

  it('do not say that links are replaced where the keys are read elsewhere', () => {
    const keys = { by: 'portal', url: 'https://partenaires.example.fr/apps/1' } as const;
    const { subject, text } = composeMail({ ...content, kind: 'renewed', keys });
    expect(subject).toBe('ProConnect\u00a0: où trouver vos clés pour Agenda <b>des</b> "associations"');
    expect(text).not.toMatch(/liens? précédents|Earlier links/);
    expect(composeMail({ ...content, kind: 'renewed' }).text).toMatch(/liens précédents/);
  });
});

describe('the outbox', () => {
  let db: Kysely<Tables>;
  let server: SMTPServer;
  let sender: MailSender;
  let received: { mail: ParsedMail; to: readonly string[] }[];
  let refuse: { code: number } | undefined;
  const vault = aVault();
  const cells: Record<string, MailCell> = {
    [cell]: {
      provider: 'registration',
      discovery: 'https://idp.example.fr/.well-known/openid-configuration',
      removalDelay: 7 * 86_400_000,
    },
  };

  beforeAll(async () => {
    db = await aStore();
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        void simpleParser(stream).then((mail) => {
          if (refuse !== undefined)
            return done(Object.assign(new Error('no'), { responseCode: refuse.code }));
          received.push({ mail, to: session.envelope.rcptTo.map((one) => one.address) });
          return done();
        });
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    const { port } = server.server.address() as AddressInfo;
    sender = smtpSender({ url: `smtp://127.0.0.1:${port}`, from: 'Greffier <greffier@registre.example.fr>' });
  });
  afterAll(async () => {
    sender.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await db.destroy();
  });
  beforeEach(async () => {
    await emptied(db);
    received = [];
    refuse = undefined;
  });

  const outbox = () => ({
    db,
    vault,
    sender,
    publicUrl: 'https://greffier.example.fr',
    answerPlaces: { registryUrl: 'https://github.com/org/registre' },
    cell: (name: string) => cells[name],
  });
  const wanted = wantedMetadata(
    aDesired('agenda', { contacts: { technical: ['une@ville.example.fr', 'deux@ville.example.fr'] } }),
  );
  async function told(secret?: string) {
    const ledger = new SqlLedger({ db, registry, vault, newLink });
    const sealed =
      secret === undefined
        ? undefined
        : vault.seal(secret, sealingPurpose({ cell, id: 'agenda' }, 'client-secret'));
    await ledger.save(
      {
        cell,
        id: 'agenda',
        state: 'active',
        seen: wanted,
        wanted,
        unanswered: 0,
        handle: 'handle-1',
        clientId: 'client-agenda',
        ...(sealed === undefined ? {} : { secret: sealed }),
      },
      undefined,
      'created',
    );
    const [id = ''] = await waitingMails(db);
    return id;
  }

  it('sends one mail with the link to all technical contacts, and forgets the token', async () => {
    const id = await told('the-secret-of-the-client');
    expect(await sendMail(outbox(), id)).toEqual({ kind: 'sent' });
    expect(await sendMail(outbox(), id)).toEqual({ kind: 'nothing' });
    expect(received).toHaveLength(1);
    const [only] = received;
    expect(only?.to).toEqual(['deux@ville.example.fr', 'une@ville.example.fr']);
    expect(only?.mail.messageId).toBe(`<${id}@registre.example.fr>`);
    const token = /greffier\.example\.fr\/handover\/([\w-]{43})/.exec(only?.mail.text ?? '')?.[1] ?? '';
    const rows = await db.selectFrom('handovers').select('token_hash').execute();
    expect(rows).toEqual([{ token_hash: tokenHash(token) }]);
    expect(JSON.stringify(only?.mail)).not.toContain('the-secret-of-the-client');
    expect(await db.selectFrom('mails').select(['token', 'state']).execute()).toEqual([
      { token: null, state: 'sent' },
    ]);
  });

  it.each([
    ['a name', { name: 'x\r\nBcc: evil@example.fr\r\n\r\nevil', to: 'une@ville.example.fr' }],
    ['an address', { name: 'x', to: 'une@ville.example.fr\r\nBcc: evil@example.fr' }],
    ['an address with another one in it', { name: 'x', to: 'une@ville.example.fr, evil@example.fr' }],
  ])('reaches nobody else and has no header but ours, whatever is in %s', async (_where, { name, to }) => {
    const mail = composeMail({ kind: 'created', name, cell, clientId: 'c' });
    await sender.send({ ...mail, id: 'essai', to: [to, 'deux@ville.example.fr'] });
    for (const { mail: got, to: rcpt } of received) {
      expect(rcpt).not.toContain('evil@example.fr');
      expect([...got.headers.keys()].sort()).toEqual([
        'auto-submitted',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
        'x-auto-response-suppress',
      ]);
    }
    if (to === 'une@ville.example.fr') expect(received).toHaveLength(1);
  });

  it('links to the portal where the keys are read there', async () => {
    cells[cell] = { provider: 'proconnect', portal: 'https://partenaires.example.fr/apps', removalDelay: 0 };
    await sendMail(outbox(), await told());
    expect(received[0]?.mail.text).toContain('https://partenaires.example.fr/apps/handle-1');
  });

  it('keeps a mail that the server cannot take now, under the same Message-ID', async () => {
    const id = await told('s');
    refuse = { code: 451 };
    expect(await sendMail(outbox(), id)).toMatchObject({ kind: 'later' });
    refuse = undefined;
    expect(await sendMail(outbox(), id)).toEqual({ kind: 'sent' });
    expect(received.map((one) => one.mail.messageId)).toEqual([`<${id}@registre.example.fr>`]);
  });

  it('gives up a mail that the server refuses for good, in words without addresses', async () => {
    const id = await told('s');
    refuse = { code: 550 };
    const sending = await sendMail(outbox(), id);
    expect(sending).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(sending)).not.toContain('@');
    expect(await waitingMails(db)).toEqual([]);
  });

  it('replaces older links when keys are handed over anew', async () => {
    await told('first');
    await told('second');
    const rows = await db
      .selectFrom('handovers')
      .select(['secret', 'replaced_at'])
      .orderBy('created_at')
      .execute();
    expect(rows).toHaveLength(2);
    expect(rows.filter((row) => row.secret === null && row.replaced_at !== null)).toHaveLength(1);
  });
});
