/** A way to GitHub for a command that somebody runs: as the App itself, or with a token. */
import { Octokit } from '@octokit/rest';
import type { GitHubAccount } from '#base/config/environment';
import { refusal } from '#base/config/startup-errors';
import type { Message } from '#base/i18n/message';
import { createLog, safeText } from '#base/observability/logger';
import type { Author } from '#infrastructure/github/write/issues';
import { openGitHubApp, patientFetch } from './app-client.ts';
import { findIdentity } from './installation.ts';
import { type Gate, gateTo, statusOf } from './repository-client.ts';

export interface Connection {
  /** @param repo `owner/name` */
  gate(repo: string): Gate;
  readonly author: Author;
}

export type Connected =
  | { readonly ok: true; readonly connection: Connection }
  | { readonly ok: false; readonly refusal: Message };

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
      return { ok: false, refusal: refusal('token' in account ? 'token-refused' : 'app-unknown') };
    if (status === undefined) throw error;
    return { ok: false, refusal: refusal('github-unreachable', { reason: safeText(error) }) };
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
  const found = await findIdentity(github, registry);
  if (!found.ok) return found;
  const client = await github.installation(found.identity.installation);
  return { ok: true, connection: { gate: gateBy(client), author: { appId: found.identity.appId } } };
}

async function withToken(
  account: Extract<GitHubAccount, { token: unknown }>,
  userAgent: string,
): Promise<Connection> {
  const client = new Octokit({
    auth: account.token.reveal(),
    userAgent,
    request: { fetch: patientFetch },
    // It writes what is refused to the terminal; what went wrong is said in a sentence.
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    ...(account.apiAddress === undefined ? {} : { baseUrl: account.apiAddress }),
  });
  try {
    const { data } = await client.request('GET /user');
    return { gate: gateBy(client), author: { login: data.login } };
  } catch (error) {
    if (statusOf(error) !== 403) throw error;
    return { gate: gateBy(client), author: { login: workflow } };
  }
}

function gateBy(client: Gate['client']): Connection['gate'] {
  return (of) => gateTo(client, of);
}
