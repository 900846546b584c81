/**
 * Of two settings the side that holds more, value by value: as many approvals as either asks for, by the teams that both
 * name; automatic merges where both have them; the later end of a freeze; the lower limit. What holds nothing (the
 * language, labels, who is asked for a review, what is asked about live clients) is as one of the two has it. Pure.
 */
import { type CellName, cellNames } from '#base/config/cells';
import type { Freeze } from './freeze.ts';
import type { Settings } from './settings.ts';

/** @param present whose word it is that holds nothing, and whose reason a freeze has that both end on the same day */
export function stricterSettings(agreed: Settings, present: Settings): Settings {
  const [old, approvals] = [agreed.approvals, present.approvals];
  return {
    ...present,
    approvals: {
      integration: Math.max(old.integration, approvals.integration),
      production: Math.max(old.production, approvals.production),
      teams: approvals.teams.filter((team) => old.teams.includes(team)),
    },
    automaticMerge: { integration: agreed.automaticMerge.integration && present.automaticMerge.integration },
    freezes: cellNames.flatMap((cell) => laterFreeze(freezeOf(agreed, cell), freezeOf(present, cell)) ?? []),
    limits: { definitions: Math.min(agreed.limits.definitions, present.limits.definitions) },
  };
}

/** A value that holds something, by the key that people write: before and after. */
export interface LoosenedSetting {
  readonly before: string;
  readonly after: string;
}

/** What would hold less after than before, by the key of the setting. */
export function loosenedSettings(before: Settings, after: Settings): ReadonlyMap<string, LoosenedSetting> {
  const [old, both, own] = [before, stricterSettings(before, after), after].map(holdingValues);
  return new Map(
    Array.from(own ?? [], ([key, value]) => [key, value] as const).flatMap(([key, value]) =>
      both?.get(key) === value ? [] : [[key, { before: old?.get(key) ?? '', after: value }] as const],
    ),
  );
}

/** What holds something, in words that can be compared. */
function holdingValues({ approvals, automaticMerge, limits, ...rest }: Settings): Map<string, string> {
  return new Map([
    ['approvals/integration', String(approvals.integration)],
    ['approvals/production', String(approvals.production)],
    ['approvals/teams', JSON.stringify(approvals.teams)],
    ['automatic_merge/integration', String(automaticMerge.integration)],
    ...cellNames.map((cell) => [`freeze/${cell}`, endOf(freezeOf(rest, cell))] as const),
    ['limits/definitions', String(limits.definitions)],
  ]);
}

function freezeOf({ freezes }: Pick<Settings, 'freezes'>, cell: CellName): Freeze | undefined {
  return freezes.find((freeze) => freeze.cell === cell);
}

/** The first day on which it holds no more; `?` where nobody can say. */
function endOf(freeze: Freeze | undefined): string {
  return freeze === undefined ? '–' : (freeze.until ?? '?');
}

function laterFreeze(agreed: Freeze | undefined, present: Freeze | undefined): Freeze | undefined {
  if (agreed === undefined || present === undefined) return agreed ?? present;
  if (agreed.until === present.until) return present;
  // Where nobody can say when it ends, it does not.
  if (agreed.until === undefined || present.until === undefined)
    return agreed.until === undefined ? agreed : present;
  return agreed.until > present.until ? agreed : present;
}
