/** Settings as one would write them in the file: JSON, which is YAML. What was understood of them is understood again. */
import type { Settings } from './settings.ts';

export function settingsText({
  language,
  labels,
  approvals,
  automaticMerge,
  freezes,
  liveChecks,
  reviewers,
  limits,
}: Settings): string {
  return JSON.stringify({
    language,
    labels,
    approvals,
    automatic_merge: automaticMerge,
    freeze: Object.fromEntries(freezes.map(({ cell, until, reason }) => [cell, { until, reason }])),
    live_checks: liveChecks,
    reviewers,
    limits,
  });
}
