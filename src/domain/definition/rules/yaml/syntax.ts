import {
  findUnclosedQuote,
  findUnquotedValue,
  type UnclosedQuote,
} from '#domain/definition/parse/quoting-hints';
import { scalarText } from '#domain/definition/parse/scalar';
import { type TextReporter, textRule } from '#domain/definition/rules/rule';

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
