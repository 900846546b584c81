/** Sends mails by SMTP. What sends them is loaded with the first one. */

import type { Transporter } from 'nodemailer';
import { mailboxOf } from '#base/mailbox';
import { networkFault } from '#base/network-fault';
import { mustEncrypt } from './encryption.ts';

export interface OutgoingMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for every attempt: readers' programs show a mail with the same Message-ID once. */
  readonly id: string;
  readonly to: readonly string[];
}

export type SendResult =
  | { readonly ok: true }
  /** `later`: a passing fault (RFC 5321 §4.2.1: 4yz, or no answer); else the server refused for good. */
  | { readonly ok: false; readonly retryable: boolean; readonly reason: string };

export interface MailSender {
  send(mail: OutgoingMail): Promise<SendResult>;
  close(): void;
}

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with the account in it where there is one. */
  readonly url: string;
  /** `Greffier <greffier@example.gouv.fr>` or a bare address. */
  readonly from: string;
}

const smtpTimeoutMs = 20_000;

export function smtpSender(options: SmtpOptions): MailSender {
  const from = mailboxOf(options.from);
  let transport: Promise<Transporter> | undefined;
  const open = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      url: options.url,
      connectionTimeout: smtpTimeoutMs,
      greetingTimeout: smtpTimeoutMs,
      socketTimeout: smtpTimeoutMs,
      ...(mustEncrypt(new URL(options.url)) && { requireTLS: true }),
      // Nothing in a mail may make the library read files or fetch addresses.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  return {
    async send(mail) {
      try {
        transport ??= open();
        await (await transport).sendMail({
          messageId: `<${mail.id}@${from.address.split('@')[1] ?? 'greffier.invalid'}>`,
          from,
          // As objects: a string would be parsed, and a line break in it could add recipients.
          to: mail.to.map((address) => ({ name: '', address })),
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        });
        return { ok: true };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => void transport?.then((opened) => opened.close()),
  };
}

/** Codes only: the text of a server's answer may repeat the account. */
function failureOf(error: unknown): SendResult {
  const details = typeof error === 'object' && error !== null ? error : {};
  const code = 'code' in details && typeof details.code === 'string' ? details.code : 'UNKNOWN';
  const status =
    'responseCode' in details && typeof details.responseCode === 'number' ? details.responseCode : undefined;
  // An account or an encryption that it does not take is no word about the mail.
  const forGood = status !== undefined && status >= 500 && code !== 'EAUTH' && code !== 'ETLS';
  const fault = networkFault(error);
  const parts = [code, status, fault].filter((part) => part !== undefined);
  return { ok: false, retryable: !forGood, reason: parts.join(' ') };
}
