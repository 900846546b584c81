import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trusted } from '#base/i18n/translator';
import { placeholders } from '#domain/definition/rules/rule-catalogue';
import { reviewTranslator } from '#domain/review/render/messages';
import en from '#templates/review.en.json' with { type: 'json' };
import fr from '#templates/review.fr.json' with { type: 'json' };

const french: Readonly<Record<string, string>> = fr;
const english: Readonly<Record<string, string>> = en;

describe('the words of a review', () => {
  it('are there in both languages, with the same values', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
    for (const [key, sentence] of Object.entries(french))
      expect(placeholders(sentence), key).toEqual(placeholders(english[key] ?? ''));
  });

  it('are all used', () => {
    const folder = join(import.meta.dirname, '../../../src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    // Names that are put together from a closed set.
    const composed = /^(?:headline|cell|severity|file|environment|help)\./;
    const unused = Object.keys(fr)
      .map((key) => key.replace(/#.*/, ''))
      .filter(
        (key) =>
          !composed.test(key) &&
          !sources.includes(`'${key}'`) &&
          !/^(?:nothing|elsewhere|incomplete|unreadable|merge\.(?:conflict|forbidden|queue|approval|checks))$/.test(
            key,
          ),
      );
    expect(unused).toEqual([]);
  });

  it('take the plural from the count', () => {
    expect(reviewTranslator('fr')('headline.errors', { count: 1 })).toBe('1 erreur à corriger');
    expect(reviewTranslator('fr')('headline.errors', { count: 2 })).toBe('2 erreurs à corriger');
    expect(reviewTranslator('en')('headline.errors', { count: 0 })).toBe('0 errors to correct');
  });

  it('quote what is foreign and keep what is ours', () => {
    const values = { path: '`@all` <b>', counts: trusted('**2**') };
    expect(reviewTranslator('en')('file.counts', values)).toBe('`` `@all` <b> ``: **2**');
  });
});
