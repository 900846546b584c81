import { describe, expect, it } from 'vitest';
import { wrapText } from '#cli/formats/text';

describe('text on a terminal', () => {
  it.each(['« un deux ».', '« un deux », trois', '(« un deux »)', 'un deux : trois', 'un deux ?'])(
    'never begins a line by a sign of French: %s',
    (text) => {
      for (let width = 5; width < 20; width++)
        expect(wrapText(text, width, '').split('\n')).not.toContainEqual(expect.stringMatching(/^[:;?!»]/));
    },
  );
});
