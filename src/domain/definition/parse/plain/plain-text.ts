/** A text that is read line by line as one in the plain layout: where its reader is, and what comments may say. */
import type { NodeMarks } from './node-marks.ts';
import { carriageReturn, hash, lineFeed, space } from './signs.ts';

/** More than what `secretSpans` takes for a secret. */
const possibleSecret = /[0-9a-f]{32}|secret|passe|passw|token|key|BEGIN|gh[a-z]_|github_pat|glpat|eyJ/i;

export class PlainText {
  readonly text: string;
  readonly #marks: NodeMarks;
  /** Whether something may hold a secret. */
  readonly #mayHoldSecret: boolean;
  /** Where the line that is being looked at starts. */
  start = 0;
  /** Where it stops, without its line end and the spaces before that. */
  stop = 0;
  /** Columns before its first character; -1 after the last line. */
  indent = -1;
  /** Where the last thing ended. */
  end = 0;

  /** @param marks receives where the nodes stand */
  constructor(text: string, mayHoldSecret: boolean, marks: NodeMarks) {
    this.text = text;
    this.#mayHoldSecret = mayHoldSecret;
    this.#marks = marks;
  }

  /** Notes a node that ends where the last thing ended. @returns where it is noted */
  mark(form: number, start: number, keyStart: number, keyEnd: number): number {
    return this.#marks.note(form, start, this.end, keyStart, keyEnd);
  }

  /** Notes that a node ends where the last thing in it did. */
  close(mark: number): void {
    this.#marks.close(mark, this.end);
  }

  /** Moves to the first line from an offset on that is neither blank nor a comment. */
  toLine(from: number): void {
    const text = this.text;
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
        this.start = start;
        this.stop = stop;
        this.indent = at - start;
        return;
      }
      start = next;
    }
    this.indent = -1;
    this.start = text.length;
    this.stop = text.length;
  }

  nextLine(): void {
    const end = this.text.charCodeAt(this.stop) === lineFeed ? this.stop : this.text.indexOf('\n', this.stop);
    this.toLine(end === -1 ? this.text.length : end + 1);
  }

  afterSpaces(from: number, stop: number): number {
    let at = from;
    while (at < stop && this.text.charCodeAt(at) === space) at++;
    return at;
  }

  /**
   * Whether nothing but a comment follows on the line, one that says nothing dangerous.
   *
   * @param isSurely whether it is surely meant as one without a space behind its sign, too
   */
  isEndOrComment(from: number, stop: number, isSurely: boolean): boolean {
    if (from >= stop) return true;
    const text = this.text;
    const at = this.afterSpaces(from, stop);
    if (at === from || text.charCodeAt(at) !== hash) return at === stop;
    return (
      (isSurely || at + 1 === stop || text.charCodeAt(at + 1) === space) &&
      !(this.#mayHoldSecret && possibleSecret.test(text.slice(at, stop)))
    );
  }

  /** Short values cannot hold a secret. */
  holdsPossibleSecret(value: string): boolean {
    return this.#mayHoldSecret && value.length >= 32 && possibleSecret.test(value);
  }
}
