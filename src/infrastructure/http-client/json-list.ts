/**
 * Reads a list in JSON item by item: as long as it may be, no more than one of them is held as text, and everyone else has
 * a turn between some of them. A list that was cut off is none.
 */
import { setImmediate } from 'node:timers/promises';

export interface ListLimits {
  /** Of the whole answer. */
  readonly maxBytes: number;
  /** Of one item, and of an answer that is no list. */
  readonly maxItemBytes: number;
}

/**
 * `list`: it was read to its end. `other`: the answer is no list, but this text. `too-long`: there is more than is read.
 * `cut-off`: it ends before the list does. `malformed`: it is no JSON.
 */
export type ReadList =
  | { readonly kind: 'list' }
  | { readonly kind: 'other'; readonly text: string }
  | { readonly kind: 'too-long' | 'cut-off' | 'malformed' };

/** Items that are taken before everyone else has a turn. */
const itemsAtOnce = 50;

/**
 * @param take gets the text of each item; false: it is no JSON
 * @throws what the connection ends with
 */
export async function readJsonList(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, maxItemBytes }: ListLimits,
  take: (item: string) => boolean,
): Promise<ReadList> {
  const splitter = new ListSplitter();
  let size = 0;
  let taken = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return { kind: 'too-long' };
    for (const item of splitter.items(chunk)) {
      if (item === undefined || !take(item)) return { kind: 'malformed' };
      taken += 1;
      if (taken % itemsAtOnce === 0) await setImmediate();
    }
    if (splitter.held > maxItemBytes) return { kind: 'too-long' };
  }
  if (splitter.state === 'after') return { kind: 'list' };
  return splitter.state === 'in' ? { kind: 'cut-off' } : { kind: 'other', text: splitter.rest() };
}

const [quote, backslash, comma, openList, closeList, openMap, closeMap] = Buffer.from('"\\,[]{}');
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** In bytes: none of those that structure JSON is ever part of another character in UTF-8. */
class ListSplitter {
  /** `before` the list, `in` it, `after` it; `other`: it is none. */
  state: 'before' | 'in' | 'after' | 'other' = 'before';
  #parts: Uint8Array[] = [];
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #isFirst = true;
  /** Bytes that are kept of what is not whole yet. */
  held = 0;

  /** The texts of the items that end in a chunk; undefined where no list is written so. */
  *items(chunk: Uint8Array): Generator<string | undefined> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.state === 'before' && !isSpace(byte)) {
        this.state = byte === openList ? 'in' : 'other';
        from = byte === openList ? at + 1 : 0;
      } else if (this.state === 'after' && !isSpace(byte)) yield undefined;
      else if (this.state === 'in' && this.#ends(byte)) {
        this.#keep(chunk.subarray(from, at));
        const item = this.rest();
        from = at + 1;
        const isEmpty = this.#isFirst && byte === closeList && item.trim() === '';
        this.#isFirst = false;
        if (byte === closeList) this.state = 'after';
        if (!isEmpty) yield item;
      }
    }
    if (this.state === 'in' || this.state === 'other') this.#keep(chunk.subarray(from));
  }

  /** What was kept, as text; it is kept no longer. */
  rest(): string {
    const text = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.held = 0;
    return text;
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#parts.push(bytes);
    this.held += bytes.length;
  }

  /** Whether an item ends before this byte. */
  #ends(byte: number): boolean {
    if (this.#isText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) this.#isText = false;
      return false;
    }
    if (byte === quote) this.#isText = true;
    else if (byte === openList || byte === openMap) this.#depth += 1;
    else if (this.#depth === 0) return byte === comma || byte === closeList;
    else if (byte === closeList || byte === closeMap) this.#depth -= 1;
    return false;
  }
}
