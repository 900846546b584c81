/** What reconciling stores besides the ledger, each part by a store of its own. */
import type { FencedDatabase } from '#infrastructure/queue/lease';
import { AgreedSettingsStore } from './agreed-settings-store.ts';
import { ClosedPullStore } from './closed-pull-store.ts';
import { ConfirmationStore } from './confirmation-store.ts';
import { MergeStore } from './merge-store.ts';
import { ObservationStore } from './observation-store.ts';
import { OriginStore } from './origin-store.ts';
import { ShownPlanStore } from './shown-plan-store.ts';
import { TopicStore } from './topic-store.ts';

export class ReconcileStore {
  readonly origins: OriginStore;
  readonly merges: MergeStore;
  readonly shownPlans: ShownPlanStore;
  readonly confirmations: ConfirmationStore;
  readonly observations: ObservationStore;
  readonly settings: AgreedSettingsStore;
  readonly topics: TopicStore;
  readonly closedPulls: ClosedPullStore;

  /** @param db under the lease of a job, where a job writes it */
  constructor(db: FencedDatabase, registry: string) {
    this.origins = new OriginStore(db, registry);
    this.merges = new MergeStore(db, registry);
    this.shownPlans = new ShownPlanStore(db, registry);
    this.confirmations = new ConfirmationStore(db, registry);
    this.observations = new ObservationStore(db, registry);
    this.settings = new AgreedSettingsStore(db, registry);
    this.topics = new TopicStore(db, registry);
    this.closedPulls = new ClosedPullStore(db, registry);
  }
}
