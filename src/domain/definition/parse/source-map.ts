/** Where the parts of a definition stand in its text, as `yaml` parses it, or as who read plain lines has noted it. */
import type { Document, Node, Pair, Scalar } from 'yaml';
import { childPointer, pointerParts } from './pointer.ts';
import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, positionParser } from './yaml-parsers.ts';

/** Two offsets in the text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'double' | 'single' | 'block';

/** What a node is, and how it is written. */
export type NodeShape =
  | { readonly kind: 'scalar'; readonly style: ScalarStyle; readonly isText: boolean }
  /** `flow`: in brackets or braces. `size`: its items, or its keys. */
  | { readonly kind: 'map' | 'seq'; readonly flow: boolean; readonly size: number };

/** Whether it is in brackets or braces. */
export function isFlow(shape: NodeShape | undefined): boolean {
  return shape !== undefined && shape.kind !== 'scalar' && shape.flow;
}

/** A node that has a place in the text. */
export interface LocatedNode {
  readonly pointer: string;
  /** Undefined for nothing at all, as in an empty document. */
  readonly shape: NodeShape | undefined;
  /** Of a mapping or a list that is not in brackets: up to the end of the last thing in it. */
  readonly value: Span;
  /** For what stands in a mapping. */
  readonly key?: Span;
}

function spanOf(node: Node | null | undefined): Span | undefined {
  const range = node?.range;
  return range === null || range === undefined ? undefined : { start: range[0], end: range[1] };
}

/** Where things stand, as who read the text has noted it. */
export interface Positions {
  /** Every node, in the order of the text. */
  nodes(): ReadonlyMap<string, LocatedNode>;
  nodeAt(pointer: string): LocatedNode | undefined;
}

export class SourceMap {
  readonly text: string;
  #document: Document.Parsed | undefined;
  #placed: ReadonlyMap<string, LocatedNode> | undefined;
  readonly #known: Positions | undefined;

  /**
   * @param text must have been guarded: `yaml` aborts the process on deep nesting
   * @param known where things stand, when that is known already
   */
  constructor(text: string, known?: Positions) {
    this.text = text;
    this.#known = known;
  }

  /** The text as `yaml` parses it. */
  get document(): Document.Parsed {
    this.#document ??= positionParser().parseDocument(this.text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    return this.#document;
  }

  /** Every node, in the order of the text. When a key stands twice, the last one has the pointer. */
  get nodes(): ReadonlyMap<string, LocatedNode> {
    this.#placed ??= this.#known?.nodes();
    if (this.#placed === undefined) {
      const placed = new Map<string, LocatedNode>();
      walk(placed, this.document.contents, '', undefined, 0);
      this.#placed = placed;
    }
    return this.#placed;
  }

  /** What stands at a pointer; undefined when nothing does. */
  nodeAt(pointer: string): LocatedNode | undefined {
    return this.#known === undefined ? this.nodes.get(pointer) : this.#known.nodeAt(pointer);
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

  /** Every key and value that is a scalar, also those whose pointer another one has. */
  *scalars(
    node: unknown = this.document.contents,
  ): Generator<{ readonly node: Scalar; readonly span: Span }> {
    if (isScalar(node)) {
      const span = spanOf(node);
      if (span !== undefined) yield { node, span };
    } else if (isCollection(node)) for (const item of node.items) yield* this.scalars(item);
    else if (isPair(node)) {
      yield* this.scalars(node.key);
      yield* this.scalars(node.value);
    }
  }
}

/** Notes a node and what is in it. @returns where it ends */
function walk(
  placed: Map<string, LocatedNode>,
  node: unknown,
  pointer: string,
  key: Span | undefined,
  fallback: number,
): number {
  const known = isScalar(node) || isCollection(node) || isAlias(node) ? node : undefined;
  const written = spanOf(known) ?? { start: fallback, end: fallback };
  const shape = shapeOf(known);
  const note = (value: Span) =>
    placed.set(pointer, { pointer, shape, value, ...(key !== undefined && { key }) });
  note(written);
  let end = written.start;
  if (isSeq(node)) {
    node.items.forEach((item, index) => {
      end = Math.max(end, walk(placed, item, childPointer(pointer, index), undefined, written.start));
    });
  } else if (isMap(node)) {
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const name = keyText(pair);
      const span = spanOf(pair.key as Node | null);
      const after = span?.end ?? written.start;
      end = Math.max(end, after, walk(placed, pair.value, childPointer(pointer, name), span, after));
    }
  }
  if (shape === undefined || shape.kind === 'scalar' || shape.flow) return written.end;
  note({ start: written.start, end });
  return end;
}

function shapeOf(node: unknown): NodeShape | undefined {
  if (isScalar(node)) return { kind: 'scalar', style: styleOf(node), isText: typeof node.value === 'string' };
  if (!isCollection(node)) return undefined;
  return { kind: isSeq(node) ? 'seq' : 'map', flow: node.flow === true, size: node.items.length };
}

/** The text of a pair's key, as `js-yaml` makes a property name of it. */
export function keyText(pair: Pair): string {
  const key = pair.key;
  return isScalar(key) ? String(key.value) : String(key);
}

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
  const { shape, value } = placed;
  if (shape?.kind !== 'scalar' || !shape.isText) return value;
  const { style } = shape;
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
