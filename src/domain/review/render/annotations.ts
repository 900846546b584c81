/** Notes under the lines of the files, as the Checks API takes them: plain text, not Markdown. */

import { quoted, visible } from '#base/i18n/render';
import type { Finding, Severity } from '#domain/definition/finding';
import type { Annotation } from '#domain/review/effects';
import type { Review } from '#domain/review/evaluate/evaluate';
import type { Pen } from './files-section.ts';
import { linesOfRange } from './links.ts';

/** More notes than this are counted in the summary: they take a request for every fifty. */
export const mostAnnotations = 250;

const levels: Readonly<Record<Severity, Annotation['level']>> = {
  error: 'failure',
  decision: 'warning',
  warning: 'warning',
  info: 'notice',
};

/** GitHub takes titles of up to 255 characters and messages of up to 64 KiB. */
const longestTitle = 255;
const longestMessage = 8_000;

function annotationOf(pen: Pen, finding: Finding): Annotation {
  const { speak, catalogue } = pen;
  const { first, last } = linesOfRange(finding.range);
  const { start, end } = finding.range;
  const message = catalogue.say(finding.message, speak.language, quoted);
  const title = `${speak(`severity.${finding.severity}`)} · ${finding.rule}`;
  return {
    path: finding.path,
    startLine: first,
    endLine: last,
    // The Checks API counts the last column in; a range that is empty has none to name.
    ...(first === last && end.line === start.line && end.column > start.column
      ? { startColumn: start.column, endColumn: end.column - 1 }
      : {}),
    level: levels[finding.severity],
    title: title.slice(0, longestTitle),
    message: message.slice(0, longestMessage),
  };
}

/**
 * The notes of a review, the gravest first when there are too many. Files that go away, and paths that hold what
 * cannot be seen, have no line to be noted on.
 */
export function annotationsOf(pen: Pen, review: Review): { annotations: Annotation[]; more: number } {
  const findings = [
    ...review.general,
    ...review.subjects.filter(({ kind }) => kind !== 'removed').flatMap(({ findings: own }) => own),
  ].filter(({ path }) => path === visible(path));
  const grave = ['error', 'decision', 'warning', 'info'];
  const kept =
    findings.length <= mostAnnotations
      ? findings
      : findings
          .toSorted((a, b) => grave.indexOf(a.severity) - grave.indexOf(b.severity))
          .slice(0, mostAnnotations);
  return {
    annotations: kept.map((finding) => annotationOf(pen, finding)),
    more: findings.length - kept.length,
  };
}
