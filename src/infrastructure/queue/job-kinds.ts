/** The kinds of work there are, and what each must not do at the same time as another. */

import type { Lease } from './lease.ts';

/** The part of an issue comment that a command needs, as it was when it was created. */
export interface CommentFacts {
  readonly id: number;
  readonly body: string;
  /** By GitHub's clock, ISO 8601. */
  readonly createdAt?: string;
  readonly author: { readonly id: number; readonly login: string; readonly bot: boolean };
}

/** What each kind of job is given: plain JSON, and only what cannot be looked up again. */
export interface JobPayloads {
  /** Judge a pull request as it is now; `again` writes the check even when it says the same. */
  readonly review: {
    readonly installation: number;
    readonly repo: string;
    readonly number: number;
    readonly again?: boolean;
  };
  /** Judge the commit that a merge queue has made. */
  readonly 'merge-group': {
    readonly installation: number;
    readonly repo: string;
    readonly head: string;
    readonly base: string;
  };
  /**
   * Ask for a review of every open pull request, or of those whose head is this commit; `merging`: only where a merge
   * waits for what the commit's other checks say.
   */
  readonly rejudge: {
    readonly installation: number;
    readonly repo: string;
    readonly head?: string;
    readonly merging?: true;
  };
  /** Bring the identity providers to what the default branch says now; `sweep`: look for drift too. */
  readonly reconcile: { readonly installation: number; readonly repo: string; readonly sweep?: boolean };
  /** Ask public services about live clients. */
  readonly 'live-checks': { readonly installation: number; readonly repo: string };
  /** Look for whatever was missed: deliveries, verdicts, drift. */
  readonly sweep: Readonly<Record<string, never>>;
  /** Answer `/greffier …` in a comment. */
  readonly command: {
    readonly installation: number;
    readonly repo: string;
    /** GitHub's number of the repository of requests, where the comment stands there. */
    readonly requests?: string;
    readonly number: number;
    readonly comment: CommentFacts;
  };
  /** Send one mail of the outbox. */
  readonly mail: { readonly id: string };
  /** Bring GitHub to what a request of the front desk says, and the request to what became of it there. */
  readonly request: { readonly installation: number; readonly repo: string; readonly request: number };
  /** Something happened on a pull request: look whether it is one of the front desk's. */
  readonly 'request-news': { readonly installation: number; readonly repo: string; readonly pull: number };
}

export type JobKind = keyof JobPayloads;

export const jobKinds: readonly JobKind[] = [
  'review',
  'merge-group',
  'rejudge',
  'reconcile',
  'live-checks',
  'sweep',
  'command',
  'mail',
  'request',
  'request-news',
];

/** Work to put in the queue. */
export type NewJob = {
  readonly [K in JobKind]: { readonly kind: K; readonly payload: JobPayloads[K] };
}[JobKind];

/** A job that was claimed, as its handler sees it. */
export interface Job<K extends JobKind = JobKind> {
  readonly id: number;
  readonly kind: K;
  readonly payload: JobPayloads[K];
  /** Names what asked for it, from the delivery to the last effect, in logs. */
  readonly request: string;
  /** The account whose doing it is, as GitHub numbers it, or the person at the desk: what follows from it is at its turn too. */
  readonly sender?: string;
  /** When the oldest event that it answers arrived. */
  readonly since: Date;
  /** 1 at the first try. */
  readonly attempt: number;
}

/**
 * How a handler says that the work is not done and is to be tried again: an expected failure, not a bug.
 *
 * `after` is in seconds (from `Retry-After`, say); without it the queue backs off by itself. `wait: true` says that
 * nothing failed, the moment was only wrong: the try does not count towards giving up.
 */
export interface RetryLater {
  readonly again: string;
  readonly after?: number;
  readonly wait?: boolean;
}

/**
 * One function per kind. Done when it resolves to nothing. What it changes, in the store or elsewhere, it changes under
 * its lease.
 */
export type Handlers = {
  readonly [K in JobKind]: (job: Job<K>, lease: Lease) => Promise<RetryLater | undefined>;
};

/** How the queue arranges a job. */
export interface JobOptions {
  /** Jobs of one serial key run one at a time, over all processes. */
  readonly serialKey: string;
  /** At most one job of a key waits; a newer one takes its place. */
  readonly dedupKey: string;
  /** Lower goes first, at the same turn. */
  readonly priority: number;
  readonly installation: number | null;
}

/** What people may cause without end: each waits for the turn of who caused it. Of all else there is one job, or few. */
export const sharedKinds = ['review', 'command', 'request'] as const satisfies readonly JobKind[];

export function jobOptions(job: NewJob): JobOptions {
  switch (job.kind) {
    case 'review': {
      const { installation, repo, number } = job.payload;
      return {
        serialKey: `pull:${repo}#${number}`,
        dedupKey: `review:${repo}#${number}`,
        priority: 20,
        installation,
      };
    }
    case 'command': {
      const { installation, repo, number, comment } = job.payload;
      return {
        serialKey: `pull:${repo}#${number}`,
        dedupKey: `command:${repo}#${comment.id}`,
        priority: 10,
        installation,
      };
    }
    case 'merge-group': {
      const { installation, repo, head } = job.payload;
      return {
        serialKey: `commit:${repo}@${head}`,
        dedupKey: `merge-group:${repo}@${head}`,
        priority: 10,
        installation,
      };
    }
    case 'rejudge': {
      const { installation, repo, head, merging } = job.payload;
      const kind = merging === true ? 'merging' : 'rejudge';
      const what = `${kind}:${repo}${head === undefined ? '' : `@${head}`}`;
      return { serialKey: what, dedupKey: what, priority: 15, installation };
    }
    case 'reconcile': {
      const { installation, repo } = job.payload;
      return { serialKey: `registry:${repo}`, dedupKey: `reconcile:${repo}`, priority: 20, installation };
    }
    case 'live-checks': {
      const { installation, repo } = job.payload;
      // A lane of its own: it may take minutes, and no merge waits for it.
      const what = `live-checks:${repo}`;
      return { serialKey: what, dedupKey: what, priority: 30, installation };
    }
    case 'sweep':
      return { serialKey: 'sweep', dedupKey: 'sweep', priority: 30, installation: null };
    case 'mail':
      return {
        serialKey: `mail:${job.payload.id}`,
        dedupKey: `mail:${job.payload.id}`,
        priority: 20,
        installation: null,
      };
    case 'request': {
      const { installation, repo, request } = job.payload;
      const what = `request:${repo}#${request}`;
      return { serialKey: what, dedupKey: what, priority: 15, installation };
    }
    case 'request-news': {
      const { installation, repo, pull } = job.payload;
      const what = `request-news:${repo}#${pull}`;
      return { serialKey: what, dedupKey: what, priority: 15, installation };
    }
  }
}
