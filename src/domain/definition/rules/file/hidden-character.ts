import { textRule } from '#domain/definition/rules/rule';

/** Control, format, separator and filler characters; line ends and tabulations are not among them. */
const hidden =
  /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\u034f|[\u115f\u1160]|\u17b4|\u17b5|[\ufe00-\ufe0f]|\u3164|\uffa0|[\u{e0100}-\u{e01ef}]/gu;

/** What stands between words: it becomes a space, never nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const space = /^[\u000b\u000c\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

/** A character written by its number or its name in double quotes (YAML 1.2.2 §5.7). */
const escaped = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([abefvN_LP0]))/g;
const named: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 0x1b,
  f: 12,
  v: 11,
  N: 0x85,
  _: 0xa0,
  L: 0x2028,
  P: 0x2029,
  '0': 0,
};

/** The hidden characters that a text only names. */
function* escapedIn(
  text: string,
): Generator<{ readonly start: number; readonly text: string; readonly is: string }> {
  if (!text.includes('\\')) return;
  for (const match of text.matchAll(escaped)) {
    const [written, ...digits] = match;
    const before = /\\*$/.exec(text.slice(Math.max(0, match.index - 40), match.index))?.[0].length ?? 0;
    if (before % 2 === 1) continue;
    const code = named[digits[3] ?? ''] ?? Number.parseInt(digits.find((one) => one !== undefined) ?? '', 16);
    const is = code <= 0x10ffff ? String.fromCodePoint(code) : '';
    hidden.lastIndex = 0;
    if (hidden.test(is)) yield { start: match.index, text: written, is };
  }
}

export const fileHiddenCharacter = textRule({
  id: 'file/hidden-character',
  severity: 'error',
  title: { fr: 'Aucun caractère invisible', en: 'No invisible characters' },
  why: {
    fr: 'Un caractère que l’on ne voit pas (espace insécable, largeur nulle, sens d’écriture), souvent venu d’un copier-coller, rend deux textes différents à l’œil pareils. ProConnect compare les URLs au caractère près.',
    en: 'A character that cannot be seen (no-break space, zero width, writing direction), often pasted along, makes two different texts look the same. ProConnect compares URLs character by character.',
  },
  messages: {
    one: {
      fr: 'Un caractère invisible est caché ici : {shown}. Retirez-le, ou remplacez-le par une espace ordinaire.',
      en: 'An invisible character hides here: {shown}. Remove it, or replace it with an ordinary space.',
    },
    several: {
      fr: '{count} caractères invisibles sont cachés sur cette ligne, dont {shown}. Retirez-les, ou remplacez-les par des espaces ordinaires.',
      en: '{count} invisible characters hide on this line, among them {shown}. Remove them, or replace them with ordinary spaces.',
    },
    clean: { fr: 'Retirer les caractères invisibles', en: 'Remove the invisible characters' },
  },
  suppresses: [
    'yaml/syntax',
    'name/characters',
    'siret/format',
    'email/format',
    'datapass/format',
    'description/format',
    'url/invalid',
    'url/canonical',
    'ip/invalid',
    'schema/enum',
    'schema/unknown-key',
    'description/infinitive',
  ],
  examples: {
    good: [{ yaml: '# Attention\u00a0: un commentaire peut garder ses espaces insécables.\nname: Suivi' }],
    bad: [
      { yaml: 'name: Suivi\u00a0des subventions', messageIds: ['one'] },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/\u200boidc\u200b',
        messageIds: ['several'],
      },
      { yaml: 'name: "Suivi\\u202e des aides"', messageIds: ['one'] },
    ],
  },
  check(source, report) {
    const byLine = new Map<number, { start: number; text: string; is: string }[]>();
    for (const match of source.text.matchAll(hidden)) {
      if (match.index === 0 && match[0] === '\ufeff') continue;
      const line = source.lines.lineAt(match.index);
      const before = source.text.slice(source.lines.startOf(line), match.index);
      if (space.test(match[0]) && /^\s*#|\s#\s/.test(before)) continue;
      const here = byLine.get(line) ?? [];
      here.push({ start: match.index, text: match[0], is: match[0] });
      byLine.set(line, here);
    }
    const quotedLines = new Map<number, boolean>();
    for (const one of escapedIn(source.text)) {
      const line = source.lines.lineAt(one.start);
      // Elsewhere than in double quotes, a backslash is one.
      const isQuoted = quotedLines.get(line) ?? /(?::|-)\s+".*"/.test(source.lines.textOf(line));
      quotedLines.set(line, isQuoted);
      if (!isQuoted) continue;
      const here = byLine.get(line) ?? [];
      here.push(one);
      byLine.set(line, here);
    }
    for (const found of byLine.values()) {
      const [first] = found;
      if (first === undefined) continue;
      const edits = found.map(({ start, text, is }) => ({
        start,
        end: start + text.length,
        text: space.test(is) ? ' ' : '',
      }));
      // Behind a control character there may be more that is not meant: colours of a terminal, two glued words.
      const isCertain = found.every(({ is }) => space.test(is) || !/\p{Cc}/u.test(is));
      report({
        start: first.start,
        end: first.start + first.text.length,
        messageId: found.length === 1 ? 'one' : 'several',
        values: { shown: first.is, ...(found.length > 1 && { count: found.length }) },
        ...(isCertain && { fix: { title: 'clean', edits } }),
      });
    }
  },
});
