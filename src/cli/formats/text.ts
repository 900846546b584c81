/** Findings for people: what is wrong, on which line, why it matters, and what to do. */

import { codePointLength } from '#base/code-point-length';
import { escapeInvisible } from '#base/i18n/invisible';
import type { Bilingual } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { messages, t } from '#cli/messages';
import type { RegistryValidation } from '#cli/registry/validate-registry';
import { type Terminal, type TextStyles, textStyles } from '#cli/terminal';
import type { Severity } from '#domain/definition/finding';
import type { RuleCatalogue } from '#domain/definition/rules/rule-catalogue';
import { type Excerpt, excerptOf, type ShownLines } from './excerpt.ts';
import { validationSummary } from './summary.ts';

const severityMessages: Readonly<Record<Severity, Bilingual>> = {
  error: messages.severityError,
  decision: messages.severityDecision,
  warning: messages.severityWarning,
  info: messages.severityInfo,
};

function colourOf(style: TextStyles, severity: Severity): (text: string) => string {
  return { error: style.red, decision: style.magenta, warning: style.yellow, info: style.blue }[severity];
}

/** Longer values are broken as well. */
const maxUnbroken = 60;

/** Signs that French sets behind a space. */
const signs = ':;?!»';
const signBehindSpace = / [:;?!»](?:[\s.,;:)]|$)/y;

/** The words of a text, with what may not be broken: a value that is to be copied, and a sign with its space. */
function words(text: string): readonly string[] {
  const found: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 96 /* ` */) {
      const end = text.indexOf('`', at + 1);
      if (end !== -1 && end - at - 1 <= maxUnbroken) at = end;
    } else if (character === 32 && text[at - 1] !== '«') {
      signBehindSpace.lastIndex = at;
      if (signs.includes(text.charAt(at + 1)) && signBehindSpace.test(text)) continue;
      found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  found.push(text.slice(start));
  return found;
}

/** Breaks a text into lines of at most `width` columns, at spaces; a word that is too long keeps its line. */
export function wrapText(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words(text)) {
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
  style: TextStyles,
  mark: (text: string) => string,
) {
  const gutter = String(number);
  const margin = ' '.repeat(gutter.length);
  const underline = marked === '' ? '^' : '~'.repeat(Math.max(1, codePointLength(marked)));
  return [
    `${indent}${style.dim(`${gutter} │`)} ${before}${mark(marked)}${after}`,
    `${indent}${style.dim(`${margin} │`)} ${' '.repeat(codePointLength(before))}${mark(underline)}`,
  ];
}

/** @param catalogue of the rules of these findings */
export function textReport(
  validation: RegistryValidation,
  terminal: Terminal,
  lineOf: ShownLines,
  catalogue: RuleCatalogue,
): string {
  return [...textReportParts(validation, terminal, lineOf, catalogue)].join('');
}

/** The lines of a part of a report: enough to be worth writing, few enough to be kept. */
const linesOfPart = 1_000;

/** Like `textReport`, part by part: the report on a large registry is never in memory as a whole. */
export function* textReportParts(
  validation: RegistryValidation,
  terminal: Terminal,
  lineOf: ShownLines,
  catalogue: RuleCatalogue,
): Generator<string> {
  const { language, columns, colours } = terminal;
  const style = textStyles(colours);
  const width = Math.max(40, Math.min(columns, 100)) - indent.length;
  let lines: string[] = [];
  const explained = new Set<string>();
  let path: string | undefined;
  for (const finding of validation.findings) {
    if (finding.path !== path) {
      path = finding.path;
      if (lines.length > linesOfPart) {
        yield `${lines.join('\n')}\n`;
        lines = [];
      }
      lines.push(style.bold(escapeInvisible(path)), '');
    }
    const { rule, severity, range, message, fix } = finding;
    const mark = colourOf(style, severity);
    const at = `${range.start.line}:${range.start.column}`;
    lines.push(`  ${mark(style.bold(t(severityMessages[severity], language)))}  ${at}  ${style.dim(rule)}`);
    lines.push(wrapText(catalogue.translate(message, language, quoteInBackticks), width, indent));
    const line = lineOf(finding);
    const excerpt =
      line === undefined || (finding.pointer === '' && range.start.column === 1 && !rule.startsWith('yaml/'))
        ? undefined
        : excerptOf(line, range, width - 8);
    if (excerpt !== undefined) lines.push(...sourceLines(excerpt, style, mark));
    if (fix !== undefined) {
      const title = catalogue.translate(fix.title, language, quoteInBackticks);
      lines.push(wrapText(`${t(messages.correction, language)} ${title}`, width, indent));
    }
    const why = explained.has(rule) ? undefined : catalogue.rule(rule)?.why[language];
    if (why !== undefined)
      lines.push(style.dim(wrapText(`${t(messages.why, language)} ${why}`, width, indent)));
    explained.add(rule);
    lines.push('');
  }
  lines.push(...validationSummary(validation, terminal));
  yield `${lines.join('\n')}\n`;
}
