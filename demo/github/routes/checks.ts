/** Check runs and deployments. */

import { notIntegration } from '#demo/github/auth';
import { type Call, created, noContent, ok, onRepository, type Route } from '#demo/github/call';
import { choice, flag, optionalText, text } from '#demo/github/fields';
import { createCheckRun, requestAgain, updateCheckRun } from '#demo/github/mutations/checks';
import { notFound, Refusal } from '#demo/github/refusal';
import { annotation, checkRun, deployment, deploymentStatus } from '#demo/github/shapes/check';
import { type CheckRun, type Deployment, deploymentStates } from '#demo/github/state';

export const checkRoutes: readonly Route[] = [
  onRepository('POST /check-runs', ['checks:write'], (call) => {
    onlyApps(call);
    const made = createCheckRun(call.world, call.repository, call.body, call.account);
    return created(checkRun(call.world, call.repository, made));
  }),
  onRepository('GET /check-runs/{check_run_id}', ['checks:read'], (call) =>
    ok(checkRun(call.world, call.repository, runNumbered(call))),
  ),
  onRepository('PATCH /check-runs/{check_run_id}', ['checks:write'], (call) => {
    onlyApps(call);
    const found = runNumbered(call);
    updateCheckRun(call.world, call.repository, found, call.body, call.account);
    return ok(checkRun(call.world, call.repository, found));
  }),
  onRepository('POST /check-runs/{check_run_id}/rerequest', ['checks:write'], (call) => {
    requestAgain(call.world, call.repository, runNumbered(call), call.account);
    return created({});
  }),
  onRepository('GET /check-runs/{check_run_id}/annotations', ['checks:read'], (call) => {
    const found = runNumbered(call);
    return call.list(found.annotations, (one) => annotation(call.world, call.repository, found.headSha, one));
  }),
  onRepository('GET /commits/{ref}/check-runs', ['checks:read'], (call) => {
    const sha = call.repository.git.resolve(call.param('ref'));
    if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.param('ref')}`);
    const [name, status, app] = [call.query('check_name'), call.query('status'), call.query('app_id')];
    const ofCommit = call.repository.checkRuns
      .filter((one) => one.headSha === sha)
      .filter((one) => name === undefined || one.name === name)
      .filter((one) => status === undefined || one.status === status)
      .filter(() => app === undefined || app === String(call.world.app.id));
    const newest = new Map(ofCommit.map((one) => [one.name, one]));
    const found = (call.query('filter') === 'all' ? ofCommit : [...newest.values()]).toReversed();
    return call.list(
      found,
      (one) => checkRun(call.world, call.repository, one),
      (page) => ({ total_count: found.length, check_runs: page }),
    );
  }),
  onRepository('GET /deployments', ['deployments:read'], (call) => {
    const filters = ['sha', 'ref', 'task', 'environment'] as const;
    const found = call.repository.deployments
      .filter((one) => filters.every((name) => [undefined, one[name]].includes(call.query(name))))
      .toReversed();
    return call.list(found, (one) => deployment(call.world, call.repository, one));
  }),
  onRepository('POST /deployments', ['deployments:write'], (call) => {
    const ref = text(call.body, 'ref');
    const sha = call.repository.git.resolve(ref);
    if (sha === undefined) throw new Refusal(422, `No ref found for: ${ref}`);
    const environment = optionalText(call.body, 'environment') ?? 'production';
    const made: Deployment = {
      id: call.world.nextId(),
      sha,
      ref,
      task: optionalText(call.body, 'task') ?? 'deploy',
      environment,
      description: optionalText(call.body, 'description') ?? null,
      payload: call.body.payload ?? {},
      production: flag(call.body, 'production_environment') ?? environment === 'production',
      transient: flag(call.body, 'transient_environment') ?? false,
      creator: call.account,
      createdAt: call.world.now(),
      statuses: [],
    };
    call.repository.deployments.push(made);
    return created(deployment(call.world, call.repository, made));
  }),
  onRepository('GET /deployments/{deployment_id}', ['deployments:read'], (call) =>
    ok(deployment(call.world, call.repository, deploymentNumbered(call))),
  ),
  onRepository('DELETE /deployments/{deployment_id}', ['deployments:write'], (call) => {
    call.repository.deployments.splice(call.repository.deployments.indexOf(deploymentNumbered(call)), 1);
    return noContent;
  }),
  onRepository('GET /deployments/{deployment_id}/statuses', ['deployments:read'], (call) => {
    const on = deploymentNumbered(call);
    return call.list(on.statuses.toReversed(), (one) =>
      deploymentStatus(call.world, call.repository, on, one),
    );
  }),
  onRepository('POST /deployments/{deployment_id}/statuses', ['deployments:write'], (call) => {
    const on = deploymentNumbered(call);
    const state = choice(call.body, 'state', deploymentStates);
    if (state === undefined) throw new Refusal(422, '"state" wasn\'t supplied.');
    const description = optionalText(call.body, 'description') ?? '';
    if (description.length > 140)
      throw new Refusal(422, 'description is too long (maximum is 140 characters)');
    const made = {
      id: call.world.nextId(),
      state,
      description,
      environmentUrl: optionalText(call.body, 'environment_url') ?? '',
      logUrl: optionalText(call.body, 'log_url') ?? '',
      createdAt: call.world.now(),
      creator: call.account,
    };
    on.statuses.push(made);
    return created(deploymentStatus(call.world, call.repository, on, made));
  }),
];

/** Only Apps write checks. */
function onlyApps(call: Call): void {
  if (call.actor.kind !== 'installation') throw new Refusal(403, 'You must authenticate via a GitHub App.');
  if (!call.actor.repositories.includes(call.repository)) throw notIntegration();
}

function runNumbered(call: Call): CheckRun {
  const found = call.repository.checkRuns.find(({ id }) => id === call.number('check_run_id'));
  if (found === undefined) throw notFound();
  return found;
}

function deploymentNumbered(call: Call): Deployment {
  const found = call.repository.deployments.find(({ id }) => id === call.number('deployment_id'));
  if (found === undefined) throw notFound();
  return found;
}
