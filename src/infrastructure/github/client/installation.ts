/** Who Greffier is at GitHub, and which repository it serves. */

import { startupError } from '#base/config/startup-errors';
import type { Message } from '#base/i18n/message';
import type { GitHubApp, GitHubClient } from './app-client.ts';
import { installationsOf } from './pagination.ts';
import { comparePermissions, type PermissionComparison } from './permissions.ts';
import { statusOf } from './repository-client.ts';

export interface Installation {
  /** The login under which the App writes, such as `greffier[bot]`. */
  readonly appLogin: string;
  readonly appId: number;
  /** `owner/name`, as GitHub spells it. */
  readonly repo: string;
  readonly installationId: number;
  readonly permissions: PermissionComparison;
}

export type FoundInstallation =
  | { readonly ok: true; readonly identity: Installation }
  /** `later`: it may be mended at GitHub while this process waits. */
  | { readonly ok: false; readonly error: Message; readonly later: boolean };

interface GrantedInstallation {
  readonly id: number;
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
}

/**
 * Asks GitHub who the App is and where it is installed.
 *
 * @param registry `owner/name` when the configuration says it
 * @throws what Octokit throws when GitHub does not answer
 */
export async function findInstallation(
  github: GitHubApp,
  registry: string | undefined,
): Promise<FoundInstallation> {
  const app = await github.app();
  const { data } = await app.request('GET /app');
  if (data === null) throw new Error('GitHub says that there is no such App');
  const who = { appLogin: `${data.slug}[bot]`, appId: data.id };
  const found = registry === undefined ? await onlyRegistry(github, app) : await namedRegistry(app, registry);
  if (!('repo' in found)) return { ok: false, ...found };
  const { repo, installation } = found;
  return {
    ok: true,
    identity: {
      ...who,
      repo,
      installationId: installation.id,
      permissions: comparePermissions(installation.permissions, installation.events),
    },
  };
}

type Found =
  | { readonly repo: string; readonly installation: GrantedInstallation }
  | { readonly error: Message; readonly later: boolean };

async function namedRegistry(app: GitHubClient, registry: string): Promise<Found> {
  const [owner = '', repo = ''] = registry.split('/');
  try {
    const { data } = await app.request('GET /repos/{owner}/{repo}/installation', { owner, repo });
    return { repo: registry, installation: data };
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return { error: startupError('registry-not-installed', { registry }), later: true };
  }
}

/** More repositories than this need not be counted to know that there are several. */
const maxCounted = 10;

async function onlyRegistry(github: GitHubApp, app: GitHubClient): Promise<Found> {
  const places: { repo: string; installation: GrantedInstallation }[] = [];
  for await (const installation of installationsOf(app)) {
    const client = await github.installation(installation.id);
    const { data } = await client.request('GET /installation/repositories', { per_page: maxCounted });
    for (const { full_name: repo } of data.repositories) places.push({ repo, installation });
    if (places.length >= maxCounted) break;
  }
  const [only] = places;
  if (only === undefined) return { error: startupError('not-installed'), later: true };
  if (places.length === 1) return only;
  return {
    error: startupError('several-repositories', { repositories: places.map(({ repo }) => repo) }),
    later: false,
  };
}
