import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import type { Lease } from '#infrastructure/queue/lease';

/** A repository to which a job writes as long as its work is its own: a verdict of before never covers a later one. */
export function writingUnder(lease: Lease, repository: RepositoryClient): RepositoryClient {
  const { client } = repository;
  const request = async (...[route, parameters]: Parameters<typeof client.request>) => {
    if (!String(route).startsWith('GET ')) await lease.hold();
    return client.request(route, parameters);
  };
  return { ...repository, client: { request: Object.assign(request, client.request) } };
}
