/**
 * What of a page leads on: its forms, links and the redirect that it may hold. Reads tags as browsers do for what is
 * looked for here, and nothing else of HTML.
 */

export interface PageForm {
  readonly method: 'GET' | 'POST';
  readonly action: string;
  readonly fields: readonly (readonly [string, string])[];
  /** Everything by which one could tell what it is for. */
  readonly words: string;
}

export interface PageLink {
  readonly href: string;
  readonly words: string;
}

export interface Page {
  readonly forms: readonly PageForm[];
  readonly links: readonly PageLink[];
  /** The target of `<meta http-equiv="refresh">`. */
  readonly refresh?: string;
  /** Whether a script sends a form as soon as the page is there. */
  readonly sendsItself: boolean;
}

const tag = /<(\/?)([a-z][a-z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/gi;
const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single, bare] of text.matchAll(attribute)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, withoutEntities(double ?? single ?? bare ?? ''));
  }
  return found;
}

interface OpenForm {
  readonly attributes: ReadonlyMap<string, string>;
  readonly fields: (readonly [string, string])[];
  submit?: readonly [string, string];
  words: string;
}

/** Scripts, styles and comments are no part of what people see. Nothing is run here, so that `noscript` is. */
function withoutHiddenText(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/<(script|style|template)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ');
}

/** Reads a page. */
export function readPage(html: string): Page {
  const text = withoutHiddenText(html);
  const forms: PageForm[] = [];
  const links: PageLink[] = [];
  let refresh: string | undefined;
  let form: OpenForm | undefined;
  let link: { href: string; words: string } | undefined;
  let at = 0;
  const close = () => {
    if (form !== undefined) forms.push(closedForm(form));
    form = undefined;
  };
  for (const match of text.matchAll(tag)) {
    const [whole, slash, written = '', inner = ''] = match;
    const between = text.slice(at, match.index);
    at = match.index + whole.length;
    if (form !== undefined) form.words += ` ${between}`;
    if (link !== undefined) link.words += ` ${between}`;
    const name = written.toLowerCase();
    if (slash === '/') {
      if (name === 'form') close();
      if (name === 'a' && link !== undefined) {
        links.push(link);
        link = undefined;
      }
      continue;
    }
    const attributes = attributesOf(inner);
    const words = [...attributes.values()].join(' ');
    if (form !== undefined) form.words += ` ${words}`;
    if (link !== undefined) link.words += ` ${words}`;
    if (name === 'form') {
      close();
      form = { attributes, fields: [], words };
    } else if (name === 'a' && attributes.has('href')) {
      if (link !== undefined) links.push(link);
      link = { href: attributes.get('href') ?? '', words };
    } else if (name === 'meta' && attributes.get('http-equiv')?.toLowerCase() === 'refresh')
      refresh ??= /url\s*=\s*['"]?([^'"]+)/i.exec(attributes.get('content') ?? '')?.[1]?.trim();
    else if (form !== undefined && (name === 'input' || name === 'button')) addField(form, name, attributes);
  }
  close();
  if (link !== undefined) links.push(link);
  const sendsItself = /\.submit\(\s*\)/.test(html);
  return { forms, links, sendsItself, ...(refresh === undefined ? {} : { refresh }) };
}

/** What a browser would send of it: every value that is there, and the first button. */
function addField(form: OpenForm, name: string, attributes: ReadonlyMap<string, string>): void {
  const type = (attributes.get('type') ?? (name === 'button' ? 'submit' : 'text')).toLowerCase();
  const key = attributes.get('name');
  if (key === undefined || key === '' || attributes.has('disabled')) return;
  const field = [key, attributes.get('value') ?? ''] as const;
  if (type === 'submit' || type === 'image') form.submit ??= field;
  else if (type === 'checkbox' || type === 'radio') {
    if (attributes.has('checked')) form.fields.push(field);
  } else if (type !== 'button' && type !== 'reset' && type !== 'file') form.fields.push(field);
}

function closedForm({ attributes, fields, submit, words }: OpenForm): PageForm {
  return {
    method: attributes.get('method')?.toUpperCase() === 'POST' ? 'POST' : 'GET',
    action: attributes.get('action') ?? '',
    fields: submit === undefined ? fields : [...fields, submit],
    words,
  };
}
