import type { LayoutCorrection } from '#domain/definition/parse/layout-correction';
import {
  findUnclosedQuote,
  findUnquotedValue,
  type UnclosedQuote,
  type UnquotedValue,
} from '#domain/definition/parse/quoting-hints';
import { scalarText } from '#domain/definition/parse/scalar';
import type { Source } from '#domain/definition/parse/source';
import { type TextEdit, type TextReporter, textRule } from '#domain/definition/rules/rule';
import { certainLayout } from './certain-layout.ts';
import { syntaxMessages } from './syntax-messages.ts';

export const yamlSyntax = textRule({
  id: 'yaml/syntax',
  severity: 'error',
  title: { fr: 'Le fichier est du YAML valide', en: 'The file is valid YAML' },
  why: {
    fr: 'Tant que le fichier ne se lit pas, le reste ne peut pas être vérifié : d’autres corrections peuvent apparaître ensuite. La cause est presque toujours un espacement, un guillemet ou un deux-points.',
    en: 'As long as the file cannot be read, the rest cannot be checked: other corrections may appear afterwards. The cause is nearly always a spacing, a quote or a colon.',
  },
  messages: syntaxMessages,
  suppresses: [
    'schema/type',
    'schema/unknown-key',
    'siret/format',
    'email/format',
    'url/invalid',
    'url/canonical',
    'ip/invalid',
  ],
  examples: {
    good: [{ yaml: 'name: "Portail : suivi"' }, { yaml: 'description: "Gérer les aides\n  de la commune"' }],
    bad: [
      { yaml: 'name: Portail : suivi', messageIds: ['colon'] },
      { yaml: 'redirect_uris:\n\t- https://subventions.agence-fictive.gouv.fr/cb', messageIds: ['tab'] },
      { yaml: "name: 'L'agenda'", messageIds: ['apostrophe'] },
      { yaml: 'name: "Agenda" des élus', messageIds: ['quotes'] },
      { yaml: 'name:Agenda', messageIds: ['space'] },
      { yaml: 'name = Agenda' },
      { yaml: 'redirect_uris:\n  • https://subventions.agence-fictive.gouv.fr/cb', messageIds: ['bullet'] },
      { yaml: 'redirect_uris:\n  -https://subventions.agence-fictive.gouv.fr/cb', messageIds: ['hyphen'] },
      { yaml: 'description: Suivre les demandes\net y répondre', messageIds: ['continuation'] },
      { yaml: 'description: Suivre les demandes\nRépondre aux usagers', messageIds: ['sentences'] },
      { yaml: 'owners:\n  - "camille-dupont", "lou-martin"', messageIds: ['several'] },
      { yaml: 'name: "Le "Guichet" des élus"', messageIds: ['innerQuotes'] },
      { yaml: 'owners:\n  - @camille-dupont', messageIds: ['at'] },
      { yaml: 'private_sector: [x] Non', messageIds: ['wrapped'] },
      { yaml: 'organization: siret: "13099990700012"', messageIds: ['sameLine'] },
      { yaml: 'name: "Agenda', messageIds: ['unclosed'] },
      { yaml: 'name: @agenda', messageIds: ['startOfName'] },
      { yaml: 'description: @agenda', messageIds: ['start'] },
      { yaml: 'private_sector: false\nCordialement,\nCamille', messageIds: ['mail'] },
      { yaml: 'private_sector: false\nà vérifier avec Camille\nowners: [camille]', messageIds: ['stray'] },
      { yaml: 'redirect_uris: [https://subventions.agence-fictive.gouv.fr/cb', messageIds: ['bracket'] },
      {
        yaml: 'contacts:\n    technical: []\n  support: aide@agence-fictive.gouv.fr',
        messageIds: ['level'],
      },
    ],
  },
  check(source, report) {
    const { loaded, lines, text } = source;
    const { corrections, certain } = certainLayout(source);
    reportLayout(source, corrections, certain, report);
    if (loaded.ok || loaded.failure !== 'syntax' || certain) return;
    const { reason } = loaded;
    // The end of the text is never where the mistake is: the last line that is not empty is nearer.
    const offset = Math.min(loaded.offset, Math.max(0, text.trimEnd().length - 1));
    const { line, column } = lines.positionAt(offset);
    const end = Math.max(offset + 1, lines.startOf(line) + lines.textOf(line).length);
    const unclosed = findUnclosedQuote(source, loaded.offset);
    const unquoted = findUnquotedValue(source, line);
    const several = severalItems(lines.textOf(line));
    const quotesWithin = withoutInnerQuotes(lines.textOf(line));
    if (several !== undefined) reportSeveral(source, line, several, report);
    else if (unclosed !== undefined) reportUnclosed(text, unclosed, report);
    else if (unquoted !== undefined) reportUnquoted(source, line, unquoted, report);
    else if (quotesWithin !== undefined)
      report({
        start: lines.startOf(line),
        end,
        messageId: 'innerQuotes',
        values: { correction: quotesWithin },
      });
    else if (reason.startsWith(tabFault))
      report({ start: offset, end: offset + 1, messageId: 'tab', values: { line } });
    else if (reason.includes('quoted scalar') || /:\s+(?:'[^']*'|"[^"]*")\s*[^\s#]/.test(lines.textOf(line)))
      report({ start: offset, end, messageId: 'quotes' });
    else if (reason.includes('flow collection') || reason.includes('flow mapping'))
      report({ start: offset, end, messageId: 'bracket', values: { brace: '{' } });
    else if (reason.includes('indentation'))
      report({ start: offset, end, messageId: 'indentation', values: { line } });
    else {
      const stray = strayLine(source, line);
      if (stray === undefined) report({ start: offset, end, messageId: 'other', values: { line, column } });
      else {
        const found = lines.textOf(stray).trim();
        const start = lines.startOf(stray);
        const values = { found, correction: `# ${found}` };
        report({ start, end: start + lines.textOf(stray).length, messageId: 'stray', values });
      }
    }
  },
});

/** What the parser says of tabs; of lines that are not tabulated it speaks elsewhere, too. */
const tabFault = 'tab characters';

/** A list item that holds several texts in quotes, each with its quotes. */
function severalItems(line: string): readonly string[] | undefined {
  const texts = /^\s*- +("[^"\\]*"(?:\s*[,;]?\s*"[^"\\]*")+)\s*[,;]?\s*$/.exec(line)?.[1];
  return texts?.match(/"[^"]*"/g) ?? undefined;
}

function reportSeveral(
  { text, lines }: Source,
  line: number,
  items: readonly string[],
  report: TextReporter<'several' | 'write'>,
): void {
  const written = lines.textOf(line);
  const start = lines.startOf(line) + written.indexOf('-');
  const end = lines.startOf(line) + written.length;
  const correction = items.map((item) => `- ${item}`);
  const between = (text.includes('\r\n') ? '\r\n' : '\n') + written.slice(0, written.indexOf('-'));
  const edits = [{ start, end, text: correction.join(between) }];
  report({
    start,
    end,
    messageId: 'several',
    values: { correction },
    fix: { title: 'write', values: { correction }, edits },
  });
}

/** A line of words at the left margin, at or just before the one where reading ends. */
function strayLine({ lines }: Source, last: number): number | undefined {
  for (const line of [last, last - 1]) {
    const text = line < 1 ? '' : lines.textOf(line);
    if (/^[\p{L}(][^:]*$/u.test(text) && !/^[a-z_]+$/.test(text)) return line;
  }
  return undefined;
}

type Words = keyof typeof syntaxMessages;

/** One message for all lines that have the same fault; where each is a fault by itself, for those that follow each other. */
function reportLayout(
  source: Source,
  corrections: readonly LayoutCorrection[],
  certain: boolean,
  report: TextReporter<Words>,
): void {
  const groups: LayoutCorrection[][] = [];
  for (const one of corrections) {
    const same = groups.find(
      (group) =>
        group[0]?.fault === one.fault &&
        ((one.fault !== 'indentation' && !source.loaded.ok) || group.at(-1)?.last === one.first - 1),
    );
    if (same === undefined) groups.push([one]);
    else same.push(one);
  }
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const edits = group.map((one) => editOf(source, one));
    const after = group.flatMap((one) => one.after.slice(0, 2)).slice(0, 3);
    const correction = after.map((line) => line.trim());
    const count = after[0]?.search(/\S/) ?? 0;
    const lineStart = source.lines.startOf(first.first);
    const start = lineStart + Math.max(0, source.lines.textOf(first.first).search(/\S/));
    report({
      start,
      end: Math.max(start + 1, lineStart + source.lines.textOf(first.first).length),
      messageId: wordsFor(first, group.length, count),
      values: { correction, count, line: first.first, found: source.lines.textOf(first.first).trim() },
      ...(certain &&
        first.fault !== 'sentences' && { fix: { title: titleOf(first), values: { correction }, edits } }),
    });
  }
}

function wordsFor({ fault }: LayoutCorrection, lines: number, count: number): Words {
  if (fault === 'tab') return lines > 1 ? 'tabs' : 'tab';
  return fault === 'indentation' ? (count > 0 ? 'level' : 'margin') : fault;
}

function titleOf({ fault }: LayoutCorrection): Words {
  if (fault === 'tab' || fault === 'indentation') return 'spaces';
  return fault === 'pasted' || fault === 'fence' || fault === 'mail' ? 'clean' : 'write';
}

/** The fewest characters that make a line what it must be; a line that must go goes with its end. */
function editOf({ text, lines }: Source, { first, last, after }: LayoutCorrection): TextEdit {
  const start = lines.startOf(first);
  if (after.length === 0) return { start, end: lines.startOf(last + 1), text: '' };
  const end = lines.startOf(last) + lines.textOf(last).length;
  const before = text.slice(start, end);
  const whole = after.join(text.includes('\r\n') ? '\r\n' : '\n');
  const shorter = Math.min(before.length, whole.length);
  let head = 0;
  while (head < shorter && before[head] === whole[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === whole.at(-1 - tail)) tail++;
  return { start: start + head, end: end - tail, text: whole.slice(head, whole.length - tail) };
}

/** `@` and other signs with which no name begins. */
const noStartOfName = /^[@`%\]}?]/;

function reportUnquoted(
  { lines }: Source,
  line: number,
  { start, end, value, cause }: UnquotedValue,
  report: TextReporter<'start' | 'startOfName' | 'at' | 'colon' | 'quote' | 'write'>,
): void {
  const head = lines
    .textOf(line)
    .slice(0, start - lines.startOf(line))
    .trim();
  const login = head === '-' ? /^@([A-Za-z0-9-]+)$/.exec(value)?.[1] : undefined;
  if (login !== undefined) {
    const correction = `- ${login}`;
    const edits = [{ start, end, text: login }];
    report({
      start,
      end,
      messageId: 'at',
      values: { value, correction },
      fix: { title: 'write', values: { correction }, edits },
    });
  } else if (head === 'name:' && noStartOfName.test(value))
    report({ start, end, messageId: 'startOfName', values: { value, sign: value.charAt(0) } });
  else
    report({
      start,
      end,
      messageId: cause,
      values: { value },
      fix: { title: 'quote', edits: [{ start, end, text: scalarText(value, 'double') }] },
    });
}

/** A line whose text in quotes has quotes in it, as it is to be written; a name has none. */
function withoutInnerQuotes(line: string): string | undefined {
  const [, head = '', text = ''] =
    /^\s*((?:- )?(?:[a-z_]{1,60}: +)?)"([^"\\]*"[^"\\]+"[^"\\]*)"\s*$/.exec(line) ?? [];
  if (text === '' || head === '') return undefined;
  return (
    head +
    scalarText(head.startsWith('name:') ? text.replaceAll('"', '') : text.replaceAll('"', "'"), 'double')
  );
}

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
