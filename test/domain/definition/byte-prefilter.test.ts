import { describe, expect, it } from 'vitest';
import { prefilter, prefilterFlags } from '#domain/definition/parse/byte-prefilter';
import { secretSpans } from '#domain/definition/parse/secret-scan';
import { fc } from '../../fast-check.ts';

const prefiltered = (text: string) => prefilter(new TextEncoder().encode(text));
const usual = /^[\n\r\x20-\x7e\u00a1-\u00ac\u00ae-\u024f\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u20ac]*$/;

/** Pieces of secrets and of ordinary text. */
const piece = fc.constantFrom(
  ...[
    'client_secret',
    'SECRET',
    'mot de passe',
    'Mot-de-Passe',
    'password',
    'passwd',
    'api_key',
    'API-Key',
    'apikey',
  ],
  ...[
    'access_token',
    'accesstoken',
    'token',
    'key',
    '-----BEGIN PRIVATE KEY-----',
    'gh',
    'ghp_',
    'github_pat_',
    'glpat-',
  ],
  ...['eyJ', '.eyJ', 'a'.repeat(12), '0a1b2c3d'.repeat(4), '0A1B'.repeat(8), 'abcdefgh12345678', 'f', '0'],
  ...[': ', '=', '"', ' ', '\n', '-', '_', '.', '/', 'é', '’', 'x', 's', 'ss', 'sec', 'pas'],
);

describe('the prefilter', () => {
  it('lets no secret pass without a flag', () => {
    let secrets = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        if (secretSpans(text).length === 0) return;
        secrets++;
        expect(prefiltered(text) & prefilterFlags.possibleSecret, text).not.toBe(0);
      }),
      { numRuns: 20_000 },
    );
    expect(secrets).toBeGreaterThan(500);
  });

  it('flags characters that French is not typed with, and no others', () => {
    for (let code = 0; code <= 0xffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCharCode(code);
      const found = prefiltered(`a${character}é`) & prefilterFlags.unusualCharacters;
      if ((found === 0) !== usual.test(character)) expect.fail(`U+${code.toString(16)}`);
    }
    expect(prefiltered('🙂') & prefilterFlags.unusualCharacters).not.toBe(0);
  });

  it.each([
    '<nom>',
    '…',
    'name: ...',
    'à compléter',
    'À COMPLÉTER',
    'a\u0300 comple\u0301ter',
    'à remplir',
    'à renseigner',
    'à définir',
    'TODO',
    'tbd',
    'XXXX',
    'change_me',
    'mon-service.example.com',
    '0'.repeat(14),
  ])('remarks on what a template left: %j', (text) => {
    expect(prefiltered(`name: ${text}\n`) & prefilterFlags.possiblePlaceholder).not.toBe(0);
  });

  it('finds a word that starts within another, and hexadecimal digits wherever they start', () => {
    expect(prefiltered('ssecret') & prefilterFlags.possibleSecret).not.toBe(0);
    expect(prefiltered('secsecret') & prefilterFlags.possibleSecret).not.toBe(0);
    expect(prefiltered('gitghp_') & prefilterFlags.possibleSecret).not.toBe(0);
    for (let before = 0; before < 40; before++) {
      expect(
        prefiltered(`${'x'.repeat(before)}${'0a'.repeat(16)}x`) & prefilterFlags.possibleSecret,
      ).not.toBe(0);
      expect(prefiltered(`${'x'.repeat(before)}${'0a'.repeat(15)}0x`) & prefilterFlags.possibleSecret).toBe(
        0,
      );
    }
  });

  it('flags nothing in an ordinary text', () => {
    expect(prefiltered('name: Événements de l’été\nid_token_signed_response_alg: RS256\n')).toBe(0);
  });
});
