/**
 * Reads a definition as its author meant it, line by line, where YAML cannot: a known key with the wrong sign behind it, an
 * item behind a bullet, a line at the wrong indentation, a whole file pasted with what stood before its lines. It knows the
 * keys and where each belongs, and says how each line must stand.
 */
import type { SchemaNode } from '#domain/definition/schema/schema-node';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import type { LayoutCorrection, LayoutFault } from './layout-correction.ts';
import { mendedValue, startsAnew } from './layout-values.ts';
import { withoutMail } from './mail.ts';
import { withoutPaste } from './pasted.ts';

/** A known key: the key of the root in which it stands (or itself), and what it holds. */
interface Place {
  readonly parent: string | undefined;
  readonly holds: 'text' | 'list' | 'block' | 'items';
}

function placesOf(properties: Readonly<Record<string, SchemaNode>>, parent?: string): [string, Place][] {
  return Object.entries(properties).flatMap(([key, { type, items, properties: inner }]) => {
    const below = inner ?? items?.properties;
    const holds =
      type === 'object' ? 'block' : type !== 'array' ? 'text' : items?.properties ? 'items' : 'list';
    const own: [string, Place] = [key, { parent, holds }];
    return [own, ...(below === undefined ? [] : placesOf(below, key))];
  });
}

const places: ReadonlyMap<string, Place> = new Map(placesOf(serviceProviderSchema.properties));
const names = [...places.keys()].sort((one, other) => other.length - one.length).join('|');
const keyed = new RegExp(
  `^(["'“«]\\s*)?(${names})(\\s*["'”»])?(?![\\w@.])(\\s*)(=>|->|→|:=|[:：]+|[=;,]|[-–—](?=\\s))?([ \\t]*)(.*)$`,
  'u',
);
const marker = /^(?:(-)(?!-)|([–—‒−•·▪◦‣●])|([*+]|\d{1,2}[.)])(?=\s))(\s*)(?=\S)/u;
/** Texts that people write in sentences, and so over several lines. */
const sentences = new Set(['name', 'description', 'justification']);
/** Longer lines are none that someone typed. */
const maxLine = 2_500;

/** Reads lines from the top; each one may depend on those above. */
class LayoutReader {
  readonly #lines: readonly string[];
  readonly corrections: LayoutCorrection[] = [];
  /** The column of the keys of the root. */
  readonly #root: number;
  /** The key of the root that is open, and the columns of what stands below it. */
  #open: string | undefined;
  #childColumn: number | undefined;
  #list: { readonly key: string; readonly column: number; itemColumn?: number } | undefined;
  /** The keys of the present item of a list of mappings. */
  #itemKeys = new Set<string>();
  /** The last text of sentences, which the next line may go on with. */
  #text: { readonly line: number; readonly column: number; after: string } | undefined;
  /** Lines up to this one belong to a value that goes on. */
  #until = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
    const columns = lines.flatMap((line) => {
      const [, , key = ''] = keyed.exec(line.trimStart()) ?? [];
      return places.get(key)?.parent === undefined && key !== '' ? [line.search(/\S/)] : [];
    });
    const counts = Map.groupBy(columns, (column) => column);
    const usual = [...counts].sort(([, one], [, other]) => other.length - one.length)[0]?.[0] ?? 0;
    this.#root = usual;
  }

  read(): void {
    for (const [index, raw] of this.#lines.entries()) {
      const line = index + 1;
      if (line <= this.#until || raw.length > maxLine || /^\s*(?:#|$)/.test(raw)) continue;
      const indent = /^\s*/.exec(raw)?.[0] ?? '';
      // Where a tab leads to is known to nobody.
      const column = indent.includes('\t') ? -1 : indent.length;
      const body = raw.slice(indent.length).trimEnd();
      if (!this.#item(line, column, body) && !this.#key(line, column, body, ''))
        this.#other(line, column, body);
    }
  }

  #correct(fault: LayoutFault, line: number, column: number, after: string, last = line): void {
    const raw = this.#lines[line - 1] ?? '';
    const isTab = /^\s*\t/.test(raw);
    const lines = after === '' ? [] : [' '.repeat(Math.max(0, column)) + after];
    if (last === line && lines[0] === raw.trimEnd()) return;
    this.corrections.push({ fault: isTab && last === line ? 'tab' : fault, first: line, last, after: lines });
  }

  /** A line that starts with a hyphen, or with what someone puts in its place. */
  #item(line: number, column: number, body: string): boolean {
    const match = marker.exec(body);
    const list = this.#list;
    if (list === undefined) return false;
    if (match === null) return body === '-';
    const [whole, hyphen, , , space] = match;
    const value = body.slice(whole.length);
    if (whole.startsWith('*') && value.endsWith('*')) return false;
    const expected = list.itemColumn ?? (column >= list.column ? column : list.column + 2);
    list.itemColumn = expected;
    if (places.get(list.key)?.holds === 'items') {
      this.#itemKeys = new Set();
      if (this.#key(line, column, value, `${hyphen ?? '-'} `)) return true;
    }
    this.#text = undefined;
    const mended = this.#value(line, list.key, value);
    const fault =
      hyphen === undefined
        ? 'bullet'
        : space === ''
          ? 'hyphen'
          : column === expected
            ? mended.fault
            : 'indentation';
    if (fault !== undefined) this.#correct(fault, line, expected, `- ${mended.text}`);
    return true;
  }

  /** A line that starts with a known key, behind a hyphen (`lead`) or not. */
  #key(line: number, column: number, body: string, lead: string): boolean {
    const match = keyed.exec(body);
    if (match === null) return false;
    const [, , key = '', , gap = '', sign = '', space = '', rest = ''] = match;
    const place = places.get(key);
    if (place === undefined) return false;
    // Words of a sentence that are keys by chance: only a line of its own can do without a colon.
    if (sign === '' && (place.holds === 'text' ? gap === '' || column > this.#root : rest !== ''))
      return false;
    const expected = this.#columnOf(key, place, column, lead);
    if (expected === undefined) return false;
    const isRight = /^[:：]$/.test(sign) && (space !== '' || rest === '') && sign === ':';
    const mended = this.#value(line, key, rest);
    const after = rest === '' ? `${lead}${key}:` : `${lead}${key}: ${mended.text}`;
    const inner = place.holds === 'block' ? keyed.exec(rest) : null;
    const isInner = inner !== null && places.get(inner[2] ?? '')?.parent === key;
    if (isInner) this.#sameLine(line, expected, key, rest);
    else if (!isRight)
      this.#correct(
        sign === ':' ? 'space' : sign === '' && rest === '' ? 'block' : 'separator',
        line,
        expected,
        after,
      );
    else if (mended.fault !== undefined) this.#correct(mended.fault, line, expected, after);
    else if (column !== expected)
      this.#correct('indentation', line, expected, body === rest ? after : lead + body);
    if (place.parent === undefined) {
      this.#open = key;
      this.#childColumn = isInner ? expected + 2 : undefined;
    }
    this.#list =
      place.holds === 'list' || place.holds === 'items'
        ? { key, column: expected }
        : place.holds === 'text' &&
            this.#list !== undefined &&
            places.get(this.#list.key)?.holds === 'items' &&
            place.parent === this.#list.key
          ? this.#list
          : undefined;
    this.#text =
      sentences.has(key) && rest !== '' && !/^["'|>[{]/.test(rest)
        ? { line, column: expected, after }
        : undefined;
    return true;
  }

  /** Where a key must stand; undefined when it is not at home here. */
  #columnOf(key: string, place: Place, column: number, lead: string): number | undefined {
    if (place.parent === undefined) return lead === '' ? this.#root : undefined;
    if (place.parent !== this.#open) return undefined;
    if (places.get(place.parent)?.holds === 'block') {
      if (lead !== '') return undefined;
      this.#childColumn ??= column > this.#root ? column : this.#root + 2;
      return this.#childColumn;
    }
    const item = this.#list?.itemColumn;
    if (item === undefined || (lead === '' && this.#itemKeys.has(key))) return undefined;
    this.#itemKeys.add(key);
    return lead === '' ? item + 2 : item;
  }

  #sameLine(line: number, column: number, key: string, rest: string): void {
    const lines = [`${' '.repeat(column)}${key}:`, `${' '.repeat(column + 2)}${rest}`];
    this.corrections.push({ fault: 'sameLine', first: line, last: line, after: lines });
  }

  /** A value as it must stand. The lines over which it goes on are passed over. */
  #value(line: number, key: string, written: string): { text: string; fault?: LayoutFault } {
    const first = written[0] ?? '';
    if (/^[|>][-+\d]*(?:\s+#.*)?$/.test(written)) {
      const own = (this.#lines[line - 1] ?? '').search(/\S/);
      let next = line;
      while (next < this.#lines.length && /^\s*$/.test((this.#lines[next] ?? '').slice(0, own + 1))) next++;
      this.#until = next;
    } else if ((first === '"' || first === "'") && !written.includes(first, 1))
      this.#passTo(line, (text) => text.includes(first));
    else if (first === '[' || first === '{') {
      let depth = 0;
      const closes = (text: string) => {
        for (const sign of text) depth += '[{'.includes(sign) ? 1 : ']}'.includes(sign) ? -1 : 0;
        return depth <= 0;
      };
      if (!closes(written)) this.#passTo(line, closes);
    }
    return mendedValue(key, written);
  }

  /** Passes over the lines up to the one that ends a value, when there is one before the next key. */
  #passTo(line: number, ends: (text: string) => boolean): void {
    for (let next = line; next < this.#lines.length; next++) {
      const text = this.#lines[next] ?? '';
      if (/^[a-z_]+:(?:\s|$)/.test(text)) return;
      if (ends(text)) {
        this.#until = next + 1;
        return;
      }
    }
  }

  /** A line that is neither: of an unknown key, or the rest of a text. */
  #other(line: number, column: number, body: string): void {
    const text = this.#text;
    const isKey = /^[^\s:]+(?: [^\s:]+){0,4}\s*:(?:\s|$)/.test(body);
    if (isKey && column <= this.#root) {
      this.#open = undefined;
      this.#list = undefined;
    }
    this.#text = undefined;
    if (text === undefined || isKey || column > text.column || column < 0 || !/^[\p{L}\d(]/u.test(body))
      return;
    const isSentence = startsAnew(text.after, body);
    text.after = isSentence
      ? `${text.after}, ${body.charAt(0).toLowerCase()}${body.slice(1)}`
      : `${text.after} ${body}`;
    this.#text = text;
    const previous = this.corrections.at(-1);
    const isOwn = previous !== undefined && previous.first === text.line;
    if (isOwn) this.corrections.pop();
    const fault = isSentence || (isOwn && previous.fault === 'sentences') ? 'sentences' : 'continuation';
    this.#correct(fault, text.line, text.column, text.after, line);
  }
}

/** What must stand otherwise in a text, from the top. None in one of which every line stands as it must. */
export function layoutCorrections(text: string): readonly LayoutCorrection[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const pasted = withoutPaste(lines);
  if (pasted.length > 0) return pasted;
  const { corrections, rest } = withoutMail(lines);
  const reader = new LayoutReader(rest);
  reader.read();
  return [...corrections, ...reader.corrections].sort((one, other) => one.first - other.first);
}
