/** The mails to the technical contacts: in the registry’s language first, then in the other, as plain text and as HTML. Never a secret. */
import { formatDay } from '#base/i18n/dates';
import type { Language } from '#base/i18n/message';
import type { Quote } from '#base/i18n/render';
import type { MailKind } from '#domain/provisioning/ledger';
import { handoverDays } from './link-token.ts';
import { cellWords, type HandoverMessageKey, handoverTranslator, quoteHtml, quotePlain } from './messages.ts';

export interface MailContent {
  readonly kind: MailKind;
  /** The name of the service provider. */
  readonly name: string;
  readonly cell: string;
  readonly clientId: string;
  /** How the keys are read: behind a link of ours, in ProConnect's portal, or from the people who made the client. */
  readonly keys?:
    | { readonly by: 'link'; readonly url: string }
    | { readonly by: 'portal'; readonly url: string }
    | { readonly by: 'people' };
  readonly discovery?: string;
  /** When a deactivated client is deleted. */
  readonly deletion?: Date;
  /** The client that was replaced; `days` after the new keys were read it is closed, where it is not at once. */
  readonly former?: { readonly clientId: string; readonly revoked?: true; readonly days: number };
}

export interface ComposedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** @param first the language of the registry */
export function composeMail(content: MailContent, first: Language = 'fr'): ComposedMail {
  return bothLanguages(first, {
    subject: handoverTranslator(first, quotePlain)(`subject-${messageKind(content)}`, {
      name: content.name,
    }),
    paragraphs: (language, quote, link) => paragraphs(content, language, quote, link),
  });
}

/** Foreign text, and addresses of ours, as one of the two forms of a mail shows them. */
type Paragraphs = (language: Language, quote: Quote, link: (url: string) => string) => readonly string[];

/** A mail in one language, then in the other, as plain text and as HTML. */
export function bothLanguages(
  first: Language,
  { subject, paragraphs: of }: { readonly subject: string; readonly paragraphs: Paragraphs },
): ComposedMail {
  const languages: readonly Language[] = first === 'fr' ? ['fr', 'en'] : ['en', 'fr'];
  const text = languages.map((language) => of(language, quotePlain, (url) => url).join('\n\n'));
  const link = (url: string) => `<a href="${quoteHtml(url)}">${quoteHtml(url)}</a>`;
  const html = languages.map((language) => {
    const lines = of(language, quoteHtml, link).map((line) => `<p>${line}</p>`);
    return `<div lang="${language}">\n${lines.join('\n')}\n</div>`;
  });
  return {
    subject,
    text: `${text.join('\n\n---\n\n')}\n`,
    html: `<!doctype html>\n<html lang="${first}"><body>\n${html.join('\n<hr>\n')}\n</body></html>\n`,
  };
}

/** Only a link of ours replaces the earlier ones: keys that are read elsewhere are where they were. */
function messageKind({ kind: notice, keys }: MailContent): MailKind | 'reminded' {
  return notice === 'renewed' && keys?.by !== 'link' ? 'reminded' : notice;
}

/** What becomes of the client that was replaced. Whether keys were read is known of links only. */
function formerWords(
  { keys }: MailContent,
  { revoked }: NonNullable<MailContent['former']>,
): HandoverMessageKey {
  if (revoked === true) return 'replaced-at-once';
  return keys?.by === 'link' ? 'replaced-later' : 'replaced-portal';
}

function paragraphs(
  content: MailContent,
  language: Language,
  quote: Quote,
  link: (url: string) => string,
): readonly string[] {
  const t = handoverTranslator(language, quote);
  const { kind, name, cell, clientId, keys, discovery, deletion, former } = content;
  const formerId = former?.clientId ?? '';
  const date = deletion === undefined ? '' : formatDay(language, deletion);
  const how: HandoverMessageKey | undefined = keys === undefined ? undefined : `by-${keys.by}`;
  return [
    `${t('hello')}`,
    t(messageKind(content), { name, cell: cellWords(cell, language), clientId, date, former: formerId }),
    ...(kind === 'replaced' && former !== undefined
      ? [t(formerWords(content, former), { former: formerId, days: former.days })]
      : []),
    ...(how === undefined ? [] : [t(how, { days: handoverDays })]),
    ...(keys === undefined || keys.by === 'people' ? [] : [link(keys.url)]),
    ...(discovery === undefined ? [] : [t('discovery', { url: { trusted: link(discovery) } })]),
    t('why-you'),
  ];
}
