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
import { prefilterFlags } from './byte-prefilter.ts';
import { mapping } from './plain/blocks.ts';
import { marksOfNode, NodeMarks } from './plain/node-marks.ts';
import { PlainText } from './plain/plain-text.ts';
import { notPlain } from './plain/signs.ts';
import { childPointer, pointerParts } from './pointer.ts';
import type { LocatedNode, Positions } from './source-map.ts';

/** What was read last, and where its nodes stand. */
let last:
  | { readonly text: string; readonly value: Readonly<Record<string, unknown>> | undefined }
  | undefined;
const marks = new NodeMarks();

function readAndMark(text: string, mayHoldSecret: boolean): Readonly<Record<string, unknown>> | undefined {
  marks.clear();
  const value = readWhole(new PlainText(text, mayHoldSecret, marks));
  last = { text, value };
  return value;
}

function readWhole(at: PlainText): Readonly<Record<string, unknown>> | undefined {
  at.toLine(afterMark(at.text));
  const value = at.indent === 0 ? mapping(at, 0, -1, -1) : notPlain;
  return value === notPlain || at.start < at.text.length ? undefined : (value as Record<string, unknown>);
}

/** Behind the line that marks the beginning of a document, when the text begins with it. */
function afterMark(text: string): number {
  return /^---\r?\n/.exec(text)?.[0].length ?? 0;
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
      const keys = Object.keys(value);
      const index = keys.indexOf(part);
      if (index === -1) return undefined;
      at += marksOfNode;
      for (let before = 0; before < index; before++) at = marks.after(at);
      value = Reflect.get(value, part);
    }
    return marks.nodeOf(at, value, pointer);
  }

  nodes(): ReadonlyMap<string, LocatedNode> {
    const placed = new Map<string, LocatedNode>();
    let at = 0;
    const place = (value: unknown, pointer: string): void => {
      placed.set(pointer, marks.nodeOf(at, value, pointer));
      at += marksOfNode;
      if (typeof value !== 'object' || value === null) return;
      for (const [part, inner] of Object.entries(value)) place(inner, childPointer(pointer, part));
    };
    place(this.#value, '');
    return placed;
  }
}
