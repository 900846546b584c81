/** Where the parts of a definition stand in its text, as `yaml` parses it. */
import type { Document, Node, Pair, Scalar } from 'yaml';
import { childPointer, pointerParts } from './pointer.ts';
import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, positionParser } from './yaml-parsers.ts';

/** Two offsets in the text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A node that has a place in the text. */
export interface LocatedNode {
  readonly pointer: string;
  readonly node: Node | undefined;
  readonly value: Span;
  /** For what stands in a mapping. */
  readonly key?: Span;
}

function spanOf(node: Node | null | undefined): Span | undefined {
  const range = node?.range;
  return range === null || range === undefined ? undefined : { start: range[0], end: range[1] };
}

export class SourceMap {
  readonly text: string;
  readonly document: Document.Parsed;
  #placed: Map<string, LocatedNode> | undefined;

  /** The text must have been guarded: `yaml` aborts the process on deep nesting. */
  constructor(text: string) {
    this.text = text;
    this.document = positionParser().parseDocument(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
  }

  /** Every node, in the order of the text. When a key stands twice, the last one has the pointer. */
  get nodes(): ReadonlyMap<string, LocatedNode> {
    if (this.#placed === undefined) {
      this.#placed = new Map();
      this.#walk(this.document.contents, '', undefined, 0);
    }
    return this.#placed;
  }

  /** What stands at a pointer; undefined when nothing does. */
  nodeAt(pointer: string): LocatedNode | undefined {
    return this.nodes.get(pointer);
  }

  /** What stands at a pointer, else at its nearest ancestor that is there; undefined for an empty document. */
  nearestNode(pointer: string): LocatedNode | undefined {
    for (let here = pointer; ; here = here.slice(0, here.lastIndexOf('/'))) {
      const placed = this.nodeAt(here);
      if (placed !== undefined || here === '') return placed;
    }
  }

  /** The innermost pointer whose value (or key) covers an offset. */
  pointerAt(offset: number): string {
    let found = '';
    for (const { pointer, value, key } of this.nodes.values()) {
      const covers = (span: Span | undefined) =>
        span !== undefined && span.start <= offset && offset < Math.max(span.end, span.start + 1);
      if ((covers(value) || covers(key)) && pointerParts(pointer).length >= pointerParts(found).length)
        found = pointer;
    }
    return found;
  }

  #walk(node: unknown, pointer: string, key: Span | undefined, fallback: number): void {
    const known = isScalar(node) || isCollection(node) || isAlias(node) ? node : undefined;
    const value = spanOf(known) ?? { start: fallback, end: fallback };
    this.#placed?.set(pointer, { pointer, node: known, value, ...(key === undefined ? {} : { key }) });
    if (isSeq(node)) {
      node.items.forEach((item, index) => {
        this.#walk(item, childPointer(pointer, index), undefined, value.start);
      });
    } else if (isMap(node)) {
      for (const pair of node.items) {
        if (!isPair(pair)) continue;
        const name = keyText(pair);
        const span = spanOf(pair.key as Node | null);
        this.#walk(pair.value, childPointer(pointer, name), span, span?.end ?? value.start);
      }
    }
  }
}

/** The text of a pair's key, as `js-yaml` makes a property name of it. */
export function keyText(pair: Pair): string {
  const key = pair.key;
  return isScalar(key) ? String(key.value) : String(key);
}

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'double' | 'single' | 'block';

export function styleOf(node: Scalar): ScalarStyle {
  switch (node.type) {
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'QUOTE_SINGLE':
      return 'single';
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return 'block';
    default:
      return 'plain';
  }
}

const escapeSequence = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^xuU])/y;

/**
 * The offsets of a part of a scalar's decoded value. Where the two cannot be matched character by character
 * (several lines, unusual escapes), the whole scalar.
 */
export function spanOfPart(text: string, placed: LocatedNode, [from, to]: readonly [number, number]): Span {
  const { node, value } = placed;
  if (!isScalar(node) || typeof node.value !== 'string') return value;
  const style = styleOf(node);
  const written = text.slice(value.start, value.end);
  if (style === 'block' || written.includes('\n')) return value;
  const start = offsetWithin(written, style, from);
  const end = offsetWithin(written, style, to);
  if (start === undefined || end === undefined || end <= start) return value;
  return { start: value.start + start, end: value.start + end };
}

/** The offset in the written form of a single-line scalar of a decoded offset. */
function offsetWithin(written: string, style: ScalarStyle, decoded: number): number | undefined {
  if (style === 'plain') return decoded <= written.length ? decoded : undefined;
  let at = 1;
  for (let count = 0; count < decoded; ) {
    if (at >= written.length - 1) return undefined;
    if (style === 'single') at += written[at] === "'" ? 2 : 1;
    else if (written[at] === '\\') {
      escapeSequence.lastIndex = at;
      const length = escapeSequence.exec(written)?.[0].length;
      if (length === undefined) return undefined;
      if (length === 10) count++;
      at += length;
    } else at += 1;
    count++;
  }
  return at;
}
