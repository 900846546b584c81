/** Markdown as a person sees it rendered, in a terminal. */
import { marked, type Token, type Tokens } from 'marked';
import { unescapeHtml } from '#demo/unescape-html';
import {
  breakAnywhere,
  padToWidth,
  sanitizeText,
  type TextStyle,
  type TextStyler,
  widthOf,
  wrapText,
} from './terminal.ts';

export interface MarkdownOptions {
  readonly styler: TextStyler;
  /** Columns. */
  readonly width: number;
  /** Whether what is folded away (`<details>`) is shown as if it had been opened. */
  readonly unfolded?: boolean;
  /** The lines that a suggestion would replace. */
  readonly replaced?: readonly string[];
}

/** Lines without a newline at their end. HTML comments are not seen, scripts and pictures neither. */
export function renderMarkdown(markdown: string, options: MarkdownOptions): string[] {
  const lines = new Renderer(options).blocks(
    marked.lexer(sanitizeText(markdown).replace(/<!--[\s\S]*?-->/g, '')),
    options.width,
  );
  return lines
    .filter((line, index) => line !== '' || (lines[index - 1] ?? '') !== '')
    .map((line) => line.trimEnd());
}

class Renderer {
  readonly #options: MarkdownOptions;
  readonly #styler: TextStyler;
  /** How deep in folded parts we are. */
  #folded = 0;

  constructor(options: MarkdownOptions) {
    this.#options = options;
    this.#styler = options.styler;
  }

  /** Blocks with an empty line between them. */
  blocks(tokens: readonly Token[], width: number, apart = true): string[] {
    const lines: string[] = [];
    for (const token of tokens) {
      const own = this.#block(token as MarkedBlock, width);
      if (own.length === 0) continue;
      if (apart && lines.length > 0) lines.push('');
      lines.push(...own);
    }
    return lines;
  }

  #block(token: MarkedBlock, width: number): string[] {
    if (token.type === 'html') return this.#html(token.text, width);
    if (this.#folded > 0) return [];
    switch (token.type) {
      case 'heading':
        return wrapText(this.#inline(token.tokens), width).map((line) =>
          token.depth <= 2 ? this.#styler.style(line, 'bold', 'underline') : this.#styler.style(line, 'bold'),
        );
      case 'paragraph':
      case 'text':
        return this.#inline(token.tokens ?? [token])
          .split('\n')
          .flatMap((line) => wrapText(line, width));
      case 'list':
        return this.#list(token, width);
      case 'code':
        return this.#code(token, width);
      case 'blockquote':
        return this.blocks(token.tokens, width - 2).map((line) => this.#styler.style('│ ', 'dim') + line);
      case 'table':
        return this.#table(token, width);
      case 'hr':
        return [this.#styler.style('─'.repeat(width), 'dim')];
      default:
        return [];
    }
  }

  /** `<details>` folds, `<sub>` and the like are written as what they hold. */
  #html(html: string, width: number): string[] {
    const lines: string[] = [];
    for (const [, tag = '', text = ''] of html.matchAll(/(<\/?[a-z]+[^>]*>)|([^<]+)/gi)) {
      const name = /^<(\/?[a-z]+)/i.exec(tag)?.[1]?.toLowerCase();
      if (name === 'details') this.#folded++;
      else if (name === '/details') this.#folded = Math.max(0, this.#folded - 1);
      else if (name === 'summary') this.#inSummary = true;
      else if (name === '/summary') {
        this.#inSummary = false;
        if (this.#options.unfolded === true && this.#folded > 0) this.#folded--;
      } else if (text.trim() !== '' && (this.#inSummary || this.#folded === 0)) {
        const sign = this.#inSummary ? (this.#options.unfolded === true ? '▾ ' : '▸ ') : '';
        lines.push(...wrapText(sign + unescapeHtml(text.trim().replace(/\s+/g, ' ')), width));
      }
    }
    return lines.map((line) => this.#styler.style(line, 'dim'));
  }
  #inSummary = false;

  #list(token: Tokens.List, width: number): string[] {
    const start = typeof token.start === 'number' ? token.start : 1;
    return token.items.flatMap((item, index) => {
      const bullet = token.ordered ? `${start + index}. ` : '• ';
      const mark = item.task ? (item.checked === true ? '☑ ' : '☐ ') : '';
      const indent = ' '.repeat(bullet.length);
      const lines = this.blocks(item.tokens, width - bullet.length, false);
      return lines.map((line, at) =>
        at === 0 ? this.#styler.style(bullet, 'dim') + mark + line : indent + line,
      );
    });
  }

  #code(token: Tokens.Code, width: number): string[] {
    const lines = token.text.split('\n');
    if (token.lang === 'suggestion')
      return this.#framed(
        [
          ...(this.#options.replaced ?? []).map((line) => this.#diffLine(`- ${line}`)),
          ...lines.map((line) => this.#diffLine(`+ ${line}`)),
        ],
        width,
      );
    return this.#framed(token.lang === 'diff' ? lines.map((line) => this.#diffLine(line)) : lines, width);
  }

  #diffLine(line: string): string {
    const style: TextStyle | undefined = line.startsWith('+')
      ? 'green'
      : line.startsWith('-')
        ? 'red'
        : undefined;
    return style === undefined ? line : this.#styler.style(line, style);
  }

  #framed(lines: readonly string[], width: number): string[] {
    const bar = this.#styler.style('┃ ', 'dim');
    return lines.flatMap((line) => breakAnywhere(line, width - 2)).map((line) => bar + line);
  }

  #table(token: Tokens.Table, width: number): string[] {
    const rows = [token.header, ...token.rows].map((row) => row.map((cell) => this.#inline(cell.tokens)));
    const columns = token.header.map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
    const total = columns.reduce((sum, column) => sum + column + 3, 0);
    if (total > width)
      // Too narrow for columns: each row as a small list, as on a telephone.
      return rows
        .slice(1)
        .flatMap((row) => row.flatMap((cell, at) => wrapText(`${rows[0]?.[at] ?? ''} : ${cell}`, width)));
    const line = (row: readonly string[]) =>
      row.map((cell, at) => padToWidth(cell, columns[at] ?? 0)).join(this.#styler.style(' │ ', 'dim'));
    const [head = [], ...rest] = rows;
    const rule = columns.map((column) => '─'.repeat(column)).join('─┼─');
    return [this.#styler.style(line(head), 'bold'), this.#styler.style(rule, 'dim'), ...rest.map(line)];
  }

  #inline(tokens: readonly Token[]): string {
    return tokens.map((token) => this.#span(token as MarkedSpan)).join('');
  }

  #span(token: MarkedSpan): string {
    switch (token.type) {
      case 'strong':
        return this.#styler.style(this.#inline(token.tokens), 'bold');
      case 'em':
        return this.#styler.style(this.#inline(token.tokens), 'italic');
      case 'del':
        return this.#styler.style(this.#inline(token.tokens), 'dim');
      case 'codespan':
        // Without colours nothing else tells a value from the sentence around it.
        return this.#styler.coloured ? this.#styler.style(token.text, 'cyan') : `\`${token.text}\``;
      case 'link':
        return this.#styler.style(this.#inline(token.tokens), 'underline', 'blue');
      case 'br':
        return '\n';
      case 'html':
        return '';
      case 'text':
        return token.tokens === undefined ? unescapeHtml(token.text) : this.#inline(token.tokens);
      case 'escape':
        return token.text;
      default:
        return token.raw;
    }
  }
}

type MarkedBlock =
  | Tokens.Heading
  | Tokens.Paragraph
  | Tokens.Text
  | Tokens.List
  | Tokens.Code
  | Tokens.Blockquote
  | Tokens.Table
  | Tokens.Hr
  | Tokens.HTML
  | Tokens.Space;

type MarkedSpan =
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Link
  | Tokens.Br
  | Tokens.Tag
  | Tokens.Text
  | Tokens.Escape
  | Tokens.Image;
