/** Offsets in a text, and lines and columns as people and editors count them. */
import type { Position, Range } from '#domain/definition/finding';

/** Where each line of a text starts. Lines end with LF or CRLF; a lone CR does not end one. */
export class Lines {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The number (from 1) of the line on which an offset stands. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Offset at which a line (from 1) starts; the end of the text for a line after the last. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.#text.length;
  }

  /** A line (from 1) without its line end; empty for a line that is not there. */
  textOf(line: number): string {
    if (line < 1 || line > this.#starts.length) return '';
    const end = line < this.#starts.length ? this.startOf(line + 1) - 1 : this.#text.length;
    return this.#text.slice(this.startOf(line), end).replace(/\r$/, '');
  }

  positionAt(offset: number): Position {
    const line = this.lineAt(offset);
    return { line, column: offset - this.startOf(line) + 1 };
  }

  rangeOf(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  /** The inverse of `positionAt`. */
  offsetAt(position: Position): number {
    return this.startOf(position.line) + position.column - 1;
  }
}
