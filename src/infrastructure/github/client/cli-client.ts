/** A way to GitHub for a command that somebody runs: as the App itself, or with a token. */
import { Octokit } from '@octokit/rest';
import type { GitHubAccount } from '#base/config/environment';
import { startupError } from '#base/config/startup-errors';
import type { Message } from '#base/i18n/message';
import { createLog, redactedText } from '#base/observability/logger';
import type { Author } from '#infrastructure/github/write/authorship';
import { fetchWithTimeout, openGitHubApp } from './app-client.ts';
import { findInstallation } from './installation.ts';
import { type RepositoryClient, repositoryClient, statusOf } from './repository-client.ts';

export interface Connection {
  /** @param repo `owner/name` */
  repository(repo: string): RepositoryClient;
  readonly author: Author;
}

export type Connected =
  | { readonly ok: true; readonly connection: Connection }
  | { readonly ok: false; readonly error: Message };

const nothing = () => undefined;

/** The login behind the token that GitHub gives to a workflow, which may not ask who it is. */
const workflow = 'github-actions[bot]';

/**
 * @param registry `owner/name`
 * @param userAgent how Greffier names itself
 */
export async function connect(
  account: GitHubAccount,
  registry: string,
  userAgent: string,
): Promise<Connected> {
  try {
    if ('token' in account) return { ok: true, connection: await withToken(account, userAgent) };
    return await asApp(account, registry, userAgent);
  } catch (error) {
    const status = statusOf(error);
    if (status === 401 || status === 404)
      return { ok: false, error: startupError('token' in account ? 'token-refused' : 'app-unknown') };
    if (status === undefined) throw error;
    return { ok: false, error: startupError('github-unreachable', { reason: redactedText(error) }) };
  }
}

async function asApp(
  account: Extract<GitHubAccount, { appId: number }>,
  registry: string,
  userAgent: string,
): Promise<Connected> {
  const github = openGitHubApp({
    appId: account.appId,
    privateKey: account.privateKey,
    ...(account.apiAddress === undefined ? {} : { baseUrl: account.apiAddress }),
    log: createLog('silent'),
    onAnswer: () => undefined,
    userAgent,
  });
  const found = await findInstallation(github, registry);
  if (!found.ok) return found;
  const client = await github.installation(found.identity.installationId);
  return { ok: true, connection: { repository: gateBy(client), author: { appId: found.identity.appId } } };
}

async function withToken(
  account: Extract<GitHubAccount, { token: unknown }>,
  userAgent: string,
): Promise<Connection> {
  const client = new Octokit({
    auth: account.token.reveal(),
    userAgent,
    request: { fetch: fetchWithTimeout },
    // It writes what is refused to the terminal; what went wrong is said in a sentence.
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    ...(account.apiAddress === undefined ? {} : { baseUrl: account.apiAddress }),
  });
  try {
    const { data } = await client.request('GET /user');
    return { repository: gateBy(client), author: { login: data.login } };
  } catch (error) {
    if (statusOf(error) !== 403) throw error;
    return { repository: gateBy(client), author: { login: workflow } };
  }
}

function gateBy(client: RepositoryClient['client']): Connection['repository'] {
  return (of) => repositoryClient(client, of);
}
