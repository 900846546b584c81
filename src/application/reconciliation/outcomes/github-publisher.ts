/** Outcomes and issues, published on GitHub. */

import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import type { Author } from '#infrastructure/github/write/authorship';
import {
  setDeploymentState,
  upsertComment,
  upsertDeployment,
} from '#infrastructure/github/write/deployments';
import {
  closeIssue,
  editIssue,
  findOpenIssue,
  issueState,
  openIssue,
  reopenIssue,
} from '#infrastructure/github/write/issues';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import type { OutcomePublisher } from './outcome-publisher.ts';

export function githubPublisher(repository: RepositoryClient, appId: number): OutcomePublisher {
  return {
    comment: (pull, marker, body) => upsertComment(repository, pull, marker, body, appId),
    deploy: (commit, environment) => upsertDeployment(repository, commit, environment),
    setDeployment: (id, state) => setDeploymentState(repository, id, state),
    issues: githubIssueTracker(() => repository, { appId }),
  };
}

/** The issues of a repository. What GitHub refuses is thrown: the queue knows how to wait for it. */
export function githubIssueTracker(repository: () => RepositoryClient, author: Author): IssueTracker {
  const done = async <T>(request: Promise<T>) => ({ ok: true as const, value: await request });
  return {
    findOpen: (marker) => done(findOpenIssue(repository(), marker, author).then((issue) => issue?.number)),
    open: (title, body) => done(openIssue(repository(), title, body)),
    edit: (number, title, body) => done(editIssue(repository(), number, title, body)),
    close: (number, comment) => done(closeIssue(repository(), number, comment, author)),
    reopen: (number, comment) => done(reopenIssue(repository(), number, comment, author)),
    state: (number) => done(issueState(repository(), number)),
  };
}
