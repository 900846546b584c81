/** Findings for people: what is wrong, on which line, why it matters, and what to do. */

import { codePointLength } from '#base/code-point-length';
import { escapeInvisible } from '#base/i18n/invisible';
import type { Bilingual, Language } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { messages, t } from '#cli/messages';
import type { RegistryValidation } from '#cli/registry/validate-registry';
import { type Terminal, type TextStyles, textStyles } from '#cli/terminal';
import type { Severity } from '#domain/definition/finding';
import type { RuleCatalogue } from '#domain/definition/rules/rule-catalogue';
import { type Excerpt, excerptOf, type ShownLines } from './excerpt.ts';
import { validationSummary } from './summary.ts';

/** How the findings of each severity are marked, and what they are called. */
function severitiesOf(style: TextStyles, language: Language) {
  const severity = (mark: (text: string) => string, title: Bilingual) => ({
    mark,
    title: mark(style.bold(t(title, language))),
  });
  return {
    error: severity(style.red, messages.severityError),
    decision: severity(style.magenta, messages.severityDecision),
    warning: severity(style.yellow, messages.severityWarning),
    info: severity(style.blue, messages.severityInfo),
  } satisfies Record<Severity, unknown>;
}

/** Longer values are broken as well. */
const maxUnbroken = 60;

/** Signs that French sets behind a space. */
const signs = ':;?!»';
const signBehindSpace = / [:;?!»](?:[\s.,;:)]|$)/y;

/** Whether a text may not be broken at a space: French sets one around quotes and before some signs. */
function isFixed(text: string, space: number): boolean {
  if (text[space - 1] === '«') return true;
  signBehindSpace.lastIndex = space;
  return signs.includes(text.charAt(space + 1)) && signBehindSpace.test(text);
}

/**
 * Breaks a text into lines of at most `width` columns, at spaces, but for those of a value that is to be copied; a word that
 * is too long keeps its line.
 */
export function wrapText(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  /** Where the present line starts, its last word ends, and the next one starts. */
  let [start, end, word] = [0, 0, 0];
  for (let at = 0; at <= text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 96 /* ` */) {
      const close = text.indexOf('`', at + 1);
      if (close !== -1 && close - at - 1 <= maxUnbroken) at = close;
    } else if (at === text.length || (character === 32 && !isFixed(text, at))) {
      const isFull = end > start && at - start > width;
      if (isFull) lines.push(indent + text.slice(start, end));
      if (isFull || end === start) start = word;
      end = at;
      word = at + 1;
    }
  }
  if (end > start) lines.push(indent + text.slice(start, end));
  return lines.join('\n');
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
  const severities = severitiesOf(style, language);
  const correction = t(messages.correction, language);
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
    const { mark, title } = severities[severity];
    const at = `${range.start.line}:${range.start.column}`;
    lines.push(`  ${title}  ${at}  ${style.dim(rule)}`);
    lines.push(wrapText(catalogue.translate(message, language, quoteInBackticks), width, indent));
    const line = lineOf(finding);
    const excerpt =
      line === undefined || (finding.pointer === '' && range.start.column === 1 && !rule.startsWith('yaml/'))
        ? undefined
        : excerptOf(line, range, width - 8);
    if (excerpt !== undefined) lines.push(...sourceLines(excerpt, style, mark));
    if (fix !== undefined) {
      const what = catalogue.translate(fix.title, language, quoteInBackticks);
      lines.push(wrapText(`${correction} ${what}`, width, indent));
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
