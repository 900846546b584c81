/** The README's pictures show the comment, and the front desk, as they are now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deskPages } from '../scripts/desk-pages.ts';
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

  it('show the form with its errors, and a request (`npm run picture`)', async () => {
    for (const [path, { html }] of Object.entries(await deskPages())) {
      const picture = readFileSync(join(root, path));
      expect(readTextChunk(picture, sourceKeyword), path).toBe(commentDigest(html));
      expect(picture.length).toBeLessThan(200_000);
      // With what it shows in words.
      expect(readFileSync(join(root, 'README.md'), 'utf8')).toMatch(
        new RegExp(`!\\[[^\\]]{80,}\\]\\(${path}\\)`),
      );
    }
  });
});
