import type { Lines } from '#domain/definition/parse/lines';
import { textRule } from '#domain/definition/rules/rule';
import { misread, withoutMisreading } from './misread.ts';

/** The lines, from 1, in which accents were read in the wrong encoding; comments are left alone. */
function misreadLines(text: string, lines: Lines): readonly number[] {
  const found = new Set<number>();
  for (const { index } of text.matchAll(misread)) {
    const line = lines.lineAt(index);
    if (!lines.textOf(line).trimStart().startsWith('#')) found.add(line);
  }
  return [...found];
}

/** The value of a line, without its key. */
function writtenValue(line: string): string {
  return line.replace(/^\s*(?:- +)?(?:[\w-]+: +)?(?=\S)/, '').trim();
}

export const fileEncoding = textRule({
  id: 'file/encoding',
  severity: 'error',
  title: { fr: 'Le fichier est en UTF-8, sans BOM', en: 'The file is in UTF-8, without a BOM' },
  why: {
    fr: 'Un autre encodage abîmerait les accents du nom que voient les usagers, ou rendrait le fichier illisible pour une partie des outils.',
    en: 'Another encoding would damage the accents of the name that users see, or make the file unreadable for some tools.',
  },
  messages: {
    bom: {
      fr: 'Le fichier commence par une marque d’ordre (BOM), un caractère invisible que certains éditeurs ajoutent. Enregistrez-le de nouveau : dans le Bloc-notes, « Enregistrer sous », puis « Encodage : UTF-8 », sans « BOM ».',
      en: 'The file starts with a byte order mark (BOM), an invisible character that some editors add. Save it again: in Notepad, “Save as”, then “Encoding: UTF-8”, without “BOM”.',
    },
    removeBom: { fr: 'Retirer la marque d’ordre', en: 'Remove the byte order mark' },
    utf16: {
      fr: 'Le fichier est enregistré dans un format, UTF-16, que tous les outils ne lisent pas. Enregistrez-le de nouveau : dans le Bloc-notes, « Enregistrer sous », puis « Encodage : UTF-8 ».',
      en: 'The file is saved in a format, UTF-16, that not every tool reads. Save it again: in Notepad, “Save as”, then “Encoding: UTF-8”.',
    },
    binary: {
      fr: 'Ce n’est pas un fichier texte (il contient un octet nul). Repartez d’un modèle, dans le Bloc-notes ou un autre éditeur de texte.',
      en: 'This is not a text file (it holds a null byte). Start again from a template, in Notepad or another text editor.',
    },
    invalid: {
      fr: 'Le fichier est enregistré dans un format (sans doute Windows-1252, dit aussi ANSI) qui abîme les accents. Enregistrez-le de nouveau : dans le Bloc-notes, « Enregistrer sous », puis « Encodage : UTF-8 » ; vérifiez ensuite les accents.',
      en: 'The file is saved in a format (probably Windows-1252, also called ANSI) that damages accents. Save it again: in Notepad, “Save as”, then “Encoding: UTF-8”; then check the accents.',
    },
    misread: {
      fr: 'Les accents ont été abîmés par une conversion : {found}. Écrivez {correction}.',
      en: 'The accents were damaged by a conversion: {found}. Write {correction}.',
    },
    write: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  suppresses: ['name/characters', 'description/infinitive', 'file/hidden-character'],
  examples: {
    good: [{ yaml: 'name: Événements' }],
    bad: [
      { yaml: '\ufeffversion: 1\n', whole: true, messageIds: ['bom'] },
      { yaml: 'name: Agenda des Ã©lus', messageIds: ['misread'] },
    ],
  },
  check({ decoding, text, lines }, report) {
    if (text.startsWith('\ufeff'))
      report({
        start: 0,
        end: 1,
        messageId: 'bom',
        fix: { title: 'removeBom', edits: [{ start: 0, end: 1, text: '' }] },
      });
    for (const line of misreadLines(text, lines)) {
      const start = lines.startOf(line);
      const written = lines.textOf(line);
      const spans = [...written.matchAll(misread)];
      const edits = spans.map((span) => ({
        start: start + span.index,
        end: start + span.index + span[0].length,
        text: withoutMisreading(span[0]),
      }));
      const [first] = edits;
      const [found, correction] = [writtenValue(written), writtenValue(withoutMisreading(written))];
      if (first === undefined) continue;
      const end = edits.at(-1)?.end ?? first.end;
      report({
        start: first.start,
        end,
        messageId: 'misread',
        values: { found, correction },
        fix: { title: 'write', values: { correction }, edits },
      });
    }
    if (decoding.ok) return;
    if (decoding.kind === 'utf-16') report({ start: 0, end: 0, messageId: 'utf16' });
    else if (decoding.kind === 'binary') report({ start: 0, end: 0, messageId: 'binary' });
    else if (decoding.kind === 'invalid') report({ start: 0, end: 0, messageId: 'invalid' });
  },
});
