/** What the functions that do the work are given. */
import type { Jobs } from '../work/jobs.ts';
import type { Store } from '../work/store.ts';
import type { Configuration } from './configuration.ts';
import type { GitHubApp } from './github-app.ts';
import type { Log } from './log.ts';
import type { Measures } from './measures.ts';
import type { Settings } from './settings.ts';

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
