/** The registry of a folder, as reconciling reads one. */
import {
  lastChange,
  mergedBetween,
  type ReviewNotes,
  touchedBetween,
} from '#application/reconciliation/merged-pulls';
import type { RegistrySnapshot, RegistrySource } from '#application/reconciliation/registry-source';
import { isCommitSnapshot } from '#cli/registry/registry-snapshot';
import type { Connection } from '#infrastructure/github/client/cli-client';
import { UnknownAnswer } from '#infrastructure/github/client/repository-client';
import { defaultBranchHead } from '#infrastructure/github/read/repository';

/**
 * The registry as it stands on this disk. Which pull requests brought it is only known when it is what GitHub has on
 * the default branch; else that is left to the service, which will follow them.
 */
export function folderSource(
  snapshot: RegistrySnapshot,
  connection: Connection | undefined,
  notes: ReviewNotes,
): RegistrySource {
  return {
    head: async () => snapshot.commit,
    at: async () => snapshot,
    // The folder is the registry itself: nothing of it is remembered.
    verifiedAt: async () => snapshot,
    async mergedBetween(from, to, rules) {
      if (connection === undefined || !isCommitSnapshot(snapshot)) return undefined;
      if ((await defaultBranchHead(connection.registry)) !== to) return undefined;
      return mergedBetween(connection.registry, from, to, rules, notes);
    },
    async lastChange(client, commit, rules, before) {
      if (connection === undefined) throw new UnknownAnswer(`what brought ${client}`);
      return lastChange(connection.registry, client, commit, rules, notes, before);
    },
    async touchedBetween(clients, from, to) {
      if (connection === undefined) throw new UnknownAnswer('what was changed meanwhile');
      return touchedBetween(connection.registry, clients, from, to);
    },
  };
}
