/** A web page as a text browser shows it: headings, paragraphs, lists, fields and buttons. */
import { unescapeHtml } from '#demo/unescape-html';
import { sanitizeText, type TextStyler, wrapText } from './terminal.ts';

const block =
  /^(p|div|section|main|header|footer|article|form|ul|ol|li|dl|dt|dd|h[1-6]|table|tr|pre|br|fieldset|details|summary)$/;

/** Lines without a newline at their end. Styles, scripts and what is in the head are not seen. */
export function renderPage(html: string, styler: TextStyler, width: number): string[] {
  const body = html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(head|style|script|template)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<!doctype[^>]*>/gi, '');
  const lines: string[] = [];
  let line = '';
  let heading = false;
  const end = () => {
    const text = line.replace(/[ \n]+/g, ' ').trim();
    line = '';
    if (text === '') return;
    lines.push(...wrapText(heading ? styler.style(text, 'bold') : text, width));
  };
  for (const [, tag, text] of body.matchAll(/<(\/?[a-z][a-z0-9]*)\b[^>]*>|([^<]+)/gi)) {
    if (text !== undefined) line += sanitizeText(unescapeHtml(text));
    else if (tag !== undefined) {
      const name = tag.toLowerCase();
      if (block.test(name.replace('/', ''))) end();
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
