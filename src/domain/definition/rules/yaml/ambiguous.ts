import { sameYamlValue } from '#domain/definition/parse/equality';
import { scalarText } from '#domain/definition/parse/scalar';
import type { Source } from '#domain/definition/parse/source';
import type { LocatedNode } from '#domain/definition/parse/source-map';
import { misreadingOf } from '#domain/definition/parse/yaml-1-1';
import { textRule } from '#domain/definition/rules/rule';
import { kindOf, lastKeyOf } from '#domain/definition/rules/value-kinds';

/** The plain scalars of a text, with what follows them on their line. */
function* plainScalars(
  source: Source,
): Generator<LocatedNode & { readonly written: string; readonly comment: string }> {
  for (const placed of source.map.nodes.values()) {
    const { shape, value } = placed;
    if (shape?.kind !== 'scalar' || shape.style !== 'plain') continue;
    const written = source.text.slice(value.start, value.end);
    const after = /^[ \t]+(#[^\r\n]*)/.exec(source.text.slice(value.end, value.end + 400));
    yield { ...placed, written, comment: after?.[1] ?? '' };
  }
}

export const yamlAmbiguous = textRule({
  id: 'yaml/ambiguous',
  severity: 'error',
  title: {
    fr: 'Tous les outils comprennent le fichier de la même façon',
    en: 'Every tool understands the file the same way',
  },
  why: {
    fr: 'Il existe plusieurs versions de YAML. Si deux outils lisent deux choses différentes, ce qui a été relu n’est pas ce qui sera créé.',
    en: 'There are several versions of YAML. If two tools read two different things, what was reviewed is not what will be created.',
  },
  messages: {
    boolean: {
      fr: 'Selon l’outil, {value} se lit comme un mot ou comme vrai/faux. Mettez-le entre guillemets si c’est un texte ; pour une réponse oui/non, écrivez true ou false.',
      en: 'Depending on the tool, {value} reads as a word or as true/false. Put it in quotes if it is a text; for a yes/no answer, write true or false.',
    },
    number: {
      fr: 'Selon l’outil, {value} se lit comme un texte ou comme un nombre, parfois un autre que celui écrit. Mettez-le entre guillemets.',
      en: 'Depending on the tool, {value} reads as a text or as a number, sometimes another than the one written. Put it in quotes.',
    },
    time: {
      fr: 'Selon l’outil, {value} se lit comme un texte ou comme un nombre en base soixante. Mettez-le entre guillemets.',
      en: 'Depending on the tool, {value} reads as a text or as a number in base sixty. Put it in quotes.',
    },
    date: {
      fr: 'Selon l’outil, {value} se lit comme un texte ou comme une date. Mettez-le entre guillemets.',
      en: 'Depending on the tool, {value} reads as a text or as a date. Put it in quotes.',
    },
    return: {
      fr: 'Un caractère invisible, un retour chariot, est devant {after}. Effacez-le, puis appuyez sur la touche Entrée, pour commencer une nouvelle ligne par {after}.',
      en: 'An invisible character, a carriage return, stands before {after}. Delete it, then press the Enter key so that {after} begins a new line.',
    },
    returnAtEnd: {
      fr: 'La ligne {line} se termine par un caractère invisible en trop, un retour chariot. Effacez-le.',
      en: 'Line {line} ends with an invisible character too many, a carriage return. Delete it.',
    },
    returnInText: {
      fr: 'Le texte est coupé en deux par un caractère invisible, un retour chariot, souvent venu d’un copier-coller. Écrivez-le sur une seule ligne : {proposal}.',
      en: 'The text is cut in two by an invisible character, a carriage return, which often comes with a copy and paste. Write it on one line: {proposal}.',
    },
    returns: {
      fr: 'Entre les lignes de ce fichier, il n’y a qu’un caractère invisible, le retour chariot d’anciens ordinateurs, que beaucoup d’outils ne comprennent pas. Appuyez sur la touche Entrée à la fin de chaque ligne, ou recopiez le tout dans un fichier neuf.',
      en: 'Between the lines of this file there is only an invisible character, the carriage return of old computers, which many tools do not understand. Press the Enter key at the end of each line, or copy everything into a new file.',
    },
    directive: {
      fr: 'La directive {value} change la version de YAML avec laquelle le fichier est lu. Retirez cette ligne.',
      en: 'The directive {value} changes the version of YAML with which the file is read. Remove this line.',
    },
    truncated: {
      fr: 'Pour YAML, tout ce qui suit une espace et « # » est un commentaire : la valeur s’arrête à {value}, et {lost} est perdu. Retirez l’espace, ou mettez la valeur entre guillemets.',
      en: 'For YAML, everything after a space and “#” is a comment: the value stops at {value}, and {lost} is lost. Remove the space, or put the value in quotes.',
    },
    truncatedText: {
      fr: 'Pour YAML, ce qui suit une espace et « # » est un commentaire : {lost} n’est pas lu. Si cela fait partie du texte, écrivez {proposal}. Si c’est un commentaire, mettez une espace derrière « # ».',
      en: 'For YAML, what follows a space and “#” is a comment: {lost} is not read. If it is part of the text, write {proposal}. If it is a comment, put a space after “#”.',
    },
    parsers: {
      fr: 'Deux outils de lecture du YAML ne comprennent pas la même chose ici. Écrivez plus simplement : un champ, deux-points, une espace, une valeur entre guillemets.',
      en: 'Two YAML readers do not understand the same thing here. Write it more simply: a key, a colon, a space, a value in quotes.',
    },
    quote: { fr: 'Mettre la valeur entre guillemets', en: 'Put the value in quotes' },
    writeBoolean: { fr: 'Écrire {value}', en: 'Write {value}' },
    removeDirective: { fr: 'Retirer la directive', en: 'Remove the directive' },
  },
  suppresses: ['schema/type', 'schema/enum', 'siret/format', 'siret/checksum', 'ip/invalid', 'name/generic'],
  examples: {
    good: [
      { yaml: 'name: "Oui"' },
      { yaml: 'name: Permanence de 12h30' },
      { yaml: 'private_sector: false # agents seulement' },
    ],
    bad: [
      { yaml: 'private_sector: yes', messageIds: ['boolean'] },
      { yaml: 'name: 12:30', messageIds: ['time'] },
      { yaml: 'name: 2026-01-01', messageIds: ['date'] },
      { yaml: 'description: 0b11', messageIds: ['number'] },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/app #/callback',
        messageIds: ['truncated'],
      },
      { yaml: 'name: Guichet #1 des élus', messageIds: ['truncatedText'] },
      { yaml: '%YAML 1.1\n---\nversion: 1\n', whole: true, messageIds: ['directive'] },
      { yaml: 'name: Suivi\r# des subventions', messageIds: ['return'] },
      { yaml: 'name: Suivi\rdes subventions', messageIds: ['returnInText'] },
      { yaml: 'name: Suivi\r\r', messageIds: ['returnAtEnd'] },
      { yaml: 'version: 1\rname: Suivi\rnetwork: internet\r', whole: true, messageIds: ['returns'] },
    ],
  },
  check(source, report) {
    const { text, tokens, loaded } = source;
    if (!loaded.ok && loaded.failure === 'lone-return') {
      const { offset: start } = loaded;
      report({ start, end: start + 1, ...returnIn(source, start) });
    }
    for (const { start, text: token, scalar } of tokens)
      if (!scalar && token.startsWith('%')) {
        const end = start + token.length;
        report({ start, end, messageId: 'directive', values: { value: token } });
      }
    if (!loaded.ok) return;
    let explained = false;
    for (const { value, pointer, written, comment } of plainScalars(source)) {
      const { start, end } = value;
      // A SIRET, and what would be no value of its key in quotes either, is refused for what it is, with words of its own.
      const isOwn =
        pointer === '/organization/siret' || pointer === '/siret' || kindOf(pointer)?.(written) === false;
      const misreading = isOwn ? undefined : misreadingOf(written);
      explained ||= misreadingOf(written) !== undefined;
      if (misreading === 'boolean' && pointer.startsWith('/private_sector')) {
        const answer = /^(?:y|on)/i.test(written);
        report({
          start,
          end,
          messageId: 'boolean',
          values: { value: written },
          fix: {
            title: 'writeBoolean',
            values: { value: String(answer) },
            edits: [{ start, end, text: String(answer) }],
          },
        });
      } else if (misreading !== undefined)
        report({
          start,
          end,
          messageId: misreading,
          values: { value: written },
          fix: { title: 'quote', edits: [{ start, end, text: `"${written}"` }] },
        });
      if (comment === '' || comment === '#' || /^#\s/.test(comment)) continue;
      const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(written);
      if (isUrl && /^#[/!?=&]/.test(comment))
        report({
          start,
          end: end + 1 + comment.length,
          messageId: 'truncated',
          values: { value: written, lost: comment },
        });
      else if (/^\/(?:name|description|optional_scopes\/\d+\/justification)$/.test(pointer))
        report({
          start,
          end,
          messageId: 'truncatedText',
          values: { value: written, lost: comment, proposal: wholeText(pointer, written, comment) },
        });
    }
    if (!explained && !loaded.duplicates && parsersDisagree(source)) {
      const [error] = source.map.document.errors;
      const start = Math.min(error?.pos[0] ?? 0, Math.max(0, text.length - 1));
      report({
        start,
        end: Math.max(start + 1, Math.min(error?.pos[1] ?? 0, text.length)),
        messageId: 'parsers',
      });
    }
  },
});

/** Fields with a text of several words, which may have been cut. */
const sentence = /^\s*(?:- +)?(?:name|description|justification): +(?=\S)/;

/** What begins a line: a field, an item, a comment. */
const beginsLine = /^\s*(?:[\w-]+:(?:\s|$)|-\s|#)/;

/** What to do about a carriage return that stands alone. */
function returnIn({ text, lines }: Source, start: number) {
  const line = lines.lineAt(start);
  const parts = lines.textOf(line).split('\r');
  const written = parts.filter((part) => part.trim() !== '');
  if (!text.includes('\n') && written.length > 2) return { messageId: 'returns', values: {} } as const;
  const [after = ''] = text.slice(start + 1, lines.startOf(line) + lines.textOf(line).length).split('\r');
  if (after.trim() === '') return { messageId: 'returnAtEnd', values: { line } } as const;
  const [first = '', ...others] = written;
  if (sentence.test(first) && !others.some((part) => beginsLine.test(part)))
    return {
      messageId: 'returnInText',
      values: { proposal: written.map((part) => part.trim()).join(' ') },
    } as const;
  return { messageId: 'return', values: { after: after.trim() } } as const;
}

/** A text with what YAML takes for a comment. A name cannot have the sign. */
function wholeText(pointer: string, written: string, comment: string): string {
  const key = lastKeyOf(pointer);
  const text = `${written} ${key === 'name' ? comment.replace(/^#+/, '') : comment}`.trimEnd();
  return `${key}: ${scalarText(text)}`;
}

/** Whether `yaml` does not read what `js-yaml` reads. */
function parsersDisagree(source: Source): boolean {
  const { document } = source.map;
  if (document.errors.length > 0) return true;
  return source.loaded.ok && !sameYamlValue(source.loaded.value, document.toJS({ maxAliasCount: 0 }));
}
