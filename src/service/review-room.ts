/** What judging a pull request is done with: ways to GitHub, memories, and the neighbours that know more. */
import type { Gate } from '../github/gate.ts';
import type { Answers } from '../registry/outside-answers.ts';
import type { Desired, Entry } from '../registry/registry.ts';
import type { PlanFacts } from '../review/facts.ts';
import type { RegistryMirror } from './registry-mirror.ts';
import type { ReviewMemory } from './review-memory.ts';

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
