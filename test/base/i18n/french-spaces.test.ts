import { describe, expect, it } from 'vitest';
import { frenchSpaces } from '#base/i18n/french-spaces';

describe('the spaces of French', () => {
  it('do not break before a high sign, nor within guillemets', () => {
    expect(frenchSpaces('Ligne 7 : « Approve » ; pourquoi ? Voilà !')).toBe(
      'Ligne 7\u00a0: «\u00a0Approve\u00a0»\u00a0; pourquoi\u00a0? Voilà\u00a0!',
    );
  });

  it('leave every other space as it is', () => {
    expect(frenchSpaces('à 10:30, https://a.fr/x?y=1 et <b>')).toBe('à 10:30, https://a.fr/x?y=1 et <b>');
  });

  it.each([
    ['a span', 'Le nom `Suivi : tout ?` : non', 'Le nom `Suivi : tout ?`\u00a0: non'],
    ['a span with a longer fence', '`` a ` : b `` : c', '`` a ` : b ``\u00a0: c'],
    [
      'a block',
      'Voici :\n```diff\n- name : A\n+ name: A\n```\nFin !',
      'Voici\u00a0:\n```diff\n- name : A\n+ name: A\n```\nFin !',
    ],
  ])('leave the text of others alone: %s', (_kind, written, shown) => {
    expect(frenchSpaces(written)).toBe(shown.replace('Fin !', 'Fin\u00a0!'));
  });
});
