/** Changed files as the « Files changed » tab shows them, with the notes of checks under them. */
import { type Html, html } from '#base/html';
import type { FileDiff } from '#demo/github/git/changes';
import type { CheckRun, Repository } from '#demo/github/state';
import { box, link, pathOf } from './frame.ts';

const kinds: Readonly<Record<string, string>> = { '+': 'add', '-': 'del', '@': 'hunk' };

export function patchHtml(patch: string): Html {
  const lines = patch.split('\n').map((line) => {
    const kind = kinds[line.charAt(0)];
    return kind === undefined ? html`${line}\n` : html`<span class="${kind}">${line}</span>\n`;
  });
  return html`<pre tabindex="0">${lines}</pre>`;
}

/** @param sha of the commit at which the files are shown; `before`, at which those are that went away */
export function filesHtml(
  of: Repository,
  files: readonly FileDiff[],
  {
    sha,
    before,
    runs = [],
  }: { readonly sha: string; readonly before?: string; readonly runs?: readonly CheckRun[] },
): Html {
  return html`${files.map((file) => {
    const at = file.status === 'removed' ? before : sha;
    const title = html`<code>${file.path}</code>`;
    const head = at === undefined ? title : html`<a href="${blobPath(of, at, file.path)}">${title}</a>`;
    const renamed = file.previousPath !== undefined && html` ← <code>${file.previousPath}</code>`;
    return box(html`${head}${renamed}`, [patchHtml(file.patch ?? ''), notesHtml(of, sha, file.path, runs)]);
  })}`;
}

function notesHtml(of: Repository, sha: string, path: string, runs: readonly CheckRun[]): Html {
  const notes = runs.flatMap(({ annotations }) => annotations).filter((note) => note.path === path);
  return html`${notes.map(
    ({ start_line, title, message }) =>
      html`<p class="note">${link(`${blobPath(of, sha, path)}#L${start_line}`, String(start_line))} — <b>${title ?? ''}</b>
${message}</p>`,
  )}`;
}

export const blobPath = (of: Repository, sha: string, path: string): string =>
  pathOf(of.owner.login, of.name, 'blob', sha, path);
