/** Who Greffier is at GitHub, and where the repositories are on which it is installed. */

import type { GitHubApp, GitHubClient } from './app-client.ts';
import { installationsOf, repositoriesOf } from './pagination.ts';
import { comparePermissions, lackedByDesk, type PermissionComparison } from './permissions.ts';
import {
  type DescribedRepository,
  repoParams,
  repositoryClient,
  undefinedIfMissing,
} from './repository-client.ts';

/** Who the App is. */
export interface AppIdentity {
  /** The login under which the App writes, such as `greffier[bot]`. */
  readonly appLogin: string;
  readonly appId: number;
}

/** Where a repository is now, and the installation of the App that gives access to it. */
export interface LocatedRepository {
  /** The number that GitHub gives it for ever, in decimal: of all this, what identifies it. */
  readonly id: string;
  /** `owner/name`, as GitHub spells it. */
  readonly name: string;
  readonly installation: number;
  readonly permissions: PermissionComparison;
  /** What the front desk would need to send, and has not. */
  readonly lackedByDesk: readonly string[];
}

interface GrantedInstallation {
  readonly id: number;
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
}

/** Asks GitHub who the App is. @throws what Octokit throws when GitHub does not answer */
export async function readApp(github: GitHubApp): Promise<AppIdentity> {
  const { data } = await (await github.app()).request('GET /app');
  if (data === null) throw new Error('GitHub says that there is no such App');
  return { appLogin: `${data.slug}[bot]`, appId: data.id };
}

/**
 * The page on which people install the App. GitHub tells where its page is, which is not the same on an Enterprise Server
 * (docs.github.com, « Installing a GitHub App from a third party »: `/github-apps/SLUG` there, `/apps/SLUG` elsewhere).
 *
 * @throws what Octokit throws when GitHub does not answer
 */
export async function installationPage(github: GitHubApp): Promise<string> {
  const { data } = await (await github.app()).request('GET /app');
  if (data === null) throw new Error('GitHub says that there is no such App');
  return installationPageOf(data.html_url);
}

/** @param page of the App itself */
export function installationPageOf(page: string): string {
  return `${page.replace(/\/$/, '')}/installations/new`;
}

/**
 * The repository to which a name leads now. GitHub redirects from the names that a repository had (301), which is
 * followed: what is found may be called otherwise.
 *
 * @returns undefined when the App is not installed on such a repository
 */
export async function repositoryNamed(
  github: GitHubApp,
  name: string,
): Promise<LocatedRepository | undefined> {
  const asked = repositoryClient(await github.app(), name);
  const answer = await undefinedIfMissing(
    asked.client.request('GET /repos/{owner}/{repo}/installation', repoParams(asked)),
  );
  if (answer === undefined) return undefined;
  const client = await github.installation(answer.data.id);
  const described = await undefinedIfMissing(client.request('GET /repos/{owner}/{repo}', repoParams(asked)));
  return described && located(described.data, answer.data);
}

/** The repository of this number, and the installation that gives access to it: among all on which the App is installed. */
export async function repositoryNumbered(
  github: GitHubApp,
  id: string,
): Promise<LocatedRepository | undefined> {
  for await (const found of installedRepositories(github)) if (found.id === id) return found;
  return undefined;
}

/** Every repository on which the App is installed. */
export async function* installedRepositories(github: GitHubApp): AsyncGenerator<LocatedRepository, void> {
  for await (const installation of installationsOf(await github.app())) {
    const client: GitHubClient = await github.installation(installation.id);
    for await (const repository of repositoriesOf(client)) yield located(repository, installation);
  }
}

function located(repository: DescribedRepository, installation: GrantedInstallation): LocatedRepository {
  return {
    id: String(repository.id),
    name: repository.full_name,
    installation: installation.id,
    permissions: comparePermissions(installation.permissions, installation.events),
    lackedByDesk: lackedByDesk(installation.permissions),
  };
}
