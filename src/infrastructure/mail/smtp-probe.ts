/**
 * Does a mail server speak, and take mails of this sender? A conversation of SMTP (RFC 5321 §3.3) up to `RCPT TO`, which
 * is then taken back: nothing is sent. Many servers judge the sender only once a recipient is named (Postfix,
 * `smtpd_delay_reject`): it is named itself, and nobody else.
 */
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { mailboxOf } from '#base/mailbox';
import { mustEncrypt } from './encryption.ts';

export type SmtpProbe =
  /** `unproven`: of its own address it said something else than yes, which is no word about its mails to others. */
  | { readonly ok: true; readonly unproven?: string }
  | {
      readonly ok: false;
      readonly at: 'connection' | 'encryption' | 'account' | 'sender';
      /** A code of the system, or the status of the server's answer: its text may repeat the account. */
      readonly reason: string;
    };

const stepTimeoutMs = 10_000;

class SmtpRefusal extends Error {
  readonly at: 'connection' | 'encryption' | 'account' | 'sender';

  constructor(at: SmtpRefusal['at'], reason: string) {
    super(reason);
    this.at = at;
  }
}

interface Reply {
  readonly status: number;
  readonly lines: readonly string[];
}

/** @param url `smtp://` or `smtps://`, with the account in it where there is one */
export async function probeSmtp(url: string, from: string): Promise<SmtpProbe> {
  const target = new URL(url);
  const secure = target.protocol === 'smtps:';
  const port = Number(target.port || (secure ? 465 : 587));
  const host = target.hostname.replace(/^\[|\]$/g, '');
  // A certificate names hosts; an address has no name to ask for (RFC 6066 §3).
  const tlsName = isIP(host) === 0 ? { servername: host } : {};
  let socket: Socket = secure ? connectTls({ host, port, ...tlsName }) : connectPlain({ host, port });
  let at: SmtpRefusal['at'] = 'connection';
  // Until it is connected, a name that is unknown or a port that is closed says nothing of how the server encrypts.
  if (secure)
    socket.once('connect', () => {
      at = 'encryption';
    });
  try {
    let talk = conversation(socket);
    await talk.expect(undefined, 220, 'connection');
    at = 'connection';
    let offered = await talk.expect('EHLO greffier', 250, 'connection');
    const isOffered = offered.lines.some((line) => /^STARTTLS\b/i.test(line));
    if (!isOffered && mustEncrypt(target)) throw new SmtpRefusal('encryption', 'STARTTLS');
    if (!secure && isOffered) {
      at = 'encryption';
      await talk.expect('STARTTLS', 220, 'encryption');
      talk.release();
      const encrypted = connectTls({ socket, ...tlsName });
      await new Promise<void>((resolve, reject) =>
        encrypted.once('secureConnect', resolve).once('error', reject),
      );
      socket = encrypted;
      talk = conversation(encrypted);
      at = 'connection';
      offered = await talk.expect('EHLO greffier', 250, 'connection');
    }
    const [user, password] = [target.username, target.password].map(decodeURIComponent);
    if (user) {
      const plain = Buffer.from(`\0${user}\0${password ?? ''}`).toString('base64');
      await talk.expect(`AUTH PLAIN ${plain}`, 235, 'account');
    }
    await talk.expect(`MAIL FROM:<${mailboxOf(from).address}>`, 250, 'sender');
    const named = await talk.ask(`RCPT TO:<${mailboxOf(from).address}>`);
    // Of a policy (RFC 3463 §3.8), and not of a mailbox that nobody reads.
    if (named.status >= 500 && /^5\.7\./.test(named.lines[0] ?? ''))
      throw new SmtpRefusal('sender', String(named.status));
    await talk.expect('RSET', 250, 'connection');
    socket.end('QUIT\r\n');
    return named.status >= 250 && named.status <= 252
      ? { ok: true }
      : { ok: true, unproven: String(named.status) };
  } catch (error) {
    if (error instanceof SmtpRefusal) return { ok: false, at: error.at, reason: error.message };
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'closed';
    return { ok: false, at, reason: code };
  } finally {
    socket.destroy();
  }
}

/** Commands one at a time, each with the whole of its answer. */
function conversation(socket: Socket) {
  let text = '';
  let ended: Error | undefined;
  let wake: () => void = () => undefined;
  const onData = (chunk: Buffer) => {
    text = (text + chunk.toString('latin1')).slice(-65_536);
    wake();
  };
  const onEnd = (error?: Error) => {
    ended ??= error ?? new SmtpRefusal('connection', 'closed');
    wake();
  };
  const onClose = () => onEnd();
  const onTimeout = () => onEnd(new SmtpRefusal('connection', 'timeout'));
  socket.on('data', onData).on('error', onEnd).on('close', onClose).setTimeout(stepTimeoutMs, onTimeout);

  async function reply(): Promise<Reply> {
    for (;;) {
      const whole = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(text)?.[0];
      if (whole !== undefined) {
        text = text.slice(whole.length);
        const lines = whole.trimEnd().split(/\r?\n/);
        return { status: Number(lines.at(-1)?.slice(0, 3)), lines: lines.map((line) => line.slice(4)) };
      }
      if (ended !== undefined) throw ended;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    /** @throws what the connection ends with */
    ask(command: string): Promise<Reply> {
      socket.write(`${command}\r\n`);
      return reply();
    },
    /** @throws SmtpRefusal for another status; what the connection ends with */
    async expect(command: string | undefined, status: number, at: SmtpRefusal['at']): Promise<Reply> {
      if (command !== undefined) socket.write(`${command}\r\n`);
      const answer = await reply();
      if (answer.status !== status) throw new SmtpRefusal(at, String(answer.status));
      return answer;
    },
    /** Lets another conversation go on over the same socket. */
    release() {
      socket.off('data', onData).off('error', onEnd).off('close', onClose).off('timeout', onTimeout);
    },
  };
}
