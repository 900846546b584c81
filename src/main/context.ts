/** What the functions that do the work are given. */

import type { Configuration } from '#base/config/config-file';
import type { Settings } from '#base/config/environment';
import type { Log } from '#base/observability/logger';
import type { Measures } from '#base/observability/metrics';
import type { Store } from '#infrastructure/database/database';
import type { GitHubApp } from '#infrastructure/github/client/app-client';
import type { Jobs } from '#infrastructure/queue/job-queue';

export interface ServiceContext {
  /** From the environment. */
  readonly settings: Settings;
  /** From `GREFFIER_CONFIG`. */
  readonly configuration: Configuration;
  readonly store: Store;
  readonly jobs: Jobs;
  readonly github: GitHubApp;
  readonly log: Log;
  readonly measures: Measures;
  /** `owner/name` of the repository that is served, and the installation that gives access to it. */
  readonly registry: { readonly repo: string; readonly installation: number };
  /** The login of the App itself, such as `greffier[bot]`. */
  readonly self: string;
  readonly appId: number;
}
