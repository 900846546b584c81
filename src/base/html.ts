/** HTML that cannot be injected into: every value that goes into a template is escaped, unless it is HTML already. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** As text, and within quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A piece of HTML. Made by `html`, or of HTML that is Greffier's own by `ownHtml`: nothing else becomes one. */
export class Html {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static of(text: string): Html {
    return new Html(text);
  }

  toString(): string {
    return this.#text;
  }

  /** The same without links, whose words stay: for what stands in a link itself. */
  withoutLinks(): Html {
    return new Html(this.#text.replace(/<\/?a(?: [^<>]*)?>/g, ''));
  }
}

/** What may stand in a template: lists one after the other; `false` and `undefined` are nothing. */
export type HtmlValue = string | number | Html | false | undefined | readonly HtmlValue[];

/**
 * A template whose values are escaped. Attributes must be quoted.
 *
 * @example html`<p class="${kind}">${foreign}</p>`
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.of(parts.reduce((all, part, index) => all + textOf(values[index - 1]) + part));
}

function textOf(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number' || value instanceof Html) return String(value);
  return value.map(textOf).join('');
}

/** Text of Greffier's own that is HTML already. What comes from anywhere else must go through `html`. */
export function ownHtml(text: string): Html {
  return Html.of(text);
}

/** Several attributes at once: `true` for one without a value, those that are false or undefined left out. */
export function attributes(values: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  return Html.of(
    Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== false)
      .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`))
      .join(''),
  );
}

/** Code spans as they stand in Markdown (CommonMark 0.31 §6.1): what is foreign in a sentence stands in one. */
const codeSpans = /(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g;

/**
 * A sentence of Greffier's own, with its code spans, `**strong**` words and `[links](https://…)`, as HTML.
 *
 * @param markdown what is foreign in it stands in code spans made by `codeSpan`, which it cannot close
 */
export function sentenceHtml(markdown: string): Html {
  let at = 0;
  let out = '';
  for (const span of markdown.matchAll(codeSpans)) {
    out += proseHtml(markdown.slice(at, span.index)) + codeHtml(span[2] ?? '');
    at = span.index + span[0].length;
  }
  return Html.of(out + proseHtml(markdown.slice(at)));
}

function codeHtml(content: string): string {
  // One space at both ends belongs to the span, unless there is nothing else.
  const text = /^ [\s\S]*[^ ][\s\S]* $/.test(content) ? content.slice(1, -1) : content;
  const shown = escapeHtml(text);
  return `<code>${shown}</code>`;
}

const linkOrAddress =
  /\[([^\]]+)\]\(((?:https?:\/\/|\/|\{)[^\s)]+)\)|(https?:\/\/[^\s<>()«»]*[^\s<>()«»,.;:!?])/g;

function proseHtml(text: string): string {
  let at = 0;
  let out = '';
  for (const found of text.matchAll(linkOrAddress)) {
    const [whole, words = '', target = '', address = ''] = found;
    out += strongHtml(text.slice(at, found.index));
    out +=
      address === ''
        ? `<a href="${escapeHtml(target)}">${strongHtml(words)}</a>`
        : `<a href="${escapeHtml(address)}">${escapeHtml(address)}</a>`;
    at = found.index + whole.length;
  }
  return out + strongHtml(text.slice(at));
}

function strongHtml(text: string): string {
  return escapeHtml(text).replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}
