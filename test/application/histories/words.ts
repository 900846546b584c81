/** What the model of authority remembers. */
import type { Content, Key } from './definitions.ts';

export type Contents = ReadonlyMap<Key, Content>;

/** What the provider has of a definition's client: `live` is its metadata, absent while nobody can sign in by it. */
export interface ClientState {
  readonly clientId: string;
  readonly live?: string;
  /** Of one that people make. `live` is what they are asked for then: they do what they are asked. */
  readonly people?: {
    /** Its id, as they gave it. */
    readonly clientId?: string;
    /** What it is as long as they have not done what they are asked for; absent while nobody can sign in by it. */
    readonly standing?: string;
    /** The issue in which they are asked. */
    readonly request?: string;
    readonly isDeclined: boolean;
  };
}
export type Clients = ReadonlyMap<Key, ClientState>;

/** A pull request's last commit, which was merged. */
export interface MergedHead {
  readonly number: number;
  readonly head: string;
}

/** What brought the default branch somewhere. */
export type Move =
  | { readonly kind: 'installed' }
  /** `author` is absent where GitHub does not say whose push it was: a branch that was moved to an old commit. */
  | { readonly kind: 'push'; readonly author?: string }
  | { readonly kind: 'pull'; readonly author: string; readonly merged: MergedHead };

export type Cause = Move & {
  readonly content: Content | undefined;
  /** The fewest that the settings have asked for since. */
  readonly approvals: number;
  /** The most that were asked for since: an approval that was too little is not sure to count once less is asked for. */
  readonly mostApprovals: number;
};

export type Action = 'create' | 'update' | 'revive' | 'deactivate';

export interface Shown {
  readonly action: Action;
  readonly metadata: string | undefined;
  /** What the client was, as it was shown. */
  readonly from: string | undefined;
  /** Nothing else of the pull request stands in its way, and nothing moved while it was judged. */
  readonly isSound: boolean;
}

export interface Offer {
  readonly key: Key;
  /** Everything that it may have stood for, as there may have been moves while it was written. */
  readonly metadata: readonly (string | undefined)[];
  /** Who may each have brought it, as far as GitHub says. */
  readonly authors: readonly (string | undefined)[];
}
