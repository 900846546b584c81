/** Check runs and deployments. */

import { type ApiCall, created, noContent, ok, type Route, repositoryRoute } from '#demo/github/api-call';
import { ApiError, notFound } from '#demo/github/api-error';
import { notAccessibleByIntegration } from '#demo/github/auth';
import { optionalBoolean, optionalChoice, optionalText, requiredText } from '#demo/github/body-fields';
import { createCheckRun, requestRerun, updateCheckRun } from '#demo/github/mutations/checks';
import {
  serializeAnnotation,
  serializeCheckRun,
  serializeDeployment,
  serializeDeploymentStatus,
} from '#demo/github/serializers/check';
import { type CheckRun, deploymentStates, type RepositoryDeployment } from '#demo/github/state';

export const checkRoutes: readonly Route[] = [
  repositoryRoute('POST /check-runs', ['checks:write'], (call) => {
    requireApp(call);
    const made = createCheckRun(call.store, call.repository, call.body, call.account);
    return created(serializeCheckRun(call.store, call.repository, made));
  }),
  repositoryRoute('GET /check-runs/{check_run_id}', ['checks:read'], (call) =>
    ok(serializeCheckRun(call.store, call.repository, runNumbered(call))),
  ),
  repositoryRoute('PATCH /check-runs/{check_run_id}', ['checks:write'], (call) => {
    requireApp(call);
    const found = runNumbered(call);
    updateCheckRun(call.store, call.repository, found, call.body, call.account);
    return ok(serializeCheckRun(call.store, call.repository, found));
  }),
  repositoryRoute('POST /check-runs/{check_run_id}/rerequest', ['checks:write'], (call) => {
    requestRerun(call.store, call.repository, runNumbered(call), call.account);
    return created({});
  }),
  repositoryRoute('GET /check-runs/{check_run_id}/annotations', ['checks:read'], (call) => {
    const found = runNumbered(call);
    return call.list(found.annotations, (one) =>
      serializeAnnotation(call.store, call.repository, found.headSha, one),
    );
  }),
  repositoryRoute('GET /commits/{ref}/check-runs', ['checks:read'], (call) => {
    const sha = call.repository.git.resolve(call.param('ref'));
    if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${call.param('ref')}`);
    const [name, status, app] = [call.query('check_name'), call.query('status'), call.query('app_id')];
    const ofCommit = call.repository.checkRuns
      .filter((one) => one.headSha === sha)
      .filter((one) => name === undefined || one.name === name)
      .filter((one) => status === undefined || one.status === status)
      .filter(() => app === undefined || app === String(call.store.app.id));
    const newest = new Map(ofCommit.map((one) => [one.name, one]));
    const found = (call.query('filter') === 'all' ? ofCommit : [...newest.values()]).toReversed();
    return call.list(
      found,
      (one) => serializeCheckRun(call.store, call.repository, one),
      (page) => ({ total_count: found.length, check_runs: page }),
    );
  }),
  repositoryRoute('GET /deployments', ['deployments:read'], (call) => {
    const filters = ['sha', 'ref', 'task', 'environment'] as const;
    const found = call.repository.deployments
      .filter((one) => filters.every((name) => [undefined, one[name]].includes(call.query(name))))
      .toReversed();
    return call.list(found, (one) => serializeDeployment(call.store, call.repository, one));
  }),
  repositoryRoute('POST /deployments', ['deployments:write'], (call) => {
    const ref = requiredText(call.body, 'ref');
    const sha = call.repository.git.resolve(ref);
    if (sha === undefined) throw new ApiError(422, `No ref found for: ${ref}`);
    const environment = optionalText(call.body, 'environment') ?? 'production';
    const made: RepositoryDeployment = {
      id: call.store.nextId(),
      sha,
      ref,
      task: optionalText(call.body, 'task') ?? 'deploy',
      environment,
      description: optionalText(call.body, 'description') ?? null,
      payload: call.body.payload ?? {},
      production: optionalBoolean(call.body, 'production_environment') ?? environment === 'production',
      transient: optionalBoolean(call.body, 'transient_environment') ?? false,
      creator: call.account,
      createdAt: call.store.now(),
      statuses: [],
    };
    call.repository.deployments.push(made);
    return created(serializeDeployment(call.store, call.repository, made));
  }),
  repositoryRoute('GET /deployments/{deployment_id}', ['deployments:read'], (call) =>
    ok(serializeDeployment(call.store, call.repository, deploymentNumbered(call))),
  ),
  repositoryRoute('DELETE /deployments/{deployment_id}', ['deployments:write'], (call) => {
    call.repository.deployments.splice(call.repository.deployments.indexOf(deploymentNumbered(call)), 1);
    return noContent;
  }),
  repositoryRoute('GET /deployments/{deployment_id}/statuses', ['deployments:read'], (call) => {
    const on = deploymentNumbered(call);
    return call.list(on.statuses.toReversed(), (one) =>
      serializeDeploymentStatus(call.store, call.repository, on, one),
    );
  }),
  repositoryRoute('POST /deployments/{deployment_id}/statuses', ['deployments:write'], (call) => {
    const on = deploymentNumbered(call);
    const state = optionalChoice(call.body, 'state', deploymentStates);
    if (state === undefined) throw new ApiError(422, '"state" wasn\'t supplied.');
    const description = optionalText(call.body, 'description') ?? '';
    if (description.length > 140)
      throw new ApiError(422, 'description is too long (maximum is 140 characters)');
    const made = {
      id: call.store.nextId(),
      state,
      description,
      environmentUrl: optionalText(call.body, 'environment_url') ?? '',
      logUrl: optionalText(call.body, 'log_url') ?? '',
      createdAt: call.store.now(),
      creator: call.account,
    };
    on.statuses.push(made);
    return created(serializeDeploymentStatus(call.store, call.repository, on, made));
  }),
];

/** Only Apps write checks. */
function requireApp(call: ApiCall): void {
  if (call.caller.kind !== 'installation') throw new ApiError(403, 'You must authenticate via a GitHub App.');
  if (!call.caller.repositories.includes(call.repository)) throw notAccessibleByIntegration();
}

function runNumbered(call: ApiCall): CheckRun {
  const found = call.repository.checkRuns.find(({ id }) => id === call.number('check_run_id'));
  if (found === undefined) throw notFound();
  return found;
}

function deploymentNumbered(call: ApiCall): RepositoryDeployment {
  const found = call.repository.deployments.find(({ id }) => id === call.number('deployment_id'));
  if (found === undefined) throw notFound();
  return found;
}
