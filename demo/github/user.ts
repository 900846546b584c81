/** What people do at GitHub, as tests and the demo have them do it: by name, without a browser. */

import type { FileChanges } from './git/repository.ts';
import { commitOnBranch, updateReference } from './mutations/branches.ts';
import { requestRerun } from './mutations/checks.ts';
import {
  addComment,
  createIssue,
  deleteComment,
  editComment,
  removeLabel,
  setLabels,
  updateIssue,
} from './mutations/issues.ts';
import { addToMergeQueue, removeFromMergeQueue } from './mutations/merge-queue.ts';
import { performMerge } from './mutations/merging.ts';
import {
  changeBase,
  createPullRequest,
  dismissReview,
  type ReviewEvent,
  setDraft,
  submitReview,
} from './mutations/pulls.ts';
import { deleteRepository, renameRepository, transferRepository } from './mutations/repositories.ts';
import type {
  Account,
  CheckRun,
  Comment,
  Issue,
  MergeGroup,
  MergeMethod,
  PullRequest,
  PullRequestReview,
  Repository,
} from './state.ts';
import type { GitHubStore } from './store.ts';
import { applySuggestions } from './suggestions.ts';

/** Someone with an account. The App gets the webhooks of everything they do, as from GitHub. */
export class GitHubUser {
  readonly account: Account;
  readonly #store: GitHubStore;

  constructor(store: GitHubStore, account: Account) {
    this.#store = store;
    this.account = account;
  }

  get login(): string {
    return this.account.login;
  }

  /** For `Authorization: Bearer` and for `git push`. */
  get token(): string {
    return this.account.token;
  }

  /** Takes another login; the old one is free for someone else. */
  rename(login: string): void {
    this.#store.renameAccount(this.account, login);
  }

  /** Gives a repository another name: the old one leads to it, until another repository takes it. */
  renameRepository(of: Repository, name: string): void {
    renameRepository(this.#store, of, name, this.account);
  }

  /** Gives a repository to an account that is there; the App has to be installed there anew. */
  transferRepository(of: Repository, to: string): void {
    transferRepository(this.#store, of, this.#store.account(to), this.account);
  }

  deleteRepository(of: Repository): void {
    deleteRepository(this.#store, of, this.account);
  }

  /** A copy of a repository in this person's own name, as it is now. */
  fork(of: Repository): Repository {
    const fork = this.#store.createRepository(this.account, of.name, { parent: of, private: of.private });
    for (const [name, sha] of of.git.refs) if (name.startsWith('refs/heads/')) fork.git.refs.set(name, sha);
    return fork;
  }

  /** Commits files on a branch (made from the default branch when it is new) and pushes it. Answers the commit. */
  pushCommit(of: Repository, branch: string, files: FileChanges, message = 'Mettre à jour'): string {
    return commitOnBranch(this.#store, of, branch, files, message, this.account);
  }

  /** Replaces what a branch holds by a commit over the default branch, whatever was there: `git push --force`. */
  forcePush(of: Repository, branch: string, files: FileChanges, message = 'Reprendre'): string {
    const base = of.git.branch(of.defaultBranch);
    const sha = of.git.commitFiles(
      base === undefined ? [] : [base],
      files,
      message,
      this.#store.signature(this.account),
    );
    updateReference(this.#store, of, `refs/heads/${branch}`, sha, this.account);
    return sha;
  }

  /** Pushes a commit that is there already, whoever it names as its author: Git believes what it is told. */
  pushObject(of: Repository, branch: string, sha: string): void {
    updateReference(this.#store, of, `refs/heads/${branch}`, sha, this.account);
  }

  deleteBranch(of: Repository, branch: string): void {
    updateReference(this.#store, of, `refs/heads/${branch}`, undefined, this.account);
  }

  /** Opens a pull request; with `files`, commits them on the branch first. `from` is a fork, or the repository. */
  openPullRequest(
    to: Repository,
    options: {
      readonly branch: string;
      readonly title: string;
      readonly body?: string;
      readonly files?: FileChanges;
      readonly from?: Repository;
      readonly base?: string;
      readonly draft?: boolean;
    },
  ): PullRequest {
    const from = options.from ?? to;
    if (options.files !== undefined) this.pushCommit(from, options.branch, options.files, options.title);
    return createPullRequest(this.#store, to, this.account, {
      title: options.title,
      body: options.body ?? null,
      head: `${from.owner.login}:${options.branch}`,
      base: options.base ?? to.defaultBranch,
      draft: options.draft ?? false,
    });
  }

  openIssue(of: Repository, title: string, body = ''): Issue {
    return createIssue(this.#store, of, this.account, title, body);
  }

  comment(of: Repository, on: Issue, body: string): Comment {
    return addComment(this.#store, of, on, body, this.account);
  }

  editComment(of: Repository, on: Issue, comment: Comment, body: string): void {
    editComment(this.#store, of, on, comment, body, this.account);
  }

  deleteComment(of: Repository, on: Issue, comment: Comment): void {
    deleteComment(this.#store, of, on, comment, this.account);
  }

  addLabels(of: Repository, on: Issue, ...names: readonly string[]): void {
    setLabels(this.#store, of, on, [...on.labels, ...names], this.account);
  }

  removeLabel(of: Repository, on: Issue, name: string): void {
    removeLabel(this.#store, of, on, name, this.account);
  }

  /** Reviews the pull request at its head, or at another commit. */
  review(of: Repository, on: PullRequest, event: ReviewEvent, body = '', commit?: string): PullRequestReview {
    return submitReview(this.#store, of, on, this.account, event, body, { commit });
  }

  approve(of: Repository, on: PullRequest, body = ''): PullRequestReview {
    return this.review(of, on, 'APPROVE', body);
  }

  /**
   * Presses « Commit suggestions »: applies every suggestion that is made on the head of the pull request, in one
   * commit on its branch. Answers how many were applied; 0 when there is nothing to apply.
   */
  commitSuggestions(of: Repository, on: PullRequest, message = 'Appliquer les suggestions'): number {
    const made = on.pull.reviewComments.filter(({ commit }) => commit === on.pull.headSha);
    const files = applySuggestions(of, on.pull.headSha, made);
    if (files.count > 0) this.pushCommit(on.pull.headRepository, on.pull.headRef, files.changes, message);
    return files.count;
  }

  dismiss(of: Repository, on: PullRequest, review: PullRequestReview): void {
    dismissReview(this.#store, of, on, review, this.account);
  }

  merge(of: Repository, one: PullRequest, method: MergeMethod = 'merge'): string {
    return performMerge(this.#store, of, one, this.account, { method });
  }

  addToMergeQueue(of: Repository, one: PullRequest, method: MergeMethod = 'merge'): MergeGroup {
    return addToMergeQueue(this.#store, of, one, this.account, method);
  }

  removeFromMergeQueue(
    of: Repository,
    group: MergeGroup,
    reason: 'merged' | 'invalidated' | 'dequeued',
  ): void {
    removeFromMergeQueue(this.#store, of, group, this.account, reason);
  }

  close(of: Repository, one: Issue, reason: 'completed' | 'not_planned' = 'completed'): void {
    updateIssue(this.#store, of, one, { state: 'closed', stateReason: reason }, this.account);
  }

  reopen(of: Repository, one: Issue): void {
    updateIssue(this.#store, of, one, { state: 'open' }, this.account);
  }

  edit(of: Repository, one: Issue, edit: { readonly title?: string; readonly body?: string }): void {
    updateIssue(this.#store, of, one, edit, this.account);
  }

  changeBase(of: Repository, one: PullRequest, base: string): void {
    changeBase(this.#store, of, one, base, this.account);
  }

  markReady(of: Repository, one: PullRequest): void {
    setDraft(this.#store, of, one, false, this.account);
  }

  convertToDraft(of: Repository, one: PullRequest): void {
    setDraft(this.#store, of, one, true, this.account);
  }

  /** Presses « Re-run » on a check. */
  requestRerun(of: Repository, check: CheckRun): void {
    requestRerun(this.#store, of, check, this.account);
  }
}
