/** Mailboxes as people write them in a configuration: `Greffier <greffier@example.gouv.fr>`, or a bare address. */

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** The parts of what is written; what has no brackets is the address, of Greffier. */
export function mailboxOf(text: string): Mailbox {
  const parts = /^\s*"?([^"<]*?)"?\s*<([^<>\s]+)>\s*$/.exec(text);
  return parts === null
    ? { name: 'Greffier', address: text.trim() }
    : { name: parts[1] ?? '', address: parts[2] ?? '' };
}

/** Whether mails can have it for their sender, as far as that shows without a mail server. */
export function hasAddress({ address }: Mailbox): boolean {
  return /^[^\s<>"@,;]+@[^\s<>"@,;]+$/.test(address);
}
