import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * What Greffier says, sentence by sentence, wherever it stands: French in French and English in English, to the last word.
 * What is quoted (code, names, addresses, words that someone is to write) may be of any language.
 */

const root = join(import.meta.dirname, '..');

interface Sentence {
  readonly place: string;
  readonly language: 'fr' | 'en';
  readonly text: string;
}

const literal = /\b(fr|en):\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;

/** The pairs of sentences in the sources, and the templates. */
function sentences(): readonly Sentence[] {
  const found: Sentence[] = [];
  for (const path of globSync('src/**/*.ts', { cwd: root })) {
    const source = readFileSync(join(root, path), 'utf8');
    for (const [, language = 'fr', ...texts] of source.matchAll(literal)) {
      const text = texts.find((one) => one !== undefined) ?? '';
      found.push({ place: path, language: language as 'fr' | 'en', text: text.replace(/\\(.)/g, '$1') });
    }
  }
  for (const path of globSync('templates/*.{fr,en}.json', { cwd: root })) {
    const language = path.endsWith('.fr.json') ? 'fr' : 'en';
    const words = JSON.parse(readFileSync(join(root, path), 'utf8')) as Readonly<Record<string, string>>;
    for (const [key, text] of Object.entries(words)) found.push({ place: `${path} ${key}`, language, text });
  }
  return found;
}

const all = sentences();

/** A sentence without what is quoted in it. */
function own(text: string): string {
  return text
    .replace(/`[^`]*`/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/\S+@\S+/g, ' ')
    .replace(/file d’attente \(merge queue\)|ProConnect Identité|GitHub Enterprise Server|\(\/[a-z]+\)/g, ' ')
    .replace(/\b[A-Z]+(?:_[A-Z]+)+\b|\bgit [a-z]+/g, ' ')
    .replace(/“[^”]*”|« ?[^»]*»/g, ' ');
}

/** Names that are the same in every language. */
const names =
  /Réseau interministériel de l’État|La Suite(?: numérique)?|Annuaire des entreprises|Fournisseur de services|Luhn|La Poste|La Banque Postale/gi;

const french =
  /(?<![\p{L}'’-])(?:le|la|les|des|du|de|une|un|est|et|ou|pas|ne|que|qui|dans|sur|pour|avec|sans|votre|vos|cette|ce|ces|il|elle|vous|nous|clé|clés|ligne|fichier|champ|demande|adresse|être|sont|été|fait|oui|non|aucun|aucune)(?![\p{L}'’-])|[éèêàçùîôûœ]/giu;

const english =
  /(?<![\p{L}'’-])(?:the|of|and|is|are|was|not|with|without|this|that|these|your|you|from|for|by|which|has|have|been|will|can|must|should|only|when|where|write|remove|add|file|line|key|field|server|answer|nothing|yes|team)(?![\p{L}'’-])/giu;

function offences(language: 'fr' | 'en', pattern: RegExp, textOf = own): readonly string[] {
  return all
    .filter((one) => one.language === language)
    .flatMap(({ place, text }) => {
      const words = textOf(text).replace(names, ' ').match(pattern);
      return words === null ? [] : [`${place}: ${words.join(', ')} | ${text}`];
    });
}

describe('what Greffier says', () => {
  it('is looked at whole', () => {
    expect(all.filter(({ language }) => language === 'fr').length).toBeGreaterThan(800);
    expect(all.filter(({ language }) => language === 'en').length).toBeGreaterThan(800);
  });

  it('is English in English', () => {
    // The link to the other language is in that one.
    const own = offences('en', french).filter((one) => !/page-other-language|site\.other-language/.test(one));
    expect(own).toEqual([]);
  });

  it('is French in French', () => {
    expect(offences('fr', english).filter((one) => !one.includes('page-other-language'))).toEqual([]);
  });

  it('is set in French as French is', () => {
    const everything = (text: string) => text.replace(/`[^`]*`/g, ' ');
    // Whatever comes after it: a letter, a word that is set in bold, a value that is filled in.
    expect(offences('fr', /\p{L}'/gu, everything)).toEqual([]);
    expect(offences('fr', /«(?! )|(?<! )»|[“”]/gu, everything)).toEqual([]);
    expect(offences('fr', /(?<=[\p{L}»)])[;!?](?!\p{L})/gu)).toEqual([]);
    expect(offences('fr', /\bURLs\b/g)).toEqual([]);
  });

  it('needs no elision before what is filled in', () => {
    // « l’accès de Annuaire »: the word before a value does not know how the value begins. Figures and days do not begin by a vowel.
    const elided =
      /(?<![\p{L}'’-])(?:de|que|ne|se|ce|le|la|jusque|lorsque|puisque)\s+(?:« ?)?[`*]*\{(?!(?:count|most|least|bound|actual|megabytes|limit|date|day|at)\})\w+\}/giu;
    expect(offences('fr', elided, (text) => text)).toEqual([]);
  });

  it('is set in English as English is', () => {
    expect(offences('en', /[«»]/gu, (text) => text.replace(/`[^`]*`/g, ' '))).toEqual([]);
    const filled = (text: string) => text.replace(/`[^`]*`|\{[^}]*\}/g, 'x');
    expect(offences('en', / [:;!?](?= |$)/gu, filled)).toEqual([]);
  });

  it.each([
    ['en', french],
    ['fr', english],
  ] as const)('comments on a pull request in %s only', (language, other) => {
    const comments = globSync(`test/reviews/*/comment.${language}.md`, { cwd: root });
    expect(comments.length).toBeGreaterThan(50);
    for (const path of comments) {
      const text = readFileSync(join(root, path), 'utf8')
        .replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, ' ')
        .replace(/(`+)[^`][\s\S]*?\1/g, ' ')
        .replace(/\]\([^)]*\)/g, '] ');
      expect([path, own(text).replace(names, ' ').match(other)]).toEqual([path, null]);
    }
  });
});
