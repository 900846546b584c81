/** From a verdict to what is to be seen of it on GitHub. */
import type { Catalogue } from '#domain/definition/rules/rule-catalogue';
import type { Settings } from '#domain/registry/settings';
import { type Label, labels as labelKeys } from '#domain/registry/settings-schema';
import { type Effects, type LabelEffect, reviewMarker } from '#domain/review/effects';
import type { ApprovalRules } from '#domain/review/evaluate/approvals';
import type { Review } from '#domain/review/evaluate/evaluate';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { annotationsOf } from './annotations.ts';
import { document, headline } from './comment.ts';
import type { Pen } from './files-section.ts';
import { labelCards } from './labels.ts';
import { speakerOf } from './messages.ts';

/** Which labels of the closed set a review calls for. */
export function labelsOf(review: Review): readonly Label[] {
  if (review.outcome === 'incomplete' || review.outcome === 'unreadable') return ['invalid'];
  if (review.outcome !== 'judged') return [];
  const wanted = new Set<Label>();
  for (const { place, kind } of review.subjects) {
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
  const { color, description } = labelCards[key];
  return { key, name: settings.labels[key], color, description: description[settings.language] };
}

export function rulesOf(settings: Settings): ApprovalRules {
  const { integration, production, teams } = settings.approvals;
  return { count: { integration, production }, teams };
}

/**
 * What GitHub is to show of a review.
 *
 * A draft is judged quietly: its check says everything, and the comment and labels that it may have stay as they
 * are.
 */
export function effectsOf(
  review: Review,
  facts: PullRequestFacts,
  settings: Settings,
  catalogue: Catalogue,
): Effects {
  const speak = speakerOf(settings.language);
  const pen: Pen = { speak, catalogue, repository: facts.repository, pull: facts.pull };
  const text = document(pen, review, rulesOf(settings));
  const { annotations, more } = annotationsOf(pen, review);
  const quiet = facts.pull.draft;
  const unconcerned = review.outcome === 'nothing' || review.outcome === 'elsewhere';
  return {
    check: {
      head: facts.pull.head,
      conclusion: review.conclusion,
      title: headline(speak, review),
      summary: more === 0 ? text : `${text}\n${speak('annotations.more', { count: more })}\n`,
      annotations,
    },
    comment: quiet ? 'keep' : unconcerned ? 'none' : { body: `${reviewMarker}\n${text}` },
    labels: quiet
      ? 'keep'
      : {
          wanted: labelsOf(review).map((key) => labelEffect(key, settings)),
          managed: labelKeys.map((key) => settings.labels[key]),
        },
  };
}
