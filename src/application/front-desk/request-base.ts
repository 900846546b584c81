/** What a request stands on, and how it is told from another. */
import { createHash } from 'node:crypto';
import type { StoredRequest } from './request-store.ts';

/** What a person began from: a commit of the default branch, and the file as it was there. */
export interface RequestBase {
  readonly commit: string;
  readonly blob: string;
}

export function baseColumns(base: RequestBase | undefined) {
  return base === undefined ? {} : { base: base.commit, base_blob: base.blob };
}

/** What a commit of the desk holds, and on what, as it is compared with what is wanted. */
export function digestOf({ wanted, base }: Pick<StoredRequest, 'wanted' | 'base'>): string {
  return createHash('sha256')
    .update(`${base === null ? '' : `${base}\n`}${wanted ?? 'removed'}`)
    .digest('hex');
}
