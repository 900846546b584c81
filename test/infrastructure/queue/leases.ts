/** Leases for tests that are not about leases, and what is done under them. */
import type { Kysely } from 'kysely';
import type { Tables } from '#infrastructure/database/tables';
import type { Job } from '#infrastructure/queue/job-kinds';
import type { Lease } from '#infrastructure/queue/lease';
import type { Provisioning } from '#main/provisioning';

/** A lease that nobody takes over. */
export function freeLease(db: Kysely<Tables>): Lease {
  return { signal: new AbortController().signal, hold: async () => undefined, database: db, unflushed: db };
}

/** Provisioning, each of whose jobs is done under such a lease, or under another. */
export function undisturbed(provisioning: Provisioning, db: Kysely<Tables>, lease = freeLease(db)) {
  const { clientsOf, runProvisioningCommand, runKeep } = provisioning.forPullRequests(lease);
  return {
    lookUp: provisioning.lookUp,
    serveHandoverPage: provisioning.serveHandoverPage,
    clientsOf,
    runCommand: runProvisioningCommand,
    runKeep,
    reconcile: (job: Job<'reconcile'>) => provisioning.reconcile(job, lease),
    checkLive: (job: Job<'live-checks'>) => provisioning.checkLive(job, lease),
    sendMail: (job: Job<'mail'>) => provisioning.sendMail(job, lease),
  };
}

export type Undisturbed = ReturnType<typeof undisturbed>;
