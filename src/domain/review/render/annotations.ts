/** Notes under the lines of the files, as the Checks API takes them: plain text, not Markdown. */

import { escapeInvisible } from '#base/i18n/invisible';
import { quoteInBackticks } from '#base/i18n/render';
import type { Finding, Severity } from '#domain/definition/finding';
import { compareFindings } from '#domain/definition/finding-order';
import type { Annotation } from '#domain/review/effects';
import type { Review } from '#domain/review/evaluate/evaluate';
import type { RenderContext } from './files-section.ts';
import { linesOfRange } from './links.ts';

/** More notes than this are counted in the summary: they take a request for every fifty. */
const maxAnnotations = 250;

const levels: Readonly<Record<Severity, Annotation['level']>> = {
  error: 'failure',
  decision: 'warning',
  warning: 'warning',
  info: 'notice',
};

/** GitHub takes titles of up to 255 characters and messages of up to 64 KiB. */
const maxTitleLength = 255;
const maxMessageLength = 8_000;

function annotationOf(context: RenderContext, finding: Finding): Annotation {
  const { t, catalogue } = context;
  const { first, last } = linesOfRange(finding.range);
  const { start, end } = finding.range;
  const message = catalogue.translate(finding.message, t.language, quoteInBackticks);
  const title = `${t(`severity.${finding.severity}`)} · ${finding.rule}`;
  return {
    path: finding.path,
    startLine: first,
    endLine: last,
    // The Checks API counts the last column in; a range that is empty has none to name.
    ...(first === last && end.line === start.line && end.column > start.column
      ? { startColumn: start.column, endColumn: end.column - 1 }
      : {}),
    level: levels[finding.severity],
    title: title.slice(0, maxTitleLength),
    message: message.slice(0, maxMessageLength),
  };
}

/**
 * The notes of a review, in their order, the most severe ones when there are too many. Files that go away or are
 * merged from both sides, and paths that hold what cannot be seen, have no line to be noted on.
 */
export function annotationsOf(
  context: RenderContext,
  review: Review,
): { annotations: Annotation[]; more: number } {
  const findings = [
    ...review.general,
    ...review.files
      .filter(({ kind, merged }) => kind !== 'removed' && merged !== true)
      .flatMap(({ findings: found }) => found),
  ].filter(({ path }) => path === escapeInvisible(path));
  const severities = ['error', 'decision', 'warning', 'info'];
  const kept =
    findings.length <= maxAnnotations
      ? findings
      : findings
          .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
          .slice(0, maxAnnotations);
  return {
    annotations: kept.toSorted(compareFindings).map((finding) => annotationOf(context, finding)),
    more: findings.length - kept.length,
  };
}
