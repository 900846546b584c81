import { describe, expect, it } from 'vitest';
import { legalFormNamed } from '#domain/registry/legal-forms';

describe('legal forms', () => {
  it('are named by their code, else by their family', () => {
    expect(legalFormNamed('7210')).toBe('Commune et commune nouvelle');
    expect(legalFormNamed('5499')).toBe('Société à responsabilité limitée (SARL)');
  });

  it.each(['0999', '72', '7210 ', '', '__proto__', 'constructor'])('are not made up: %j', (code) => {
    expect(legalFormNamed(code)).toBeUndefined();
  });
});
