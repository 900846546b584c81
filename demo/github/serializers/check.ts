/** Check runs, their annotations and deployments as GitHub's REST API gives them. */
import type { components } from '@octokit/openapi-types';
import {
  type CheckAnnotation,
  type CheckRun,
  type DeploymentStatus,
  fullName,
  type Repository,
  type RepositoryDeployment,
} from '#demo/github/state';
import { nodeId, serializeAccount } from './account.ts';
import { serializeApp } from './app.ts';
import type { SerializerContext } from './context.ts';
import { openPullRequests } from './repository.ts';

type Schemas = components['schemas'];

/** Pull requests of this repository at a commit. As at GitHub, those that come from forks are not in it. */
function pullsAt(context: SerializerContext, of: Repository, sha: string): Schemas['pull-request-minimal'][] {
  const small = (one: Repository) => ({
    id: one.id,
    name: one.name,
    url: `${context.api}/repos/${fullName(one)}`,
  });
  return openPullRequests(of)
    .filter((pull) => pull.pull.headSha === sha && pull.pull.headRepository === of)
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${context.api}/repos/${fullName(of)}/pulls/${pull.number}`,
      head: { ref: pull.pull.headRef, sha, repo: small(pull.pull.headRepository) },
      base: { ref: pull.pull.baseRef, sha: pull.pull.baseSha, repo: small(of) },
    }));
}

export function serializeCheckRun(
  context: SerializerContext,
  of: Repository,
  one: CheckRun,
): Schemas['check-run'] {
  const url = `${context.api}/repos/${fullName(of)}/check-runs/${one.id}`;
  return {
    id: one.id,
    node_id: nodeId('CheckRun', one.id),
    name: one.name,
    head_sha: one.headSha,
    external_id: one.externalId,
    url,
    html_url: `${context.html}/${fullName(of)}/runs/${one.id}`,
    details_url: one.detailsUrl ?? context.html,
    status: one.status,
    conclusion: one.conclusion,
    started_at: one.startedAt.toISOString(),
    completed_at: one.completedAt?.toISOString() ?? null,
    output: {
      title: one.title,
      summary: one.summary,
      text: one.text,
      annotations_count: one.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: one.suite },
    app: serializeApp(context, context.app),
    pull_requests: pullsAt(context, of, one.headSha),
  };
}

export function serializeAnnotation(
  context: SerializerContext,
  of: Repository,
  sha: string,
  one: CheckAnnotation,
): Schemas['check-annotation'] {
  return { ...one, blob_href: `${context.html}/${fullName(of)}/blob/${sha}/${one.path}` };
}

export function serializeDeployment(
  context: SerializerContext,
  of: Repository,
  one: RepositoryDeployment,
): Schemas['deployment'] {
  const url = `${context.api}/repos/${fullName(of)}/deployments/${one.id}`;
  return {
    url,
    id: one.id,
    node_id: nodeId('Deployment', one.id),
    sha: one.sha,
    ref: one.ref,
    task: one.task,
    payload: typeof one.payload === 'string' ? one.payload : { ...(one.payload ?? {}) },
    original_environment: one.environment,
    environment: one.environment,
    description: one.description,
    creator: serializeAccount(context, one.creator),
    created_at: one.createdAt.toISOString(),
    updated_at: (one.statuses.at(-1)?.createdAt ?? one.createdAt).toISOString(),
    statuses_url: `${url}/statuses`,
    repository_url: `${context.api}/repos/${fullName(of)}`,
    transient_environment: one.transient,
    production_environment: one.production,
    performed_via_github_app: null,
  };
}

export function serializeDeploymentStatus(
  context: SerializerContext,
  of: Repository,
  on: RepositoryDeployment,
  one: DeploymentStatus,
): Schemas['deployment-status'] {
  const parent = `${context.api}/repos/${fullName(of)}/deployments/${on.id}`;
  return {
    url: `${parent}/statuses/${one.id}`,
    id: one.id,
    node_id: nodeId('DeploymentStatus', one.id),
    state: one.state,
    creator: serializeAccount(context, one.creator),
    description: one.description,
    environment: on.environment,
    target_url: one.logUrl,
    environment_url: one.environmentUrl,
    log_url: one.logUrl,
    created_at: one.createdAt.toISOString(),
    updated_at: one.createdAt.toISOString(),
    deployment_url: parent,
    repository_url: `${context.api}/repos/${fullName(of)}`,
    performed_via_github_app: null,
  };
}
