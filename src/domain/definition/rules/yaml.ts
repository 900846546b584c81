/** Rules on YAML: what cannot be read, what is not accepted, what readers understand differently. */

import { sameYamlValue } from '#domain/definition/parse/equality';
import {
  findUnclosedQuote,
  findUnquotedValue,
  type UnclosedQuote,
} from '#domain/definition/parse/quoting-hints';
import { scalarText } from '#domain/definition/parse/scalar';
import { maxDepth, maxParts, type Source } from '#domain/definition/parse/source';
import { keyText, type LocatedNode, styleOf } from '#domain/definition/parse/source-map';
import { misreadingOf } from '#domain/definition/parse/yaml-1-1';
import { isMap, isScalar } from '#domain/definition/parse/yaml-parsers';
import { type TextReporter, textRule } from './rule.ts';

export const yamlSyntax = textRule({
  id: 'yaml/syntax',
  severity: 'error',
  title: { fr: 'Le fichier est du YAML valide', en: 'The file is valid YAML' },
  why: {
    fr: 'Tant que le fichier ne se lit pas, rien d’autre ne peut être vérifié. La cause est presque toujours une indentation, un guillemet ou un deux-points.',
    en: 'As long as the file cannot be read, nothing else can be checked. The cause is nearly always an indentation, a quote or a colon.',
  },
  messages: {
    tab: {
      fr: 'Une tabulation sert d’indentation ligne {line}. YAML les refuse : remplacez-la par des espaces.',
      en: 'A tab is used as indentation on line {line}. YAML refuses them: replace it with spaces.',
    },
    colon: {
      fr: 'La valeur {value} contient « : » suivi d’une espace, que YAML prend pour une nouvelle clé. Mettez-la entre guillemets.',
      en: 'The value {value} holds “:” followed by a space, which YAML takes for a new key. Put it in quotes.',
    },
    start: {
      fr: 'La valeur {value} commence par un caractère que YAML se réserve. Mettez-la entre guillemets.',
      en: 'The value {value} starts with a character that YAML keeps for itself. Put it in quotes.',
    },
    quotes: {
      fr: 'Un texte entre guillemets n’est pas fermé, ou continue après son guillemet fermant. Entre apostrophes, doublez celles du texte, ou utilisez des guillemets doubles.',
      en: 'A quoted text is not closed, or goes on after its closing quote. Within single quotes, double those of the text, or use double quotes.',
    },
    unclosed: {
      fr: 'Le guillemet {quote} ouvert ici, devant {value}, n’est fermé nulle part sur la ligne : YAML prend les lignes suivantes pour la suite du texte. Ajoutez {quote} à la fin de la valeur.',
      en: 'The quote {quote} opened here, before {value}, is not closed anywhere on its line: YAML takes the following lines for the rest of the text. Add {quote} at the end of the value.',
    },
    bracket: {
      fr: 'Une liste ou un groupe ouvert par « [ » ou « {brace} » n’est pas fermé.',
      en: 'A list or a group opened by “[” or “{brace}” is not closed.',
    },
    indentation: {
      fr: 'L’indentation de la ligne {line} ne correspond à rien : alignez-la sur les lignes voisines, avec des espaces.',
      en: 'The indentation of line {line} matches nothing: align it with its neighbours, with spaces.',
    },
    other: {
      fr: 'Le fichier n’est pas un YAML valide : la lecture s’arrête ligne {line}, colonne {column}. Vérifiez cette ligne et celle d’avant : une clé, deux-points, une espace, une valeur.',
      en: 'The file is not valid YAML: reading stops at line {line}, column {column}. Check this line and the one before: a key, a colon, a space, a value.',
    },
    quote: { fr: 'Mettre la valeur entre guillemets', en: 'Put the value in quotes' },
    close: { fr: 'Fermer le guillemet', en: 'Close the quote' },
  },
  examples: {
    good: [{ yaml: 'name: "Portail : suivi"' }, { yaml: 'description: "Gérer les aides\n  de la commune"' }],
    bad: [
      { yaml: 'name: Portail : suivi', messageIds: ['colon'] },
      { yaml: 'redirect_uris:\n\t- https://subventions.agence-fictive.gouv.fr/cb', messageIds: ['tab'] },
      { yaml: "name: 'L'agenda'", messageIds: ['quotes'] },
      { yaml: 'name: "Agenda', messageIds: ['unclosed'] },
      { yaml: 'name: @agenda', messageIds: ['start'] },
      { yaml: 'redirect_uris: [https://subventions.agence-fictive.gouv.fr/cb', messageIds: ['bracket'] },
      {
        yaml: 'contacts:\n    technical: []\n  support: aide@agence-fictive.gouv.fr',
        messageIds: ['indentation'],
      },
    ],
  },
  check(source, report) {
    const { loaded, lines, text } = source;
    if (loaded.ok || loaded.failure !== 'syntax') return;
    const { reason } = loaded;
    // The end of the text is never where the mistake is: the last line that is not empty is nearer.
    const offset = Math.min(loaded.offset, Math.max(0, text.trimEnd().length - 1));
    const { line, column } = lines.positionAt(offset);
    const end = Math.max(offset + 1, lines.startOf(line) + lines.textOf(line).length);
    const unclosed = findUnclosedQuote(source, loaded.offset);
    const unquoted = findUnquotedValue(source, line);
    if (unclosed !== undefined) reportUnclosed(text, unclosed, report);
    else if (unquoted !== undefined)
      report({
        start: unquoted.start,
        end: unquoted.end,
        messageId: unquoted.cause,
        values: { value: unquoted.value },
        fix: {
          title: 'quote',
          edits: [{ start: unquoted.start, end: unquoted.end, text: scalarText(unquoted.value, 'double') }],
        },
      });
    else if (reason.includes('tab'))
      report({ start: offset, end: offset + 1, messageId: 'tab', values: { line } });
    else if (reason.includes('quoted scalar') || /:\s+(?:'[^']*'|"[^"]*")\s*[^\s#]/.test(lines.textOf(line)))
      report({ start: offset, end, messageId: 'quotes' });
    else if (reason.includes('flow collection') || reason.includes('flow mapping'))
      report({ start: offset, end, messageId: 'bracket', values: { brace: '{' } });
    else if (reason.includes('indentation'))
      report({ start: offset, end, messageId: 'indentation', values: { line } });
    else report({ start: offset, end, messageId: 'other', values: { line, column } });
  },
});

/** Lines with a quote in the place of a value's first, and no second one. */
const unclosedQuote = /^[ -]*(?:[A-Za-z_]{1,60}:[ ]+)?(?:"[^"\n]*|'[^'\n]*)$/gm;
/** Someone who forgets more quotes than this meant something else. */
const maxUnclosedQuotes = 20;

/** The quote is put back at the end of the line where nothing else there could be its place. */
function reportUnclosed(
  whole: string,
  { start, end, quote, value }: UnclosedQuote,
  report: TextReporter<'unclosed' | 'quotes' | 'close'>,
): void {
  const text = value.trimEnd();
  if (text === '') {
    report({ start, end, messageId: 'quotes' });
    return;
  }
  const isOneOfFew = (whole.match(unclosedQuote) ?? []).length <= maxUnclosedQuotes;
  const isCertain = isOneOfFew && !/\s#|\\/.test(text) && !text.includes(quote);
  const at = start + 1 + text.length;
  report({
    start,
    end,
    messageId: 'unclosed',
    values: { quote, value: text },
    ...(isCertain && { fix: { title: 'close', edits: [{ start: at, end: at, text: quote }] } }),
  });
}

export const yamlDuplicateKey = textRule({
  id: 'yaml/duplicate-key',
  severity: 'error',
  title: { fr: 'Chaque clé apparaît une seule fois', en: 'Each key appears once' },
  why: {
    fr: 'Quand une clé apparaît deux fois, la plupart des outils ne gardent que la dernière, sans le dire : une partie de vos URLs disparaîtrait.',
    en: 'When a key appears twice, most tools keep only the last one, without saying so: some of your URLs would vanish.',
  },
  messages: {
    twice: {
      fr: 'La clé {key} apparaît deux fois (lignes {first} et {second}). Gardez-en une seule, en regroupant les valeurs.',
      en: 'The key {key} appears twice (lines {first} and {second}). Keep one only, with all the values.',
    },
  },
  suppresses: ['yaml/ambiguous'],
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [{ yaml: 'version: 1\nname: A\nname: B\n', whole: true }],
  },
  check(source, report) {
    if (!source.loaded.ok || !source.loaded.duplicates) return;
    for (const placed of source.map.nodes.values()) {
      if (!isMap(placed.node)) continue;
      const first = new Map<string, number>();
      for (const pair of placed.node.items) {
        const range = isScalar(pair.key) ? pair.key.range : undefined;
        if (range === undefined || range === null) continue;
        const key = keyText(pair);
        const line = source.lines.lineAt(range[0]);
        const before = first.get(key);
        if (before === undefined) first.set(key, line);
        else
          report({
            start: range[0],
            end: range[1],
            messageId: 'twice',
            values: { key, first: before, second: line },
          });
      }
    }
  },
});

export const yamlMultipleDocuments = textRule({
  id: 'yaml/multiple-documents',
  severity: 'error',
  title: { fr: 'Un fichier, une définition', en: 'One file, one definition' },
  why: {
    fr: 'Un fichier décrit un seul service, dans un seul réseau et un seul environnement : c’est ce qui permet de lui donner ses propres clés.',
    en: 'A file describes one service, in one network and one environment: this is what lets it have its own keys.',
  },
  messages: {
    several: {
      fr: 'Le fichier contient plusieurs documents YAML, séparés par « --- ». Créez un fichier par service, par réseau et par environnement.',
      en: 'The file holds several YAML documents, separated by “---”. Create one file per service, network and environment.',
    },
  },
  examples: {
    good: [{ yaml: '---\nname: Suivi' }],
    bad: [{ yaml: 'version: 1\n---\nversion: 1\n', whole: true }],
  },
  check({ loaded, text, lines }, report) {
    if (loaded.ok || loaded.failure !== 'multiple-documents') return;
    const first = text.search(/[^\s#-]/);
    const mark = /^(?:---|\.\.\.)/m.exec(text.slice(Math.max(0, first)));
    const offset = loaded.offset > 0 ? loaded.offset : Math.max(0, first) + (mark?.index ?? 0);
    report({
      start: offset,
      end: offset + Math.max(1, lines.textOf(lines.lineAt(offset)).length),
      messageId: 'several',
    });
  },
});

export const yamlUnsupported = textRule({
  id: 'yaml/unsupported',
  severity: 'error',
  title: { fr: 'Ni ancres, ni alias, ni types, ni fusion', en: 'No anchors, aliases, tags or merge keys' },
  why: {
    fr: 'Ces fonctions de YAML cachent ce que dit le fichier et peuvent en faire un piège pour les outils qui le lisent. Une définition s’écrit en clair.',
    en: 'These features of YAML hide what the file says and can make it a trap for the tools that read it. A definition is written plainly.',
  },
  messages: {
    anchor: {
      fr: 'YAML lit {value} comme une ancre, ce qui n’est pas accepté. Écrivez la valeur en toutes lettres ; si c’est un texte, mettez-le entre guillemets.',
      en: 'YAML reads {value} as an anchor, which is not accepted. Write the value in full; if it is a text, put it in quotes.',
    },
    alias: {
      fr: 'YAML lit {value} comme un alias, ce qui n’est pas accepté. Écrivez la valeur en toutes lettres ; si c’est un texte, mettez-le entre guillemets.',
      en: 'YAML reads {value} as an alias, which is not accepted. Write the value in full; if it is a text, put it in quotes.',
    },
    tag: {
      fr: 'YAML lit {value} comme un type, ce qui n’est pas accepté. Retirez-le ; si c’est un texte, mettez-le entre guillemets.',
      en: 'YAML reads {value} as a tag, which is not accepted. Remove it; if it is a text, put it in quotes.',
    },
    merge: {
      fr: 'La clé de fusion {value} n’est pas acceptée. Recopiez les clés voulues.',
      en: 'The merge key {value} is not accepted. Copy the keys you want.',
    },
  },
  suppresses: ['schema/unknown-key'],
  examples: {
    good: [{ yaml: 'name: "&co"' }],
    bad: [
      { yaml: 'name: &n Suivi', messageIds: ['anchor'] },
      { yaml: 'redirect_uris:\n  - *.agence-fictive.gouv.fr', messageIds: ['alias'] },
      { yaml: 'name: !!str Suivi', messageIds: ['tag'] },
      { yaml: '<<: {name: Suivi}', messageIds: ['merge'] },
    ],
  },
  check(source, report) {
    const { loaded, tokens } = source;
    if (!loaded.ok && loaded.failure !== 'unsupported') return;
    for (const { start, text, scalar } of tokens) {
      const end = start + text.length;
      const values = { value: text };
      if (scalar && text === '<<') report({ start, end, messageId: 'merge', values });
      if (scalar) continue;
      if (text.startsWith('&')) report({ start, end, messageId: 'anchor', values });
      else if (text.startsWith('*')) report({ start, end, messageId: 'alias', values });
      else if (text.startsWith('!')) report({ start, end, messageId: 'tag', values });
    }
  },
});

export const yamlNesting = textRule({
  id: 'yaml/nesting',
  severity: 'error',
  title: { fr: 'Une structure simple', en: 'A simple structure' },
  why: {
    fr: 'Une définition a trois niveaux et une trentaine de clés. Une structure bien plus profonde ou plus large n’en est pas une, et sert parfois à bloquer les outils qui la lisent.',
    en: 'A definition has three levels and some thirty keys. A much deeper or wider structure is not one, and is sometimes meant to block the tools that read it.',
  },
  messages: {
    deep: {
      fr: 'Les listes et groupes sont imbriqués sur plus de {most} niveaux. Une définition en a trois : reprenez le modèle.',
      en: 'Lists and groups are nested more than {most} levels deep. A definition has three: go back to the template.',
    },
    keys: {
      fr: 'Le fichier a plus de {most} clés et éléments de liste. Une définition en a une trentaine : reprenez le modèle.',
      en: 'The file has more than {most} keys and list items. A definition has some thirty: go back to the template.',
    },
  },
  examples: {
    good: [{ yaml: 'name: "[[[[[[[[[[[[[[[["' }],
    bad: [
      { yaml: `name: ${'['.repeat(40)}${']'.repeat(40)}`, messageIds: ['deep'] },
      {
        yaml: Array.from({ length: 900 }, (_, index) => `key${index}: 1`).join('\n'),
        whole: true,
        messageIds: ['keys'],
      },
    ],
  },
  check({ loaded }, report) {
    if (loaded.ok) return;
    const { offset: start } = loaded;
    if (loaded.failure === 'too-deep')
      report({ start, end: start + 1, messageId: 'deep', values: { most: maxDepth } });
    else if (loaded.failure === 'too-many-parts')
      report({ start, end: start, messageId: 'keys', values: { most: maxParts } });
  },
});

/** The plain scalars of a text, with what follows them on their line. */
function* plainScalars(
  source: Source,
): Generator<LocatedNode & { readonly written: string; readonly comment: string }> {
  for (const placed of source.map.nodes.values()) {
    const { node, value } = placed;
    if (!isScalar(node) || styleOf(node) !== 'plain') continue;
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
      fr: 'La ligne {line} contient un retour chariot seul, que certains outils prennent pour une fin de ligne et d’autres non. Enregistrez le fichier avec des fins de ligne ordinaires.',
      en: 'Line {line} holds a lone carriage return, which some tools take for a line end and others do not. Save the file with ordinary line ends.',
    },
    directive: {
      fr: 'La directive {value} change la version de YAML avec laquelle le fichier est lu. Retirez cette ligne.',
      en: 'The directive {value} changes the version of YAML with which the file is read. Remove this line.',
    },
    truncated: {
      fr: 'Pour YAML, tout ce qui suit une espace et « # » est un commentaire : la valeur s’arrête à {value}, et {lost} est perdu. Retirez l’espace, ou mettez la valeur entre guillemets.',
      en: 'For YAML, everything after a space and “#” is a comment: the value stops at {value}, and {lost} is lost. Remove the space, or put the value in quotes.',
    },
    parsers: {
      fr: 'Deux outils de lecture du YAML ne comprennent pas la même chose ici. Écrivez plus simplement : une clé, deux-points, une espace, une valeur entre guillemets.',
      en: 'Two YAML readers do not understand the same thing here. Write it more simply: a key, a colon, a space, a value in quotes.',
    },
    quote: { fr: 'Mettre la valeur entre guillemets', en: 'Put the value in quotes' },
    writeBoolean: { fr: 'Écrire {value}', en: 'Write {value}' },
    removeDirective: { fr: 'Retirer la directive', en: 'Remove the directive' },
  },
  suppresses: ['schema/type', 'schema/enum', 'siret/format', 'siret/checksum', 'ip/invalid'],
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
      { yaml: '%YAML 1.1\n---\nversion: 1\n', whole: true, messageIds: ['directive'] },
      { yaml: 'name: Suivi\r# des subventions', messageIds: ['return'] },
    ],
  },
  check(source, report) {
    const { text, lines, tokens, loaded } = source;
    if (!loaded.ok && loaded.failure === 'lone-return') {
      const { offset: start } = loaded;
      report({ start, end: start + 1, messageId: 'return', values: { line: lines.lineAt(start) } });
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
      // An unquoted SIRET or DataPass number has its own rule, with its own messages.
      const misreading =
        pointer === '/organization/siret' || pointer === '/siret' || pointer === '/datapass'
          ? undefined
          : misreadingOf(written);
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
          messageId: 'truncated',
          severity: 'warning',
          values: { value: written, lost: comment },
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

/** Whether `yaml` does not read what `js-yaml` reads. */
function parsersDisagree(source: Source): boolean {
  const { document } = source.map;
  if (document.errors.length > 0) return true;
  return source.loaded.ok && !sameYamlValue(source.loaded.value, document.toJS({ maxAliasCount: 0 }));
}

export const yamlRules = [
  yamlSyntax,
  yamlDuplicateKey,
  yamlMultipleDocuments,
  yamlUnsupported,
  yamlNesting,
  yamlAmbiguous,
] as const;
