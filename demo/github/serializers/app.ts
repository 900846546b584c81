/** The App and its installations as GitHub's REST API gives them. */
import type { components } from '@octokit/openapi-types';
import type { App, AppInstallation } from '#demo/github/state';
import { nodeId, serializeAccount } from './account.ts';
import type { SerializerContext } from './context.ts';

type Schemas = components['schemas'];

export function serializeApp(context: SerializerContext, app: App): Schemas['integration'] {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    client_id: `Iv1.${app.slug}`,
    owner: serializeAccount(context, app.owner),
    name: app.name,
    description: null,
    external_url: context.html,
    html_url: `${context.html}/apps/${app.slug}`,
    created_at: app.createdAt.toISOString(),
    updated_at: app.createdAt.toISOString(),
    permissions: { ...app.permissions },
    events: [...app.events],
  };
}

export function serializeInstallation(
  context: SerializerContext,
  app: App,
  one: AppInstallation,
): Schemas['installation'] {
  return {
    id: one.id,
    account: serializeAccount(context, one.account),
    access_tokens_url: `${context.api}/app/installations/${one.id}/access_tokens`,
    repositories_url: `${context.api}/installation/repositories`,
    html_url: `${context.html}/settings/installations/${one.id}`,
    app_id: app.id,
    app_slug: app.slug,
    client_id: `Iv1.${app.slug}`,
    target_id: one.account.id,
    target_type: one.account.type,
    permissions: { ...one.permissions },
    events: [...app.events],
    created_at: one.createdAt.toISOString(),
    updated_at: one.createdAt.toISOString(),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    repository_selection: 'selected',
    suspended_at: null,
    suspended_by: null,
  };
}
