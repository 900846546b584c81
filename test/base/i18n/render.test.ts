import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { escapeInvisible } from '#base/i18n/invisible';
import { codeSpan, interpolate, quoteInBackticks } from '#base/i18n/render';
import { fc } from '../../fast-check.ts';

describe('foreign text never acts', () => {
  it('stays one code span in Markdown, whatever it holds', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({
        unit: fc.constantFrom('`', '@', '#', '<', '>', '[', ']', '(', ')', '!', '\n', '\r', '|', '\\', 'a'),
      }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const html = marked.parseInline(`x ${codeSpan(text)} y`, { async: false });
        expect(html).toMatch(/^x <code>[^<]*<\/code> y$/);
      }),
      { numRuns: 500 },
    );
  });

  it('shows what cannot be seen', () => {
    expect(escapeInvisible('a\u202eb\u200bc\u00a0d')).toBe('a⟨U+202E⟩b⟨U+200B⟩c⟨U+00A0⟩d');
    expect(quoteInBackticks('x\ny')).toBe('`x⟨U+000A⟩y`');
  });

  it('is cut to a bounded length without splitting a character', () => {
    const long = codeSpan('😀'.repeat(10_000));
    expect(long.length).toBeLessThan(700);
    expect(long).not.toMatch(/U\+D8/);
  });
});

describe('fill', () => {
  it('quotes strings, shows numbers plainly and counts what does not fit of a list', () => {
    const values = { value: 'a`b', count: 3, items: Array.from({ length: 14 }, (_, n) => `i${n}`) };
    expect(interpolate('{value} {count} {items}', values, codeSpan, 'fr')).toBe(
      '``a`b`` 3 `i0`, `i1`, `i2`, `i3`, `i4`, `i5`, `i6`, `i7`, `i8`, `i9`, `i10`, `i11` (+2)',
    );
  });

  it('refuses a sentence whose value is missing', () => {
    expect(() => interpolate('{nothing}', {}, quoteInBackticks, 'fr')).toThrow(/nothing/);
  });
});
