/** The App, its installations, their tokens, and its webhook deliveries. */
import { createInstallationToken, notIntegration } from '#demo/github/auth';
import { type Call, created, ok, onRepository, type Route, route } from '#demo/github/call';
import { isRecord, texts } from '#demo/github/fields';
import { notFound, Refusal } from '#demo/github/refusal';
import { publicUser, teamMembership } from '#demo/github/shapes/account';
import { installation, integration } from '#demo/github/shapes/app';
import { fullRepository, minimalRepository } from '#demo/github/shapes/repository';
import type { Access, Installation, Permissions } from '#demo/github/state';
import type { Delivery } from '#demo/github/webhooks';

const installationOf = (call: Call, found: Installation | undefined) => {
  if (found === undefined) throw notFound();
  return installation(call.world, call.world.app, found);
};

export const appRoutes: readonly Route[] = [
  route('GET /app', 'app', (call) =>
    ok({ ...integration(call.world, call.world.app), installations_count: call.world.installations.length }),
  ),
  route('GET /app/installations', 'app', (call) =>
    call.list(call.world.installations, (one) => installation(call.world, call.world.app, one)),
  ),
  route('GET /app/installations/{installation_id}', 'app', (call) =>
    ok(installationOf(call, installationNumbered(call))),
  ),
  route('POST /app/installations/{installation_id}/access_tokens', 'app', (call) => {
    const found = installationNumbered(call);
    if (found === undefined) throw notFound();
    const names = texts(call.body, 'repositories');
    const ids = call.body.repository_ids;
    const wanted = found.repositories.filter(
      (one) =>
        (names === undefined && ids === undefined) ||
        names?.includes(one.name) ||
        (Array.isArray(ids) && ids.includes(one.id)),
    );
    const permissions = wantedPermissions(call);
    const token = createInstallationToken(call.world, found, {
      repositories: wanted,
      ...(permissions === undefined ? {} : { permissions }),
    });
    return created({
      token: token.token,
      expires_at: token.expiresAt.toISOString(),
      permissions: token.permissions,
      repository_selection: 'selected',
      ...(names === undefined && ids === undefined
        ? {}
        : { repositories: wanted.map((one) => minimalRepository(call.world, one)) }),
    });
  }),
  route('GET /installation/repositories', 'installation', (call) => {
    if (call.actor.kind !== 'installation') throw notIntegration();
    const { repositories } = call.actor;
    return call.list(
      repositories,
      (one) => fullRepository(call.world, one),
      (page) => ({ total_count: repositories.length, repositories: page, repository_selection: 'selected' }),
    );
  }),
  route('GET /repos/{owner}/{repo}/installation', 'app', (call) =>
    ok(installationOf(call, call.world.installationOn(call.repository))),
  ),
  onRepository('GET ', ['metadata:read'], (call) =>
    ok(
      fullRepository(
        call.world,
        call.repository,
        call.actor.kind === 'user' ? call.world.roleOf(call.repository, call.actor.account) : undefined,
      ),
    ),
  ),
  onRepository('GET /collaborators/{username}/permission', ['metadata:read'], (call) => {
    const who = call.world.account(call.param('username'));
    const role = call.world.roleOf(call.repository, who) ?? (call.repository.private ? 'none' : 'read');
    // Four words for six roles: `maintain` is told as write, `triage` as read.
    const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
    return ok({
      permission,
      role_name: role,
      user: { ...publicUser(call.world, who), role_name: role },
    });
  }),
  route('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', 'installation', (call) => {
    const { actor, world } = call;
    if (actor.kind === 'installation' && actor.permissions.members === undefined) throw notIntegration();
    const team = world.teams.get(call.param('org'))?.find(({ slug }) => slug === call.param('team_slug'));
    if (team === undefined || !team.members.has(call.param('username'))) throw notFound();
    return ok(teamMembership(world, call.param('org'), team, world.account(call.param('username'))));
  }),
  route('GET /user', 'anyone', (call) => {
    if (call.actor.kind !== 'user') throw notIntegration();
    return ok(publicUser(call.world, call.actor.account));
  }),
  route('GET /users/{username}', 'anyone', (call) =>
    ok(publicUser(call.world, call.world.account(call.param('username')))),
  ),
  route('GET /rate_limit', 'anyone', () => {
    const window = { limit: 5000, remaining: 5000, reset: 0, used: 0 };
    return ok({ resources: { core: window, search: window }, rate: window });
  }),
  route('GET /app/hook/deliveries', 'app', (call) => {
    const { size } = call.page();
    // Newest first; the cursor is the id of the last one that was shown.
    const cursor = Number(call.query('cursor') ?? Number.POSITIVE_INFINITY);
    const status = call.query('status');
    const rest = call.world.webhooks.deliveries
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
    const found = call.world.webhooks.deliveries.find(({ id }) => id === call.number('delivery_id'));
    if (found === undefined) throw notFound();
    return ok({
      ...deliveryItem(found),
      url: call.world.webhooks.target?.url ?? '',
      request: { headers: found.headers, payload: JSON.parse(found.body) },
      response: { headers: found.answer?.headers ?? {}, payload: found.answer?.body ?? '' },
    });
  }),
  route('POST /app/hook/deliveries/{delivery_id}/attempts', 'app', (call) => {
    if (!call.world.webhooks.redeliver(call.number('delivery_id'))) throw notFound();
    return { status: 202, body: {} };
  }),
];

function installationNumbered(call: Call): Installation | undefined {
  return call.world.installations.find(({ id }) => id === call.number('installation_id'));
}

function wantedPermissions(call: Call): Permissions | undefined {
  const { permissions } = call.body;
  if (!isRecord(permissions)) return undefined;
  return Object.fromEntries(
    Object.entries(permissions).map(([name, access]): [string, Access] => {
      if (access === 'read' || access === 'write' || access === 'admin') return [name, access];
      throw new Refusal(422, `Invalid access for ${name}.`);
    }),
  );
}

function deliveryItem(one: Delivery) {
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
