/** A mail server on this machine that keeps what it is given, for someone to read. */
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  /** Every address that the envelope named: who really receives it, whatever the headers say. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
  /** The message as it came over the wire, for searches that must find nothing. */
  readonly raw: string;
}

export interface Mailbox {
  /** `smtp://127.0.0.1:…`, with the account in it, for `SMTP_URL`. */
  readonly url: string;
  /** Oldest first. */
  readonly mails: readonly ReceivedMail[];
  /** The first mail that fits and has come or comes within `timeout` milliseconds; undefined when none does. */
  waitFor(fits: (mail: ReceivedMail) => boolean, timeout: number): Promise<ReceivedMail | undefined>;
  /** From now on mails are refused with this SMTP status, or taken again when there is none. */
  refuseWith(status: number | undefined): void;
  stop(): Promise<void>;
}

export interface SmtpAccount {
  readonly user: string;
  readonly password: string;
}

/**
 * @param port the port to listen on, on the loopback address; any free one when 0
 * @param account who may send; anyone when absent
 */
export async function startMailbox(port = 0, account?: SmtpAccount): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  let refusal: number | undefined;
  const server = new SMTPServer({
    authOptional: account === undefined,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (username === account?.user && password === account?.password) done(null, { user: username });
      else done(Object.assign(new Error('Authentication failed'), { responseCode: 535 }));
    },
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        if (refusal !== undefined) {
          done(Object.assign(new Error('Refused for now'), { responseCode: refusal }));
          return;
        }
        const raw = Buffer.concat(chunks);
        const parsed = await simpleParser(raw);
        mails.push(
          mailOf(
            parsed,
            raw,
            session.envelope.rcptTo.map(({ address }) => address),
          ),
        );
        done();
        for (const check of waiting) check();
      });
    },
  });
  const listening = Promise.withResolvers<void>();
  server.on('error', listening.reject);
  const socket = server.listen(port, '127.0.0.1', listening.resolve);
  await listening.promise;
  return {
    url: `smtp://${account === undefined ? '' : `${account.user}:${account.password}@`}127.0.0.1:${
      (socket.address() as AddressInfo).port
    }`,
    mails,
    async waitFor(fits, timeout) {
      const { promise, resolve } = Promise.withResolvers<ReceivedMail | undefined>();
      const check = () => {
        const found = mails.find(fits);
        if (found !== undefined) resolve(found);
      };
      const late = setTimeout(() => resolve(undefined), timeout);
      waiting.add(check);
      check();
      const found = await promise;
      waiting.delete(check);
      clearTimeout(late);
      return found;
    },
    refuseWith(status) {
      refusal = status;
    },
    async stop() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      await promise;
    },
  };
}

function mailOf(parsed: ParsedMail, raw: Buffer, to: readonly string[]): ReceivedMail {
  return {
    from: parsed.from?.text ?? '',
    to,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html === false ? undefined : parsed.html,
    raw: raw.toString('utf8'),
  };
}
