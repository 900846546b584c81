/** Markdown as GitHub shows it: of the HTML in it a few tags that only shape text, and no attribute of any. */
import { Marked, Renderer } from 'marked';
import { escapeHtml, type Html, ownHtml } from '#base/html';

const shaping = /^(?:details|summary|sub|sup|br|b|i|em|strong|kbd|p|ul|ol|li|hr|blockquote)$/;

/** HTML in Markdown: what may stay, the rest as the text that it is. */
function safeHtml(text: string): string {
  let out = '';
  for (const [, tag, slash, name, plain] of text
    .replace(/<!--[\s\S]*?-->/g, '')
    .matchAll(/(<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?>)|([^<]+|<)/gi)) {
    if (name !== undefined && shaping.test(name.toLowerCase()))
      out += `<${slash ?? ''}${name.toLowerCase()}>`;
    // Between tags there may be character references, which stay, and no tag.
    else out += tag === undefined ? (plain ?? '').replace('<', '&lt;') : escapeHtml(tag);
  }
  return out;
}

function diffHtml(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const kind = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
      return `<span class="${kind}">${escapeHtml(line)}</span>`;
    })
    .join('\n');
}

const renderer = new Renderer();
renderer.html = ({ text }) => safeHtml(text);
renderer.code = ({ text, lang }) =>
  `<pre><code>${lang === 'diff' ? diffHtml(text) : escapeHtml(text)}</code></pre>`;
renderer.link = function ({ href, tokens }) {
  const words = this.parser.parseInline(tokens);
  return /^(?:https?:\/\/|mailto:|#|\/)/i.test(href) ? `<a href="${escapeHtml(href)}">${words}</a>` : words;
};
renderer.image = ({ text }) => escapeHtml(text);

const comments = new Marked({ gfm: true, breaks: true, renderer });
const documents = new Marked({ gfm: true, renderer });

/** @param of a comment's line breaks are breaks, a file's are not */
export function markdownHtml(text: string, of: 'comment' | 'file' = 'comment'): Html {
  return ownHtml((of === 'comment' ? comments : documents).parse(text, { async: false }));
}
