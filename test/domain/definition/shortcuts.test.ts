import { describe, expect, it } from 'vitest';
import { codePointLength } from '#base/code-point-length';
import { escapeInvisible } from '#base/i18n/invisible';
import { printed } from '#base/i18n/printed';
import { readPartialDefinition } from '#domain/definition/parse/read-partial-definition';
import { withoutAccents } from '#domain/definition/rules/without-accents';
import { fc } from '../../fast-check.ts';

const everyUnit = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));

describe('what exists for speed', () => {
  it('counts characters as they are', () => {
    const units = fc.constantFrom('a', 'é', '\ud83d', '\ude42', '🙂', '\ud800', '\udfff', '\ue000', '\ud7ff');
    fc.assert(
      fc.property(fc.array(units, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        expect(codePointLength(text), JSON.stringify(text)).toBe([...text].length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('composes texts for people as Unicode does', () => {
    const named = (name: string) => readPartialDefinition({ name }, '', undefined).name;
    for (const unit of everyUnit) {
      expect(named(`e${unit}`)).toBe(`e${unit}`.normalize('NFC'));
      expect(named(unit)).toBe(unit.normalize('NFC'));
    }
  });

  it('takes accents away as Unicode does', () => {
    const careful = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '');
    for (const unit of everyUnit) expect(withoutAccents(`a${unit}b`)).toBe(careful(`a${unit}b`));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'É', 'ç', 'ế', '\u0301', '\u0323', 'œ', 'Ж') }),
        (text) => {
          expect(withoutAccents(text)).toBe(careful(text));
        },
      ),
    );
  });

  it('lets nothing through that nobody sees', () => {
    // Another alphabet is in no text that is taken as it is.
    for (const unit of everyUnit) {
      expect(escapeInvisible(unit)).toBe(escapeInvisible(`${unit}Ж`).slice(0, -1));
      expect(printed(unit)).toBe(printed(`${unit}Ж`).slice(0, -1));
    }
  });
});
