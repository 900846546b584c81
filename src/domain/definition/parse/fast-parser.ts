/**
 * Exists only for speed: without it every file is read by `js-yaml` and the rules on the text, with the same outcome.
 *
 * Reads the plain layout in which nearly every definition is written: known keys, one `key: value` or `- value` a
 * line, simple scalars, ordinary characters. In that layout readers of YAML 1.1 and 1.2 cannot disagree and nothing
 * can hide, so that such a text needs neither the rules on the text nor a parser of all of YAML.
 *
 * It errs on the side of caution: what is not recognised is merely read with more care. That it reads what
 * `js-yaml` and `yaml` read is held by a property test.
 */

import type { SchemaNode } from '#domain/definition/schema/schema-node';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import { prefilterFlags } from './byte-prefilter.ts';

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
const knownKeys: readonly (readonly string[])[] = Array.from({ length: 32 * 32 }, (_, place) =>
  [...new Set(keysOf(serviceProviderSchema))].filter(
    (key) => keyPlace(key.length, key.charCodeAt(0)) === place,
  ),
);

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

class PlainLayoutParser {
  readonly #text: string;
  /** Whether something may hold a secret. */
  readonly #mayHoldSecret: boolean;
  /** Where the line that is being looked at starts and, without its line end, stops. */
  #start = 0;
  #stop = 0;
  /** Columns before the first character of the line; -1 after the last line. */
  #indent = -1;

  constructor(text: string, mayHoldSecret: boolean) {
    this.#text = text;
    this.#mayHoldSecret = mayHoldSecret;
  }

  read(): Readonly<Record<string, unknown>> | undefined {
    this.#toLine(0);
    const value = this.#indent === 0 ? this.#mapping(0, 0) : notPlain;
    return value === notPlain || this.#start < this.#text.length
      ? undefined
      : (value as Record<string, unknown>);
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
  #mapping(column: number, at: number): unknown {
    const text = this.#text;
    const value: Record<string, unknown> = {};
    let from = this.#start + at;
    for (;;) {
      let end = from;
      for (let code = text.charCodeAt(end); (code >= 97 && code <= 122) || code === 95; ) {
        end++;
        code = text.charCodeAt(end);
      }
      if (end >= this.#stop || text.charCodeAt(end) !== colon) return notPlain;
      const key = this.#keyBetween(from, end);
      if (key === undefined || Object.hasOwn(value, key)) return notPlain;
      let start = end + 1;
      if (start < this.#stop && text.charCodeAt(start) !== space) return notPlain;
      while (start < this.#stop && text.charCodeAt(start) === space) start++;
      const isHere = start < this.#stop;
      const found = isHere ? this.#scalar(start, this.#stop) : this.#below(column);
      if (found === notPlain) return notPlain;
      value[key] = found;
      if (isHere) this.#nextLine();
      if (this.#indent < column) return value;
      if (this.#indent > column) return notPlain;
      if (text.charCodeAt(this.#start + column) === dash) return value;
      from = this.#start + column;
    }
  }

  #keyBetween(from: number, end: number): string | undefined {
    for (const key of knownKeys[keyPlace(end - from, this.#text.charCodeAt(from))] ?? none)
      if (key.length === end - from && this.#text.startsWith(key, from)) return key;
    return undefined;
  }

  /** The value of a key that has none on its line: a list or a mapping on the lines below. Moves past it. */
  #below(column: number): unknown {
    this.#nextLine();
    const indent = this.#indent;
    if (indent >= column && this.#text.charCodeAt(this.#start + indent) === dash) return this.#list(indent);
    return indent > column ? this.#mapping(indent, indent) : notPlain;
  }

  #list(column: number): unknown {
    const text = this.#text;
    const items: unknown[] = [];
    while (this.#indent === column && text.charCodeAt(this.#start + column) === dash) {
      let start = this.#start + column + 1;
      if (start >= this.#stop || text.charCodeAt(start) !== space) return notPlain;
      while (start < this.#stop && text.charCodeAt(start) === space) start++;
      const inner = start - this.#start;
      const isKey = this.#startsWithKey(start);
      const item = isKey ? this.#mapping(inner, inner) : this.#scalar(start, this.#stop);
      if (item === notPlain) return notPlain;
      items.push(item);
      if (!isKey) this.#nextLine();
      if (this.#indent > column) return notPlain;
    }
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

  /** The scalar between two offsets of the present line, a comment after it set aside. */
  #scalar(start: number, stop: number): unknown {
    const text = this.#text;
    const first = text.charCodeAt(start);
    if (first === 34 || first === 39) return this.#quoted(start, stop, first);
    let written = text.slice(start, stop);
    const comment = written.indexOf(' #');
    if (comment !== -1) {
      if (!this.#isComment(written.slice(comment + 1))) return notPlain;
      written = written.slice(0, comment).trimEnd();
    }
    const value = plainValue(written);
    return typeof value === 'string' && this.#holdsPossibleSecret(value) ? notPlain : value;
  }

  #quoted(start: number, stop: number, quote: number): unknown {
    const text = this.#text;
    const end = text.indexOf(quote === 34 ? '"' : "'", start + 1);
    if (end === -1 || end >= stop) return notPlain;
    if (end + 1 < stop) {
      const after = text.slice(end + 1, stop);
      if (!after.startsWith(' ') || !this.#isComment(after.trimStart())) return notPlain;
    }
    const inside = text.slice(start + 1, end);
    return (quote === 34 && inside.includes('\\')) || this.#holdsPossibleSecret(inside) ? notPlain : inside;
  }

  /** A comment that says nothing dangerous and was surely meant as one: `# ` and some words. */
  #isComment(text: string): boolean {
    return (
      text.charCodeAt(0) === hash &&
      (text.length === 1 || text.charCodeAt(1) === space) &&
      !(this.#mayHoldSecret && possibleSecret.test(text))
    );
  }

  /** Short values cannot hold a secret. */
  #holdsPossibleSecret(value: string): boolean {
    return this.#mayHoldSecret && value.length >= 32 && possibleSecret.test(value);
  }
}

function plainValue(written: string): unknown {
  const first = written.charCodeAt(0);
  const isLetter =
    (first >= 97 && first <= 122) || (first >= 65 && first <= 90) || (first >= 0xc0 && first <= 0x24f);
  if (!isLetter && first !== 47) {
    if (written === '1') return 1;
    if (written === '[]') return [];
    return address.test(written) ? written : notPlain;
  }
  if (written.length <= 5 && reserved.test(written))
    return written === 'true' ? true : written === 'false' ? false : notPlain;
  if (written.includes(': ') || written.charCodeAt(written.length - 1) === colon) return notPlain;
  return written;
}

/**
 * What a text in the plain layout says; undefined when it is not in that layout.
 *
 * @param flags those of its bytes (see `prefilter`).
 */
export function parsePlainLayout(text: string, flags: number): Readonly<Record<string, unknown>> | undefined {
  if ((flags & prefilterFlags.unusualCharacters) !== 0) return undefined;
  if (text.includes('\r') && /\r(?!\n)/.test(text)) return undefined;
  return new PlainLayoutParser(text, (flags & prefilterFlags.possibleSecret) !== 0).read();
}
