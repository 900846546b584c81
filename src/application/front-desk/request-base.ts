/** What is asked for, what that stands on, and how it is told from another. */
import { createHash } from 'node:crypto';
import type { Applicant } from './applicant.ts';
import type { StoredRequest } from './request-store.ts';

/** What someone who is signed in asks for. */
export interface NewRequest {
  /** Drawn with the form, so that a form that is sent twice is one request. */
  readonly id: string;
  /** By `personKey`. */
  readonly person: string;
  readonly applicant: Applicant;
  /** Of the definition. */
  readonly path: string;
  /** The whole file; null when it is to be removed. */
  readonly wanted: string | null;
  /** Where there was something to change. */
  readonly base?: RequestBase | undefined;
}

/** What a person began from: a commit of the default branch, and the file as it was there. */
export interface RequestBase {
  readonly commit: string;
  readonly blob: string;
}

/** What a request becomes, by whom. */
export type Correction = Pick<NewRequest, 'person' | 'applicant' | 'wanted' | 'base'>;

export function baseColumns(base: RequestBase | undefined) {
  return base === undefined ? {} : { base: base.commit, base_blob: base.blob };
}

/** What a commit of the desk holds, and on what, as it is compared with what is wanted. */
export function digestOf({ wanted, base }: Pick<StoredRequest, 'wanted' | 'base'>): string {
  return createHash('sha256')
    .update(`${base === null ? '' : `${base}\n`}${wanted ?? 'removed'}`)
    .digest('hex');
}
