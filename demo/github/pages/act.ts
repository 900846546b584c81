/** What the buttons of an issue or a pull request do, in the name of whom the form says, with the rights of that person. */
import { ApiError } from '#demo/github/api-error';
import { performMerge } from '#demo/github/mutations/merging';
import { type Account, type Issue, isPullRequest, type Repository } from '#demo/github/state';
import { applySuggestions } from '#demo/github/suggestions';
import { GitHubUser } from '#demo/github/user';
import type { PageContext } from './frame.ts';
import { openSuggestions } from './issue-page.ts';

/** @throws ApiError when GitHub refuses */
export function act(
  context: PageContext,
  of: Repository,
  one: Issue,
  by: Account,
  { what, body }: { readonly what: string; readonly body: string },
): void {
  const { store, t } = context;
  const user = new GitHubUser(store, by);
  const mayWrite = store.may(by, 'write', of);
  const demand = (allowed: boolean) => {
    if (!allowed) throw new ApiError(403, t('no-write'));
  };
  // What was written is said, whichever button was pressed.
  const say = () => {
    if (body.trim() !== '') user.comment(of, one, body);
  };
  switch (what) {
    case 'comment':
      say();
      return;
    case 'close':
    case 'reopen':
      demand(mayWrite || by === one.author);
      say();
      if (what === 'close') user.close(of, one);
      else user.reopen(of, one);
      return;
  }
  if (!isPullRequest(one)) throw new ApiError(404, t('unknown'));
  switch (what) {
    case 'approve':
      user.approve(of, one, body);
      return;
    case 'request-changes':
      user.review(of, one, 'REQUEST_CHANGES', body);
      return;
    case 'merge':
      demand(mayWrite);
      performMerge(store, of, one, by);
      say();
      return;
  }
  const [kind = '', id = ''] = what.split(':');
  if (kind !== 'suggestions' && kind !== 'suggestion') throw new ApiError(404, t('unknown'));
  // Who maintains the base may write to the branch of a pull request too, as its author has it by default.
  demand(mayWrite || store.may(by, 'write', one.pull.headRepository));
  const wanted = openSuggestions(one).filter(
    (comment) => kind === 'suggestions' || String(comment.id) === id,
  );
  const { changes, count } = applySuggestions(of, one.pull.headSha, wanted);
  if (count === 0) throw new ApiError(422, t('no-suggestion'));
  user.pushCommit(one.pull.headRepository, one.pull.headRef, changes, t(`apply-${kind}`));
}
