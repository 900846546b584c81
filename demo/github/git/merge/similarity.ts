/**
 * How much of one file is in another, as Git's rename detection counts it (git-scm.com, gitdiffcore): both are cut at
 * line ends, or after 64 bytes; what counts is how many bytes are in pieces of both.
 */

/** Similarity is counted in parts of this. */
export const wholeFile = 60_000;

/** A file counts as renamed when half of it is the same. */
export const similarEnough = wholeFile / 2;

const pieceLength = 64;

/** The pieces of a file, with how many bytes are in all that are the same. */
type Pieces = ReadonlyMap<string, number>;

export class SimilarityIndex {
  readonly #read: (sha: string) => Buffer | undefined;
  readonly #pieces = new Map<string, Pieces>();

  constructor(read: (sha: string) => Buffer | undefined) {
    this.#read = read;
  }

  /** From 0 to `wholeFile`; 0 as soon as the sizes alone make `least` impossible. */
  between(source: string, target: string, least: number): number {
    const [a, b] = [this.#read(source), this.#read(target)];
    if (a === undefined || b === undefined) return 0;
    const longest = Math.max(a.length, b.length);
    const difference = longest - Math.min(a.length, b.length);
    if (longest * (wholeFile - least) < difference * wholeFile || b.length === 0) return 0;
    const ofTarget = this.#piecesOf(target, b);
    let common = 0;
    for (const [piece, bytes] of this.#piecesOf(source, a))
      common += Math.min(bytes, ofTarget.get(piece) ?? 0);
    return Math.trunc((common * wholeFile) / longest);
  }

  #piecesOf(sha: string, bytes: Buffer): Pieces {
    const known = this.#pieces.get(sha);
    if (known !== undefined) return known;
    const pieces = new Map<string, number>();
    const isText = !bytes.subarray(0, 8_000).includes(0);
    // A carriage return before a line feed does not count in a text.
    const text = isText ? bytes.toString('latin1').replaceAll('\r\n', '\n') : bytes.toString('latin1');
    for (let start = 0; start < text.length; ) {
      const lineEnd = text.indexOf('\n', start);
      const end = Math.min(start + pieceLength, lineEnd === -1 ? text.length : lineEnd + 1);
      const piece = text.slice(start, end);
      pieces.set(piece, (pieces.get(piece) ?? 0) + piece.length);
      start = end;
    }
    this.#pieces.set(sha, pieces);
    return pieces;
  }
}
