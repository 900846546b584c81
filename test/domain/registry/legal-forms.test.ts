import { describe, expect, it } from 'vitest';
import { legalFormName } from '#domain/registry/legal-forms';

describe('legal forms', () => {
  it('are named by their code, else by their family', () => {
    expect(legalFormName('7210')).toBe('Commune et commune nouvelle');
    expect(legalFormName('5499')).toBe('Société à responsabilité limitée (SARL)');
  });

  it.each(['0999', '72', '7210 ', '', '__proto__', 'constructor'])('are not made up: %j', (code) => {
    expect(legalFormName(code)).toBeUndefined();
  });
});
