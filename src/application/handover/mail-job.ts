/** The job that sends one mail of the outbox. */

import type { Log } from '#base/observability/logger';
import type { Job, RetryLater } from '#infrastructure/queue/job-kinds';
import { type OutboxDeps, sendMail } from './outbox.ts';

export interface MailJobDeps {
  /** Absent without a mail server: a mail stays in the outbox, and a sweep sends it once there is one. */
  readonly outbox?: OutboxDeps;
  readonly log: Log;
}

export async function runMailJob(
  { outbox, log }: MailJobDeps,
  job: Job<'mail'>,
): Promise<RetryLater | undefined> {
  if (outbox === undefined) return undefined;
  const { id } = job.payload;
  const sending = await sendMail(outbox, id);
  if (sending.kind === 'later') return { again: sending.reason };
  if (sending.kind === 'refused') log.error({ mail: id, reason: sending.reason }, 'a mail was refused');
  return undefined;
}
