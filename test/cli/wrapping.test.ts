import { describe, expect, it } from 'vitest';
import { wrapText } from '#cli/formats/text';
import { fc } from '../fast-check.ts';

const word = fc.constantFrom(
  'a',
  'mot',
  'l’usager',
  'https://a.fr/b',
  '`une valeur`',
  '« mot »',
  'quoi ?',
  'là :',
);

describe('the lines of a report', () => {
  it('hold the whole text, and no more columns than are asked for', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.integer({ min: 14, max: 40 }), (words, width) => {
        const text = words.join(' ');
        const lines = wrapText(text, width, '> ').split('\n');
        for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width + 2);
        expect(lines.map((line) => line.slice(2)).join(' ')).toBe(text);
      }),
    );
  });

  it('are as long as they can be', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        const lines = wrapText(words.join(' '), 20, '').split('\n');
        for (const [at, line] of lines.entries()) {
          const next = words.find((one) => lines[at + 1]?.startsWith(one));
          if (next !== undefined) expect(`${line} ${next}`.length, line).toBeGreaterThan(20);
        }
      }),
    );
  });

  it('break neither a value that is to be copied, nor what French keeps together', () => {
    expect(wrapText('Écrire `deux mots` ici', 8, '')).toBe('Écrire\n`deux mots`\nici');
    expect(wrapText('il dit « oui » là : fin', 6, '')).toBe('il dit\n« oui »\nlà :\nfin');
    expect(wrapText(`\`${'mot '.repeat(16)}\``, 20, '').split('\n').length).toBeGreaterThan(1);
    expect(wrapText('un ` seul', 4, '')).toBe('un `\nseul');
  });

  it('keep a word that is too long', () => {
    expect(wrapText('a bcdefghij k', 4, ' ')).toBe(' a\n bcdefghij\n k');
    expect(wrapText('', 4, ' ')).toBe('');
  });
});
