/** Publishes what became of a merge: one comment by marker, and deployments. */
import { exactId } from '#infrastructure/github/client/exact-id';
import {
  type RepositoryClient,
  repoParams,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { isSameText } from './authorship.ts';
import { findComment } from './find-comment.ts';
import { githubBody } from './github-body.ts';

/** Writes our comment of a marker; nothing when nothing differs. */
export async function upsertComment(
  repository: RepositoryClient,
  number: number,
  marker: string,
  body: string,
  appId: number,
): Promise<void> {
  const id = await findComment(repository, number, marker, appId);
  const there =
    id === undefined
      ? undefined
      : await undefinedIfMissing(
          repository.client.request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', {
            ...repoParams(repository),
            comment_id: id,
          }),
        );
  // Whoever deletes it meanwhile has it written again.
  const create = async () => {
    await repository.client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...repoParams(repository),
      issue_number: number,
      body: githubBody(body),
    });
  };
  if (id === undefined || there === undefined) return create();
  if (isSameText(there.data.body, body)) return;
  const patched = await undefinedIfMissing(
    repository.client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      ...repoParams(repository),
      comment_id: id,
      body: githubBody(body),
    }),
  );
  if (patched === undefined) await create();
}

/** The deployment of a commit to an environment that is there already, or a new one. @returns its id */
export async function upsertDeployment(
  repository: RepositoryClient,
  commit: string,
  environment: string,
): Promise<number> {
  const { data: present } = await repository.client.request('GET /repos/{owner}/{repo}/deployments', {
    ...repoParams(repository),
    sha: commit,
    environment,
    per_page: 1,
  });
  const [known] = present;
  if (known !== undefined) return exactId(known.id);
  const { data } = await repository.client.request('POST /repos/{owner}/{repo}/deployments', {
    ...repoParams(repository),
    ref: commit,
    environment,
    auto_merge: false,
    // What is deployed was merged already: no check is to hold it up.
    required_contexts: [],
    production_environment: environment.endsWith('-production'),
  });
  if (!('id' in data)) throw new Error(`GitHub made no deployment of ${commit}`);
  return exactId(data.id);
}

/** Gives a deployment a state, unless it is the one it was given last. */
export async function setDeploymentState(
  repository: RepositoryClient,
  id: number,
  state: 'success' | 'failure' | 'in_progress',
): Promise<void> {
  const { data: newest } = await repository.client.request(
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    { ...repoParams(repository), deployment_id: id, per_page: 1 },
  );
  if (newest[0]?.state === state) return;
  await repository.client.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    ...repoParams(repository),
    deployment_id: id,
    state,
  });
}
