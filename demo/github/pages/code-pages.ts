/** Files, folders, commits, comparisons and check runs: what links in comments lead to. */
import { type Html, html } from '#base/html';
import { changesOfCommit, changesSinceFork } from '#demo/github/serializers/git';
import { fullName, type Repository } from '#demo/github/state';
import { blobPath, filesHtml } from './diff-view.ts';
import { frame, link, type PageAnswer, type PageContext, pathOf } from './frame.ts';
import { markdownHtml } from './markdown.ts';

/** A reference and a path below it, of which both may hold slashes: the longest reference that is there. */
function splitReference(of: Repository, parts: readonly string[]): { sha: string; path: string } | undefined {
  for (let count = parts.length; count > 0; count--) {
    const sha = of.git.resolve(parts.slice(0, count).join('/'));
    if (sha !== undefined) return { sha, path: parts.slice(count).join('/') };
  }
  return undefined;
}

/** `/blob/REF/PATH`, its lines with anchors; `/raw/…`, the text itself. */
export function blobPage(
  context: PageContext,
  of: Repository,
  parts: readonly string[],
  raw = false,
): PageAnswer | undefined {
  const at = splitReference(of, parts);
  const text = at === undefined || at.path === '' ? undefined : of.git.textAt(at.sha, at.path);
  if (at === undefined || text === undefined) return undefined;
  if (raw) return { status: 200, text };
  const lines = text.replace(/\n$/, '').split('\n');
  const body = html`<p>${at.sha.slice(0, 7)} · ${link(pathOf(of.owner.login, of.name, 'raw', at.sha, at.path), 'raw')}</p>
<pre class="numbers" tabindex="0">${lines.map(
    (line, index) => html`<span id="L${index + 1}">${index + 1}</span> ${line}
`,
  )}</pre>`;
  return found(context, of, at.path, body);
}

/** `/tree/REF/PATH`. */
export function treePage(
  context: PageContext,
  of: Repository,
  parts: readonly string[],
): PageAnswer | undefined {
  const at = splitReference(of, parts);
  if (at === undefined) return undefined;
  const list = folderHtml(of, at.sha, at.path);
  return list === undefined ? undefined : found(context, of, `${parts.join('/')}`, list);
}

/** The files of a folder; undefined when it is none. */
export function folderHtml(of: Repository, sha: string, path: string): Html | undefined {
  const tree = of.git.objects.commit(sha)?.tree;
  const folder = tree === undefined ? undefined : of.git.entryAt(tree, path);
  const entries = folder?.mode === '040000' ? of.git.objects.tree(folder.sha) : undefined;
  if (entries === undefined) return undefined;
  return html`<ul>${entries.map(({ name, mode }) => {
    const inside = path === '' ? name : `${path}/${name}`;
    return mode === '040000'
      ? html`<li>${link(pathOf(of.owner.login, of.name, 'tree', sha, inside), `${name}/`)}</li>`
      : html`<li>${link(blobPath(of, sha, inside), name)}</li>`;
  })}</ul>`;
}

/** `/commit/SHA`. */
export function commitPage(context: PageContext, of: Repository, ref: string): PageAnswer | undefined {
  const sha = of.git.resolve(ref);
  const commit = sha === undefined ? undefined : of.git.objects.commit(sha);
  if (sha === undefined || commit === undefined) return undefined;
  const [first = '', ...rest] = commit.message.split('\n');
  const parent = commit.parents[0];
  const body = html`<p>${commit.author.name} · ${commit.author.date.toISOString()} · <code>${sha}</code></p>
<pre>${rest.join('\n').trim()}</pre>
<p>${link(pathOf(of.owner.login, of.name, 'tree', sha), context.t('files'))}</p>
${filesHtml(of, changesOfCommit(of, sha), { sha, ...(parent === undefined ? {} : { before: parent }) })}`;
  return found(context, of, first, body);
}

/** `/compare/BASE...HEAD`. */
export function comparePage(context: PageContext, of: Repository, range: string): PageAnswer | undefined {
  const [from = '', to = ''] = range.split('...');
  const [base, head] = [of.git.resolve(from), of.git.resolve(to)];
  if (base === undefined || head === undefined) return undefined;
  const files = changesSinceFork(of, base, head);
  return found(context, of, range, filesHtml(of, files, { sha: head, before: base }));
}

/** `/runs/ID`: what the « Details » of a check lead to. */
export function runPage(context: PageContext, of: Repository, id: string): PageAnswer | undefined {
  const run = of.checkRuns.find((one) => String(one.id) === id);
  if (run === undefined) return undefined;
  const notes = run.annotations.map(
    ({ path, start_line, title, message }) =>
      html`<p class="note">${link(`${blobPath(of, run.headSha, path)}#L${start_line}`, `${path}:${start_line}`)} <b>${title ?? ''}</b>
${message}</p>`,
  );
  const body = html`<p class="${run.conclusion ?? ''}"><b>${run.conclusion ?? run.status}</b> — ${run.title ?? ''}</p>
<p>${link(pathOf(of.owner.login, of.name, 'commit', run.headSha), run.headSha.slice(0, 7))}</p>
${markdownHtml(run.summary ?? '')}${markdownHtml(run.text ?? '')}${notes}`;
  return found(context, of, run.name, body);
}

function found(context: PageContext, of: Repository, title: string, body: Html): PageAnswer {
  const heading = title === '' ? fullName(of) : title;
  return { status: 200, html: frame(context, { title: heading, of, body }) };
}
