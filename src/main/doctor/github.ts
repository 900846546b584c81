/** The App, the registry and its default branch, the webhooks and the clock, as GitHub tells of them. */

import { cellNames } from '#base/config/cells';
import type { Secret } from '#base/config/secret';
import { type StartupErrorName, startupError } from '#base/config/startup-errors';
import { defined } from '#base/defined';
import { createLog } from '#base/observability/logger';
import { isSigned } from '#http/webhook/signature';
import { type GitHubApp, type GitHubClient, openGitHubApp } from '#infrastructure/github/client/app-client';
import { githubFault } from '#infrastructure/github/client/cli-client';
import {
  installationPage,
  installedRepositories,
  type LocatedRepository,
  readApp,
  repositoryNamed,
} from '#infrastructure/github/client/installation';
import {
  type RepositoryClient,
  repoParams,
  repositoryClient,
} from '#infrastructure/github/client/repository-client';
import { readRepository } from '#infrastructure/github/read/repository';
import { requiredChecks } from '#infrastructure/github/read/required-checks';
import { broken, type Diagnosis, doubtful, fine, unproven } from './diagnosis.ts';
import type { Installation } from './installation.ts';

/** The name of the check run. */
const check = 'greffier';
/** Seconds by which a clock may differ: GitHub takes a signature of the App for up to ten minutes, and from no future. */
const maxClockSkew = 30;

function fault(name: StartupErrorName, values: Record<string, string | readonly string[]> = {}): Diagnosis {
  return { area: 'github', status: 'error', said: { by: 'start', message: startupError(name, values) } };
}

export async function examineGitHub(installation: Installation): Promise<readonly Diagnosis[]> {
  const { settings, version } = installation;
  const github = openGitHubApp({
    appId: settings.appId,
    privateKey: settings.privateKey,
    ...defined({ baseUrl: settings.apiAddress }),
    // What Octokit would print would stand among what is found.
    log: createLog('silent', { write: () => undefined }),
    onAnswer: () => undefined,
    userAgent: `greffier/${version}`,
  });
  const clock = await examineClock(installation);
  try {
    const { appId } = await readApp(github);
    const registry = await findRegistry(github, installation);
    if ('area' in registry) return [...clock, registry, ...(await examineWebhook(github, installation))];
    const { missing, surplus } = registry.permissions;
    const repository = repositoryClient(await github.installation(registry.installation), registry.name);
    return [
      ...clock,
      missing.length > 0 ? broken('github', 'permission-missing', { missing }) : fine('github'),
      ...deskRights(installation, registry),
      ...(surplus.length > 0 ? [doubtful('github', 'permission-surplus', { surplus })] : []),
      ...(await examineProtection(repository, appId)),
      ...(await examineWebhook(github, installation)),
      ...(await examineRequests(github, installation, registry.name)),
    ];
  } catch (error) {
    const message = githubFault(error, { apiAddress: settings.apiAddress });
    return [...clock, { area: 'github', status: 'error', said: { by: 'start', message } }];
  }
}

/** What the front desk needs to send. */
function deskRights(
  { configuration }: Installation,
  { lackedByDesk }: LocatedRepository,
): readonly Diagnosis[] {
  return configuration.frontDesk?.signIn === undefined || lackedByDesk.length === 0
    ? []
    : [broken('github', 'desk-denied', { missing: lackedByDesk })];
}

async function findRegistry(
  github: GitHubApp,
  { configuration }: Installation,
): Promise<LocatedRepository | Diagnosis> {
  const { registry } = configuration;
  if (registry !== undefined)
    return (
      (await repositoryNamed(github, registry)) ??
      fault('registry-not-installed', { registry, install: await installationPage(github) })
    );
  const found: LocatedRepository[] = [];
  for await (const one of installedRepositories(github)) found.push(one);
  const [only, ...others] = found;
  if (only === undefined) return fault('not-installed', { install: await installationPage(github) });
  if (others.length > 0)
    return fault('several-repositories', { repositories: found.map(({ name }) => name) });
  return only;
}

async function examineProtection(repository: RepositoryClient, app: number): Promise<readonly Diagnosis[]> {
  const { defaultBranch: branch } = await readRepository(repository);
  const required = await requiredChecks(repository, branch);
  if (required === undefined) return [doubtful('protection', 'protection-hidden', { branch, check })];
  const ours = required.filter(({ context }) => context === check);
  if (ours.length === 0) return [broken('protection', 'check-not-required', { branch, check })];
  if (ours.some(({ appId }) => appId === app)) return [fine('protection')];
  const other = ours.find(({ appId }) => appId !== undefined)?.appId;
  return [
    other === undefined
      ? broken('protection', 'check-of-anyone', { branch, check })
      : broken('protection', 'check-of-another', { branch, check, other, app }),
  ];
}

async function examineWebhook(github: GitHubApp, { settings }: Installation): Promise<readonly Diagnosis[]> {
  const app = await github.app();
  const { data } = await app.request('GET /app/hook/config');
  const { publicUrl } = settings;
  const expected = publicUrl === undefined ? data.url : `${publicUrl}/api/github/webhooks`;
  if (data.url !== expected || expected === undefined)
    return [
      broken('webhook', 'webhook-elsewhere', {
        url: data.url ?? '',
        expected: expected ?? 'PUBLIC_URL/api/github/webhooks',
      }),
    ];
  if (data.content_type === 'form') return [broken('webhook', 'webhook-form')];
  if (data.secret === undefined || data.secret === '') return [broken('webhook', 'webhook-unsigned')];
  const { data: deliveries } = await app.request('GET /app/hook/deliveries', { per_page: 1 });
  const [last] = deliveries;
  if (last === undefined) return [unproven('webhook', 'webhook-undelivered')];
  const isOurs = await isSignedByUs(app, last.id, settings.webhookSecrets);
  if (last.status_code === 401)
    return [
      broken('webhook', isOurs ? 'webhook-refused-elsewhere' : 'webhook-refused', { status: 'HTTP 401' }),
    ];
  if (last.status_code < 200 || last.status_code > 299)
    return [doubtful('webhook', 'webhook-failing', { status: last.status, expected })];
  return [isOurs ? fine('webhook') : unproven('webhook', 'webhook-unproven')];
}

/**
 * Whether GitHub signed a delivery with our secret, which it does not tell: it shows what it sent, and the signature. The bytes
 * are made again from what it shows, so that equality proves it and the contrary proves nothing.
 */
async function isSignedByUs(
  app: GitHubClient,
  delivery: number | bigint,
  secrets: readonly Secret[],
): Promise<boolean> {
  const { data } = await app.request('GET /app/hook/deliveries/{delivery_id}', {
    delivery_id: Number(delivery),
  });
  const headers = Object.entries(data.request.headers ?? {});
  const signature = headers.find(([name]) => name.toLowerCase() === 'x-hub-signature-256')?.[1];
  return (
    typeof signature === 'string' &&
    isSigned(Buffer.from(JSON.stringify(data.request.payload)), signature, secrets)
  );
}

/** Where people are asked, their issues must be open. */
async function examineRequests(
  github: GitHubApp,
  { configuration }: Installation,
  registry: string,
): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (const name of cellNames) {
    const cell = configuration.cells[name];
    if (cell?.provider !== 'manual') continue;
    const repository = cell.repository ?? registry;
    const located = await repositoryNamed(github, repository);
    if (located === undefined) {
      found.push(
        broken('cells', 'issues-unseen', { cell: name, repository, install: await installationPage(github) }),
      );
      continue;
    }
    // Of another owner it is another installation, to which other rights may have been given.
    const missing = located.permissions.missing.filter((one) => one.startsWith('issues:'));
    if (missing.length > 0) {
      found.push(broken('cells', 'issues-denied', { cell: name, repository, missing }));
      continue;
    }
    const client = repositoryClient(await github.installation(located.installation), located.name);
    const { data } = await client.client.request('GET /repos/{owner}/{repo}', repoParams(client));
    found.push(
      data.has_issues ? fine('cells') : broken('cells', 'issues-closed', { cell: name, repository }),
    );
  }
  return found;
}

/** By the date that GitHub writes on every answer, signed in or not. */
async function examineClock({ settings, fetch, now }: Installation): Promise<readonly Diagnosis[]> {
  try {
    const before = now();
    const response = await fetch(new URL(settings.apiAddress ?? 'https://api.github.com'), {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    });
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return [];
    const seconds = Math.round(Math.max(0, Math.abs(theirs - before) - (now() - before)) / 1000);
    return seconds > maxClockSkew ? [broken('clock', 'clock-wrong', { seconds })] : [fine('clock')];
  } catch {
    // That it does not answer is said of the App.
    return [];
  }
}
