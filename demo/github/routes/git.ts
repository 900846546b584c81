/** Git's objects and references over REST: reading by name, and writing commits without a checkout. */

import { type ApiCall, created, noContent, ok, type Route, repositoryRoute } from '#demo/github/api-call';
import { ApiError, invalidRequest, notFound, validationFailed } from '#demo/github/api-error';
import {
  isRecord,
  optionalBoolean,
  optionalChoice,
  optionalRecords,
  optionalText,
  optionalTexts,
  requiredText,
} from '#demo/github/body-fields';
import type { Mode, Signature } from '#demo/github/git/objects';
import type { FileChange } from '#demo/github/git/repository';
import { commitOnBranch, updateReference } from '#demo/github/mutations/branches';
import {
  findCommit,
  serializeActivity,
  serializeBlob,
  serializeCommit,
  serializeComparison,
  serializeContentEntry,
  serializeGitCommit,
  serializeReference,
  serializeTreeItem,
} from '#demo/github/serializers/git';
import { serializePullRequest } from '#demo/github/serializers/pull';
import { fullName, isPullRequest, type Repository } from '#demo/github/state';

const modes: readonly Mode[] = ['100644', '100755', '120000', '040000', '160000'];

function resolved(of: Repository, name: string): string {
  const sha = of.git.resolve(name);
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${name}`);
  return sha;
}

export const gitRoutes: readonly Route[] = [
  repositoryRoute('GET /git/ref/{ref}', ['contents:read'], (call) => {
    if (call.repository.git.refs.size === 0) throw new ApiError(409, 'Git Repository is empty.');
    const sha = call.repository.git.refs.get(`refs/${call.param('ref')}`);
    if (sha === undefined) throw notFound();
    return ok(serializeReference(call.store, call.repository, `refs/${call.param('ref')}`, sha));
  }),
  repositoryRoute('GET /git/matching-refs/{ref}', ['contents:read'], (call) =>
    call.list(
      [...call.repository.git.refs].filter(([name]) => name.startsWith(`refs/${call.param('ref')}`)),
      ([name, sha]) => serializeReference(call.store, call.repository, name, sha),
    ),
  ),
  repositoryRoute('POST /git/refs', ['contents:write'], (call) => {
    const [name, sha] = [requiredText(call.body, 'ref'), requiredText(call.body, 'sha')];
    if (!/^refs\/.+\/.+/.test(name)) throw new ApiError(422, `Reference name must start with refs/`);
    if (call.repository.git.refs.has(name)) throw new ApiError(422, 'Reference already exists');
    if (call.repository.git.objects.commit(sha) === undefined)
      throw new ApiError(422, 'Object does not exist');
    updateReference(call.store, call.repository, name, sha, call.account);
    return created(serializeReference(call.store, call.repository, name, sha));
  }),
  repositoryRoute('PATCH /git/refs/{ref}', ['contents:write'], (call) => {
    const [name, sha] = [`refs/${call.param('ref')}`, requiredText(call.body, 'sha')];
    const { git } = call.repository;
    const before = git.refs.get(name);
    if (before === undefined) throw new ApiError(422, 'Reference does not exist');
    if (git.objects.commit(sha) === undefined) throw new ApiError(422, 'Object does not exist');
    if (optionalBoolean(call.body, 'force') !== true && !git.ancestors(sha).has(before))
      throw new ApiError(422, 'Update is not a fast forward');
    updateReference(call.store, call.repository, name, sha, call.account);
    return ok(serializeReference(call.store, call.repository, name, sha));
  }),
  repositoryRoute('DELETE /git/refs/{ref}', ['contents:write'], (call) => {
    const name = `refs/${call.param('ref')}`;
    if (!call.repository.git.refs.has(name)) throw new ApiError(422, 'Reference does not exist');
    updateReference(call.store, call.repository, name, undefined, call.account);
    return noContent;
  }),
  repositoryRoute('GET /git/commits/{commit_sha}', ['contents:read'], (call) =>
    ok(serializeGitCommit(call.store, call.repository, call.param('commit_sha'))),
  ),
  repositoryRoute('POST /git/commits', ['contents:write'], (call) => {
    const { git } = call.repository;
    const tree = requiredText(call.body, 'tree');
    const parents = optionalTexts(call.body, 'parents') ?? [];
    if (git.objects.tree(tree) === undefined) throw new ApiError(422, 'Tree SHA does not exist');
    if (parents.some((parent) => git.objects.commit(parent) === undefined))
      throw new ApiError(422, 'Parent SHA does not exist or is not a commit object');
    const author = signature(call, 'author') ?? call.store.signature(call.account);
    const sha = git.objects.writeCommit({
      tree,
      parents,
      author,
      committer: signature(call, 'committer') ?? author,
      message: requiredText(call.body, 'message'),
    });
    return created(serializeGitCommit(call.store, call.repository, sha));
  }),
  repositoryRoute('GET /git/trees/{tree_sha}', ['contents:read'], readTree),
  repositoryRoute('POST /git/trees', ['contents:write'], writeTree),
  repositoryRoute('GET /git/blobs/{file_sha}', ['contents:read'], (call) =>
    ok(serializeBlob(call.store, call.repository, call.param('file_sha'))),
  ),
  repositoryRoute('POST /git/blobs', ['contents:write'], (call) => {
    const encoding = optionalChoice(call.body, 'encoding', ['utf-8', 'base64']) ?? 'utf-8';
    const bytes = Buffer.from(requiredText(call.body, 'content'), encoding === 'base64' ? 'base64' : 'utf8');
    const sha = call.repository.git.objects.write('blob', bytes);
    return created({ sha, url: serializeBlob(call.store, call.repository, sha).url });
  }),
  repositoryRoute('GET /commits/{ref}/pulls', ['pull_requests:read'], (call) => {
    const sha = resolved(call.repository, call.param('ref'));
    const { git } = call.repository;
    const ofCommit = [...call.repository.issues.values()].filter(isPullRequest).filter(({ pull }) => {
      if (pull.merged?.commits.includes(sha) === true || pull.headSha === sha) return true;
      return git.commitsBetween(pull.baseSha, pull.headSha).some((one) => one.sha === sha);
    });
    return call.list(ofCommit, (one) => serializePullRequest(call.store, call.repository, one));
  }),
  repositoryRoute('GET /commits/{ref}', ['contents:read'], (call) =>
    ok(serializeCommit(call.store, call.repository, resolved(call.repository, call.param('ref')), true)),
  ),
  repositoryRoute('GET /commits', ['contents:read'], (call) => {
    const start = resolved(call.repository, call.query('sha') ?? call.repository.defaultBranch);
    const path = call.query('path');
    const at = (sha: string) =>
      path === undefined
        ? sha
        : call.repository.git.entryAt(findCommit(call.repository, sha).tree, path)?.sha;
    const all = [...call.repository.git.ancestors(start)].filter((sha) => {
      const parent = findCommit(call.repository, sha).parents[0];
      return path === undefined || at(sha) !== (parent === undefined ? undefined : at(parent));
    });
    return call.list(all, (sha) => serializeCommit(call.store, call.repository, sha));
  }),
  repositoryRoute('GET /branches/{branch}', ['contents:read'], (call) => {
    const sha = call.repository.git.branch(call.param('branch'));
    if (sha === undefined) throw new ApiError(404, 'Branch not found');
    const url = `${call.store.api}/repos/${fullName(call.repository)}/branches/${call.param('branch')}`;
    return ok({
      name: call.param('branch'),
      commit: serializeCommit(call.store, call.repository, sha),
      _links: {
        self: url,
        html: `${call.store.html}/${fullName(call.repository)}/tree/${call.param('branch')}`,
      },
      protected: false,
      protection: { enabled: false },
      protection_url: `${url}/protection`,
    });
  }),
  repositoryRoute('GET /activity', ['contents:read'], (call) => {
    const ref = call.query('ref')?.replace(/^(?!refs\/)/, 'refs/heads/');
    const moves = call.repository.activities.filter((move) => ref === undefined || move.ref === ref);
    return call.list(moves.toReversed(), (move) => serializeActivity(call.store, move));
  }),
  repositoryRoute('GET /compare/{basehead}', ['contents:read'], (call) => {
    const [base, head] = call.param('basehead').split('...');
    const find = (name: string | undefined) => call.repository.git.resolve(name?.split(':').at(-1) ?? '');
    const [from, to] = [find(base), find(head)];
    if (from === undefined || to === undefined) throw notFound();
    const size =
      call.query('per_page') === undefined && call.query('page') === undefined ? 250 : call.page().size;
    return ok(
      serializeComparison(call.store, call.repository, from, to, { number: call.page().number, size }),
    );
  }),
  repositoryRoute('GET /contents/{path}', ['contents:read'], readContents),
  repositoryRoute('GET /contents', ['contents:read'], readContents),
  repositoryRoute('PUT /contents/{path}', ['contents:write'], writeContents),
  ...['GET /tarball/{ref}', 'GET /tarball'].map((line) =>
    repositoryRoute(line, ['contents:read'], (call) => {
      const name = call.params.ref ?? call.repository.defaultBranch;
      const sha = call.repository.git.resolve(name);
      if (sha === undefined) throw notFound();
      // As at GitHub, the archive itself is on another host, behind an address that holds its own right to it.
      const token = call.repository.private ? `?token=${call.store.archiveToken(call.repository)}` : '';
      const location = `${call.store.html}/codeload/${fullName(call.repository)}/legacy.tar.gz/${sha}${token}`;
      return { status: 302, headers: { location } };
    }),
  ),
];

function readTree(call: ApiCall) {
  const { git } = call.repository;
  const name = call.param('tree_sha');
  const asCommit = git.resolve(name);
  const sha = asCommit === undefined ? name : findCommit(call.repository, asCommit).tree;
  if (git.objects.tree(sha) === undefined) throw notFound();
  const walk = (tree: string, prefix: string): ReturnType<typeof serializeTreeItem>[] =>
    (git.objects.tree(tree) ?? []).flatMap((entry) => [
      serializeTreeItem(call.store, call.repository, entry, prefix + entry.name),
      ...(entry.mode === '040000' && call.query('recursive') !== undefined
        ? walk(entry.sha, `${prefix}${entry.name}/`)
        : []),
    ]);
  const tree = walk(sha, '');
  const most = call.store.limits.treeEntries;
  return ok({
    sha,
    url: `${call.store.api}/repos/${fullName(call.repository)}/git/trees/${sha}`,
    tree: tree.slice(0, most),
    truncated: tree.length > most,
  });
}

function writeTree(call: ApiCall) {
  const { git } = call.repository;
  const base = optionalText(call.body, 'base_tree');
  if (base !== undefined && git.objects.tree(base) === undefined && git.objects.commit(base) === undefined)
    throw new ApiError(422, 'base_tree is not a valid tree oid');
  const changes: Record<string, FileChange> = {};
  for (const entry of optionalRecords(call.body, 'tree') ?? []) {
    const mode = optionalChoice(entry, 'mode', modes);
    if (mode === undefined) throw invalidRequest('tree.mode is missing.');
    const content = optionalText(entry, 'content');
    const sha = optionalText(entry, 'sha');
    if (sha !== undefined && git.objects.kindOf(sha) === undefined)
      throw new ApiError(422, 'tree.sha does not exist');
    changes[requiredText(entry, 'path')] =
      content !== undefined ? { content, mode } : sha === undefined ? null : { sha, mode };
  }
  const under = base === undefined ? undefined : (git.objects.commit(base)?.tree ?? base);
  const sha = git.writeFiles(under, changes);
  return created({
    sha,
    url: `${call.store.api}/repos/${fullName(call.repository)}/git/trees/${sha}`,
    tree: (git.objects.tree(sha) ?? []).map((entry) =>
      serializeTreeItem(call.store, call.repository, entry, entry.name),
    ),
    truncated: false,
  });
}

function readContents(call: ApiCall) {
  const { git } = call.repository;
  const ref = call.query('ref') ?? call.repository.defaultBranch;
  const sha = git.resolve(ref);
  const path = (call.params.path ?? '').replace(/^\/+|\/+$/g, '');
  const entry = sha === undefined ? undefined : git.entryAt(findCommit(call.repository, sha).tree, path);
  if (entry === undefined) throw notFound();
  if (entry.mode === '040000')
    return ok(
      (git.objects.tree(entry.sha) ?? []).map((child) =>
        serializeContentEntry(
          call.store,
          call.repository,
          child,
          path === '' ? child.name : `${path}/${child.name}`,
          ref,
        ),
      ),
    );
  const bytes = git.objects.blob(entry.sha) ?? Buffer.alloc(0);
  const shown = serializeContentEntry(call.store, call.repository, entry, path, ref);
  if (entry.mode === '120000') return ok({ ...shown, target: bytes.toString('utf8') });
  // Where the submodule is cloned from; `.gitmodules` is not read here.
  if (entry.mode === '160000')
    return ok({ ...shown, submodule_git_url: `https://git.example.fr/${call.repository.name}.git` });
  // From 1 MB on the content is left out, and has to be read as a blob.
  const tooBig = bytes.length > 1_048_576;
  return ok({
    ...shown,
    content: tooBig ? '' : bytes.toString('base64').replace(/.{60}(?=.)/g, '$&\n'),
    encoding: tooBig ? 'none' : 'base64',
  });
}

function writeContents(call: ApiCall) {
  const branch = optionalText(call.body, 'branch') ?? call.repository.defaultBranch;
  const { git } = call.repository;
  const path = call.param('path');
  const tip = git.branch(branch);
  if (tip === undefined) throw new ApiError(404, `Branch ${branch} not found`);
  const present = git.entryAt(findCommit(call.repository, tip).tree, path);
  const expected = optionalText(call.body, 'sha');
  if (present !== undefined && expected === undefined)
    throw validationFailed('Content', 'sha', 'missing_field', '"sha" wasn\'t supplied.');
  if (present?.sha !== expected) throw new ApiError(409, `${path} does not match ${expected}`);
  const content = Buffer.from(requiredText(call.body, 'content'), 'base64');
  const sha = commitOnBranch(
    call.store,
    call.repository,
    branch,
    { [path]: content },
    requiredText(call.body, 'message'),
    call.account,
  );
  const entry = git.entryAt(findCommit(call.repository, sha).tree, path);
  const shown =
    entry === undefined ? null : serializeContentEntry(call.store, call.repository, entry, path, branch);
  return {
    status: present === undefined ? 201 : 200,
    body: { content: shown, commit: serializeGitCommit(call.store, call.repository, sha) },
  };
}

function signature(call: ApiCall, field: string): Signature | undefined {
  const given = call.body[field];
  if (!isRecord(given)) return undefined;
  const date = optionalText(given, 'date');
  return {
    name: requiredText(given, 'name'),
    email: requiredText(given, 'email'),
    date: date === undefined ? call.store.now() : new Date(date),
  };
}
