/** Findings for people: what is wrong, on which line, why it matters, and what to do. */

import type { Bilingual } from '#base/i18n/message';
import { quoted } from '#base/i18n/render';
import { say, words } from '#cli/messages';
import type { Judgement } from '#cli/registry/validate-registry';
import { type Paint, paintOf, type Terminal } from '#cli/terminal';
import type { Severity } from '#domain/definition/finding';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { type Excerpt, excerptOf } from './excerpt.ts';
import { summaryOf } from './summary.ts';

const severityWords: Readonly<Record<Severity, Bilingual>> = {
  error: words.severityError,
  decision: words.severityDecision,
  warning: words.severityWarning,
  info: words.severityInfo,
};

function colourOf(paint: Paint, severity: Severity): (text: string) => string {
  return { error: paint.red, decision: paint.magenta, warning: paint.yellow, info: paint.blue }[severity];
}

/** Breaks a text into lines of at most `width` columns, at spaces; a word that is too long keeps its line. */
export function wrapped(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((one) => `${indent}${one}`).join('\n');
}

const indent = '    ';

function sourceLines(
  { number, before, marked, after }: Excerpt,
  paint: Paint,
  mark: (text: string) => string,
) {
  const gutter = String(number);
  const margin = ' '.repeat(gutter.length);
  const underline = marked === '' ? '^' : '~'.repeat(Math.max(1, [...marked].length));
  return [
    `${indent}${paint.dim(`${gutter} │`)} ${before}${mark(marked)}${after}`,
    `${indent}${paint.dim(`${margin} │`)} ${' '.repeat([...before].length)}${mark(underline)}`,
  ];
}

/** @param textOf the text of a file of the registry; undefined when it is not there */
export function textReport(
  judgement: Judgement,
  terminal: Terminal,
  textOf: (path: string) => string | undefined,
): string {
  const { language, columns, colours } = terminal;
  const paint = paintOf(colours);
  const width = Math.max(40, Math.min(columns, 100)) - indent.length;
  const lines: string[] = [];
  const explained = new Set<string>();
  let path: string | undefined;
  let text: string | undefined;
  for (const finding of judgement.findings) {
    if (finding.path !== path) {
      path = finding.path;
      text = textOf(path);
      lines.push(paint.bold(path), '');
    }
    const { rule, severity, range, message, fix } = finding;
    const mark = colourOf(paint, severity);
    const at = `${range.start.line}:${range.start.column}`;
    lines.push(`  ${mark(paint.bold(say(severityWords[severity], language)))}  ${at}  ${paint.dim(rule)}`);
    lines.push(wrapped(catalogue.say(message, language, quoted), width, indent));
    const excerpt =
      text === undefined || (finding.pointer === '' && range.start.column === 1 && !rule.startsWith('yaml/'))
        ? undefined
        : excerptOf(text, range, width - 8);
    if (excerpt !== undefined) lines.push(...sourceLines(excerpt, paint, mark));
    if (fix !== undefined) {
      const title = catalogue.say(fix.title, language, quoted);
      lines.push(wrapped(`${say(words.correction, language)} ${title}`, width, indent));
    }
    const why = explained.has(rule) ? undefined : catalogue.card(rule)?.why[language];
    if (why !== undefined)
      lines.push(paint.dim(wrapped(`${say(words.why, language)} ${why}`, width, indent)));
    explained.add(rule);
    lines.push('');
  }
  lines.push(...summaryOf(judgement, terminal));
  return `${lines.join('\n')}\n`;
}
