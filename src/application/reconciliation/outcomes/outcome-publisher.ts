/** Where outcomes are published: what of GitHub that takes. */
import type { IssueTracker } from '#infrastructure/identity-providers/manual';

export type DeploymentState = 'success' | 'failure' | 'in_progress';

/** Where outcomes are published. */
export interface OutcomePublisher {
  /** Writes Greffier's comment of this marker on a pull request; nothing when nothing differs. */
  comment(pull: number, marker: string, body: string): Promise<void>;
  /** @returns the id of a new deployment of a commit */
  deploy(commit: string, environment: string): Promise<number>;
  setDeployment(id: number, state: DeploymentState): Promise<void>;
  /** The registry's own issues. */
  readonly issues: IssueTracker;
}
