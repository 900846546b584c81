/** The way to GitHub of the service: what each answer says of the hour's calls is measured, shared out and heeded. */
import type { EnvironmentConfig } from '#base/config/environment';
import { defined } from '#base/defined';
import { errorFields, type Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import type { Database } from '#infrastructure/database/database';
import { type GitHubAnswer, type GitHubApp, openGitHubApp } from '#infrastructure/github/client/app-client';
import type { CallBudget } from '#infrastructure/queue/call-budget';
import { pauseInstallation } from '#infrastructure/queue/rate-limit-pauses';

export interface GitHubClientDeps {
  readonly settings: EnvironmentConfig;
  readonly version: string;
  readonly store: Database;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly budget: CallBudget;
}

/** Calls to GitHub that are left for people's own use of the hour, and for what cannot wait. */
const reservedCalls = 50;

export function githubClient({
  settings,
  version,
  store,
  metrics,
  log,
  budget,
}: GitHubClientDeps): GitHubApp {
  const onAnswer = (answer: GitHubAnswer): void => {
    const { installation, method, route, status, github, limit, remaining, reset, wait } = answer;
    const fields = defined({ method, route, status, github });
    // What is written is what people see: it can be followed at the usual level.
    if (method === 'GET') log.debug(fields, 'GitHub answered');
    else log.info(fields, 'GitHub answered');
    metrics.githubCalls.inc({ method, status: String(status) });
    if (installation === undefined) return;
    budget.spent({ installation, limit, remaining, reset });
    if (remaining !== undefined)
      metrics.githubRemaining.set({ installation: String(installation) }, remaining);
    const spent = remaining !== undefined && remaining < reservedCalls && reset !== undefined;
    const seconds = wait ?? (spent ? Math.max(1, reset - Math.floor(Date.now() / 1000)) : undefined);
    if (seconds === undefined) return;
    log.warn({ installation, seconds, status, remaining }, 'GitHub asks for patience');
    pauseInstallation(
      store.db,
      installation,
      seconds,
      `GitHub answered ${status}, ${remaining ?? '?'} calls left`,
    ).catch((error: unknown) => log.error(errorFields(error), 'a pause could not be kept'));
  };
  return openGitHubApp({
    appId: settings.appId,
    privateKey: settings.privateKey,
    ...defined({ baseUrl: settings.apiAddress }),
    log,
    onAnswer,
    userAgent: `greffier/${version}`,
  });
}
