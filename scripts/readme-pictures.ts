/** The pictures of the README: which recorded comment each of them shows. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** By path, the recorded review whose French comment is shown. */
export const readmePictures: Readonly<Record<string, string>> = {
  'docs/images/review.png': 'first-attempt',
  'docs/images/review-corrected.png': 'first-attempt-corrected',
};

/** The keyword under which a picture keeps what it was made from. */
export const sourceKeyword = 'Source';

export function recordedComment(review: string): string {
  return readFileSync(join(root, 'test/reviews', review, 'comment.fr.md'), 'utf8');
}

/** Stands for the very text that a picture shows. */
export function commentDigest(comment: string): string {
  return createHash('sha256').update(comment).digest('hex');
}
