import { describe, expect, it } from 'vitest';
import { dayText, formatMoment } from '#base/i18n/dates';
import { interpolate, quoteInBackticks } from '#base/i18n/render';

describe('days', () => {
  it.each([
    ['fr', '2026-03-01', '1ᵉʳ mars 2026'],
    ['fr', '2025-12-31', '31 décembre 2025'],
    ['en', '2026-03-01', '1 March 2026'],
    ['fr', '2026-13-40', undefined],
    ['fr', '31/12/2025', undefined],
    ['fr', 20251231, undefined],
  ] as const)('are written as people write them, in %s: %s', (language, written, text) => {
    expect(dayText(language, written)).toBe(text);
  });

  it('are such also with an hour', () => {
    expect(formatMoment('fr', new Date('2026-03-01T08:30:00Z'))).toBe('1ᵉʳ mars 2026 à 09:30');
  });

  it('stand so in sentences, and never as code, unless they are no days or no date of ours', () => {
    const say = (sentence: string, value: string) =>
      interpolate(sentence, { date: value, value }, quoteInBackticks, 'fr');
    expect(say('fermé depuis le {date}', '2025-12-31')).toBe('fermé depuis le 31 décembre 2025');
    expect(say('fermé depuis le {date}', '@all')).toBe('fermé depuis le `@all`');
    expect(say('SIRET {value}', '2025-12-31')).toBe('SIRET `2025-12-31`');
  });
});
