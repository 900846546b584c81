/** The mailbox as pages: the mails, and each one as it is read, its links to be followed. */
import { type Html, html } from '#base/html';
import type { Language } from '#base/i18n/message';
import { type LocalPage, type LocalPages, servePages } from './local-pages.ts';
import type { Mailbox, ReceivedMail } from './mailbox.ts';

const words = {
  fr: { title: 'Boîte aux lettres', none: 'Rien encore.', from: 'De', to: 'À', back: 'Tous les messages' },
  en: { title: 'Mailbox', none: 'Nothing yet.', from: 'From', to: 'To', back: 'All mails' },
} as const;

/** `/`, newest first, and `/N`. */
export function startMailPages(mailbox: Pick<Mailbox, 'mails'>, language: Language): Promise<LocalPages> {
  const t = words[language];
  return servePages(language, async (url): Promise<LocalPage | undefined> => {
    if (url.pathname === '/') return { title: t.title, refresh: 5, body: listHtml(mailbox.mails, t.none) };
    const number = /^\/([1-9]\d{0,8})$/.exec(url.pathname)?.[1];
    const mail = mailbox.mails[Number(number) - 1];
    if (mail === undefined) return undefined;
    const { subject, from, to, text } = mail;
    const body = html`<p>${t.from} : ${from}<br>${t.to} : ${to.join(', ')}</p>
<section class="box"><div>${text
      .trim()
      .split(/\n{2,}/)
      .map(
        (paragraph) => html`<p>${linesHtml(paragraph)}</p>
`,
      )}</div></section>
<p><a href="/">${t.back}</a></p>`;
    return { title: subject, body };
  });
}

function listHtml(mails: readonly ReceivedMail[], none: string): Html {
  if (mails.length === 0) return html`<p>${none}</p>`;
  const item = ({ subject, to }: ReceivedMail, index: number) =>
    html`<li><a href="/${index + 1}">${subject}</a> — ${to.join(', ')}</li>
`;
  return html`<ol reversed>${mails.map(item).toReversed()}</ol>`;
}

const address = /https?:\/\/[^\s<>"'()«»]*[^\s<>"'()«».,;:!?]/g;

/** A paragraph of plain text, as mail programs show it: what is an address is a link. */
function linesHtml(paragraph: string): Html {
  const linked = (line: string): Html => {
    let at = 0;
    const parts: Html[] = [];
    for (const { 0: url, index } of line.matchAll(address)) {
      parts.push(html`${line.slice(at, index)}<a href="${url}">${url}</a>`);
      at = index + url.length;
    }
    return html`${parts}${line.slice(at)}`;
  };
  return html`${paragraph.split('\n').map((line, index) => html`${index > 0 && html`<br>`}${linked(line)}`)}`;
}
