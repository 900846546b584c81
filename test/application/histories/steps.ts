/** What people and the world do in a history, one step after the other. */

import type { Edit } from './definitions.ts';
import type { Places } from './requests.ts';

/** Alice is nobody, Carol may only triage; Bob and Dan may write. */
export type Person = 'alice' | 'bob' | 'carol' | 'dan' | 'erin';

/** What goes wrong while Greffier is at work, at its `nth` call. */
export type Trouble =
  | {
      readonly kind: 'github';
      readonly nth: number;
      readonly fault: 'not-found' | 'error' | 'error-after' | 'reset-after';
    }
  /** The process ends before its `nth` write or call. */
  | { readonly kind: 'kill'; readonly nth: number }
  /** Somebody does something just then. */
  | { readonly kind: 'meanwhile'; readonly nth: number; readonly step: Step };

/** Numbers choose among what is there when the step is played: the newest pull request is 0. */
export type Step =
  | {
      readonly do: 'propose';
      readonly who: Person;
      readonly base: number;
      readonly fork: boolean;
      readonly edits: readonly Edit[];
    }
  | { readonly do: 'amend'; readonly pull: number; readonly edits: readonly Edit[] }
  | { readonly do: 'review'; readonly pull: number; readonly trouble?: Trouble }
  | { readonly do: 'update-branch' | 'borrow'; readonly pull: number }
  | { readonly do: 'approve'; readonly who: Person; readonly pull: number }
  | {
      readonly do: 'merge';
      readonly who: Person;
      readonly pull: number;
      readonly method: 'merge' | 'squash' | 'rebase';
    }
  /**
   * Someone asks Greffier to promote a definition of integration, where it opens a pull request of its own; whoever may
   * push, and completes it.
   */
  | {
      readonly do: 'promote';
      readonly who: Person;
      readonly which: number;
      readonly completes?: Person;
      readonly trouble?: Trouble;
    }
  /** Someone without an account at GitHub, at the front desk. `edit`: what they ask for. */
  | { readonly do: 'desk'; readonly how: 'ask'; readonly edit: Edit; readonly trouble?: Trouble }
  | { readonly do: 'desk'; readonly how: 'correct' | 'withdraw'; readonly trouble?: Trouble }
  | { readonly do: 'push'; readonly who: Person; readonly edits: readonly Edit[] }
  | { readonly do: 'force-push'; readonly who: Person; readonly to: number }
  | { readonly do: 'reconcile'; readonly sweep: boolean; readonly trouble?: Trouble }
  | {
      readonly do: 'confirm';
      readonly who: Person;
      /** Among what was ever offered, the newest last. */
      readonly which: number | 'newest';
      readonly trouble?: Trouble;
    }
  /** By the merge queue: Greffier judges the group, and GitHub merges it when its check succeeds. */
  | {
      readonly do: 'queue';
      readonly who: Person;
      readonly pull: number;
      readonly method: 'merge' | 'squash' | 'rebase';
      readonly trouble?: Trouble;
    }
  /** All of the crowd but the first. */
  | { readonly do: 'remove-many'; readonly who: Person }
  /** The operator's configuration from now on. */
  | { readonly do: 'serve'; readonly production: boolean }
  /** The registry is called otherwise from now on. `isTaken`: a stranger's repository has its name. */
  | { readonly do: 'rename-registry'; readonly isTaken: boolean }
  | { readonly do: 'settings'; readonly who: Person; readonly which: number }
  /** Of people who make clients by hand: that a request is done, or will not be. */
  | {
      readonly do: 'answer';
      readonly who: Person;
      readonly which: number;
      readonly how: 'provisioned' | 'completed' | 'not_planned';
    }
  /** By a stranger, where a name has become theirs. */
  | { readonly do: 'pretend'; readonly which: number }
  | { readonly do: 'rename-requests'; readonly isTaken: boolean }
  /** A stranger makes a client at the partner API that carries Greffier's addresses for a definition. */
  | { readonly do: 'prepare'; readonly which: number }
  | { readonly do: 'tamper'; readonly which: number }
  /** The operator ties a client that was made by hand to a definition that is not merged yet. */
  | { readonly do: 'adopt'; readonly which: number }
  | { readonly do: 'rejudge' | 'restart' | 'delay' | 'review-elsewhere' };

export interface History {
  readonly seed: number;
  /** Which definitions are there at the beginning. */
  readonly definitions: readonly number[];
  readonly settings: number;
  readonly places: Places;
  /** Whether production is served from the beginning. */
  readonly servesProduction: boolean;
  /** Whether there are many definitions besides. */
  readonly isCrowded: boolean;
  /** How GitHub goes about test merges. */
  readonly isSlowGitHub: boolean;
  readonly steps: readonly Step[];
}
