/** The registry as reconciling sees it: read at a commit, and judged again at that very commit. */

import { type RegistryMirror, type RegistryView, settingsBlob } from '#application/mirror/mirror';
import type { ReviewMemory } from '#application/mirror/review-store';
import type { CellName } from '#base/config/cells';
import { cellName, placeOf } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import { judgeRegistry } from '#domain/registry/evaluate';
import type { Desired } from '#domain/registry/registry';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { readSettings, type Settings } from '#domain/registry/settings';
import type { Gate } from '#infrastructure/github/client/repository-client';
import { mergedPulls } from '#infrastructure/github/read/merged-pull-requests';
import { readBlob, resolveBranch } from '#infrastructure/github/read/pull-request';
import type { MergedPull, RegistrySnapshot, RegistrySource } from './reconcile.ts';

export interface SourceRoom {
  readonly gate: Gate;
  readonly mirror: RegistryMirror;
  readonly memory: ReviewMemory;
}

export interface SettledSource extends RegistrySource {
  /** The registry's settings at the commit that was read last. */
  settings(): Settings;
}

/** Definitions that were read, by path and blob: what is immutable is read once. */
type Read = Map<string, ServiceProvider | undefined>;

export function registrySource(room: SourceRoom): SettledSource {
  const read: Read = new Map();
  let settings = readSettings(undefined).settings;

  async function bytesOf(blobs: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map(await room.memory.blobs(blobs));
    for (const blob of blobs) {
      if (found.has(blob)) continue;
      const reading = await readBlob(room.gate, blob);
      if ('bytes' in reading) found.set(blob, reading.bytes);
    }
    return found;
  }

  async function at(commit: string): Promise<RegistrySnapshot> {
    const view = await room.mirror.at(room.gate, commit);
    const errors = faultyPaths(view);
    const written = settingsBlob(view);
    const files = definitionFiles(view);
    const unread = files.filter((file) => !read.has(keyOf(file)));
    const bytes = await bytesOf([
      ...unread.map((file) => file.blob),
      ...(written === undefined ? [] : [written]),
    ]);
    const text = written === undefined ? undefined : bytes.get(written);
    settings = readSettings(text === undefined ? undefined : new TextDecoder().decode(text)).settings;
    for (const file of unread) {
      const content = bytes.get(file.blob);
      // What could not be read now is held, and read again the next time.
      if (content === undefined) continue;
      const { definition } = readDefinition({ path: file.path, bytes: content, link: file.link });
      read.set(keyOf(file), definition);
    }
    const desired: Desired[] = [];
    const held: { cell: CellName; id: string }[] = [];
    const blobs = new Map<string, string>();
    for (const { path, blob, cell, id, link } of files) {
      blobs.set(`${cell}/${id}`, blob);
      const definition = read.get(keyOf({ path, blob, link }));
      if (definition === undefined || errors.has(path)) held.push({ cell, id });
      else desired.push({ path, cell, id, definition });
    }
    // Only the present commit is kept in memory, however many came before it.
    const present = new Set(files.map(keyOf));
    for (const key of read.keys()) if (!present.has(key)) read.delete(key);
    return { commit, desired, held, blobs };
  }

  return {
    at,
    settings: () => settings,
    head: () => headOf(room.gate),
    async mergedBetween(from, to) {
      const { owner, repo } = room.gate;
      const reviewed = from === undefined ? await room.memory.reviewed(`${owner}/${repo}`) : undefined;
      return mergedBetween(room.gate, from, to, reviewed);
    },
  };
}

/** The commit of a repository's default branch. */
export async function headOf(gate: Gate): Promise<string> {
  const { data } = await gate.client.request('GET /repos/{owner}/{repo}', {
    owner: gate.owner,
    repo: gate.repo,
  });
  const commit = await resolveBranch(gate, data.default_branch);
  if (commit === undefined) throw new Error(`The branch ${data.default_branch} has no commit`);
  return commit;
}

/** The pull requests merged after `from` up to `to`, oldest first, with the clients that they touched. */
export async function mergedBetween(
  gate: Gate,
  from: string | undefined,
  to: string,
  reviewed: ReadonlySet<number> = new Set(),
): Promise<readonly MergedPull[]> {
  const merged = await mergedPulls(gate, from, to, reviewed);
  return merged.map(({ number, head, commit, author, approvedBy, paths }) => ({
    pull: number,
    head,
    commit,
    author,
    approvedBy,
    clients: paths.flatMap((path) => {
      const place = placeOf(path);
      return place === undefined ? [] : [`${cellName(place)}/${place.id}`];
    }),
  }));
}

interface DefinitionFile {
  readonly path: string;
  readonly blob: string;
  readonly link: boolean;
  readonly cell: CellName;
  readonly id: string;
}

function definitionFiles(view: RegistryView): readonly DefinitionFile[] {
  return Array.from(view.files).flatMap(([path, file]) => {
    const place = placeOf(path);
    if (place === undefined) return [];
    return [{ path, blob: file.blob, link: file.mode === 'symlink', cell: cellName(place), id: place.id }];
  });
}

function keyOf(file: { readonly path: string; readonly blob: string; readonly link: boolean }): string {
  return `${file.blob} ${file.link ? 'link ' : ''}${file.path}`;
}

/** Definitions that the rules on several files call errors. To be called before the view moves on. */
function faultyPaths(view: RegistryView): ReadonlySet<string> {
  const notices = judgeRegistry(view.registry);
  const errors = notices.filter(
    (notice) => (notice.report.severity ?? catalogue.card(notice.rule)?.severity) === 'error',
  );
  return new Set(errors.map((notice) => notice.path));
}
