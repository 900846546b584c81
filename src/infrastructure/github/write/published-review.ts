/** What is remembered of a review that was published, and what publishing it needs to know. */
import { createHash } from 'node:crypto';
import type { Conclusion } from '#domain/review/effects';
import type { Refusal } from './refusals.ts';

/** What was published for one pull request. Plain JSON, kept between runs. */
export interface PublishedReview {
  readonly check?: {
    readonly head: string;
    /** Absent while its creation is under way: it may or may not exist. */
    readonly id?: number;
    readonly digest: string;
    /** Digests of the annotations that GitHub has; it can only ever be given more. */
    readonly annotations: readonly string[];
  };
  readonly comment?: { readonly id?: number; readonly digest: string };
  /** What the check of the head is to say of this pull request; absent where it says nothing of it. */
  readonly conclusion?: Conclusion;
  /** The head at which it waits to be merged by itself. */
  readonly mergeWaits?: string;
  /** What GitHub refused for good, by kind: the digest of what it was to say, which is not tried again. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** What is seen of the pull request before publishing. */
export interface PresentOutput {
  readonly number: number;
  readonly labels: readonly string[];
  /** Labels that are known to exist in the repository. */
  readonly existing: readonly string[];
  /** The check of the same commit that was made for another pull request: a commit has one. */
  readonly sharedCheck?: number;
  /** Nothing is remembered, yet someone may have published before: everything is looked for first. */
  readonly unsure: boolean;
}

export interface PublishOptions {
  /** The App's own id: only what it wrote is ever taken for its own. */
  readonly appId: number;
  /** Leaves the check of the commit as it is: it is that of another pull request. */
  readonly keepOtherCheck?: boolean;
  /** Writes the check even when it says the same: someone asked for it again. */
  readonly again?: boolean;
  /** That the check of this head is about to be made was saved already, just now: nobody has made it before. */
  readonly announced?: boolean;
  /** Asks whether the comment is still there, when nothing else would touch it. */
  readonly verifyComment?: boolean;
  /** Called before and after every write that creates, so that a crash in between is found out. */
  readonly savePublished: (published: PublishedReview) => Promise<void>;
  /** Called once the check is there, before anything else is said: from then on what it says was seen. */
  readonly onCheck?: () => Promise<void>;
  /** Told what GitHub refuses for good, once for each content. */
  readonly onRefusal?: (refusal: Refusal) => void;
  /** Called when labels were created, or found to be there. */
  readonly saveLabels: (names: readonly string[]) => Promise<void>;
}

/** What tells one thing that was to be said from another. */
export function outputDigest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
