/** The App and its installations as GitHub's REST API tells them. */
import type { components } from '@octokit/openapi-types';
import type { App, Installation } from '#demo/github/state';
import type { Addresses } from '#demo/github/world';
import { account, nodeId } from './account.ts';

type Schemas = components['schemas'];

export function integration(at: Addresses, app: App): Schemas['integration'] {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    client_id: `Iv1.${app.slug}`,
    owner: account(at, app.owner),
    name: app.name,
    description: null,
    external_url: at.html,
    html_url: `${at.html}/apps/${app.slug}`,
    created_at: app.createdAt.toISOString(),
    updated_at: app.createdAt.toISOString(),
    permissions: { ...app.permissions },
    events: [...app.events],
  };
}

export function installation(at: Addresses, app: App, one: Installation): Schemas['installation'] {
  return {
    id: one.id,
    account: account(at, one.account),
    access_tokens_url: `${at.api}/app/installations/${one.id}/access_tokens`,
    repositories_url: `${at.api}/installation/repositories`,
    html_url: `${at.html}/settings/installations/${one.id}`,
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
