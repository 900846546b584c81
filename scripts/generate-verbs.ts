/**
 * Writes the list of French infinitives that the rule on descriptions looks words up in, from the spelling
 * dictionary of Grammalecte (package `dictionary-fr`): `npm run generate:verbs`.
 *
 * In the dictionary a word carries the classes of its endings. A class whose endings go from an infinitive to a
 * present participle (`er` to `ant`) is a conjugation; a word that carries one is a verb.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.resolve('dictionary-fr')));
const target = join(import.meta.dirname, '../src/domain/definition/rules/description/verbs.generated.ts');

const conjugations = new Set<string>();
for (const line of readFileSync(join(folder, 'index.aff'), 'utf8').split('\n')) {
  const [kind, name = '', strip = '', add = ''] = line.split(/\s+/);
  if (kind === 'SFX' && /(?:r|re)$/.test(strip) && /ant(?:\/|$)/.test(add)) conjugations.add(name);
}

const verbs = new Set<string>();
const others = new Set<string>();
for (const line of readFileSync(join(folder, 'index.dic'), 'utf8').split('\n')) {
  const [word = '', flags = ''] = (line.split('\t')[0] ?? '').split('/');
  if (!/^[a-zà-ÿœæ-]+(?:er|ir|ïr|re)$/.test(word)) continue;
  const classes = flags.match(/../g) ?? [];
  (classes.some((name) => conjugations.has(name)) ? verbs : others).add(word);
}

// Nouns in -ier are known by their ending alone.
const nouns = [...others].filter((word) => /[^i]er$/.test(word) && !verbs.has(word));
const both = [...others].filter((word) => verbs.has(word));

/** One line of words: splitting it is the fastest way to read thousands of them. */
function line(words: Iterable<string>): string {
  return [...words].sort().join(' ');
}

writeFileSync(
  target,
  `/*! Written by scripts/generate-verbs.ts from dictionary-fr (Grammalecte, MPL 2.0); do not edit. */
/** Infinitives, separated by spaces. */
export const infinitives =
  '${line(verbs)}';
/** Words in -er that are no verbs (those in -ier apart). */
export const nounsInEr =
  '${line(nouns)}';
/** Infinitives that are nouns or adjectives too. */
export const verbsAndNouns =
  '${line(both)}';
`,
);
