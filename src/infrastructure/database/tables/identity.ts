/** The table that says whose the rows of a registry are, as its queries see it (migration 0302). */
import type { Instant } from './instant.ts';

export interface RepositoriesTable {
  /** GitHub's number of the repository, in decimal. */
  id: string;
  /** The key of its rows in the other tables: the name under which it was first seen. */
  registry: string;
  /** `owner/name`, as GitHub called it last. */
  name: string;
  /** The installation that gave access to it last. */
  installation: number;
  seen_at: Instant;
}

export interface IdentityTables {
  repositories: RepositoriesTable;
}
