/** What is said of the certificate of a mail server, after STARTTLS and from the first byte, with real ones of each. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, anAuthority, printedBy } from '../http-client/authority.ts';

let authority: Authority;
beforeAll(() => {
  authority = anAuthority();
});
afterAll(() => authority.remove());

/** Offers STARTTLS, or speaks TLS at once, with a certificate. */
async function aServer(
  secure: boolean,
  certificate: { readonly key: Buffer; readonly cert: Buffer },
): Promise<{ readonly url: string; readonly received: string[]; close(): Promise<void> }> {
  const received: string[] = [];
  const server = new SMTPServer({
    ...certificate,
    secure,
    authOptional: true,
    onData(stream, session, done) {
      stream.resume().on('end', () => {
        received.push(session.secure ? 'sealed' : 'open');
        done();
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `${secure ? 'smtps' : 'smtp'}://localhost:${port}`,
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** What sending came to, in a process of its own, prepared as `serve` is. */
async function sent(url: string, environment: Readonly<Record<string, string>>): Promise<unknown> {
  const code = `
    import { prepareOutgoing } from '#infrastructure/http-client/outgoing';
    import { smtpSender } from '#infrastructure/mail/smtp';
    prepareOutgoing();
    const sender = smtpSender({ url: process.argv[1], from: 'greffier@registre.example.fr' });
    const mail = { subject: 's', text: 't', html: '<p>t</p>', id: '1', to: ['a@ville.example.fr'] };
    console.log(JSON.stringify(await sender.send(mail)));
    sender.close();`;
  return JSON.parse(await printedBy(code, [url], environment));
}

describe.each([
  ['STARTTLS', false],
  ['TLS from the first byte', true],
])('a mail over %s', (_how, secure) => {
  it('is sent, sealed, where the authority is believed', async () => {
    const server = await aServer(secure, authority.certificate('good', 'localhost', 3650));
    expect(await sent(server.url, { SSL_CERT_FILE: authority.file })).toEqual({ ok: true });
    expect(server.received).toEqual(['sealed']);
    await server.close();
  });

  it.each([
    ['expired', 'localhost', -1, false, 'certificate-expired'],
    ['other', 'autre.example.gouv.fr', 3650, false, 'certificate-name'],
    ['self', 'localhost', 3650, true, 'certificate-issuer'],
    ['unknown', 'localhost', 3650, false, 'certificate-issuer'],
  ])(
    'waits, and tells why, behind a certificate that is not believed: %s',
    async (name, subject, days, own, fault) => {
      const server = await aServer(secure, authority.certificate(name, subject, days, own));
      const environment = name === 'unknown' ? {} : { SSL_CERT_FILE: authority.file };
      expect(await sent(server.url, environment)).toMatchObject({
        ok: false,
        retryable: true,
        reason: expect.stringContaining(fault),
      });
      expect(server.received).toEqual([]);
      await server.close();
    },
  );
});
