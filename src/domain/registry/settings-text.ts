/** Settings as one would write them in the file: JSON, which is YAML. What was understood of them is understood again. */
import type { Settings } from './settings.ts';

export function settingsText(settings: Settings): string {
  const { freezes, recertify } = settings;
  // By every name there is, so that none is forgotten when it is kept.
  const written: Record<keyof Settings, [key: string, value: unknown]> = {
    language: ['language', settings.language],
    labels: ['labels', settings.labels],
    approvals: ['approvals', settings.approvals],
    automaticMerge: ['automatic_merge', settings.automaticMerge],
    freezes: [
      'freeze',
      Object.fromEntries(freezes.map(({ cell, until, reason }) => [cell, { until, reason }])),
    ],
    liveChecks: ['live_checks', settings.liveChecks],
    recertify: ['recertify', recertify === undefined ? undefined : `${recertify}d`],
    reviewers: ['reviewers', settings.reviewers],
    limits: ['limits', settings.limits],
  };
  return JSON.stringify(Object.fromEntries(Object.values(written)));
}
