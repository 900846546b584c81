/** Where the nodes of a text stand, as its reader notes them. Nearly nobody wants to know: as numbers, they cost nothing. */
import type { LocatedNode, NodeShape } from '#domain/definition/parse/source-map';

/** The forms of nodes, by number. */
export const mapping = 0;
export const flowMapping = 1;
export const list = 2;
export const flowList = 3;
export const plainValue = 4;
export const plainText = 5;
export const single = 6;
export const double = 7;
export const block = 8;

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

/**
 * The nodes of one text, in its order: for each one its form, where it starts and ends, where its key starts and ends (-1
 * where it has none), and the place of the first node that is not in it.
 */
export class NodeMarks {
  #numbers = new Int32Array(4_096);
  #used = 0;

  /** Forgets every node: another text is read. */
  clear(): void {
    this.#used = 0;
  }

  /** Notes a node. @returns where it is noted */
  note(form: number, start: number, end: number, keyStart: number, keyEnd: number): number {
    const at = this.#used;
    if (at + marksOfNode > this.#numbers.length) {
      const grown = new Int32Array(2 * this.#numbers.length);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    const numbers = this.#numbers;
    numbers[at] = form;
    numbers[at + 1] = start;
    numbers[at + 2] = end;
    numbers[at + 3] = keyStart;
    numbers[at + 4] = keyEnd;
    numbers[at + 5] = at + marksOfNode;
    this.#used = at + marksOfNode;
    return at;
  }

  /** Notes that the last thing in a node was noted, and where it ended. */
  close(at: number, end: number): void {
    this.#numbers[at + 2] = end;
    this.#numbers[at + 5] = this.#used;
  }

  /** Where the first node that is not in this one is noted. */
  after(at: number): number {
    return this.#numbers[at + 5] ?? 0;
  }

  /** The node that is noted there. @param value what it says */
  nodeOf(at: number, value: unknown, pointer: string): LocatedNode {
    const numbers = this.#numbers;
    const size = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
    const shape = shapes[numbers[at] ?? 0]?.(size);
    const span = { start: numbers[at + 1] ?? 0, end: numbers[at + 2] ?? 0 };
    const key = { start: numbers[at + 3] ?? 0, end: numbers[at + 4] ?? 0 };
    return key.start === -1 ? { pointer, shape, value: span } : { pointer, shape, value: span, key };
  }
}

/** How many numbers are noted of one node: those of the first thing in it follow. */
export const marksOfNode = 6;
