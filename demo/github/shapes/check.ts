/** Check runs, their annotations and deployments as GitHub's REST API tells them. */
import type { components } from '@octokit/openapi-types';
import {
  type Annotation,
  type CheckRun,
  type Deployment,
  type DeploymentStatus,
  fullName,
  type Repository,
} from '#demo/github/state';
import type { Addresses } from '#demo/github/world';
import { account, nodeId } from './account.ts';
import { integration } from './app.ts';
import { openPullRequests } from './repository.ts';

type Schemas = components['schemas'];

/** Pull requests of this repository at a commit. As at GitHub, those that come from forks are not in it. */
function pullsAt(at: Addresses, of: Repository, sha: string): Schemas['pull-request-minimal'][] {
  const small = (one: Repository) => ({
    id: one.id,
    name: one.name,
    url: `${at.api}/repos/${fullName(one)}`,
  });
  return openPullRequests(of)
    .filter((pull) => pull.pull.headSha === sha && pull.pull.headRepository === of)
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${at.api}/repos/${fullName(of)}/pulls/${pull.number}`,
      head: { ref: pull.pull.headRef, sha, repo: small(pull.pull.headRepository) },
      base: { ref: pull.pull.baseRef, sha: pull.pull.baseSha, repo: small(of) },
    }));
}

export function checkRun(at: Addresses, of: Repository, one: CheckRun): Schemas['check-run'] {
  const url = `${at.api}/repos/${fullName(of)}/check-runs/${one.id}`;
  return {
    id: one.id,
    node_id: nodeId('CheckRun', one.id),
    name: one.name,
    head_sha: one.headSha,
    external_id: one.externalId,
    url,
    html_url: `${at.html}/${fullName(of)}/runs/${one.id}`,
    details_url: one.detailsUrl ?? at.html,
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
    app: integration(at, at.app),
    pull_requests: pullsAt(at, of, one.headSha),
  };
}

export function annotation(
  at: Addresses,
  of: Repository,
  sha: string,
  one: Annotation,
): Schemas['check-annotation'] {
  return { ...one, blob_href: `${at.html}/${fullName(of)}/blob/${sha}/${one.path}` };
}

export function deployment(at: Addresses, of: Repository, one: Deployment): Schemas['deployment'] {
  const url = `${at.api}/repos/${fullName(of)}/deployments/${one.id}`;
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
    creator: account(at, one.creator),
    created_at: one.createdAt.toISOString(),
    updated_at: (one.statuses.at(-1)?.createdAt ?? one.createdAt).toISOString(),
    statuses_url: `${url}/statuses`,
    repository_url: `${at.api}/repos/${fullName(of)}`,
    transient_environment: one.transient,
    production_environment: one.production,
    performed_via_github_app: null,
  };
}

export function deploymentStatus(
  at: Addresses,
  of: Repository,
  on: Deployment,
  one: DeploymentStatus,
): Schemas['deployment-status'] {
  const parent = `${at.api}/repos/${fullName(of)}/deployments/${on.id}`;
  return {
    url: `${parent}/statuses/${one.id}`,
    id: one.id,
    node_id: nodeId('DeploymentStatus', one.id),
    state: one.state,
    creator: account(at, one.creator),
    description: one.description,
    environment: on.environment,
    target_url: one.logUrl,
    environment_url: one.environmentUrl,
    log_url: one.logUrl,
    created_at: one.createdAt.toISOString(),
    updated_at: one.createdAt.toISOString(),
    deployment_url: parent,
    repository_url: `${at.api}/repos/${fullName(of)}`,
    performed_via_github_app: null,
  };
}
