/** Git's objects and references over REST: reading by name, and writing commits without a checkout. */

import { type Call, created, noContent, ok, onRepository, type Route } from '#demo/github/call';
import { choice, flag, isRecord, optionalText, records, text, texts } from '#demo/github/fields';
import type { Mode, Signature } from '#demo/github/git/objects';
import type { FileChange } from '#demo/github/git/repository';
import { commitOnBranch, moveReference } from '#demo/github/mutations/branches';
import { invalid, malformed, notFound, Refusal } from '#demo/github/refusal';
import {
  blob,
  commit,
  commitOf,
  comparison,
  contentEntry,
  gitCommit,
  reference,
  treeItem,
} from '#demo/github/shapes/git';
import { pullRequest } from '#demo/github/shapes/pull';
import { fullName, isPullRequest, type Repository } from '#demo/github/state';

const modes: readonly Mode[] = ['100644', '100755', '120000', '040000', '160000'];

function resolved(of: Repository, name: string): string {
  const sha = of.git.resolve(name);
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return sha;
}

export const gitRoutes: readonly Route[] = [
  onRepository('GET /git/ref/{ref}', ['contents:read'], (call) => {
    const sha = call.repository.git.refs.get(`refs/${call.param('ref')}`);
    if (sha === undefined) throw notFound();
    return ok(reference(call.world, call.repository, `refs/${call.param('ref')}`, sha));
  }),
  onRepository('GET /git/matching-refs/{ref}', ['contents:read'], (call) =>
    call.list(
      [...call.repository.git.refs].filter(([name]) => name.startsWith(`refs/${call.param('ref')}`)),
      ([name, sha]) => reference(call.world, call.repository, name, sha),
    ),
  ),
  onRepository('POST /git/refs', ['contents:write'], (call) => {
    const [name, sha] = [text(call.body, 'ref'), text(call.body, 'sha')];
    if (!/^refs\/.+\/.+/.test(name)) throw new Refusal(422, `Reference name must start with refs/`);
    if (call.repository.git.refs.has(name)) throw new Refusal(422, 'Reference already exists');
    if (call.repository.git.objects.commit(sha) === undefined)
      throw new Refusal(422, 'Object does not exist');
    moveReference(call.world, call.repository, name, sha, call.account);
    return created(reference(call.world, call.repository, name, sha));
  }),
  onRepository('PATCH /git/refs/{ref}', ['contents:write'], (call) => {
    const [name, sha] = [`refs/${call.param('ref')}`, text(call.body, 'sha')];
    const { git } = call.repository;
    const before = git.refs.get(name);
    if (before === undefined) throw new Refusal(422, 'Reference does not exist');
    if (git.objects.commit(sha) === undefined) throw new Refusal(422, 'Object does not exist');
    if (flag(call.body, 'force') !== true && !git.ancestors(sha).has(before))
      throw new Refusal(422, 'Update is not a fast forward');
    moveReference(call.world, call.repository, name, sha, call.account);
    return ok(reference(call.world, call.repository, name, sha));
  }),
  onRepository('DELETE /git/refs/{ref}', ['contents:write'], (call) => {
    const name = `refs/${call.param('ref')}`;
    if (!call.repository.git.refs.has(name)) throw new Refusal(422, 'Reference does not exist');
    moveReference(call.world, call.repository, name, undefined, call.account);
    return noContent;
  }),
  onRepository('GET /git/commits/{commit_sha}', ['contents:read'], (call) =>
    ok(gitCommit(call.world, call.repository, call.param('commit_sha'))),
  ),
  onRepository('POST /git/commits', ['contents:write'], (call) => {
    const { git } = call.repository;
    const tree = text(call.body, 'tree');
    const parents = texts(call.body, 'parents') ?? [];
    if (git.objects.tree(tree) === undefined) throw new Refusal(422, 'Tree SHA does not exist');
    if (parents.some((parent) => git.objects.commit(parent) === undefined))
      throw new Refusal(422, 'Parent SHA does not exist or is not a commit object');
    const author = signature(call, 'author') ?? call.world.signature(call.account);
    const sha = git.objects.writeCommit({
      tree,
      parents,
      author,
      committer: signature(call, 'committer') ?? author,
      message: text(call.body, 'message'),
    });
    return created(gitCommit(call.world, call.repository, sha));
  }),
  onRepository('GET /git/trees/{tree_sha}', ['contents:read'], readTree),
  onRepository('POST /git/trees', ['contents:write'], writeTree),
  onRepository('GET /git/blobs/{file_sha}', ['contents:read'], (call) =>
    ok(blob(call.world, call.repository, call.param('file_sha'))),
  ),
  onRepository('POST /git/blobs', ['contents:write'], (call) => {
    const encoding = choice(call.body, 'encoding', ['utf-8', 'base64']) ?? 'utf-8';
    const bytes = Buffer.from(text(call.body, 'content'), encoding === 'base64' ? 'base64' : 'utf8');
    const sha = call.repository.git.objects.write('blob', bytes);
    return created({ sha, url: blob(call.world, call.repository, sha).url });
  }),
  onRepository('GET /commits/{ref}/pulls', ['pull_requests:read'], (call) => {
    const sha = resolved(call.repository, call.param('ref'));
    const { git } = call.repository;
    const ofCommit = [...call.repository.issues.values()].filter(isPullRequest).filter(({ pull }) => {
      if (pull.merged?.sha === sha || pull.headSha === sha) return true;
      return git.commitsBetween(pull.baseSha, pull.headSha).some((one) => one.sha === sha);
    });
    return call.list(ofCommit, (one) => pullRequest(call.world, call.repository, one));
  }),
  onRepository('GET /commits/{ref}', ['contents:read'], (call) =>
    ok(commit(call.world, call.repository, resolved(call.repository, call.param('ref')), true)),
  ),
  onRepository('GET /commits', ['contents:read'], (call) => {
    const start = resolved(call.repository, call.query('sha') ?? call.repository.defaultBranch);
    const path = call.query('path');
    const at = (sha: string) =>
      path === undefined ? sha : call.repository.git.entryAt(commitOf(call.repository, sha).tree, path)?.sha;
    const all = [...call.repository.git.ancestors(start)].filter((sha) => {
      const parent = commitOf(call.repository, sha).parents[0];
      return path === undefined || at(sha) !== (parent === undefined ? undefined : at(parent));
    });
    return call.list(all, (sha) => commit(call.world, call.repository, sha));
  }),
  onRepository('GET /branches/{branch}', ['contents:read'], (call) => {
    const sha = call.repository.git.branch(call.param('branch'));
    if (sha === undefined) throw new Refusal(404, 'Branch not found');
    const url = `${call.world.api}/repos/${fullName(call.repository)}/branches/${call.param('branch')}`;
    return ok({
      name: call.param('branch'),
      commit: commit(call.world, call.repository, sha),
      _links: {
        self: url,
        html: `${call.world.html}/${fullName(call.repository)}/tree/${call.param('branch')}`,
      },
      protected: false,
      protection: { enabled: false },
      protection_url: `${url}/protection`,
    });
  }),
  onRepository('GET /compare/{basehead}', ['contents:read'], (call) => {
    const [base, head] = call.param('basehead').split('...');
    const find = (name: string | undefined) => call.repository.git.resolve(name?.split(':').at(-1) ?? '');
    const [from, to] = [find(base), find(head)];
    if (from === undefined || to === undefined) throw notFound();
    const size =
      call.query('per_page') === undefined && call.query('page') === undefined ? 250 : call.page().size;
    return ok(comparison(call.world, call.repository, from, to, { number: call.page().number, size }));
  }),
  onRepository('GET /contents/{path}', ['contents:read'], readContents),
  onRepository('GET /contents', ['contents:read'], readContents),
  onRepository('PUT /contents/{path}', ['contents:write'], writeContents),
  ...['GET /tarball/{ref}', 'GET /tarball'].map((line) =>
    onRepository(line, ['contents:read'], (call) => {
      const name = call.params.ref ?? call.repository.defaultBranch;
      const sha = call.repository.git.resolve(name);
      if (sha === undefined) throw notFound();
      // As at GitHub, the archive itself is on another host, behind an address that holds its own right to it.
      const token = call.repository.private ? `?token=${call.world.archiveToken(call.repository)}` : '';
      const location = `${call.world.html}/codeload/${fullName(call.repository)}/legacy.tar.gz/${sha}${token}`;
      return { status: 302, headers: { location } };
    }),
  ),
];

function readTree(call: Call) {
  const { git } = call.repository;
  const name = call.param('tree_sha');
  const asCommit = git.resolve(name);
  const sha = asCommit === undefined ? name : commitOf(call.repository, asCommit).tree;
  if (git.objects.tree(sha) === undefined) throw notFound();
  const walk = (tree: string, prefix: string): ReturnType<typeof treeItem>[] =>
    (git.objects.tree(tree) ?? []).flatMap((entry) => [
      treeItem(call.world, call.repository, entry, prefix + entry.name),
      ...(entry.mode === '040000' && call.query('recursive') !== undefined
        ? walk(entry.sha, `${prefix}${entry.name}/`)
        : []),
    ]);
  const tree = walk(sha, '');
  const most = call.world.limits.treeEntries;
  return ok({
    sha,
    url: `${call.world.api}/repos/${fullName(call.repository)}/git/trees/${sha}`,
    tree: tree.slice(0, most),
    truncated: tree.length > most,
  });
}

function writeTree(call: Call) {
  const { git } = call.repository;
  const base = optionalText(call.body, 'base_tree');
  if (base !== undefined && git.objects.tree(base) === undefined && git.objects.commit(base) === undefined)
    throw new Refusal(422, 'base_tree is not a valid tree oid');
  const changes: Record<string, FileChange> = {};
  for (const entry of records(call.body, 'tree') ?? []) {
    const mode = choice(entry, 'mode', modes);
    if (mode === undefined) throw malformed('tree.mode is missing.');
    const content = optionalText(entry, 'content');
    const sha = optionalText(entry, 'sha');
    if (sha !== undefined && git.objects.kindOf(sha) === undefined)
      throw new Refusal(422, 'tree.sha does not exist');
    changes[text(entry, 'path')] =
      content !== undefined ? { content, mode } : sha === undefined ? null : { sha, mode };
  }
  const under = base === undefined ? undefined : (git.objects.commit(base)?.tree ?? base);
  const sha = git.writeFiles(under, changes);
  return created({
    sha,
    url: `${call.world.api}/repos/${fullName(call.repository)}/git/trees/${sha}`,
    tree: (git.objects.tree(sha) ?? []).map((entry) =>
      treeItem(call.world, call.repository, entry, entry.name),
    ),
    truncated: false,
  });
}

function readContents(call: Call) {
  const { git } = call.repository;
  const ref = call.query('ref') ?? call.repository.defaultBranch;
  const sha = git.resolve(ref);
  const path = (call.params.path ?? '').replace(/^\/+|\/+$/g, '');
  const entry = sha === undefined ? undefined : git.entryAt(commitOf(call.repository, sha).tree, path);
  if (entry === undefined) throw notFound();
  if (entry.mode === '040000')
    return ok(
      (git.objects.tree(entry.sha) ?? []).map((child) =>
        contentEntry(
          call.world,
          call.repository,
          child,
          path === '' ? child.name : `${path}/${child.name}`,
          ref,
        ),
      ),
    );
  const bytes = git.objects.blob(entry.sha) ?? Buffer.alloc(0);
  const shown = contentEntry(call.world, call.repository, entry, path, ref);
  if (entry.mode === '120000') return ok({ ...shown, target: bytes.toString('utf8') });
  // From 1 MB on the content is left out, and has to be read as a blob.
  const tooBig = bytes.length > 1_048_576;
  return ok({
    ...shown,
    content: tooBig ? '' : bytes.toString('base64').replace(/.{60}(?=.)/g, '$&\n'),
    encoding: tooBig ? 'none' : 'base64',
  });
}

function writeContents(call: Call) {
  const branch = optionalText(call.body, 'branch') ?? call.repository.defaultBranch;
  const { git } = call.repository;
  const path = call.param('path');
  const tip = git.branch(branch);
  if (tip === undefined) throw new Refusal(404, `Branch ${branch} not found`);
  const present = git.entryAt(commitOf(call.repository, tip).tree, path);
  const expected = optionalText(call.body, 'sha');
  if (present !== undefined && expected === undefined)
    throw invalid('Content', 'sha', 'missing_field', '"sha" wasn\'t supplied.');
  if (present?.sha !== expected) throw new Refusal(409, `${path} does not match ${expected}`);
  const content = Buffer.from(text(call.body, 'content'), 'base64');
  const sha = commitOnBranch(
    call.world,
    call.repository,
    branch,
    { [path]: content },
    text(call.body, 'message'),
    call.account,
  );
  const entry = git.entryAt(commitOf(call.repository, sha).tree, path);
  const shown = entry === undefined ? null : contentEntry(call.world, call.repository, entry, path, branch);
  return {
    status: present === undefined ? 201 : 200,
    body: { content: shown, commit: gitCommit(call.world, call.repository, sha) },
  };
}

function signature(call: Call, field: string): Signature | undefined {
  const given = call.body[field];
  if (!isRecord(given)) return undefined;
  const date = optionalText(given, 'date');
  return {
    name: text(given, 'name'),
    email: text(given, 'email'),
    date: date === undefined ? call.world.now() : new Date(date),
  };
}
