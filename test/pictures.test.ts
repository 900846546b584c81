/** The README's pictures show the comment as it is now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commentOf, digestOf, pictures, root, sourceKeyword } from '../scripts/pictures.ts';
import { textIn } from '../scripts/png.ts';

describe('the pictures of the README', () => {
  it.each(Object.entries(pictures))('%s shows the comment of %s (`npm run picture`)', (path, review) => {
    const picture = readFileSync(join(root, path));
    expect(textIn(picture, sourceKeyword)).toBe(digestOf(commentOf(review)));
    expect(picture.length).toBeLessThan(200_000);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`](${path})`);
  });
});
