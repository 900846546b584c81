/** What nobody sees is found in every value and every key, however it is written, at its place. */

import { describe, expect, it } from 'vitest';
import { escapeInvisible } from '#base/i18n/invisible';
import { quoteInBackticks } from '#base/i18n/render';
import { readDefinition } from '#domain/definition/read-definition';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { fc } from '../../fast-check.ts';

const path = 'service-providers/rie/production/agenda.yaml';

/** A definition whose every string is in double quotes, so that any of them may name its characters. */
const lines = [
  'version: 1',
  'name: "Agenda"',
  'network: "rie"',
  'environment: "production"',
  'organization:',
  '  siret: "21999900000017"',
  'datapass: "H4821"',
  'description: "Réserver une salle municipale"',
  'contacts: { technical: ["equipe@ville-de-montfictif.fr"], support: "aide@ville-de-montfictif.fr" }',
  'redirect_uris:',
  '  - "https://agenda.ville-de-montfictif.fr/auth/retour"',
  'post_logout_redirect_uris: [ "https://agenda.ville-de-montfictif.fr/au-revoir" ]',
  'id_token_signed_response_alg: "RS256"',
  'userinfo_signed_response_alg: "RS256"',
  'optional_scopes:',
  '  - scope: "siren"',
  '    justification: "Rattacher chaque agent',
  '      à son service"',
  'private_sector: false',
  'ip_addresses: ["10.1.2.3"]',
  'owners: [ "camille" ]',
  '"na": "me"',
];
/** Every place behind an opening quotation mark: the first letter of a value or of a key. */
const places = lines.flatMap((line, number) =>
  [...line.matchAll(/(?<=[:[{,-] |[[{(]|^)"(?=[^,\]} ])/g)].map(({ index }) => ({
    number,
    column: index + 1,
  })),
);

/** One of every kind that there is, and the ends of the ranges. */
const hidden = [
  0x00, 0x01, 0x07, 0x08, 0x0b, 0x0c, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xa0, 0xad, 0x34f,
  0x61c, 0x115f, 0x1160, 0x1680, 0x17b4, 0x17b5, 0x180b, 0x180e, 0x2000, 0x200a, 0x200b, 0x200d, 0x200e,
  0x2028, 0x2029, 0x202a, 0x202e, 0x202f, 0x205f, 0x2060, 0x2066, 0x2069, 0x206f, 0x2800, 0x3000, 0x3164,
  0xe000, 0xf8ff, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffc, 0xfffe, 0x1d173, 0xe0001, 0xe0041, 0xe007f,
  0xe0100, 0xe01ef, 0xf0000, 0x10fffd, 0x10ffff,
];
const halves = [0xd800, 0xdbff, 0xdc00, 0xdfff];

const letters: Readonly<Record<number, string>> = {
  0: '0',
  7: 'a',
  8: 'b',
  11: 'v',
  12: 'f',
  13: 'r',
  27: 'e',
  133: 'N',
  160: '_',
  8232: 'L',
  8233: 'P',
};

/** Every way in which YAML names a character (1.2.2 §5.7). */
function namesOf(code: number): readonly string[] {
  const digits = (count: number) => code.toString(16).padStart(count, '0');
  return [
    ...(code <= 0xff ? [`\\x${digits(2)}`] : []),
    ...(code <= 0xffff ? [`\\u${digits(4)}`, `\\u${digits(4).toUpperCase()}`] : []),
    ...(code <= 0xffff && code >= 0xd800 && code <= 0xdfff ? [] : [`\\U${digits(8)}`]),
    ...(letters[code] === undefined ? [] : [`\\${letters[code]}`]),
  ];
}

function read(number: number, column: number, written: string) {
  const text = lines
    .map((line, index) => (index === number ? line.slice(0, column) + written + line.slice(column) : line))
    .join('\n');
  return readDefinition({ path, bytes: new TextEncoder().encode(`${text}\n`) }).findings;
}

describe('a character that nobody sees', () => {
  it('stands at each of the places of the test', () => {
    expect(places.length).toBe(18);
    for (const { number, column } of places)
      expect(read(number, column, '').filter(({ rule }) => rule === 'file/hidden-character')).toEqual([]);
  });

  it.each(
    [...hidden, ...halves].map(
      (code) => [`U+${code.toString(16).toUpperCase().padStart(4, '0')}`, code] as const,
    ),
  )('%s is found in every value and key, by whatever name it is written', (shown, code) => {
    for (const { number, column } of places)
      for (const written of namesOf(code)) {
        const found = read(number, column, written).filter(({ rule }) => rule === 'file/hidden-character');
        const [finding] = found;
        expect(found.length, `${written} in ${lines[number]}`).toBe(1);
        expect(finding?.severity).toBe('error');
        expect(finding?.range).toEqual({
          start: { line: number + 1, column: column + 1 },
          end: { line: number + 1, column: column + 1 + written.length },
        });
        for (const language of ['fr', 'en'] as const) {
          const said = finding && catalogue.translate(finding.message, language, quoteInBackticks);
          expect(said).toContain(shown);
          expect(said).toBe(escapeInvisible(said ?? '').replaceAll('⟨U+00A0⟩', '\u00a0'));
        }
      }
  });

  it('is found as itself too', () => {
    for (const code of hidden.filter((one) => one > 0x1f && one !== 0x7f))
      for (const { number, column } of places)
        expect(
          read(number, column + 1, String.fromCodePoint(code)).map(({ rule }) => rule),
          `${code.toString(16)} in ${lines[number]}`,
        ).toContain('file/hidden-character');
  });

  it('is none that people read: letters, signs and pictures by their numbers are no fault', () => {
    for (const written of [
      '\\x41',
      '\\u00e9',
      '\\U0001f600',
      '\\ud83d\\ude00',
      '\\"',
      '\\\\u202e',
      '\\/',
      '\\ ',
      '\\t',
      '\\n',
    ])
      expect(
        read(16, 30, written).filter(({ rule }) => rule === 'file/hidden-character'),
        written,
      ).toEqual([]);
  });

  it('is corrected only where nothing is lost', () => {
    const fixOf = (written: string) =>
      read(1, 7, written)
        .find(({ rule }) => rule === 'file/hidden-character')
        ?.fix?.edits.map(({ text }) => text);
    expect(fixOf('\\u200b')).toEqual(['']);
    expect(fixOf('\\u202e')).toEqual(['']);
    expect(fixOf('\\u00a0')).toEqual([' ']);
    for (const written of ['\\e', '\\a', '\\0', '\\ud800', '\\ue000', '\\ufffc', '\\x9b', '\\uffff'])
      expect(fixOf(written), written).toBeUndefined();
  });

  it('is found behind a sign in a value that starts a comment elsewhere', () => {
    for (const written of ['voir # 3\u00a0 x', 'voir # 3\\_ x'])
      expect(read(7, 14, written).map(({ rule }) => rule)).toContain('file/hidden-character');
    expect(read(3, 25, ' # voir\u00a0: ceci').map(({ rule }) => rule)).not.toContain('file/hidden-character');
  });

  it('stays out of a reading without errors, wherever it stands', () => {
    const code = fc.constantFrom(...hidden, ...halves);
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.nat(6),
        code,
        fc.nat(3),
        ({ number, column }, more, one, way) => {
          const names = namesOf(one);
          const written = names[way % names.length] ?? '';
          const findings = read(number, column + more, written);
          expect(
            findings.some(({ severity }) => severity === 'error'),
            written,
          ).toBe(true);
        },
      ),
    );
  });
});
