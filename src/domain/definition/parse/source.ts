/**
 * The text of a file and what can be known of it before its meaning: decoding, tokens, the value that `js-yaml`
 * reads, the positions that `yaml` knows. Everything is worked out once, and only when someone asks.
 *
 * Guards come before parsers: `yaml` takes quadratic time in the number of keys and aborts the process on deep
 * nesting, and an alias can make a small file into an immense value.
 */
import type { YAMLException } from 'js-yaml';
import { type Place, placeFromPath } from '#domain/definition/cell';
import { prefilter, prefilterFlags } from './byte-prefilter.ts';
import { PlainPositions, parsePlainLayout } from './fast-parser.ts';
import { layoutCorrections } from './layout.ts';
import type { LayoutCorrection } from './layout-correction.ts';
import { Lines } from './lines.ts';
import { type SecretSpan, secretSpans, withoutSecrets } from './secret-scan.ts';
import { SourceMap } from './source-map.ts';
import { positionParser, valueParser } from './yaml-parsers.ts';

/** At most this many bytes, 64 KiB. */
export const maxFileBytes = 65_536;
/** A definition nests three deep; more than this is not one. */
export const maxDepth = 12;
/** A definition has some thirty keys, and lists of at most fifty items: no more keys and items than this. */
export const maxParts = 800;

/** How the bytes read as text. */
export type Decoding =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly kind: 'utf-16' | 'binary' | 'invalid' | 'too-large' | 'link' };

/** A lexical token of YAML, by its offsets. */
export interface Token {
  readonly start: number;
  readonly text: string;
  /** Whether it is the text of a plain or block scalar, which may start with any character. */
  readonly scalar: boolean;
}

/** Why `js-yaml` did not give a value. */
export type LoadFailureReason =
  | 'unreadable'
  | 'control-character'
  | 'lone-return'
  | 'unsupported'
  | 'multiple-documents'
  | 'too-deep'
  | 'too-many-parts'
  | 'syntax'
  | 'empty';

export type LoadResult =
  | { readonly ok: true; readonly value: unknown; readonly duplicates: boolean }
  | {
      readonly ok: false;
      readonly failure: LoadFailureReason;
      readonly offset: number;
      readonly reason: string;
    };

/** Characters that YAML does not allow at all (YAML 1.2.2 §5.1), except those that the lexer itself uses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const controlCharacter = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** `maxDepth` bounds the nesting; `json` would accept a key that stands twice. */
const bounds = { maxDepth };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** How bytes read as text, and the flags of that (see `prefilter`). */
function decode(bytes: Uint8Array, link: boolean): { readonly decoding: Decoding; readonly flags: number } {
  const refused = (kind: (Decoding & { ok: false })['kind']) =>
    ({ decoding: { ok: false, kind }, flags: 0 }) as const;
  if (link) return refused('link');
  if (bytes.length > maxFileBytes) return refused('too-large');
  const flags = prefilter(bytes);
  if ((flags & prefilterFlags.unusualCharacters) !== 0) {
    const first = bytes[0];
    const second = bytes[1];
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return refused('utf-16');
    const nul = bytes.indexOf(0);
    if (nul !== -1) {
      const half = bytes.reduce((count, byte, index) => count + (byte === 0 && index % 2 === 1 ? 1 : 0), 0);
      return refused(half > bytes.length / 4 ? 'utf-16' : 'binary');
    }
  }
  try {
    return { decoding: { ok: true, text: decoder.decode(bytes) }, flags };
  } catch {
    return refused('invalid');
  }
}

/** Counts the keys and items of a value read from YAML, up to a limit; without aliases, it is a tree. */
function countParts(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  for (const child of Object.values(value)) {
    count += 1 + countParts(child, limit);
    if (count > limit) return count;
  }
  return count;
}

export class Source {
  readonly path: string;
  readonly place: Place | undefined;
  /** In bytes. */
  readonly size: number;
  readonly decoding: Decoding;
  /** Empty when the bytes cannot be read as text. */
  readonly text: string;
  /** Whether the text is in the plain layout (see `readPlain`), in which nothing can be wrong with the YAML. */
  readonly plain: boolean;
  /** False when no value can be one that a template left. */
  readonly mayHoldPlaceholder: boolean;
  readonly #mayHoldSecret: boolean;
  #secrets: readonly SecretSpan[] | undefined;
  #lines: Lines | undefined;
  readonly #tokens: Token[] = [];
  #loaded: LoadResult | undefined;
  #map: SourceMap | undefined;
  #layout: readonly LayoutCorrection[] | undefined;

  constructor(file: {
    readonly path: string;
    readonly bytes: Uint8Array;
    readonly link?: boolean;
    readonly size?: number;
  }) {
    this.path = file.path;
    this.place = placeFromPath(file.path);
    this.size = file.size ?? file.bytes.length;
    const { decoding, flags } = decode(file.bytes, file.link === true);
    this.decoding = decoding;
    this.text = decoding.ok ? decoding.text : '';
    this.mayHoldPlaceholder = (flags & prefilterFlags.possiblePlaceholder) !== 0;
    this.#mayHoldSecret = (flags & prefilterFlags.possibleSecret) !== 0;
    const value = decoding.ok ? parsePlainLayout(this.text, flags) : undefined;
    this.plain = value !== undefined;
    if (value !== undefined) this.#loaded = this.#bounded(value, false);
  }

  get lines(): Lines {
    this.#lines ??= new Lines(this.text);
    return this.#lines;
  }

  /** Where secrets stand, which are never shown. */
  get secrets(): readonly SecretSpan[] {
    this.#secrets ??= this.#mayHoldSecret ? secretSpans(this.text) : [];
    return this.#secrets;
  }

  /** A line (from 1) as it may be shown: without secrets, its length unchanged. */
  shownLine(line: number): string {
    const lines = this.secrets.length === 0 ? this.lines : new Lines(withoutSecrets(this.text, this.secrets));
    return withoutSecrets(lines.textOf(line), []);
  }

  /** The tokens of a text that is not plain, as far as the guard let it through. */
  get tokens(): readonly Token[] {
    this.#loaded ??= this.#load();
    return this.#tokens;
  }

  /** What the text says (YAML 1.2 core schema, by `js-yaml` unless it is plain), or why that cannot be known. */
  get loaded(): LoadResult {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  /** Where things stand, by `yaml` unless it is plain; only for a text that was loaded. */
  get map(): SourceMap {
    if (!this.loaded.ok) throw new Error('Positions are only known of a text that could be read');
    this.#map ??= new SourceMap(this.text, this.plain ? new PlainPositions(this.text) : undefined);
    return this.#map;
  }

  /** The lines that YAML does not read as their author meant them. */
  get layout(): readonly LayoutCorrection[] {
    this.#layout ??= layoutCorrections(this.text);
    return this.#layout;
  }

  #load(): LoadResult {
    if (!this.decoding.ok) return { ok: false, failure: 'unreadable', offset: 0, reason: '' };
    const guarded = this.#guard();
    if (guarded !== undefined) return guarded;
    const { CORE_SCHEMA, load, YAMLException } = valueParser();
    const options = { schema: CORE_SCHEMA, ...bounds };
    let duplicates = false;
    let value: unknown;
    try {
      value = load(this.text, options);
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      if (error.reason !== 'duplicated mapping key') return this.#failureOf(error);
      duplicates = true;
      try {
        value = load(this.text, { ...options, json: true });
      } catch (again) {
        if (!(again instanceof YAMLException)) throw again;
        return this.#failureOf(again);
      }
    }
    if (value === undefined || value === null) return { ok: false, failure: 'empty', offset: 0, reason: '' };
    return this.#bounded(value, duplicates);
  }

  #bounded(value: unknown, duplicates: boolean): LoadResult {
    if (this.text.length > 2 * maxParts && countParts(value, maxParts) > maxParts)
      return { ok: false, failure: 'too-many-parts', offset: 0, reason: '' };
    return { ok: true, value, duplicates };
  }

  /** Yields the tokens of a text without control characters, which the lexer uses for itself, one after the other. */
  *#lexed(): Generator<Token> {
    const { Lexer } = positionParser();
    let start = 0;
    let scalar = false;
    for (const text of new Lexer().lex(this.text)) {
      if (text === '\x1f') scalar = true;
      else if (text !== '\x02' && text !== '\x18') {
        const token = { start, text, scalar };
        this.#tokens.push(token);
        yield token;
        start += text.length;
        scalar = false;
      }
    }
  }

  /** What must not reach a parser. It stops at the first reason, since reading on would take long. */
  #guard(): LoadResult | undefined {
    const control = controlCharacter.exec(this.text);
    if (control !== null)
      return { ok: false, failure: 'control-character', offset: control.index, reason: '' };
    // Some readers end a line there and some do not; and one of them takes quadratic time over it.
    const lone = /\r(?!\n)/.exec(this.text);
    if (lone !== null) return { ok: false, failure: 'lone-return', offset: lone.index, reason: '' };
    let depth = 0;
    let marks = 0;
    let content = false;
    for (const { start, text, scalar } of this.#lexed()) {
      const first = text[0] ?? '';
      if (scalar || first === '"' || first === "'") {
        content = true;
        continue;
      }
      if (first === '[' || first === '{') depth++;
      else if (first === ']' || first === '}') depth--;
      if (text === '---' && content)
        return { ok: false, failure: 'multiple-documents', offset: start, reason: '' };
      if (':-,?'.includes(first) && text.length === 1 && ++marks > 2 * maxParts)
        return { ok: false, failure: 'too-many-parts', offset: 0, reason: '' };
      if (depth > maxDepth) return { ok: false, failure: 'too-deep', offset: start, reason: '' };
      if ('&*!'.includes(first)) return { ok: false, failure: 'unsupported', offset: start, reason: '' };
    }
    return undefined;
  }

  #failureOf(error: YAMLException): LoadResult {
    const offset = error.mark?.position ?? 0;
    const reason = error.reason;
    if (reason.startsWith('nesting exceeded')) return { ok: false, failure: 'too-deep', offset, reason };
    if (reason.startsWith('expected a single document'))
      return { ok: false, failure: 'multiple-documents', offset, reason };
    return { ok: false, failure: 'syntax', offset, reason };
  }
}
