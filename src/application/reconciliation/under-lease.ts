/**
 * What a job reconciles with, all of it under the job's lease: the ledger and what is stored besides, the identity
 * providers, the issues in which people are asked. Nothing of it acts once the work is another process's.
 */
import { type LedgerOptions, SqlLedger } from '#application/ledger/sql-ledger';
import type { OutcomePublisher } from '#application/reconciliation/outcomes/outcome-publisher';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { defined } from '#base/defined';
import { holding, type Lease } from '#infrastructure/queue/lease';
import { type CellsDeps, servedCells } from './cells.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';

/** What is the same whoever holds the lease. */
export interface ReconciliationParts {
  readonly cells: CellsDeps;
  readonly ledger: Omit<LedgerOptions, 'db'>;
  readonly source: ReconcileDeps['source'];
  readonly recheck: ReconcileDeps['recheck'];
  /** Milliseconds. */
  readonly removalDelay: number;
  /** Milliseconds from one sweep to the next. */
  readonly sweepInterval: number;
}

export function reconciliationUnder(lease: Lease, parts: ReconciliationParts): ReconcileDeps {
  const { source, recheck, removalDelay, sweepInterval } = parts;
  const { fetch, trackerFor, now, language } = parts.cells;
  const leasedTracker: CellsDeps['trackerFor'] = (repository) => {
    const tracker = trackerFor(repository);
    return tracker && holding(lease, tracker);
  };
  const cells = servedCells({
    ...parts.cells,
    fetch: async (url, init) => {
      await lease.hold();
      return fetch(url, init);
    },
    trackerFor: leasedTracker,
  });
  return {
    source,
    recheck,
    removalDelay,
    sweepInterval,
    now,
    cells,
    configuredCells: [...cells.keys()],
    ledger: new SqlLedger({ ...parts.ledger, db: lease.database }),
    store: new ReconcileStore(lease.database, parts.ledger.registry),
    ...defined({ issues: leasedTracker(undefined) }),
    /** That of the settings as they were read last. */
    get language() {
      return language();
    },
  };
}

export function publisherUnder(lease: Lease, publisher: OutcomePublisher): OutcomePublisher {
  const { issues, ...calls } = publisher;
  return { ...holding(lease, calls), issues: holding(lease, issues) };
}
