/** Publishes what became of a merge: one comment by marker, and deployments. */
import { at, type Gate } from '#infrastructure/github/client/repository-client';
import { findComment } from './review-output.ts';

/** Writes our comment of a marker; nothing when nothing differs. */
export async function keepComment(
  gate: Gate,
  number: number,
  marker: string,
  body: string,
  appId: number,
): Promise<void> {
  const id = await findComment(gate, number, marker, appId);
  if (id === undefined) {
    await gate.client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...at(gate),
      issue_number: number,
      body,
    });
    return;
  }
  const { data } = await gate.client.request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', {
    ...at(gate),
    comment_id: id,
  });
  if ((data.body ?? '').replaceAll('\r\n', '\n').trimEnd() === body.trimEnd()) return;
  await gate.client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
    ...at(gate),
    comment_id: id,
    body,
  });
}

/** The deployment of a commit to an environment that is there already, or a new one. @returns its id */
export async function keepDeployment(gate: Gate, commit: string, environment: string): Promise<number> {
  const { data: present } = await gate.client.request('GET /repos/{owner}/{repo}/deployments', {
    ...at(gate),
    sha: commit,
    environment,
    per_page: 1,
  });
  const [known] = present;
  if (known !== undefined) return Number(known.id);
  const { data } = await gate.client.request('POST /repos/{owner}/{repo}/deployments', {
    ...at(gate),
    ref: commit,
    environment,
    auto_merge: false,
    // What is deployed was merged already: no check is to hold it up.
    required_contexts: [],
    production_environment: environment.endsWith('-production'),
  });
  if (!('id' in data)) throw new Error(`GitHub made no deployment of ${commit}`);
  return Number(data.id);
}

/** Gives a deployment a state, unless it is the one it was given last. */
export async function setDeploymentState(
  gate: Gate,
  id: number,
  state: 'success' | 'failure' | 'in_progress',
): Promise<void> {
  const { data: newest } = await gate.client.request(
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    { ...at(gate), deployment_id: id, per_page: 1 },
  );
  if (newest[0]?.state === state) return;
  await gate.client.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    ...at(gate),
    deployment_id: id,
    state,
  });
}
