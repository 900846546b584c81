/** Installing the App on a repository, taking it away, and what the App is told of it. */
import { nodeId } from '#demo/github/serializers/account';
import { serializeInstallation } from '#demo/github/serializers/app';
import { type Account, type AppInstallation, fullName, type Repository } from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';

/** Installs the App on a repository, with all that its manifest asks for. */
export function installApp(store: GitHubStore, on: Repository): AppInstallation {
  const known = store.installations.find(({ account }) => account === on.owner);
  const installation = known ?? {
    id: store.nextId(),
    account: on.owner,
    repositories: [],
    createdAt: store.now(),
    permissions: store.app.permissions,
  };
  installation.repositories.push(on);
  const told = { installation: serializeInstallation(store, store.app, installation), requester: null };
  if (known === undefined) {
    store.installations.push(installation);
    store.emitInstallationWebhook('installation', 'created', installation, on.owner, {
      ...told,
      repositories: [brief(on)],
    });
  } else {
    store.emitInstallationWebhook('installation_repositories', 'added', installation, on.owner, {
      ...told,
      repositories_added: [brief(on)],
      repositories_removed: [],
      repository_selection: 'selected',
    });
  }
  return installation;
}

/** Takes the App away from a repository; nothing when it is not installed there. */
export function leaveInstallation(store: GitHubStore, of: Repository, by: Account): void {
  const installation = store.installationOn(of);
  if (installation === undefined) return;
  installation.repositories.splice(installation.repositories.indexOf(of), 1);
  store.emitInstallationWebhook('installation_repositories', 'removed', installation, by, {
    installation: serializeInstallation(store, store.app, installation),
    repositories_added: [],
    repositories_removed: [brief(of)],
    repository_selection: 'selected',
    requester: null,
  });
}

/** A repository as the webhooks about installations tell it. */
function brief(of: Repository) {
  return {
    id: of.id,
    node_id: nodeId('Repository', of.id),
    name: of.name,
    full_name: fullName(of),
    private: of.private,
  };
}
