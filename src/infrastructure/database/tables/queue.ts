/** The tables of the inbox and the queue, as their queries see them. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Instant } from './instant.ts';

/** A webhook delivery as it arrived. */
export interface DeliveriesTable {
  /** `X-GitHub-Delivery`: the same for every attempt to deliver the same event. */
  id: string;
  event: string;
  action: string | null;
  installation: number | null;
  repository: string | null;
  /**
   * JSON of the jobs that it asks for, where the store has no other place for them; else empty. Versions before this kept what
   * was sent, compressed: those rows go with the week.
   */
  body: Uint8Array;
  received_at: Instant;
  /** `accepted` when it caused work, `ignored` when it did not. */
  state: 'accepted' | 'ignored';
  /** Why it was ignored. */
  reason: string | null;
}

/** Work to do, being done, or given up. What is done is deleted. */
export interface JobsTable {
  id: Generated<number>;
  kind: string;
  /** Jobs of one lane run one at a time. */
  lane: string;
  /** At most one job of a key waits: the next one takes its place. */
  key: string;
  payload: JSONColumnType<object>;
  state: ColumnType<'waiting' | 'running' | 'dead', 'waiting', 'waiting' | 'running' | 'dead'>;
  /** The account whose doing it is, as GitHub numbers it; empty when nobody's, which is one more of those who share. */
  sender: Generated<string>;
  /** Lower goes first: those who cause work have their turns one after the other. */
  turn: Generated<number>;
  /** Lower goes first, at the same turn. */
  priority: number;
  installation: number | null;
  /** The delivery that asked for it, or another name to follow it by in the logs. */
  request: string;
  /** When the oldest event that it answers arrived. */
  since: Instant;
  ready_at: Instant;
  /** How often it was started and failed; how often the process that ran it vanished. */
  attempts: Generated<number>;
  losses: Generated<number>;
  /** Changes with every claim, so that a late process cannot settle what another has taken over. */
  claim: string | null;
  held_until: Date | null;
  last_error: string | null;
  updated_at: Instant;
}

/** Installations that GitHub has asked to leave in peace for a while. */
export interface RateLimitPausesTable {
  installation: number;
  until: Date;
  reason: string;
}

export interface TimestampsTable {
  name: string;
  at: Date;
}

export interface QueueTables {
  deliveries: DeliveriesTable;
  jobs: JobsTable;
  pauses: RateLimitPausesTable;
  marks: TimestampsTable;
}
