/** A server that does not encrypt, or somebody on the way to it who takes the offer to do so out of what it says. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { smtpSender } from '#infrastructure/mail/smtp';
import { probeSmtp } from '#infrastructure/mail/smtp-probe';

const heard: string[] = [];
const from = 'greffier@registre.example.fr';
const server = new SMTPServer({
  hideSTARTTLS: true,
  allowInsecureAuth: true,
  authOptional: true,
  onAuth({ username, password }, _session, done) {
    heard.push(`${username} ${password}`);
    done(null, { user: username });
  },
  onData(stream, _session, done) {
    heard.push('a mail');
    stream.resume().on('end', () => done());
  },
});
let port = 0;
beforeAll(async () => {
  server.on('error', () => undefined);
  server.listen(0, '0.0.0.0');
  await once(server.server, 'listening');
  ({ port } = server.server.address() as AddressInfo);
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
beforeEach(() => void heard.splice(0));

async function sent(url: string) {
  const sender = smtpSender({ url, from });
  const sent = await sender.send({ subject: 's', text: 't', html: 't', id: '1', to: ['a@ville.example.fr'] });
  sender.close();
  return sent;
}

// It leads here, and is no name of this machine.
describe.each([
  ['with an account, on another machine', 'smtp://compte:motdepasse@0.0.0.0'],
  ['where the operator says so', 'smtp://0.0.0.0', '?requireTLS=true'],
])('a server that does not encrypt, %s,', (_how, address, query = '') => {
  it('is told neither the account nor a mail, which waits', async () => {
    expect(await sent(`${address}:${port}${query}`)).toMatchObject({ ok: false, retryable: true });
    expect(heard).toEqual([]);
  });

  it('is found out by looking, which tells it nothing either', async () => {
    const found = await probeSmtp(`${address}:${port}${query}`, from);
    expect(found).toEqual({ ok: false, at: 'encryption', reason: 'STARTTLS' });
    expect(heard).toEqual([]);
  });
});

it.each([
  ['of this machine', 'smtp://compte:motdepasse@127.0.0.1', ['compte motdepasse', 'a mail']],
  ['of the network, without an account', 'smtp://0.0.0.0', ['a mail']],
])('a server %s is given mails as it takes them', async (_which, address, all) => {
  expect(await sent(`${address}:${port}`)).toEqual({ ok: true });
  expect(heard).toEqual(all);
  expect(await probeSmtp(`${address}:${port}`, from)).toMatchObject({ ok: true });
});
