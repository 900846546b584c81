/** What is wrong with how the lines of a definition stand, and the text with them put right. */

export type LayoutFault =
  /** No space after the colon. */
  | 'space'
  /** Another sign, or none, in the place of the colon. */
  | 'separator'
  /** The colon of a key with a block below it is missing. */
  | 'block'
  /** Another sign in the place of the hyphen of an item. */
  | 'bullet'
  /** No space after the hyphen. */
  | 'hyphen'
  | 'tab'
  | 'indentation'
  /** A text goes on at the beginning of the next line. */
  | 'continuation'
  /** Sentences on lines of their own, with nothing between them: how to join them is known to their author. */
  | 'sentences'
  /** A key and the first key of its block on one line. */
  | 'sameLine'
  /** Something around the value that YAML takes for its own. */
  | 'wrapped'
  | 'apostrophe'
  | 'blockSign'
  /** The file was copied with what stood before its lines. */
  | 'pasted'
  /** Words of the mail from which the file was copied. */
  | 'mail'
  | 'fence';

/** Lines that must stand otherwise. */
export interface LayoutCorrection {
  readonly fault: LayoutFault;
  /** From 1, both included. */
  readonly first: number;
  readonly last: number;
  /** How they must stand; none when they must go. */
  readonly after: readonly string[];
}

/** The text with lines corrected. */
export function withCorrections(text: string, corrections: readonly LayoutCorrection[]): string {
  const lines = text.split('\n');
  for (const { first, last, after } of corrections.toReversed()) {
    const ending = lines[first - 1]?.endsWith('\r') === true ? '\r' : '';
    lines.splice(first - 1, last - first + 1, ...after.map((line) => line + ending));
  }
  return lines.join('\n');
}
