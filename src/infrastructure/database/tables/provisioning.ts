/** The tables of provisioning, as their queries see them. */
import type { Generated, JSONColumnType } from 'kysely';
import type { Instant } from './instant.ts';

/** One definition and its client: the ledger. Secrets in `account` are sealed. */
export interface ClientsTable {
  /** `owner/name`. */
  registry: string;
  cell: string;
  id: string;
  state: string;
  client_id: string | null;
  /** The issue in which a person was asked to act, by its number. */
  request: string | null;
  account: JSONColumnType<object>;
  updated_at: Instant;
}

/** Keys on their way to the applicant. */
export interface HandoversTable {
  /** SHA-256 of the link's token, in hexadecimal: the token itself is in the mail only. */
  token_hash: string;
  registry: string;
  cell: string;
  id: string;
  client_id: string;
  name: string;
  /** Sealed; null once it was read, replaced or expired. */
  secret: string | null;
  /** By which the secret is recognised (`secretMarkOf`); null where it is not known which it was. */
  secret_mark: string | null;
  created_at: Instant;
  expires_at: Date;
  revealed_at: Date | null;
  replaced_at: Date | null;
}

/** The outbox. */
export interface MailsTable {
  /** The local part of the Message-ID: the same however often it is tried. */
  id: string;
  registry: string;
  cell: string;
  client: string;
  facts: JSONColumnType<object>;
  /** The token of the handover link, sealed; null when there is none, and once the mail was sent. */
  token: string | null;
  state: 'waiting' | 'sent' | 'failed';
  created_at: Instant;
  sent_at: Date | null;
}

/** What a review showed of the plan, per client. */
export interface ShownPlansTable {
  registry: string;
  pull: number;
  head: string;
  /** `network/environment/id`. */
  client: string;
  digest: string;
  step: JSONColumnType<object>;
  shown_at: Instant;
}

/** Plans that someone confirmed by their digest. */
export interface ConfirmationsTable {
  registry: string;
  digest: string;
  by: string;
  at: Instant;
}

/** The commit of the default branch that was reconciled last. */
export interface ReconciliationsTable {
  registry: string;
  commit: string;
  at: Instant;
}

/** Where the present state of each definition came from. */
export interface OriginsTable {
  registry: string;
  /** `network/environment/id`. */
  client: string;
  /** Null once the definition is gone. */
  blob: string | null;
  commit: string;
  /** The pull request that brought it. */
  pull: number | null;
  /** The commit of the pull request that was reviewed. */
  head: string | null;
  word: 'installed' | 'push' | 'pull';
  /** The accounts whose change it is: their numbers at GitHub, with spaces between. Null where nobody was asked. */
  author: string | null;
}

/** The cells whose definitions were there to be provisioned when the registry was last reconciled. */
export interface ServedCellsTable {
  registry: string;
  cell: string;
}

/** What a person may confirm now, as the last reconciliation left it. */
export interface ConfirmableTable {
  registry: string;
  digest: string;
  /** The accounts whose change it is, who may not confirm it, with spaces between; null where there is none. */
  author: string | null;
}

/** Merged pull requests whose outcome is told, and what was told last. */
export interface MergesTable {
  registry: string;
  pull: number;
  commit: string;
  facts: JSONColumnType<object>;
  /** Digest of the comment as it was last published. */
  published: string | null;
  /** By environment: the deployment's id and the state it was given last. */
  deployments: JSONColumnType<object, string | undefined, string>;
}

/** Issues that Greffier keeps about one matter, such as the drift of a cell. */
export interface TopicsTable {
  registry: string;
  topic: string;
  /** Null while nothing is open. */
  issue: number | null;
  /** Digest of what it says. */
  digest: string;
}

/** How many clients of a cell differ from the registry: a row for each cell that was looked at. */
export interface DriftTable {
  registry: string;
  cell: string;
  clients: number;
}

/** At which server the clients of a cell were made. */
export interface CellServersTable {
  registry: string;
  cell: string;
  /** The kind of provider and its addresses, such as `registration https://idp.example.fr`. */
  server: string;
  /** Another one, which the configuration names: nothing is done in the cell while it does. */
  asked: string | null;
  at: Instant;
}

/** What public services answered. */
export interface OutsideAnswersTable {
  question: string;
  answer: JSONColumnType<object>;
  at: Instant;
}

/** The audit trail, which is only ever added to. */
export interface AuditTable {
  number: Generated<number>;
  at: Instant;
  registry: string;
  cell: string | null;
  client: string | null;
  entry: JSONColumnType<object>;
}

export interface ProvisioningTables {
  clients: ClientsTable;
  handovers: HandoversTable;
  mails: MailsTable;
  shown_plans: ShownPlansTable;
  confirmations: ConfirmationsTable;
  reconciliations: ReconciliationsTable;
  origins: OriginsTable;
  served_cells: ServedCellsTable;
  confirmable: ConfirmableTable;
  merges: MergesTable;
  topics: TopicsTable;
  drift: DriftTable;
  cell_servers: CellServersTable;
  outside_answers: OutsideAnswersTable;
  audit: AuditTable;
}
