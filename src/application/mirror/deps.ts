/** What judging a pull request is done with: ways to GitHub, memories, and the neighbours that know more. */

import type { Answers } from '#domain/registry/outside-answers';
import type { Desired, Entry } from '#domain/registry/registry';
import type { PlanFacts } from '#domain/review/facts/facts';
import type { Gate } from '#infrastructure/github/client/repository-client';
import type { RegistryMirror } from './mirror.ts';
import type { ReviewMemory } from './review-store.ts';

/** What merging would change, as the plan needs to know it. */
export interface ProposedChange {
  /** The pull request, and the commit of it that is judged. */
  readonly number: number;
  readonly head: string;
  /** The definitions that the touched paths would hold, those that may be provisioned. */
  readonly desired: readonly Desired[];
  /** Every touched path where a definition can be. */
  readonly touched: readonly string[];
}

export interface ReviewRoom {
  /** `owner/name` of the registry. */
  readonly repo: string;
  readonly gate: Gate;
  readonly appId: number;
  readonly memory: ReviewMemory;
  readonly mirror: RegistryMirror;
  /** Asks public services about a definition. Absent: nothing is asked. */
  readonly ask?: (entry: Entry) => Promise<Answers>;
  /** What merging would do to the identity providers. Absent: nothing is provisioned. */
  readonly plan?: (change: ProposedChange) => Promise<PlanFacts>;
}
