/**
 * What is to be seen on GitHub after a review. Plain JSON; whoever publishes compares it with what is already
 * there and writes only the difference.
 */
import type { Label } from '#domain/registry/settings-schema';

/** The first line of the one comment that shows the review, by which it is found again. */
export const reviewMarker = '<!-- greffier:review -->';

/** The name of the check run, the one that a ruleset can require. */
export const checkName = 'greffier';

export type Conclusion = 'success' | 'failure' | 'action_required';

/** A note under a line of a file, as the Checks API takes it. Never Markdown. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Only for a note on a single line: GitHub refuses columns on several. */
  readonly startColumn?: number;
  readonly endColumn?: number;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

export interface CheckEffect {
  /** The commit that the verdict is about. */
  readonly head: string;
  readonly conclusion: Conclusion;
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  /** In reading order; published in batches. */
  readonly annotations: readonly Annotation[];
}

export interface LabelEffect {
  readonly key: Label;
  /** What it is called in this repository. */
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

export interface Effects {
  readonly check: CheckEffect;
  /**
   * Markdown, the marker first. `none`: there is to be no comment. `keep`: what is there stays as it is, as for
   * drafts.
   */
  readonly comment: { readonly body: string } | 'none' | 'keep';
  /**
   * The labels the pull request is to bear, out of `managed`, which names all that may be taken away. `keep`: they
   * are left as they are.
   */
  readonly labels: { readonly wanted: readonly LabelEffect[]; readonly managed: readonly string[] } | 'keep';
}
