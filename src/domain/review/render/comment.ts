/**
 * The document that people read: the comment, and the same in the check. It fits GitHub's limits by showing less
 * of more files, never by being cut in the middle.
 */
import { frenchSpaces } from '#base/i18n/french-spaces';
import { trusted } from '#base/i18n/translator';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import type { ApprovalRules } from '#domain/review/evaluate/approvals';
import type { Review } from '#domain/review/evaluate/evaluate';
import { countFindings, type ReviewedFile } from '#domain/review/evaluate/reviewed-file';
import { approvalsSection, decisionsSection } from './approvals-section.ts';
import { fileLine, fileSection, type RenderContext } from './files-section.ts';
import { commitLink } from './links.ts';
import type { ReviewTranslator } from './messages.ts';
import { planSection, portalNotice } from './plan-section.ts';
import { turnSection } from './turn-section.ts';

/** GitHub takes 65,536 characters in a comment and 65,535 in a field of a check; this fits in any encoding. */
const maxBytes = 60_000;
/** More files than this are not read by anyone in one go. */
const maxFullFiles = 10;
/** When there are more, so many are shown in full, to begin with. */
const maxFullFilesOfMany = 5;
/** And more than this are not even named. */
const maxFileLines = 60;

const encoder = new TextEncoder();
function size(text: string): number {
  return encoder.encode(text).length;
}

/** The verdict in one line, in plain words without an icon. */
export function headline(t: ReviewTranslator, review: Review): string {
  if (review.outcome !== 'judged') return t(`headline.${review.outcome}`);
  const counts = countFindings([...review.files.flatMap(({ findings }) => findings), ...review.general]);
  if (counts.error > 0) {
    const errors = t('headline.errors', { count: counts.error });
    const wrong = review.files.filter(({ findings }) =>
      findings.some(({ severity }) => severity === 'error'),
    );
    return review.files.length > 1 && wrong.length > 0
      ? t('headline.errors-in', { errors: trusted(errors), count: wrong.length })
      : errors;
  }
  const open = review.approvals.missing.find((requirement) => requirement.reason === 'decision');
  if (open?.reason === 'decision') return t('headline.decision', { count: open.decisions });
  if (review.approvals.missing.length > 0) return t('headline.approval');
  if (review.approvals.changesRequestedBy.length > 0) return t('headline.refused');
  return counts.warning > 0 ? t('headline.ready-warnings', { count: counts.warning }) : t('headline.ready');
}

const conclusionIcons = { success: '✅', failure: '❌', action_required: '⏳' } as const;

/** Those with the most to do first, in the order of their paths. */
function byUrgency(files: readonly ReviewedFile[]): ReviewedFile[] {
  const order = ({ findings }: ReviewedFile): number => {
    const counts = countFindings(findings);
    return counts.error > 0 ? 0 : counts.decision > 0 ? 1 : counts.warning > 0 ? 2 : 3;
  };
  return files.toSorted((a, b) => order(a) - order(b));
}

/** Files in full as long as they fit and someone would read them; the rest in a line each. */
function filesSection(
  context: RenderContext,
  files: readonly ReviewedFile[],
  budget: number,
): { text: string; shown: ReviewedFile[] } {
  const sections = new Map<ReviewedFile, string>();
  let left = budget - 4_000;
  const maxInFull = files.length > maxFullFiles ? maxFullFilesOfMany : maxFullFiles;
  for (const file of byUrgency(files)) {
    const section = sections.size < maxInFull ? fileSection(context, file) : '';
    const cost = size(section) + 2;
    if (section !== '' && cost <= left) {
      left -= cost;
      sections.set(file, section);
    }
  }
  // Which are shown is a matter of urgency; where they stand, of their paths.
  const shown = files.filter((file) => sections.has(file));
  const others = files.filter((file) => !sections.has(file));
  const parts = shown.map((file) => sections.get(file) ?? '');
  if (others.length > 0) {
    const lines: string[] = [];
    left += 3_500;
    for (const file of others.slice(0, maxFileLines)) {
      const line = fileLine(context, file);
      if (size(line) + 1 > left) break;
      left -= size(line) + 1;
      lines.push(line);
    }
    const more = others.length - lines.length;
    parts.push(
      [
        '<details>',
        `<summary>${context.t('others.title', { count: others.length })}</summary>`,
        '',
        ...lines,
        ...(more > 0 ? [`- ${context.t('others.more', { count: more })}`] : []),
        '',
        '</details>',
        '',
        context.t('others.where'),
      ].join('\n'),
    );
  }
  return { text: parts.join('\n\n'), shown };
}

/** Why each rule that was shown is there. */
function whySection(context: RenderContext, rules: ReadonlySet<RuleId>, budget: number): string {
  const { t, catalogue } = context;
  let left = budget - 200;
  const entries: string[] = [];
  for (const rule of rules) {
    const metadata = catalogue.rule(rule);
    if (metadata === undefined) continue;
    const entry = `- ${t('why.entry', {
      title: trusted(`**${metadata.title[t.language]}**`),
      rule,
      why: trusted(metadata.why[t.language]),
    })}`;
    left -= size(entry) + 1;
    if (left < 0) break;
    entries.push(entry);
  }
  if (entries.length === 0) return '';
  return `<details>\n<summary>${t('why.title')}</summary>\n\n${entries.join('\n')}\n\n</details>`;
}

/**
 * The whole review in Markdown, the verdict first, without the marker.
 *
 * @param rules.alone whether Greffier merges it by itself
 */
export function renderReview(
  context: RenderContext,
  review: Review,
  { approvals: rules, alone }: { readonly approvals: ApprovalRules; readonly alone: boolean },
): string {
  const { t } = context;
  const title = `## ${conclusionIcons[review.conclusion]} ${headline(t, review)}`;
  if (review.outcome !== 'judged')
    return inTypography(
      t,
      `${title}\n\n${t(review.outcome, { path: review.unreadable ?? '', command: '/greffier check' })}\n`,
    );
  const { files, general, approvals, plan } = review;
  const hasErrors = review.conclusion === 'failure';
  const others = generalFiles(general);
  const decisions = decisionsSection(context, [...files, ...others], approvals);
  // While errors are left, what people have to do is to correct them: the next push takes approvals away anyway.
  const people = hasErrors ? '' : approvalsSection(context, approvals, rules);
  const turn = turnSection(t, review, alone);
  // What there is to do comes first: to correct, or, once that is done, to decide.
  const before = hasErrors ? [turn] : [turn, decisions, people];
  const after = [
    ...(hasErrors ? [decisions] : []),
    planSection(context, files, hasErrors ? undefined : plan),
    portalNotice(context, hasErrors ? undefined : plan),
  ];
  const footer = `<sub>${t('footer', {
    commit: trusted(commitLink(context.repository, context.pull.head)),
    command: '/greffier help',
  })}</sub>`;
  const fixed = size([title, ...before, ...after, footer].join('\n\n')) + 600;
  const filesPart = filesSection(context, [...others, ...files], maxBytes - fixed);
  const shownRules = new Set(filesPart.shown.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const why = whySection(context, shownRules, maxBytes - fixed - size(filesPart.text));
  const text = [title, ...before, filesPart.text, ...after, why, footer].filter((part) => part !== '');
  return inTypography(t, `${text.join('\n\n')}\n`);
}

/** A text as its language sets it. */
function inTypography({ language }: ReviewTranslator, text: string): string {
  return language === 'fr' ? frenchSpaces(text) : text;
}

/** Findings on files that are no definitions, shown like those on one. */
function generalFiles(general: Review['general']): readonly ReviewedFile[] {
  return Array.from(
    Map.groupBy(general, ({ path }) => path),
    ([path, findings]) => {
      const isGone = findings.some(({ message }) => message.key === 'change/settings#missing');
      return { path, kind: isGone ? 'removed' : 'modified', findings };
    },
  );
}
