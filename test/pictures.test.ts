/** The README's pictures show the comment as it is now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTextChunk } from '../scripts/png.ts';
import {
  commentDigest,
  readmePictures,
  recordedComment,
  root,
  sourceKeyword,
} from '../scripts/readme-pictures.ts';

describe('the pictures of the README', () => {
  it.each(Object.entries(readmePictures))(
    '%s shows the comment of %s (`npm run picture`)',
    (path, review) => {
      const picture = readFileSync(join(root, path));
      expect(readTextChunk(picture, sourceKeyword)).toBe(commentDigest(recordedComment(review)));
      expect(picture.length).toBeLessThan(200_000);
      expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`](${path})`);
    },
  );
});
