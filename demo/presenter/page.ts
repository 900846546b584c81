/** A web page as a text browser shows it: headings, paragraphs, lists, fields and buttons. */
import { unescapeHtml } from '#demo/unescape-html';
import { breakAnywhere, sanitizeText, type TextStyler, wrapText } from './terminal.ts';

const block =
  /^(p|div|section|main|header|footer|article|form|ul|ol|li|dl|dt|dd|h[1-6]|table|tr|pre|br|fieldset|details|summary|label|select|nav|blockquote)$/;

/** The first element of a page whose tag fits, with all that is in it; nothing when there is none. */
export function elementOf(html: string, opening: RegExp): string {
  const found = opening.exec(html);
  const name = /^<([a-z0-9]+)/i.exec(found?.[0] ?? '')?.[1];
  if (found === null || name === undefined) return '';
  let depth = 0;
  for (const tag of html.slice(found.index).matchAll(new RegExp(`<(/?)${name}\\b[^>]*>`, 'gi'))) {
    depth += tag[1] === '/' ? -1 : 1;
    if (depth === 0) return html.slice(found.index, found.index + tag.index + tag[0].length);
  }
  return html.slice(found.index);
}

/** Without what nobody sees: buttons that a script would show, and words for screen readers. */
function withoutUnseen(html: string): string {
  const unseen = /<[a-z][a-z0-9]*\b(?=[^>]*(?:\shidden[\s>]|\sclass="away"))[^>]*>/i;
  let seen = html;
  for (let found = elementOf(seen, unseen); found !== ''; found = elementOf(seen, unseen))
    seen = seen.replace(found, () => '');
  return seen;
}

/** Lines without a newline at their end. Styles, scripts and what is in the head are not seen. */
export function renderPage(html: string, styler: TextStyler, width: number): string[] {
  const body = withoutUnseen(
    html
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<(head|style|script|template)\b[\s\S]*?<\/\1>/gi, '')
      .replace(/<!doctype[^>]*>/gi, ''),
  );
  const lines: string[] = [];
  let line = '';
  let heading = false;
  let preformatted = false;
  const end = () => {
    if (preformatted) {
      lines.push(
        ...line
          .trimEnd()
          .split('\n')
          .flatMap((one) => breakAnywhere(one, width)),
      );
      line = '';
      return;
    }
    const text = line.replace(/[ \n]+/g, ' ').trim();
    // The bullet of an item stands before the first thing in it.
    if (text === '•') return;
    line = '';
    if (text === '') return;
    lines.push(...wrapText(heading ? styler.style(text, 'bold') : text, width));
  };
  for (const [, tag, text] of body.matchAll(/<(\/?[a-z][a-z0-9]*)\b[^>]*>|([^<]+)/gi)) {
    if (text !== undefined) line += sanitizeText(unescapeHtml(text));
    else if (tag !== undefined) {
      const name = tag.toLowerCase();
      if (block.test(name.replace('/', ''))) end();
      if (name === 'pre' || name === '/pre') preformatted = name === 'pre';
      if (/^h[1-6]$/.test(name)) heading = true;
      else if (/^\/h[1-6]$/.test(name)) heading = false;
      else if (name === 'li') line = '• ';
      else if (name === 'dd') line = '  ';
      else if (name === 'button') line += '[ ';
      else if (name === '/button') line += ' ]';
    }
  }
  end();
  return lines;
}
