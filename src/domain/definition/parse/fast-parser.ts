/**
 * Exists only for speed: without it every file is read by `js-yaml` and the rules on the text, with the same outcome.
 *
 * Reads the plain layout in which nearly every definition is written: known keys, one `key: value` or `- value` a
 * line, simple scalars, lists and mappings of them in brackets, a text of one paragraph below its key, ordinary characters.
 * In that layout readers of YAML 1.1 and 1.2 cannot disagree and nothing
 * can hide, so that such a text needs neither the rules on the text nor a parser of all of YAML.
 *
 * It errs on the side of caution: what is not recognised is merely read with more care. That it reads what
 * `js-yaml` and `yaml` read is held by a property test.
 */

import type { SchemaNode } from '#domain/definition/schema/schema-node';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import { prefilterFlags } from './byte-prefilter.ts';
import { childPointer, pointerParts } from './pointer.ts';
import type { LocatedNode, NodeShape, Positions } from './source-map.ts';

/** More than what `secretSpans` takes for a secret. */
const possibleSecret = /[0-9a-f]{32}|secret|passe|passw|token|key|BEGIN|gh[a-z]_|github_pat|glpat|eyJ/i;
/** Words that YAML 1.1 reads as booleans or nothing; `true` and `false` are written in lower case. */
const reserved = /^(?:y|n|yes|no|on|off|null|true|false)$/i;
const address = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d{1,2})?$/;

function* keysOf(schema: SchemaNode): Generator<string> {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    yield key;
    yield* keysOf(property);
  }
  if (schema.items !== undefined) yield* keysOf(schema.items);
}

/** Known keys by their length and first letter. */
const knownKeys: readonly string[][] = Array.from({ length: 32 * 32 }, () => []);
for (const key of new Set(keysOf(serviceProviderSchema)))
  knownKeys[keyPlace(key.length, key.charCodeAt(0))]?.push(key);

function keyPlace(length: number, first: number): number {
  return Math.min(length, 31) * 32 + (first & 31);
}

/** What is not in the plain layout. */
const notPlain = Symbol('not plain');

const none: readonly string[] = [];

const colon = 58;
const dash = 45;
const hash = 35;
const carriageReturn = 13;
const space = 32;
const doubleQuote = 34;
const singleQuote = 39;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
const comma = 44;
const bar = 124;
const greater = 62;

/** Keys of which the value is a sentence: a `#` in it may have been meant. */
const sentences: ReadonlySet<string> = new Set(['name', 'description', 'justification']);

/** The forms of nodes, by number. */
const shapes: readonly ((size: number) => NodeShape)[] = [
  (size) => ({ kind: 'map', flow: false, size }),
  (size) => ({ kind: 'map', flow: true, size }),
  (size) => ({ kind: 'seq', flow: false, size }),
  (size) => ({ kind: 'seq', flow: true, size }),
  () => ({ kind: 'scalar', style: 'plain', isText: false }),
  () => ({ kind: 'scalar', style: 'plain', isText: true }),
  () => ({ kind: 'scalar', style: 'single', isText: true }),
  () => ({ kind: 'scalar', style: 'double', isText: true }),
  () => ({ kind: 'scalar', style: 'block', isText: true }),
];
const mapping = 0;
const flowMapping = 1;
const list = 2;
const flowList = 3;
const plainValue = 4;
const plainText = 5;
const single = 6;
const double = 7;
const block = 8;

/**
 * Where the nodes of the text that was read last stand, in its order: for each one its form, where it starts and ends, where
 * its key starts and ends (-1 where it has none), and the place of the first node that is not in it. Nearly nobody wants to
 * know: as numbers, they cost nothing.
 */
let marks = new Int32Array(4_096);
const marksOfNode = 6;

class PlainLayoutParser {
  readonly #text: string;
  /** Whether something may hold a secret. */
  readonly #mayHoldSecret: boolean;
  /** Where the line that is being looked at starts and, without its line end, stops. */
  #start = 0;
  #stop = 0;
  /** Columns before the first character of the line; -1 after the last line. */
  #indent = -1;
  /** How much of `marks` is taken. */
  #marked = 0;
  /** Where the last thing ended. */
  #end = 0;

  constructor(text: string, mayHoldSecret: boolean) {
    this.#text = text;
    this.#mayHoldSecret = mayHoldSecret;
  }

  read(): Readonly<Record<string, unknown>> | undefined {
    this.#toLine(this.#afterMark());
    const value = this.#indent === 0 ? this.#mapping(0, 0, -1, -1) : notPlain;
    return value === notPlain || this.#start < this.#text.length
      ? undefined
      : (value as Record<string, unknown>);
  }

  /** Behind the line that marks the beginning of a document, when the text begins with it. */
  #afterMark(): number {
    return /^---\r?\n/.exec(this.#text)?.[0].length ?? 0;
  }

  /** Notes a node that ends where the last thing ended. @returns where it is noted */
  #mark(form: number, start: number, keyStart: number, keyEnd: number): number {
    const at = this.#marked;
    if (at + marksOfNode > marks.length) {
      const grown = new Int32Array(2 * marks.length);
      grown.set(marks);
      marks = grown;
    }
    marks[at] = form;
    marks[at + 1] = start;
    marks[at + 2] = this.#end;
    marks[at + 3] = keyStart;
    marks[at + 4] = keyEnd;
    marks[at + 5] = at + marksOfNode;
    this.#marked = at + marksOfNode;
    return at;
  }

  /** Notes that a node ends where the last thing in it did. */
  #close(mark: number): void {
    marks[mark + 2] = this.#end;
    marks[mark + 5] = this.#marked;
  }

  /** Moves to the first line from an offset on that is neither blank nor a comment. */
  #toLine(from: number): void {
    const text = this.#text;
    let start = from;
    while (start < text.length) {
      let stop = text.indexOf('\n', start);
      if (stop === -1) stop = text.length;
      const next = stop + 1;
      if (stop > start && text.charCodeAt(stop - 1) === carriageReturn) stop--;
      while (stop > start && text.charCodeAt(stop - 1) === space) stop--;
      let at = start;
      while (at < stop && text.charCodeAt(at) === space) at++;
      if (
        at < stop &&
        !(text.charCodeAt(at) === hash && !(this.#mayHoldSecret && possibleSecret.test(text.slice(at, stop))))
      ) {
        this.#start = start;
        this.#stop = stop;
        this.#indent = at - start;
        return;
      }
      start = next;
    }
    this.#indent = -1;
    this.#start = text.length;
    this.#stop = text.length;
  }

  #nextLine(): void {
    const end = this.#text.indexOf('\n', this.#stop);
    this.#toLine(end === -1 ? this.#text.length : end + 1);
  }

  /** The mapping whose keys stand at a column; the first of them at `at` columns of the present line. */
  #mapping(column: number, at: number, keyStart: number, keyEnd: number): unknown {
    const text = this.#text;
    const value: Record<string, unknown> = {};
    let from = this.#start + at;
    const mark = this.#mark(mapping, from, keyStart, keyEnd);
    for (;;) {
      const key = this.#keyAt(from);
      const end = this.#end;
      if (key === undefined || Object.hasOwn(value, key)) return notPlain;
      const start = this.#afterSpaces(end + 1, this.#stop);
      const isHere = start < this.#stop && text.charCodeAt(start) !== hash;
      if (!isHere && !this.#isEndOrComment(end + 1, this.#stop, true)) return notPlain;
      const found = isHere
        ? this.#value(start, column, from, end, sentences.has(key))
        : this.#below(column, from, end);
      if (found === notPlain) return notPlain;
      value[key] = found;
      if (isHere) this.#nextLine();
      const goesOn = this.#indent === column && text.charCodeAt(this.#start + column) !== dash;
      if (!goesOn) {
        if (this.#indent > column) return notPlain;
        this.#close(mark);
        return value;
      }
      from = this.#start + column;
    }
  }

  /** The known key at an offset, in quotes or not, before a colon that ends it; undefined for anything else. Ends at the colon. */
  #keyAt(from: number): string | undefined {
    const text = this.#text;
    const quote = text.charCodeAt(from);
    const quoted = quote === doubleQuote || quote === singleQuote ? 1 : 0;
    let end = from + quoted;
    for (let code = text.charCodeAt(end); (code >= 97 && code <= 122) || code === 95; ) {
      end++;
      code = text.charCodeAt(end);
    }
    const key = this.#keyBetween(from + quoted, end);
    if (quoted === 1 && text.charCodeAt(end++) !== quote) return undefined;
    if (end >= this.#stop || text.charCodeAt(end) !== colon) return undefined;
    if (end + 1 < this.#stop && text.charCodeAt(end + 1) !== space) return undefined;
    this.#end = end;
    return key;
  }

  #keyBetween(from: number, end: number): string | undefined {
    for (const key of knownKeys[keyPlace(end - from, this.#text.charCodeAt(from))] ?? none)
      if (key.length === end - from && this.#text.startsWith(key, from)) return key;
    return undefined;
  }

  /** The value of a key that has none on its line: a list or a mapping on the lines below. Moves past it. */
  #below(column: number, keyStart: number, keyEnd: number): unknown {
    this.#nextLine();
    const indent = this.#indent;
    if (indent >= column && this.#text.charCodeAt(this.#start + indent) === dash)
      return this.#list(indent, keyStart, keyEnd);
    return indent > column ? this.#mapping(indent, indent, keyStart, keyEnd) : notPlain;
  }

  #list(column: number, keyStart: number, keyEnd: number): unknown {
    const text = this.#text;
    const items: unknown[] = [];
    const mark = this.#mark(list, this.#start + column, keyStart, keyEnd);
    while (this.#indent === column && text.charCodeAt(this.#start + column) === dash) {
      let start = this.#start + column + 1;
      if (start >= this.#stop || text.charCodeAt(start) !== space) return notPlain;
      while (start < this.#stop && text.charCodeAt(start) === space) start++;
      const inner = start - this.#start;
      const isKey = this.#startsWithKey(start);
      const item = isKey ? this.#mapping(inner, inner, -1, -1) : this.#value(start, column, -1, -1, false);
      if (item === notPlain) return notPlain;
      items.push(item);
      if (!isKey) this.#nextLine();
      if (this.#indent > column) return notPlain;
    }
    this.#close(mark);
    return items;
  }

  #startsWithKey(start: number): boolean {
    const text = this.#text;
    let at = start;
    for (let code = text.charCodeAt(at); (code >= 97 && code <= 122) || code === 95; ) {
      at++;
      code = text.charCodeAt(at);
    }
    return (
      at > start &&
      text.charCodeAt(at) === colon &&
      (at + 1 >= this.#stop || text.charCodeAt(at + 1) === space)
    );
  }

  /**
   * The value that starts at an offset of the present line, a comment after it set aside.
   *
   * @param column that of the mapping or list in which it stands
   */
  #value(start: number, column: number, keyStart: number, keyEnd: number, isSentence: boolean): unknown {
    const text = this.#text;
    const stop = this.#stop;
    const first = text.charCodeAt(start);
    if (first === bar || first === greater) return this.#block(start, column, keyStart, keyEnd);
    if (first === openBracket || first === openBrace || first === doubleQuote || first === singleQuote) {
      const value =
        first === openBracket
          ? this.#flowList(start, keyStart, keyEnd)
          : first === openBrace
            ? this.#flowMapping(start, keyStart, keyEnd)
            : this.#quoted(start, first, keyStart, keyEnd);
      return value !== notPlain && this.#isEndOrComment(this.#end, stop, true) ? value : notPlain;
    }
    let written = text.slice(start, stop);
    const comment = written.indexOf(' #');
    if (comment !== -1) {
      // Behind a sentence or a URL, what YAML takes for a comment may have been meant for a part of it.
      const isSurely = !isSentence && !written.includes('://');
      if (!this.#isEndOrComment(start + comment, stop, isSurely)) return notPlain;
      written = written.slice(0, comment).trimEnd();
    }
    return this.#plain(written, start, keyStart, keyEnd);
  }

  /** A text of one paragraph on the lines below, without blank lines in it and not further indented than it begins. */
  #block(header: number, column: number, keyStart: number, keyEnd: number): unknown {
    const text = this.#text;
    const isStripped = text.charCodeAt(header + 1) === dash;
    if (header + (isStripped ? 2 : 1) !== this.#stop) return notPlain;
    const lines: string[] = [];
    let indent = 0;
    let at = text.indexOf('\n', this.#stop) + 1;
    for (let end = at; at !== 0; ) {
      const start = this.#afterSpaces(at, text.length);
      let stop = text.indexOf('\n', start);
      if (stop === -1) stop = text.length;
      const code = text.charCodeAt(start);
      if (start === stop || code === carriageReturn) {
        // Nothing, or spaces that may be part of the text.
        if (start !== at || (code === carriageReturn && stop !== start + 1)) return notPlain;
        if (lines.length === 0) return notPlain;
      } else if (lines.length === 0 || start - at >= indent) {
        if (lines.length === 0) indent = start - at;
        // A blank line came before, or it is indented further.
        else if (end !== at || start - at > indent) return notPlain;
        if (indent <= column) return notPlain;
        const last = text.charCodeAt(stop - 1) === carriageReturn ? stop - 1 : stop;
        if (text.charCodeAt(last - 1) === space || (stop === text.length && !isStripped)) return notPlain;
        lines.push(text.slice(start, last));
        this.#stop = last;
        end = stop === text.length ? stop : stop + 1;
        this.#end = end;
      } else {
        if (code === hash && start - at > column) return notPlain;
        break;
      }
      if (stop === text.length) break;
      at = stop + 1;
    }
    if (lines.length === 0) return notPlain;
    this.#mark(block, header, keyStart, keyEnd);
    const joined = lines.join(text.charCodeAt(header) === greater ? ' ' : '\n');
    return this.#holdsPossibleSecret(joined) ? notPlain : joined + (isStripped ? '' : '\n');
  }

  #plain(written: string, start: number, keyStart: number, keyEnd: number): unknown {
    const value = readPlain(written);
    const isText = typeof value === 'string';
    this.#end = start + written.length;
    this.#mark(isText ? plainText : plainValue, start, keyStart, keyEnd);
    return isText && this.#holdsPossibleSecret(value) ? notPlain : value;
  }

  /** The text in quotes that starts at an offset. */
  #quoted(start: number, quote: number, keyStart: number, keyEnd: number): unknown {
    const text = this.#text;
    const isDouble = quote === doubleQuote;
    const sign = isDouble ? '"' : "'";
    let end = text.indexOf(sign, start + 1);
    // A single quote that is written twice is one of the text.
    while (!isDouble && end !== -1 && text.charCodeAt(end + 1) === quote) end = text.indexOf(sign, end + 2);
    if (end === -1 || end >= this.#stop) return notPlain;
    const inside = text.slice(start + 1, end);
    if ((isDouble && inside.includes('\\')) || this.#holdsPossibleSecret(inside)) return notPlain;
    this.#end = end + 1;
    this.#mark(isDouble ? double : single, start, keyStart, keyEnd);
    return isDouble ? inside : inside.replaceAll("''", "'");
  }

  /** A list on one line, in brackets, of scalars and mappings. */
  #flowList(start: number, keyStart: number, keyEnd: number): unknown {
    const items: unknown[] = [];
    const mark = this.#mark(flowList, start, keyStart, keyEnd);
    for (let at = this.#inFlow(start + 1, closeBracket, true); at !== -1; ) {
      const item =
        this.#text.charCodeAt(at) === openBrace
          ? this.#flowMapping(at, -1, -1)
          : this.#flowScalar(at, -1, -1);
      if (item === notPlain) return notPlain;
      items.push(item);
      at = this.#inFlow(this.#end, closeBracket, false);
    }
    if (this.#end === 0) return notPlain;
    this.#close(mark);
    return items;
  }

  /** A mapping on one line, in braces, of scalars. */
  #flowMapping(start: number, keyStart: number, keyEnd: number): unknown {
    const value: Record<string, unknown> = {};
    const mark = this.#mark(flowMapping, start, keyStart, keyEnd);
    for (let at = this.#inFlow(start + 1, closeBrace, true); at !== -1; ) {
      const key = this.#keyAt(at);
      if (key === undefined || Object.hasOwn(value, key)) return notPlain;
      const end = this.#end;
      const found = this.#flowScalar(this.#afterSpaces(end + 1, this.#stop), at, end);
      if (found === notPlain) return notPlain;
      value[key] = found;
      at = this.#inFlow(this.#end, closeBrace, false);
    }
    if (this.#end === 0) return notPlain;
    this.#close(mark);
    return value;
  }

  /**
   * Where the next part of what stands in brackets or braces begins; -1 at their end, behind which it then ends, or at
   * nothing of the kind, and then it ends at 0.
   */
  #inFlow(from: number, close: number, isFirst: boolean): number {
    const at = this.#afterSpaces(from, this.#stop);
    const code = at < this.#stop ? this.#text.charCodeAt(at) : 0;
    if (code === close) {
      this.#end = at + 1;
      return -1;
    }
    if (isFirst && code !== 0) return at;
    if (code === comma) return this.#afterSpaces(at + 1, this.#stop);
    this.#end = 0;
    return -1;
  }

  #flowScalar(start: number, keyStart: number, keyEnd: number): unknown {
    const text = this.#text;
    const first = text.charCodeAt(start);
    if (first === doubleQuote || first === singleQuote) return this.#quoted(start, first, keyStart, keyEnd);
    let end = start;
    for (let code = first; end < this.#stop; code = text.charCodeAt(++end))
      if (code === comma || code === closeBracket || code === closeBrace) break;
    const written = text.slice(start, end).trimEnd();
    return /[[{#]/.test(written) ? notPlain : this.#plain(written, start, keyStart, keyEnd);
  }

  #afterSpaces(from: number, stop: number): number {
    let at = from;
    while (at < stop && this.#text.charCodeAt(at) === space) at++;
    return at;
  }

  /**
   * Whether nothing but a comment follows on the line, one that says nothing dangerous.
   *
   * @param isSurely whether it is surely meant as one without a space behind its sign, too
   */
  #isEndOrComment(from: number, stop: number, isSurely: boolean): boolean {
    if (from >= stop) return true;
    const text = this.#text;
    const at = this.#afterSpaces(from, stop);
    if (at === from || text.charCodeAt(at) !== hash) return at === stop;
    return (
      (isSurely || at + 1 === stop || text.charCodeAt(at + 1) === space) &&
      !(this.#mayHoldSecret && possibleSecret.test(text.slice(at, stop)))
    );
  }

  /** Short values cannot hold a secret. */
  #holdsPossibleSecret(value: string): boolean {
    return this.#mayHoldSecret && value.length >= 32 && possibleSecret.test(value);
  }
}

function readPlain(written: string): unknown {
  const first = written.charCodeAt(0);
  const isLetter =
    (first >= 97 && first <= 122) || (first >= 65 && first <= 90) || (first >= 0xc0 && first <= 0x24f);
  if (!isLetter && first !== 47) {
    if (written === '1') return 1;
    return address.test(written) ? written : notPlain;
  }
  if (written.length <= 5 && reserved.test(written))
    return written === 'true' ? true : written === 'false' ? false : notPlain;
  if (written.includes(': ') || written.charCodeAt(written.length - 1) === colon) return notPlain;
  return written;
}

/** What was read last, of which `marks` are. */
let last:
  | { readonly text: string; readonly value: Readonly<Record<string, unknown>> | undefined }
  | undefined;

function readAndMark(text: string, mayHoldSecret: boolean): Readonly<Record<string, unknown>> | undefined {
  const value = new PlainLayoutParser(text, mayHoldSecret).read();
  last = { text, value };
  return value;
}

/**
 * What a text in the plain layout says; undefined when it is not in that layout.
 *
 * @param flags those of its bytes (see `prefilter`).
 */
export function parsePlainLayout(text: string, flags: number): Readonly<Record<string, unknown>> | undefined {
  if ((flags & prefilterFlags.unusualCharacters) !== 0) return undefined;
  if (text.includes('\r') && /\r(?!\n)/.test(text)) return undefined;
  return readAndMark(text, (flags & prefilterFlags.possibleSecret) !== 0);
}

function nodeOf(at: number, value: unknown, pointer: string): LocatedNode {
  const size = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  const shape = shapes[marks[at] ?? 0]?.(size);
  const span = { start: marks[at + 1] ?? 0, end: marks[at + 2] ?? 0 };
  const key = { start: marks[at + 3] ?? 0, end: marks[at + 4] ?? 0 };
  return key.start === -1 ? { pointer, shape, value: span } : { pointer, shape, value: span, key };
}

/** Where everything stands in a text that `parsePlainLayout` has read. */
export class PlainPositions implements Positions {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get #value(): unknown {
    if (last?.text !== this.#text) readAndMark(this.#text, false);
    return last?.value;
  }

  nodeAt(pointer: string): LocatedNode | undefined {
    let value = this.#value;
    let at = 0;
    for (const part of pointerParts(pointer)) {
      if (typeof value !== 'object' || value === null) return undefined;
      at += marksOfNode;
      let found: unknown;
      for (const [key, inner] of Object.entries(value)) {
        if (key === part) {
          found = inner;
          break;
        }
        at = marks[at + 5] ?? 0;
      }
      if (found === undefined) return undefined;
      value = found;
    }
    return nodeOf(at, value, pointer);
  }

  nodes(): ReadonlyMap<string, LocatedNode> {
    const placed = new Map<string, LocatedNode>();
    let at = 0;
    const place = (value: unknown, pointer: string): void => {
      placed.set(pointer, nodeOf(at, value, pointer));
      at += marksOfNode;
      if (typeof value !== 'object' || value === null) return;
      for (const [part, inner] of Object.entries(value)) place(inner, childPointer(pointer, part));
    };
    place(this.#value, '');
    return placed;
  }
}
