/**
 * Every table of the store, as its queries see it: one type for one database. A table is created by a migration
 * (`migrations/`) and declared once (`tables/`).
 */
import type { FrontDeskTables } from './tables/front-desk.ts';
import type { IdentityTables } from './tables/identity.ts';
import type { ProvisioningTables } from './tables/provisioning.ts';
import type { QueueTables } from './tables/queue.ts';
import type { ReviewTables } from './tables/review.ts';

export interface Tables
  extends QueueTables,
    ReviewTables,
    ProvisioningTables,
    IdentityTables,
    FrontDeskTables {}
