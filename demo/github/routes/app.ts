/** The App, its installations, their tokens, and its webhook deliveries. */

import { randomBytes } from 'node:crypto';
import { type ApiCall, created, ok, type Route, repositoryRoute, route } from '#demo/github/api-call';
import { ApiError, notFound } from '#demo/github/api-error';
import { createInstallationToken, notAccessibleByIntegration } from '#demo/github/auth';
import { isRecord, optionalTexts } from '#demo/github/body-fields';
import { serializePublicUser, serializeTeamMembership } from '#demo/github/serializers/account';
import { serializeApp, serializeInstallation } from '#demo/github/serializers/app';
import { serializeFullRepository, serializeMinimalRepository } from '#demo/github/serializers/repository';
import {
  type AccessLevel,
  type AppInstallation,
  fullName,
  type Permissions,
  type Repository,
} from '#demo/github/state';
import type { WebhookDelivery } from '#demo/github/webhooks';

const installationOf = (call: ApiCall, found: AppInstallation | undefined) => {
  if (found === undefined) throw notFound();
  return serializeInstallation(call.store, call.store.app, found);
};

/** The rules of the default branch, as a rule set of the repository holds them. */
function branchRules(of: Repository) {
  const source = { ruleset_source_type: 'Repository', ruleset_source: fullName(of), ruleset_id: 1 };
  const checks = of.requiredChecks.map(({ context, appId }) => ({
    context,
    ...(appId === undefined ? {} : { integration_id: appId }),
  }));
  return [
    ...(checks.length === 0
      ? []
      : [
          {
            type: 'required_status_checks',
            ...source,
            parameters: {
              strict_required_status_checks_policy: false,
              required_status_checks: checks,
            },
          },
        ]),
    ...(of.requiredApprovals === 0
      ? []
      : [
          {
            type: 'pull_request',
            ...source,
            parameters: {
              required_approving_review_count: of.requiredApprovals,
              dismiss_stale_reviews_on_push: false,
              require_code_owner_review: false,
              require_last_push_approval: false,
              required_review_thread_resolution: false,
            },
          },
        ]),
  ];
}

export const appRoutes: readonly Route[] = [
  route('GET /app', 'app', (call) =>
    ok({ ...serializeApp(call.store, call.store.app), installations_count: call.store.installations.length }),
  ),
  route('GET /app/installations', 'app', (call) =>
    call.list(call.store.installations, (one) => serializeInstallation(call.store, call.store.app, one)),
  ),
  route('GET /app/installations/{installation_id}', 'app', (call) =>
    ok(installationOf(call, installationNumbered(call))),
  ),
  route('POST /app/installations/{installation_id}/access_tokens', 'app', (call) => {
    const found = installationNumbered(call);
    if (found === undefined) throw notFound();
    const names = optionalTexts(call.body, 'repositories');
    const ids = call.body.repository_ids;
    const narrowed = names !== undefined || ids !== undefined;
    const wanted = found.repositories.filter(
      (one) => names?.includes(one.name) || (Array.isArray(ids) && ids.includes(one.id)),
    );
    const permissions = wantedPermissions(call);
    const token = createInstallationToken(call.store, found, {
      ...(narrowed ? { repositories: wanted } : {}),
      ...(permissions === undefined ? {} : { permissions }),
    });
    return created({
      token: token.token,
      expires_at: token.expiresAt.toISOString(),
      permissions: token.permissions,
      repository_selection: 'selected',
      ...(narrowed ? { repositories: wanted.map((one) => serializeMinimalRepository(call.store, one)) } : {}),
    });
  }),
  route('GET /installation/repositories', 'installation', (call) => {
    if (call.caller.kind !== 'installation') throw notAccessibleByIntegration();
    const { repositories } = call.caller;
    return call.list(
      repositories,
      (one) => serializeFullRepository(call.store, one),
      (page) => ({ total_count: repositories.length, repositories: page, repository_selection: 'selected' }),
    );
  }),
  route('GET /repos/{owner}/{repo}/installation', 'app', (call) =>
    ok(installationOf(call, call.store.installationOn(call.repository))),
  ),
  repositoryRoute('GET ', ['metadata:read'], (call) =>
    ok(
      serializeFullRepository(
        call.store,
        call.repository,
        call.caller.kind === 'user' ? call.store.roleOf(call.repository, call.caller.account) : undefined,
      ),
    ),
  ),
  repositoryRoute('GET /collaborators/{username}/permission', ['metadata:read'], (call) => {
    const who = call.store.account(call.param('username'));
    const role = call.store.roleOf(call.repository, who) ?? (call.repository.private ? 'none' : 'read');
    // Four words for six roles: `maintain` is given as write, `triage` as read.
    const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
    return ok({
      permission,
      role_name: role,
      user: { ...serializePublicUser(call.store, who), role_name: role },
    });
  }),
  route('GET /orgs/{org}/teams/{team_slug}', 'installation', (call) => {
    const { caller, store } = call;
    if (caller.kind === 'installation' && caller.permissions.members === undefined)
      throw notAccessibleByIntegration();
    const slug = call.param('team_slug');
    const team = store.teams.get(call.param('org'))?.find((one) => one.slug === slug);
    if (team === undefined) throw notFound();
    return ok({ id: team.id, slug, name: slug });
  }),
  route('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', 'installation', (call) => {
    const { caller, store } = call;
    if (caller.kind === 'installation' && caller.permissions.members === undefined)
      throw notAccessibleByIntegration();
    const team = store.teams.get(call.param('org'))?.find(({ slug }) => slug === call.param('team_slug'));
    if (team === undefined || !team.members.has(call.param('username'))) throw notFound();
    return ok(serializeTeamMembership(store, call.param('org'), team, store.account(call.param('username'))));
  }),
  route('GET /user', 'anyone', (call) => {
    if (call.caller.kind !== 'user') throw notAccessibleByIntegration();
    return ok(serializePublicUser(call.store, call.caller.account));
  }),
  route('GET /users/{username}', 'anyone', (call) =>
    ok(serializePublicUser(call.store, call.store.account(call.param('username')))),
  ),
  route('GET /rate_limit', 'anyone', () => {
    const window = { limit: 5000, remaining: 5000, reset: 0, used: 0 };
    return ok({ resources: { core: window, search: window }, rate: window });
  }),
  route('POST /app-manifests/{code}/conversions', 'anyone', (call) => {
    const { store } = call;
    const manifest = store.manifests.get(call.param('code'));
    if (manifest === undefined || !manifest.confirmed) throw notFound();
    store.manifests.delete(call.param('code'));
    if (manifest.organization !== undefined) store.app.owner = store.account(manifest.organization);
    const secret = randomBytes(20).toString('hex');
    store.webhooks.target = { url: manifest.webhook, secret };
    return created({
      ...serializeApp(store, store.app),
      name: manifest.name,
      client_secret: randomBytes(20).toString('hex'),
      webhook_secret: secret,
      pem: store.appPrivateKey,
    });
  }),
  route('GET /app/hook/config', 'app', (call) => {
    const { target } = call.store.webhooks;
    return ok({
      url: target?.url ?? '',
      content_type: 'json',
      insecure_ssl: '0',
      ...(target === undefined ? {} : { secret: '********' }),
    });
  }),
  repositoryRoute('GET /rules/branches/{branch}', ['metadata:read'], (call) =>
    ok(call.param('branch') === call.repository.defaultBranch ? branchRules(call.repository) : []),
  ),
  route('GET /app/hook/deliveries', 'app', (call) => {
    const { size } = call.page();
    // Newest first; the cursor is the id of the last one that was shown.
    const cursor = Number(call.query('cursor') ?? Number.POSITIVE_INFINITY);
    const status = call.query('status');
    const rest = call.store.webhooks.deliveries
      .toReversed()
      .filter((delivery) => delivery.id < cursor)
      .filter((delivery) => status === undefined || (status === 'success') === (delivery.status === 'OK'));
    const shown = rest.slice(0, size);
    const next = new URL(call.url);
    next.searchParams.set('cursor', String(shown.at(-1)?.id ?? 0));
    return {
      ...ok(shown.map(deliveryItem)),
      ...(rest.length > size ? { headers: { link: `<${next}>; rel="next"` } } : {}),
    };
  }),
  route('GET /app/hook/deliveries/{delivery_id}', 'app', (call) => {
    const found = call.store.webhooks.deliveries.find(({ id }) => id === call.number('delivery_id'));
    if (found === undefined) throw notFound();
    return ok({
      ...deliveryItem(found),
      url: call.store.webhooks.target?.url ?? '',
      request: { headers: found.headers, payload: JSON.parse(found.body) },
      response: { headers: found.response?.headers ?? {}, payload: found.response?.body ?? '' },
    });
  }),
  route('POST /app/hook/deliveries/{delivery_id}/attempts', 'app', (call) => {
    if (!call.store.webhooks.redeliver(call.number('delivery_id'))) throw notFound();
    return { status: 202, body: {} };
  }),
];

function installationNumbered(call: ApiCall): AppInstallation | undefined {
  return call.store.installations.find(({ id }) => id === call.number('installation_id'));
}

function wantedPermissions(call: ApiCall): Permissions | undefined {
  const { permissions } = call.body;
  if (!isRecord(permissions)) return undefined;
  return Object.fromEntries(
    Object.entries(permissions).map(([name, access]): [string, AccessLevel] => {
      if (access === 'read' || access === 'write' || access === 'admin') return [name, access];
      throw new ApiError(422, `Invalid access for ${name}.`);
    }),
  );
}

function deliveryItem(one: WebhookDelivery) {
  return {
    id: one.id,
    guid: one.guid,
    delivered_at: one.deliveredAt.toISOString(),
    redelivery: one.redelivery,
    duration: one.duration,
    status: one.status,
    status_code: one.statusCode,
    event: one.event,
    action: one.action,
    installation_id: one.installation,
    repository_id: one.repository,
    throttled_at: null,
  };
}
