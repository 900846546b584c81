/** Freezes of cells: what is merged meanwhile is reviewed, and applied once they are over. Pure: the clock is given. */
import type { CellName } from '#base/config/cells';
import { parisDay } from '#base/i18n/dates';

/** Nothing is applied in this cell before the day `until` (Paris), as people wrote it in the settings, and why. */
export interface Freeze {
  readonly cell: CellName;
  /** `2027-01-04`: the first day on which changes are applied again. Absent where it could not be understood: no day is. */
  readonly until?: string;
  /** As people wrote it; empty where it could not be understood. */
  readonly reason: string;
}

/** A freeze in one line, by which it is remembered and told from another. */
export function freezeMark({ until, reason }: Pick<Freeze, 'until' | 'reason'>): string {
  return `${until ?? '?'} ${reason}`;
}

/** @param mark by `freezeMark` */
export function markedFreeze(mark: string): Pick<Freeze, 'until' | 'reason'> {
  const [, until = '?', reason = ''] = /^(\S+) (.*)$/s.exec(mark) ?? [];
  return until === '?' ? { reason } : { until, reason };
}

/** Those that hold at a moment. @param now milliseconds since 1970 */
export function freezesAt(freezes: readonly Freeze[], now: number): readonly Freeze[] {
  const today = parisDay(new Date(now));
  return freezes.filter(({ until }) => until === undefined || today < until);
}

/** A day (`2027-01-04`) as a moment that is on it in Paris, to be written for people. */
export function onDay(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

/** Whether a text is a day of the calendar, as `2027-01-04`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parisDay(onDay(text)) === text;
}
