import type { ColumnType } from 'kysely';

/** A moment: read as a `Date`; written as a `Date` or left to its default. */
export type Instant = ColumnType<Date, Date | undefined, Date>;

/** The same, where there may be none. */
export type MaybeInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;
