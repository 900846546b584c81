/** Outcomes, published on GitHub. */

import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import {
  setDeploymentState,
  upsertComment,
  upsertDeployment,
} from '#infrastructure/github/write/deployments';
import { githubIssueTracker } from './cells.ts';
import type { OutcomePublisher } from './publish-outcomes.ts';

export function githubPublisher(repository: RepositoryClient, appId: number): OutcomePublisher {
  return {
    comment: (pull, marker, body) => upsertComment(repository, pull, marker, body, appId),
    deploy: (commit, environment) => upsertDeployment(repository, commit, environment),
    setDeployment: (id, state) => setDeploymentState(repository, id, state),
    issues: githubIssueTracker(() => repository, { appId }),
  };
}
