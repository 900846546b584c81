/** `/new/BRANCH?filename=…&value=…`: a new file that is proposed by a pull request, from a copy where one may not write. */
import { html } from '#base/html';
import { ApiError } from '#demo/github/api-error';
import { commitOnBranch } from '#demo/github/mutations/branches';
import { createPullRequest } from '#demo/github/mutations/pulls';
import type { Account, Repository } from '#demo/github/state';
import { GitHubUser } from '#demo/github/user';
import { frame, issuePath, type PageAnswer, type PageContext, pathOf, refusalHtml } from './frame.ts';
import { peopleSelect } from './issue-page.ts';

export interface NewFile {
  readonly filename: string;
  readonly value: string;
  readonly as?: string | undefined;
  /** Why GitHub did not take it. */
  readonly refused?: { readonly status: number; readonly message: string };
}

export function newFilePage(context: PageContext, of: Repository, branch: string, file: NewFile): PageAnswer {
  const { t } = context;
  const body = html`${file.refused !== undefined && refusalHtml(context, file.refused)}
<form method="post" action="${pathOf(of.owner.login, of.name, 'new', branch)}">
${peopleSelect(context, of, file.as)}
<label for="filename">${t('filename')}</label>
<input id="filename" name="filename" value="${file.filename}">
<label for="value">${t('content')}</label>
<textarea class="code" id="value" name="value" rows="24" spellcheck="false">
${file.value}</textarea>
<p><button class="main">${t('propose')}</button></p></form>`;
  return {
    status: file.refused?.status ?? 200,
    html: frame(context, { title: t('new-file'), of, body }),
  };
}

/** Commits the file on a branch of its own, and opens the pull request. */
export function proposeFile(
  { store, t }: PageContext,
  of: Repository,
  base: string,
  by: Account,
  { filename, value }: NewFile,
): PageAnswer {
  const name = filename.trim().split('/').at(-1) ?? '';
  if (name === '' || /(?:^|\/)\.{0,2}(?:\/|$)/.test(filename.trim())) throw new ApiError(422, t('bad-name'));
  const user = new GitHubUser(store, by);
  const forks = [...store.repositories.values()].filter((one) => one.parent === of && one.owner === by);
  const to = store.may(by, 'write', of) ? of : (forks[0] ?? user.fork(of));
  const taken = (branch: string) => to.git.branch(branch) !== undefined;
  const wanted = name.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}-]+/gu, '-') || 'fichier';
  let branch = wanted;
  for (let count = 2; taken(branch); count++) branch = `${wanted}-${count}`;
  const title = name.replace(/\.ya?ml$/, '');
  // A fork may be behind: the branch begins where the base is.
  commitOnBranch(store, to, branch, { [filename.trim()]: value }, title, by, of.git.branch(base));
  const head = `${to.owner.login}:${branch}`;
  const opened = createPullRequest(store, of, by, { title, body: null, head, base, draft: false });
  return { status: 303, location: issuePath(of, opened) };
}
