/** What an address looks like that every system of ProConnect accepts, and those that nobody reads. */

import type { Located, PartialDefinition } from '#domain/definition/parse/partial-definition';

/**
 * What every system of ProConnect accepts: the partner API refuses a leading or doubled dot, the administration
 * form an apostrophe and a top-level domain of more than ten letters. A hyphen at the start is that of a list. `+` and capitals have rules of their own.
 */
const accepted =
  /^[a-z0-9_+][a-z0-9_+-]*(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,10}$/i;

export const maxMailboxLength = 254;

/** Of the partial definition that was read last: rules read one after the other. */
let known: { readonly partial: PartialDefinition; readonly unusual: readonly Located<string>[] } | undefined;

/** The addresses that some rule may report: none in most definitions. */
export function unusualMailboxes(partial: PartialDefinition): readonly Located<string>[] {
  if (known?.partial !== partial) {
    const unusual: Located<string>[] = [];
    const { technicalContacts, supportContact } = partial;
    for (const contact of technicalContacts) if (!isUsual(contact.value)) unusual.push(contact);
    if (supportContact !== undefined && !isUsual(supportContact.value)) unusual.push(supportContact);
    known = { partial, unusual };
  }
  return known.unusual;
}

export function hasUnusualMailbox(partial: PartialDefinition): boolean {
  return unusualMailboxes(partial).length > 0;
}

/** Accepted, in lower case and without `+`: nothing to report, unless of its two parts. */
const usual =
  /^[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,10}$/;

/** Whether no rule on addresses has anything to report of one. */
function isUsual(value: string): boolean {
  return (
    value.length <= maxMailboxLength &&
    usual.test(value) &&
    !publicMailboxes.has(value.slice(value.indexOf('@') + 1)) &&
    !isUnread(value)
  );
}

export function isAccepted(value: string): boolean {
  return value.length <= maxMailboxLength && accepted.test(value);
}

/** Mailboxes for the general public, as used in France. */
const publicMailboxes: ReadonlySet<string> = new Set(
  (
    'gmail.com googlemail.com orange.fr wanadoo.fr free.fr aliceadsl.fr laposte.net outlook.com outlook.fr hotmail.com ' +
    'hotmail.fr live.com live.fr msn.com yahoo.com yahoo.fr ymail.com sfr.fr neuf.fr cegetel.net club-internet.fr ' +
    'bbox.fr numericable.fr noos.fr icloud.com me.com mac.com gmx.com gmx.fr aol.com aol.fr protonmail.com ' +
    'protonmail.ch proton.me pm.me tutanota.com tuta.io mailo.com mailo.fr net-c.fr yopmail.com yopmail.fr mail.com ' +
    'dbmail.com voila.fr caramail.com infomaniak.com ik.me zoho.com fastmail.com hey.com'
  ).split(' '),
);

export function isPublicMailbox(value: string): boolean {
  return publicMailboxes.has(value.slice(value.lastIndexOf('@') + 1).toLowerCase());
}

/** The local part says that nobody reads the mailbox. */
const unread =
  /(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|ne[._-]?pas[._-]?(?:re|ré)pondre|nepasrepondre|sans[._-]?reponse|no[._-]?response)(?:$|[._+\d-])/i;

/** What all of these have in them, and nearly no other mailbox. */
const answer = /r[eé]s?p/i;

export function isUnread(value: string): boolean {
  return answer.test(value) && unread.test(value.slice(0, value.lastIndexOf('@')));
}
