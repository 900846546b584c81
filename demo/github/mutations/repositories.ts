/** Renaming, transferring and deleting repositories, and what the App is told of it. */
import type { Account, Repository } from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';
import { leaveInstallation } from './installations.ts';

/** Gives a repository another name; the old one leads to it until another repository takes it. */
export function renameRepository(store: GitHubStore, of: Repository, name: string, by: Account): void {
  const from = of.name;
  store.moveRepository(of, { name });
  store.emitWebhook('repository', 'renamed', of, by, { changes: { repository: { name: { from } } } });
}

/**
 * Gives a repository to another account. The old owner's installation of the App loses it; the new owner installs the
 * App, or not.
 */
export function transferRepository(store: GitHubStore, of: Repository, to: Account, by: Account): void {
  leaveInstallation(store, of, by);
  store.moveRepository(of, { owner: to });
}

/** Deletes a repository: nothing leads to it any more. */
export function deleteRepository(store: GitHubStore, of: Repository, by: Account): void {
  store.removeRepository(of);
  leaveInstallation(store, of, by);
}
