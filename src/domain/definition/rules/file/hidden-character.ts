import { codePointName, invisibleIn } from '#base/i18n/invisible';
import { readEscapes } from '#domain/definition/parse/escaped-text';
import type { Source } from '#domain/definition/parse/source';
import { styleOf } from '#domain/definition/parse/source-map';
import { type TextEdit, textRule } from '#domain/definition/rules/rule';

/** What stands between words: it becomes a space, never nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const space = /^[\u000b\u000c\u0085\u2028\u2029\p{Zs}]$/u;

/** The first of these that a character is says what it does. */
const kinds = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
  ['break', /[\u000b\u000c\u0085\u2028\u2029]/],
  ['space', /\p{Zs}/u],
  ['control', /\p{Cc}/u],
  ['broken', /[\p{Cs}\p{Noncharacter_Code_Point}\ufff9-\ufffc]/u],
  ['private', /\p{Co}/u],
  ['tag', /[\u{e0000}-\u{e007f}]/u],
  ['direction', /\p{Bidi_Control}/u],
  ['width', /./su],
] as const;

interface Hidden {
  readonly start: number;
  readonly end: number;
  readonly is: string;
}

/** Of what is no value, only the spaces may stay: a comment is French, too. */
function isInComment(source: Source, at: number): boolean {
  const before = source.text.slice(source.lines.startOf(source.lines.lineAt(at)), at);
  if (!/^\s*#|\s#\s/.test(before)) return false;
  if (!source.loaded.ok) return true;
  for (const { span } of source.map.scalars()) if (span.start <= at && at < span.end) return false;
  return true;
}

/** Those that stand in the text themselves. */
function* writtenIn(source: Source): Generator<Hidden> {
  for (const { 0: is, index: start } of invisibleIn(source.text)) {
    if (/[\n\r\t]/.test(is) || (start === 0 && is === '\ufeff')) continue;
    if (space.test(is) && isInComment(source, start)) continue;
    yield { start, end: start + is.length, is };
  }
}

/** Those that keys and values only name: what counts is the text that a program gets. */
function* namedIn(source: Source): Generator<Hidden> {
  if (!source.text.includes('\\') || !source.loaded.ok) return;
  for (const { node, span } of source.map.scalars()) {
    if (styleOf(node) !== 'double') continue;
    const from = span.start + 1;
    const written = source.text.slice(from, span.end - 1);
    const { text, at } = readEscapes(written);
    for (const { 0: is, index } of invisibleIn(text)) {
      const [start = 0, end = start] = [at[index], at[index + is.length]];
      if (written[start] === '\\' && !/[\n\t]/.test(is)) yield { start: from + start, end: from + end, is };
    }
  }
}

export const fileHiddenCharacter = textRule({
  id: 'file/hidden-character',
  severity: 'error',
  title: { fr: 'Aucun caractère invisible', en: 'No invisible characters' },
  why: {
    fr: 'Un caractère que l’on ne voit pas (espace insécable, largeur nulle, sens d’écriture), souvent venu d’un copier-coller, rend deux textes différents à l’œil pareils. ProConnect compare les URL au caractère près.',
    en: 'A character that cannot be seen (no-break space, zero width, writing direction), often pasted along, makes two different texts look the same. ProConnect compares URLs character by character.',
  },
  messages: {
    space: {
      fr: 'Une espace spéciale ({shown}), souvent venue d’un copier-coller, se trouve ici. Effacez-la et tapez une espace ordinaire : {correction}.',
      en: 'A special space ({shown}), often pasted along, stands here. Delete it and type an ordinary space: {correction}.',
    },
    break: {
      fr: 'Un saut de ligne ou de page est caché ici ({shown}) : certains programmes y coupent le texte, d’autres non. Remplacez-le par une espace : {correction}.',
      en: 'A line or page break hides here ({shown}): some programs cut the text there, others do not. Replace it with a space: {correction}.',
    },
    control: {
      fr: 'Un caractère de commande est caché ici ({shown}) : il agit sur un terminal ou une machine au lieu de s’afficher. Retirez-le, avec ce qui en dépend.',
      en: 'A control character hides here ({shown}): it acts on a terminal or a machine instead of being shown. Remove it, with what belongs to it.',
    },
    direction: {
      fr: 'Un signe qui change le sens de lecture est caché ici ({shown}) : ce qui suit se lit autrement que c’est écrit. Effacez-le, sans rien mettre à la place : {correction}.',
      en: 'A sign that changes the direction of reading hides here ({shown}): what follows reads otherwise than it is written. Delete it, and put nothing in its place: {correction}.',
    },
    width: {
      fr: 'Un caractère sans largeur est caché ici ({shown}), souvent venu d’un copier-coller : personne ne le voit, mais il compte. Effacez-le, sans rien mettre à la place : {correction}.',
      en: 'A character without width hides here ({shown}), often pasted along: nobody sees it, but it counts. Delete it, and put nothing in its place: {correction}.',
    },
    tag: {
      fr: 'Une lettre invisible est cachée ici ({shown}) : plusieurs forment un texte que personne ne voit. Effacez-la, sans rien mettre à la place : {correction}.',
      en: 'An invisible letter hides here ({shown}): several make a text that nobody sees. Delete it, and put nothing in its place: {correction}.',
    },
    private: {
      fr: 'Le caractère {shown} n’a pas de sens convenu : chaque police le dessine à sa façon, ou pas du tout. Écrivez à sa place ce qu’il voulait dire.',
      en: 'The character {shown} has no agreed meaning: each font draws it in its own way, or not at all. Write what it was meant to say.',
    },
    broken: {
      fr: 'Il reste ici un morceau de caractère ({shown}), perdu dans une copie. Écrivez à sa place ce qui devait s’y trouver.',
      en: 'A piece of a character is left here ({shown}), lost in a copy. Write what was to stand there.',
    },
    escaped: {
      fr: '{written} désigne un caractère invisible ({shown}). Écrivez sans lui : {correction}.',
      en: '{written} stands for an invisible character ({shown}). Write it without: {correction}.',
    },
    several: {
      fr: '{count} caractères invisibles sont cachés sur cette ligne ({shown}), souvent venus d’un copier-coller. Retapez la valeur à la main : {correction}.',
      en: '{count} invisible characters hide on this line ({shown}), often pasted along. Type the value anew: {correction}.',
    },
    mixed: {
      fr: '{count} caractères invisibles sont cachés sur cette ligne ({shown}), et certains ont pu prendre la place d’autre chose. Retapez la valeur à la main, telle qu’elle doit être.',
      en: '{count} invisible characters hide on this line ({shown}), and some may have taken the place of something else. Type the value anew, as it must be.',
    },
    clean: { fr: 'Écrire {correction}', en: 'Write {correction}' },
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
    good: [
      { yaml: '# Attention\u00a0: un commentaire peut garder ses espaces insécables.\nname: Suivi' },
      { yaml: 'name: "Suivi des \\u00e9lus"' },
    ],
    bad: [
      { yaml: 'name: Suivi\u00a0des subventions', messageIds: ['space'] },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/\u200boidc\u200b',
        messageIds: ['several'],
      },
      { yaml: 'name: "Suivi\\u202e des aides"', messageIds: ['escaped'] },
      { yaml: 'owners: ["camille\\u200b"]', messageIds: ['escaped'] },
      { yaml: 'name: "Suivi\\e[31m des aides"', messageIds: ['control'] },
    ],
  },
  check(source, report) {
    const byLine = new Map<number, [Hidden, ...Hidden[]]>();
    for (const found of [...writtenIn(source), ...namedIn(source)]) {
      const line = source.lines.lineAt(found.start);
      const here = byLine.get(line);
      if (here === undefined) byLine.set(line, [found]);
      else here.push(found);
    }
    for (const found of byLine.values()) {
      const [first] = found.sort((one, other) => one.start - other.start);
      // Something may be lost behind a control character (colours of a terminal, two glued words), or with half of one.
      const isCertain = found.every(({ is }) =>
        ['space', 'break', 'direction', 'width', 'tag'].includes(kindOf(is)),
      );
      const edits = found.map(({ start, end, is }) => ({ start, end, text: space.test(is) ? ' ' : '' }));
      const correction = isCertain ? correctedValue(source, first.start, edits) : undefined;
      report({
        start: first.start,
        end: first.end,
        messageId: messageFor(source, found, isCertain),
        values: {
          shown: [...new Set(found.map(({ is }) => codePointName(is)))],
          written: source.text.slice(first.start, first.end),
          count: found.length,
          ...(correction !== undefined && { correction }),
        },
        ...(correction !== undefined && { fix: { title: 'clean', values: { correction }, edits } }),
      });
    }
  },
});

function messageFor(source: Source, [first, ...others]: readonly [Hidden, ...Hidden[]], isCertain: boolean) {
  if (others.length > 0) return isCertain ? 'several' : 'mixed';
  const isNamed = source.text.slice(first.start, first.end) !== first.is;
  return isCertain && isNamed ? 'escaped' : kindOf(first.is);
}

/** The value of a line as it is to be typed anew; the whole line where its key is what changes. */
function correctedValue(source: Source, at: number, edits: readonly TextEdit[]): string {
  const line = source.lines.lineAt(at);
  const from = source.lines.startOf(line);
  const written = source.lines.textOf(line);
  const corrected = edits
    .toReversed()
    .reduce(
      (text, { start, end, text: put }) => text.slice(0, start - from) + put + text.slice(end - from),
      written,
    );
  const lead = /^\s*(?:- +)?(?:[\w-]+: +)?(?=\S)/.exec(written)?.[0].length ?? 0;
  return (at - from < lead ? corrected : corrected.slice(lead)).trim();
}

function kindOf(character: string): (typeof kinds)[number][0] {
  return kinds.find(([, pattern]) => pattern.test(character))?.[0] ?? 'width';
}
