/** The tables of the front desk, as their queries see them (migrations 0400 and 0401). */
import type { Generated, JSONColumnType } from 'kysely';
import type { Instant } from './instant.ts';

/** Where a request is, as far as it does not follow from its review and from the ledger. */
const requestStates = ['sending', 'open', 'withdrawing', 'withdrawn', 'closed', 'merged'] as const;
export type RequestState = (typeof requestStates)[number];

/** One thing that someone wrote on a pull request. */
export interface RequestRemark {
  /** By kind and number, such as `comment-12`. */
  readonly id: string;
  readonly login: string;
  /** GitHub says that they are of those who keep the registry. Anybody may write on a public one. */
  readonly team?: true;
  /** RFC 3339. */
  readonly at: string;
  /** Markdown, as it was written: foreign text. */
  readonly text: string;
  /** What a review said besides. */
  readonly decision?: 'approved' | 'changes-requested';
}

/** What was mailed already. */
export interface ToldOfRequest {
  /** The remarks that were told, by their ids. */
  readonly remarks?: readonly string[];
  /** When people's remarks were mailed about last, in milliseconds since 1970. */
  readonly remarksAt?: number;
  /** What else was: the end of the request, the commit that was accepted, the keys. */
  readonly events?: readonly string[];
}

/** What someone asked for at the front desk: a pull request of the App's. */
export interface RequestsTable {
  number: Generated<number>;
  /** Drawn with the form: what is sent twice is one request. */
  id: string;
  registry: string;
  /** SHA-256 of the issuer and the subject by which the person signs in. */
  person: string;
  /** Their verified e-mail address and SIRET, sealed. */
  applicant: string;
  /** Of the definition. */
  path: string;
  /** The whole file; null when it is to be removed. */
  wanted: string | null;
  /** The commit of the default branch from which the person began to change what was there; null for what is new. */
  base: string | null;
  /** The file as it was there. */
  base_blob: string | null;
  /** SHA-256 of what `commit` holds; another than that of `wanted` while a commit is still to be made. */
  made: string | null;
  branch: string | null;
  /** The last commit that the desk made, written down before the branch is moved to it. */
  commit: string | null;
  /** Every commit that the desk made for the request. */
  commits: JSONColumnType<readonly string[], string | undefined, string>;
  /** Whether one of them stands on what someone else pushed: the applicant's word does not count for that. */
  shared: Generated<boolean>;
  state: Generated<RequestState>;
  pull: number | null;
  /** What the last verdict said of it, as the applicant is shown it. */
  review: JSONColumnType<object> | null;
  talk: JSONColumnType<readonly RequestRemark[], string | undefined, string>;
  told: JSONColumnType<ToldOfRequest, string | undefined, string>;
  created_at: Instant;
  /** Since when it is in its state. */
  state_at: Instant;
}

/** What applicants write to those who review: posted by the App. */
export interface RequestAnswersTable {
  /** Drawn with the form. */
  id: string;
  request: number;
  text: string;
  posted: Generated<boolean>;
  at: Instant;
}

/** Sign-ins that came back, by their `state`, and sessions that were ended: none counts again. */
export interface UsedSignInsTable {
  state: string;
  at: Instant;
}

export interface FrontDeskTables {
  requests: RequestsTable;
  request_answers: RequestAnswersTable;
  used_sign_ins: UsedSignInsTable;
}
