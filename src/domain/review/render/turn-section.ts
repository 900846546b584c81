/** The first words of the review: whose turn it is, what they do, and what comes after. */
import { formatDay } from '#base/i18n/dates';
import { trusted } from '#base/i18n/translator';
import { onDay } from '#domain/registry/freeze';
import type { Requirement } from '#domain/review/evaluate/approvals';
import type { Review } from '#domain/review/evaluate/evaluate';
import { countFindings, type ReviewedFile } from '#domain/review/evaluate/reviewed-file';
import type { PlanFacts } from '#domain/review/facts/facts';
import type { ReviewTranslator } from './messages.ts';

/** What the author does about errors, and how to get the certain corrections. */
function remedy(t: ReviewTranslator, files: readonly ReviewedFile[], hasErrors: boolean): string {
  const own = files.filter(({ merged }) => merged !== true);
  const fixes = own.flatMap(({ findings }) => findings).filter(({ fix }) => fix !== undefined).length;
  return [
    ...(fixes === 0 ? [] : [t('fix.certain', { count: fixes, command: '/greffier fix' })]),
    ...(hasErrors ? [t(fixes === 0 ? 'fix.push' : 'fix.push-too')] : []),
  ].join(' ');
}

/** What people are asked for; the owners where only they are. */
function asked(t: ReviewTranslator, missing: readonly Requirement[]): string {
  const owner = missing.find((requirement) => requirement.reason === 'owner');
  const decision = missing.find((requirement) => requirement.reason === 'decision');
  if (missing.length === 1 && owner?.reason === 'owner' && owner.owners.length > 0)
    return t('turn.owner', { owners: owner.owners });
  return decision?.reason === 'decision'
    ? t('turn.decide', { count: decision.decisions })
    : t('turn.approve');
}

/** When what is merged is applied: later in a cell that is frozen. */
function afterMerge(t: ReviewTranslator, { steps, frozen = [] }: PlanFacts): string {
  const waits = frozen.filter(({ cell }) => steps.some((step) => step.cell === cell));
  const goesOn = steps.some((step) => waits.every(({ cell }) => cell !== step.cell));
  return [
    ...(goesOn ? [t('turn.then-applied')] : []),
    ...waits.map(({ cell, until, reason }) =>
      until === undefined
        ? t('turn.frozen-unread', { cell: trusted(t(`cell.${cell}`)) })
        : t('turn.frozen', {
            cell: trusted(t(`cell.${cell}`)),
            day: trusted(formatDay(t.language, onDay(until))),
            reason,
          }),
    ),
  ].join(' ');
}

/**
 * Whose turn it is, in a paragraph.
 *
 * @param alone whether Greffier merges it by itself
 */
export function turnSection(t: ReviewTranslator, review: Review, alone: boolean): string {
  const { files, general, approvals, plan } = review;
  const correction = trusted(remedy(t, files, review.conclusion === 'failure'));
  if (review.conclusion === 'failure') {
    const next = t(approvals.missing.length === 0 ? 'turn.then-merge' : 'turn.then-approve');
    return `${t('turn.correct', { remedy: correction })} ${next}`;
  }
  const applied = plan === undefined ? '' : afterMerge(t, plan);
  const sentences = (...parts: readonly string[]) => parts.filter((part) => part !== '').join(' ');
  const { changesRequestedBy, lookAgainBy } = approvals;
  if (changesRequestedBy.length > lookAgainBy.length) return t('turn.answer-review');
  if (lookAgainBy.length > 0)
    return sentences(
      t('turn.look-again', { people: lookAgainBy.map(({ login }) => login) }),
      t('turn.not-yours'),
    );
  if (approvals.missing.length > 0)
    return sentences(asked(t, approvals.missing), t('turn.not-yours'), applied);
  if (alone) return sentences(t('turn.alone'), applied);
  const { warning } = countFindings([...files.flatMap(({ findings }) => findings), ...general]);
  return warning > 0
    ? sentences(t('turn.look', { count: warning }), correction.trusted, t('turn.then-merge'))
    : sentences(t('turn.merge'), t('turn.not-yours'), applied);
}
