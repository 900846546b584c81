/** A repository to a GitHub that nock plays: what is sent is seen, what is not expected fails. */
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';

export const origin = 'https://api.github.com';
export const at = '/repos/org/registre';

export function repository(): RepositoryClient {
  return { client: new Octokit({ auth: 'jeton' }), owner: 'org', repo: 'registre' };
}

/** Turns the network off and nock on; to be undone with `restore`. */
export function intercept(): void {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
}

/** Forgets every expectation. @returns those that were not met. */
export function restore(): string[] {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
  return pending;
}
