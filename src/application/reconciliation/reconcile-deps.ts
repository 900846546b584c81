/** What reconciling works with. */
import type { SqlLedger } from '#application/ledger/sql-ledger';
import type { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import type { CellName } from '#base/config/cells';
import type { Language } from '#base/i18n/message';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import type { AskAgain } from './recheck-outside-answers.ts';
import type { RegistrySource } from './registry-source.ts';
import type { ServedCell } from './served-cell.ts';

export interface ReconcileDeps {
  readonly source: RegistrySource;
  readonly cells: ReadonlyMap<CellName, ServedCell>;
  /** All that the operator configured, where `cells` are only those that a run is restricted to. */
  readonly configuredCells: readonly CellName[];
  readonly ledger: SqlLedger;
  readonly store: ReconcileStore;
  /** The registry's own issues, where there is a way to them. */
  readonly issues?: IssueTracker;
  /** Asks public services again. */
  readonly recheck: AskAgain;
  /** Milliseconds. */
  readonly removalDelay: number;
  /** Milliseconds from one sweep to the next. */
  readonly sweepInterval: number;
  /** A person waits for the whole truth: a sweep reads every client, however many there are and long it takes. */
  readonly isPatient?: boolean;
  readonly now: () => number;
  readonly language: Language;
  /** Who runs it, where a person does. */
  readonly by?: string;
}
