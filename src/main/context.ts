/** What the functions that do the work are given. */

import type { ResolvedRegistry } from '#application/identity/resolve-registry';
import type { Configuration } from '#base/config/config-file';
import type { EnvironmentConfig } from '#base/config/environment';
import type { Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import type { Database } from '#infrastructure/database/database';
import type { GitHubApp } from '#infrastructure/github/client/app-client';
import type { JobQueue } from '#infrastructure/queue/job-queue';

export interface ServiceContext {
  /** From the environment. */
  readonly settings: EnvironmentConfig;
  /** From `GREFFIER_CONFIG`. */
  readonly configuration: Configuration;
  readonly store: Database;
  readonly jobs: JobQueue;
  readonly github: GitHubApp;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly registry: ResolvedRegistry;
  /** The login of the App itself, such as `greffier[bot]`. */
  readonly appLogin: string;
  readonly appId: number;
}
