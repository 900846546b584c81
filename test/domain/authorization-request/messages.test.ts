import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nearestUri, uriDifference } from '#domain/authorization-request/uri-difference';
import { placeholders } from '#domain/definition/rules/rule-catalogue';
import en from '#templates/try.en.json' with { type: 'json' };
import fr from '#templates/try.fr.json' with { type: 'json' };

it('says everything in both languages, with the same values, and nothing that is never said', () => {
  expect(Object.keys(fr)).toEqual(Object.keys(en));
  const english: Readonly<Record<string, string>> = en;
  for (const [key, sentence] of Object.entries(fr))
    expect(placeholders(sentence), key).toEqual(placeholders(english[key] ?? ''));
  const folder = join(import.meta.dirname, '../../../src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const composed = /^(?:redirect-uri-|state-missing|nonce-missing)/;
  const names = Object.keys(fr).map((key) => key.replace(/#.*/, ''));
  expect(names.filter((key) => !composed.test(key) && !sources.includes(`'${key}'`))).toEqual([]);
});

it('names the one difference between two addresses', () => {
  const registered = ['https://a.fr/retour', 'https://a.fr/retour/', 'https://b.fr/cb?x=1'];
  expect(nearestUri('https://b.fr/cb', registered)).toBe('https://b.fr/cb?x=1');
  expect(nearestUri('https://a.fr/retours', [])).toBeUndefined();
  expect(uriDifference('https://a.fr/cb', 'https://a.fr/cb')).toBeUndefined();
  const kinds = [
    ['https://a.fr/cb/', 'https://a.fr/cb', 'slash-missing'],
    ['https://a.fr/cb', 'https://www.a.fr/cb', 'host'],
    ['https://a.fr/cb', 'retour', 'other'],
    ['https://a.fr/cb', 'https%3A%2F%2Fa.fr%2Fcb', 'encoded'],
  ] as const;
  for (const [one, other, kind] of kinds) expect(uriDifference(one, other)).toMatchObject({ kind });
});
