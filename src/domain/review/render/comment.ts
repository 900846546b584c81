/**
 * The document that people read: the comment, and the same in the check. It fits GitHub's limits by telling less
 * of more files, never by being cut in the middle.
 */
import type { RuleId } from '#domain/definition/rules/rule-ids';
import type { ApprovalRules } from '#domain/review/evaluate/approvals';
import type { Review } from '#domain/review/evaluate/evaluate';
import { countFindings, type Subject } from '#domain/review/evaluate/reviewed-file';
import { approvalsSection, decisionsSection } from './approvals-section.ts';
import { fileLine, fileSection, type Pen } from './files-section.ts';
import { commitLink } from './links.ts';
import type { Speaker } from './messages.ts';
import { planSection, portalNotice } from './plan-section.ts';

/** GitHub takes 65,536 characters in a comment and 65,535 in a field of a check; this leaves room in any encoding. */
const mostBytes = 60_000;
/** More files than this are not read by anyone in one go. */
const mostFiles = 10;
/** When there are more, so many are told in full, to begin with. */
const firstFiles = 5;
/** And more than this are not even named. */
const mostLines = 60;

const encoder = new TextEncoder();
function size(text: string): number {
  return encoder.encode(text).length;
}

/** The verdict in one line, in plain words without an icon. */
export function headline(speak: Speaker, review: Review): string {
  if (review.outcome !== 'judged') return speak(`headline.${review.outcome}`);
  const counts = countFindings([...review.subjects.flatMap(({ findings }) => findings), ...review.general]);
  if (counts.error > 0) {
    const errors = speak('headline.errors', { count: counts.error });
    const wrong = review.subjects.filter(({ findings }) =>
      findings.some(({ severity }) => severity === 'error'),
    );
    return review.subjects.length > 1 && wrong.length > 0
      ? speak('headline.errors-in', { errors: { markdown: errors }, count: wrong.length })
      : errors;
  }
  const open = review.approvals.missing.find((requirement) => requirement.reason === 'decision');
  if (open?.reason === 'decision') return speak('headline.decision', { count: open.decisions });
  if (review.approvals.missing.length > 0) return speak('headline.approval');
  if (review.approvals.refusedBy.length > 0) return speak('headline.refused');
  return counts.warning > 0
    ? speak('headline.ready-warnings', { count: counts.warning })
    : speak('headline.ready');
}

const conclusionIcons = { success: '✅', failure: '❌', action_required: '⏳' } as const;

/** Those with the most to do first, in the order of their paths. */
function byUrgency(subjects: readonly Subject[]): Subject[] {
  const order = ({ findings }: Subject): number => {
    const counts = countFindings(findings);
    return counts.error > 0 ? 0 : counts.decision > 0 ? 1 : counts.warning > 0 ? 2 : 3;
  };
  return subjects.toSorted((a, b) => order(a) - order(b));
}

/** Files in full as long as there is room and someone would read them; the rest in a line each. */
function filesSection(
  pen: Pen,
  subjects: readonly Subject[],
  room: number,
): { text: string; shown: Subject[] } {
  const parts: string[] = [];
  const shown: Subject[] = [];
  const others: Subject[] = [];
  let left = room - 4_000;
  const most = subjects.length > mostFiles ? firstFiles : mostFiles;
  for (const subject of byUrgency(subjects)) {
    const section = shown.length < most ? fileSection(pen, subject) : '';
    const cost = size(section) + 2;
    if (section !== '' && cost <= left) {
      left -= cost;
      parts.push(section);
      shown.push(subject);
    } else others.push(subject);
  }
  if (others.length > 0) {
    const lines: string[] = [];
    left += 3_500;
    for (const subject of others.slice(0, mostLines)) {
      const line = fileLine(pen, subject);
      if (size(line) + 1 > left) break;
      left -= size(line) + 1;
      lines.push(line);
    }
    const more = others.length - lines.length;
    parts.push(
      [
        '<details>',
        `<summary>${pen.speak('others.title', { count: others.length })}</summary>`,
        '',
        ...lines,
        ...(more > 0 ? [`- ${pen.speak('others.more', { count: more })}`] : []),
        '',
        '</details>',
        '',
        pen.speak('others.where'),
      ].join('\n'),
    );
  }
  return { text: parts.join('\n\n'), shown };
}

/** What the applicant does about errors, and how the certain corrections are had with a click. */
function remedySection({ speak }: Pen, subjects: readonly Subject[], held: boolean): string {
  const fixes = subjects.flatMap(({ findings }) => findings).filter(({ fix }) => fix !== undefined).length;
  const parts = [
    ...(fixes === 0 ? [] : [speak('fix.certain', { count: fixes, command: '/greffier fix' })]),
    ...(held ? [speak(fixes === 0 ? 'fix.push' : 'fix.push-too')] : []),
  ];
  return parts.join(' ');
}

/** Why each rule that was shown is there. */
function whySection(pen: Pen, rules: ReadonlySet<RuleId>, room: number): string {
  const { speak, catalogue } = pen;
  let left = room - 200;
  const entries: string[] = [];
  for (const rule of rules) {
    const card = catalogue.card(rule);
    if (card === undefined) continue;
    const entry = `- ${speak('why.entry', {
      title: { markdown: `**${card.title[speak.language]}**` },
      rule,
      why: { markdown: card.why[speak.language] },
    })}`;
    left -= size(entry) + 1;
    if (left < 0) break;
    entries.push(entry);
  }
  if (entries.length === 0) return '';
  return `<details>\n<summary>${speak('why.title')}</summary>\n\n${entries.join('\n')}\n\n</details>`;
}

/** The whole review in Markdown, the verdict first, without the marker. */
export function document(pen: Pen, review: Review, rules: ApprovalRules): string {
  const { speak } = pen;
  const title = `## ${conclusionIcons[review.conclusion]} ${headline(speak, review)}`;
  if (review.outcome !== 'judged')
    return `${title}\n\n${speak(review.outcome, { path: review.unreadable ?? '', command: '/greffier check' })}\n`;
  const { subjects, general, approvals, plan } = review;
  const held = review.conclusion === 'failure';
  const others = general.length === 0 ? [] : [generalSubject(review)];
  const decisions = decisionsSection(pen, [...subjects, ...others], approvals);
  const people = approvalsSection(pen, approvals, rules, held);
  const remedy = remedySection(pen, subjects, held);
  // What there is to do comes first: to correct, or, once that is done, to decide.
  const before = held ? [remedy] : [decisions, people, remedy];
  const after = [
    ...(held ? [decisions, people] : []),
    planSection(pen, subjects, held ? undefined : plan),
    portalNotice(pen, subjects),
  ];
  const footer = `<sub>${speak('footer', {
    commit: { markdown: commitLink(pen.repository, pen.pull.head) },
    command: '/greffier help',
  })}</sub>`;
  const fixed = size([title, ...before, ...after, footer].join('\n\n')) + 600;
  const files = filesSection(pen, [...others, ...subjects], mostBytes - fixed);
  const told = new Set(files.shown.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const why = whySection(pen, told, mostBytes - fixed - size(files.text));
  return `${[title, ...before, files.text, ...after, why, footer]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

/** Findings on files that are no definitions, told like those on one. */
function generalSubject({ general }: Review): Subject {
  return { path: general[0]?.path ?? '', kind: 'modified', findings: general };
}
