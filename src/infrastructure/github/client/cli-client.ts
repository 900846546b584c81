/** A way to GitHub for a command that somebody runs: as the App itself, or with a token. */

import { Octokit } from '@octokit/rest';
import type { GitHubAccount } from '#base/config/environment';
import { startupError } from '#base/config/startup-errors';
import { defined } from '#base/defined';
import type { Message } from '#base/i18n/message';
import { networkFault } from '#base/network-fault';
import { createLog, redactedText } from '#base/observability/logger';
import type { Author } from '#infrastructure/github/write/authorship';
import { fetchWithTimeout, openGitHubApp } from './app-client.ts';
import { installationPage, readApp, repositoryNamed } from './installation.ts';
import {
  type OctokitRequester,
  type RepositoryClient,
  repoParams,
  repositoryClient,
  statusOf,
  undefinedIfMissing,
} from './repository-client.ts';

export interface Connection {
  /** The registry, to whose number whatever is read of it is held. */
  readonly registry: RepositoryClient & { readonly id: string };
  /** @param name `owner/name` */
  repository(name: string, id?: string): RepositoryClient;
  /** The number of the repository to which a name leads; undefined when GitHub shows none. */
  numberOf(name: string): Promise<string | undefined>;
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
    if ('token' in account) return await withToken(account, registry, userAgent);
    return await asApp(account, registry, userAgent);
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    return { ok: false, error: githubFault(error, account) };
  }
}

/** What an error says of the way to GitHub, when it comes of the first things that are asked there. */
export function githubFault(
  error: unknown,
  account: { readonly apiAddress?: string | undefined } & ({ readonly token: unknown } | object),
): Message {
  const status = statusOf(error);
  if (status === 401 || status === 404)
    return startupError('token' in account ? 'token-refused' : 'app-unknown');
  // Octokit gives what never was answered the status 500.
  const fault = networkFault(error);
  return fault === undefined
    ? startupError('github-unreachable', { reason: redactedText(error) })
    : startupError(fault, { host: new URL(account.apiAddress ?? 'https://api.github.com').host });
}

async function asApp(
  account: Extract<GitHubAccount, { appId: number }>,
  registry: string,
  userAgent: string,
): Promise<Connected> {
  const github = openGitHubApp({
    appId: account.appId,
    privateKey: account.privateKey,
    ...defined({ baseUrl: account.apiAddress }),
    log: createLog('silent'),
    onAnswer: () => undefined,
    userAgent,
  });
  const { appId } = await readApp(github);
  const found = await repositoryNamed(github, registry);
  if (found === undefined) {
    const install = await installationPage(github);
    return { ok: false, error: startupError('registry-not-installed', { registry, install }) };
  }
  return connected(await github.installation(found.installation), registry, { appId });
}

async function withToken(
  account: Extract<GitHubAccount, { token: unknown }>,
  registry: string,
  userAgent: string,
): Promise<Connected> {
  const client = new Octokit({
    auth: account.token.reveal(),
    userAgent,
    request: { fetch: fetchWithTimeout },
    // It writes what is refused to the terminal; what went wrong is said in a sentence.
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    ...defined({ baseUrl: account.apiAddress }),
  });
  try {
    const { data } = await client.request('GET /user');
    return await connected(client, registry, { login: data.login });
  } catch (error) {
    if (statusOf(error) !== 403) throw error;
    return await connected(client, registry, { login: workflow });
  }
}

async function connected(client: OctokitRequester, registry: string, author: Author): Promise<Connected> {
  const repository = (name: string, number?: string) => repositoryClient(client, name, number);
  const described = (name: string) =>
    undefinedIfMissing(client.request('GET /repos/{owner}/{repo}', repoParams(repository(name))));
  const found = await described(registry);
  if (found === undefined) return { ok: false, error: startupError('registry-unseen', { registry }) };
  const id = String(found.data.id);
  return {
    ok: true,
    connection: {
      registry: { ...repositoryClient(client, found.data.full_name, id), id },
      repository,
      async numberOf(name) {
        const answer = await described(name);
        return answer && String(answer.data.id);
      },
      author,
    },
  };
}
