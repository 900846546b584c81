/** From a verdict to what GitHub is to show of it. */
import type { RuleCatalogue } from '#domain/definition/rules/rule-catalogue';
import type { Settings } from '#domain/registry/settings';
import { type Label, labels as labelKeys } from '#domain/registry/settings-schema';
import { type Effects, type LabelEffect, reviewMarker } from '#domain/review/effects';
import { approvalRulesOf } from '#domain/review/evaluate/approvals';
import type { Review } from '#domain/review/evaluate/evaluate';
import { mergesByItself } from '#domain/review/evaluate/merges-by-itself';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { annotationsOf } from './annotations.ts';
import { headline, renderReview } from './comment.ts';
import type { RenderContext } from './files-section.ts';
import { labelSpecs } from './labels.ts';
import { reviewTranslator } from './messages.ts';

function isOutOfScope({ outcome }: Review): boolean {
  return outcome === 'nothing' || outcome === 'elsewhere';
}

/** Which labels of the closed set a review calls for. */
export function labelsOf(review: Review): readonly Label[] {
  if (isOutOfScope(review)) return [];
  if (review.outcome !== 'judged') return ['invalid'];
  const wanted = new Set<Label>();
  for (const { place, kind } of review.files) {
    if (place !== undefined) wanted.add(place.environment).add(place.network);
    if (kind === 'added' || kind === 'renamed') wanted.add('new-sp');
    if (kind === 'modified') wanted.add('change-sp');
    if (kind === 'removed' || kind === 'renamed') wanted.add('removal-sp');
  }
  wanted.add(
    review.conclusion === 'failure'
      ? 'invalid'
      : review.conclusion === 'success'
        ? 'ready'
        : 'needs-decision',
  );
  return labelKeys.filter((key) => wanted.has(key));
}

function labelEffect(key: Label, settings: Settings): LabelEffect {
  const { color, description } = labelSpecs[key];
  return { key, name: settings.labels[key], color, description: description[settings.language] };
}

/**
 * What GitHub is to show of a review.
 *
 * A draft is reviewed quietly: its check shows everything, and the comment and labels that it may have stay as they
 * are.
 */
export function buildEffects(
  review: Review,
  facts: PullRequestFacts,
  settings: Settings,
  catalogue: RuleCatalogue,
): Effects {
  const t = reviewTranslator(settings.language);
  const context: RenderContext = { t, catalogue, repository: facts.repository, pull: facts.pull };
  const text = renderReview(context, review, {
    approvals: approvalRulesOf(settings),
    alone: mergesByItself(review, facts, settings),
  });
  const { annotations, more } = annotationsOf(context, review);
  const quiet = facts.pull.draft;
  return {
    check: {
      head: facts.pull.head,
      conclusion: review.conclusion,
      title: headline(t, review),
      summary: more === 0 ? text : `${text}\n${t('annotations.more', { count: more })}\n`,
      annotations,
    },
    comment: quiet ? 'keep' : isOutOfScope(review) ? 'none' : { body: `${reviewMarker}\n${text}` },
    labels: quiet
      ? 'keep'
      : {
          wanted: labelsOf(review).map((key) => labelEffect(key, settings)),
          managed: labelKeys.map((key) => settings.labels[key]),
        },
  };
}
