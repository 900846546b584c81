/**
 * The registry as it is at a commit, kept at hand: read whole once, then kept up to date by what changed between
 * two commits, so that a pull request costs the same whatever the registry's size.
 */
import { setImmediate } from 'node:timers/promises';
import { placeOf } from '../definition/cell.ts';
import { readDefinition } from '../definition/read.ts';
import type { Gate } from '../github/gate.ts';
import { type RegistryFile, readRegistryDelta, readRegistryFiles } from '../github/registry-files.ts';
import { type Claims, claimsOf } from '../registry/claims.ts';
import { type Entry, Registry } from '../registry/registry.ts';
import { settingsPath } from '../registry/settings.ts';
import type { FileMode } from '../review/facts.ts';
import type { ReviewMemory } from './review-memory.ts';

export interface MirroredFile {
  readonly blob: string;
  readonly mode: FileMode;
}

/** The registry at one commit. It is moved in place: use it before the next `await`. */
export interface RegistryView {
  readonly commit: string;
  readonly registry: Registry;
  /** Every file under the definitions' folder, and the settings, by path. */
  readonly files: ReadonlyMap<string, MirroredFile>;
  /** What the files that changed on the way here from the last commit claimed before, and claim now. */
  readonly moved: readonly Claims[];
  /** Their paths. */
  readonly changed: readonly string[];
}

interface State {
  commit: string;
  readonly registry: Registry;
  readonly files: Map<string, MirroredFile>;
}

/** What a file of the registry is, as far as several files need to know it; undefined for what is no definition. */
export function entryOf(path: string, blob: string, bytes: Uint8Array, link: boolean): Entry | undefined {
  const place = placeOf(path);
  if (place === undefined) return undefined;
  const { draft, definition } = readDefinition({ path, bytes, link });
  return {
    path,
    place,
    blob,
    ...(draft === undefined ? {} : { draft }),
    ...(definition === undefined ? {} : { definition }),
  };
}

function claimsOfFile(file: RegistryFile): Claims | undefined {
  const entry = entryOf(file.path, file.blob, file.bytes ?? new Uint8Array(), file.mode === 'symlink');
  return entry === undefined ? undefined : claimsOf(entry);
}

/** So many files are read before everyone else has a turn: a large registry takes seconds. */
const filesPerTurn = 100;

async function claimsOfFiles(files: readonly RegistryFile[]): Promise<Map<string, Claims | undefined>> {
  const claims = new Map<string, Claims | undefined>();
  for (const file of files) {
    claims.set(file.path, claimsOfFile(file));
    if (claims.size % filesPerTurn === 0) await setImmediate();
  }
  return claims;
}

export class RegistryMirror {
  readonly #repo: string;
  readonly #memory: ReviewMemory;
  #state: State | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(repo: string, memory: ReviewMemory) {
    this.#repo = repo;
    this.#memory = memory;
  }

  /** The commit that the mirror shows, if it was ever read. */
  async commit(): Promise<string | undefined> {
    await this.#turn;
    this.#state ??= await this.#load();
    return this.#state?.commit;
  }

  /**
   * The registry at a commit. Those who ask wait for each other.
   *
   * @param tree the tree of the commit, when it is known already: it saves a call.
   */
  at(gate: Gate, commit: string, tree?: string): Promise<RegistryView> {
    const view = this.#turn.then(() => this.#moveTo(gate, commit, tree));
    this.#turn = view.catch(() => undefined);
    return view;
  }

  /** The view as it stands, without asking anyone. */
  now(): RegistryView | undefined {
    return this.#state === undefined ? undefined : viewOf(this.#state, [], []);
  }

  async #moveTo(gate: Gate, commit: string, tree: string | undefined): Promise<RegistryView> {
    this.#state ??= await this.#load();
    const before = this.#state;
    if (before?.commit === commit) return viewOf(before, [], []);
    const delta =
      before === undefined
        ? undefined
        : await readRegistryDelta(gate, before.commit, commit, (blobs) => this.#memory.blobs(blobs));
    if (before === undefined || delta === undefined) {
      const state = await this.#readWhole(gate, commit, tree);
      this.#state = state;
      const changed = before === undefined ? [] : differing(before.files, state.files);
      const old = before === undefined ? [] : claimsAt(before.registry, changed);
      return viewOf(state, changed, [...old, ...claimsAt(state.registry, changed)]);
    }
    const changed = [...new Set([...delta.removed, ...delta.changed.map(({ path }) => path)])];
    const old = claimsAt(before.registry, changed);
    await this.#write(before, commit, before.commit, delta.removed, delta.changed);
    before.commit = commit;
    return viewOf(before, changed, [...old, ...claimsAt(before.registry, changed)]);
  }

  async #load(): Promise<State | undefined> {
    const { database } = this.#memory;
    const head = await database
      .selectFrom('registry_commits')
      .select('commit')
      .where('repo', '=', this.#repo)
      .executeTakeFirst();
    if (head === undefined) return undefined;
    const rows = await database
      .selectFrom('registry_files')
      .select(['path', 'blob', 'mode', 'claims'])
      .where('repo', '=', this.#repo)
      .execute();
    return {
      commit: head.commit,
      registry: Registry.of(rows.flatMap(({ claims }) => (claims === null ? [] : [claims]))),
      files: new Map(rows.map(({ path, blob, mode }) => [path, { blob, mode }])),
    };
  }

  async #readWhole(gate: Gate, commit: string, tree: string | undefined): Promise<State> {
    const state: State = { commit, registry: new Registry(), files: new Map() };
    const files = await readRegistryFiles(gate, commit, tree);
    await this.#write(state, commit, undefined, [], files);
    return state;
  }

  /** Keeps it first, then shows it. Another process may have kept a later state: then that one stays. */
  async #write(
    state: State,
    commit: string,
    from: string | undefined,
    removed: readonly string[],
    changed: readonly RegistryFile[],
  ): Promise<void> {
    const claims = await claimsOfFiles(changed);
    const bytes = new Map(
      changed.flatMap((file) => (file.bytes === undefined ? [] : [[file.blob, file.bytes]])),
    );
    await this.#memory.keepBlobs(bytes);
    await this.#memory.database.transaction().execute(async (db) => {
      const kept = await db
        .selectFrom('registry_commits')
        .select('commit')
        .where('repo', '=', this.#repo)
        .forUpdate()
        .executeTakeFirst();
      if (from !== undefined && kept?.commit !== from) return;
      let stale = db.deleteFrom('registry_files').where('repo', '=', this.#repo);
      if (from !== undefined) {
        const gone = [...removed, ...claims.keys()];
        if (gone.length > 0) stale = stale.where('path', 'in', gone);
      }
      if (from === undefined || removed.length + claims.size > 0) await stale.execute();
      const rows = changed.map(({ path, blob, mode }) => {
        const claimed = claims.get(path);
        return {
          repo: this.#repo,
          path,
          blob,
          mode,
          claims: claimed === undefined ? null : JSON.stringify(claimed),
        };
      });
      for (let at = 0; at < rows.length; at += 2_000)
        await db
          .insertInto('registry_files')
          .values(rows.slice(at, at + 2_000))
          .execute();
      await db
        .insertInto('registry_commits')
        .values({ repo: this.#repo, commit })
        .onConflict((conflict) => conflict.column('repo').doUpdateSet({ commit }))
        .execute();
    });
    for (const path of removed) {
      state.registry.delete(path);
      state.files.delete(path);
    }
    for (const { path, blob, mode } of changed) {
      const claimed = claims.get(path);
      if (claimed !== undefined) state.registry.set(claimed);
      state.files.set(path, { blob, mode });
    }
  }
}

function viewOf(
  { commit, registry, files }: State,
  changed: readonly string[],
  moved: readonly Claims[],
): RegistryView {
  return { commit, registry, files, changed, moved };
}

function claimsAt(registry: Registry, paths: readonly string[]): Claims[] {
  return paths.map((path) => registry.get(path)).filter((claims) => claims !== undefined);
}

function differing(
  before: ReadonlyMap<string, MirroredFile>,
  after: ReadonlyMap<string, MirroredFile>,
): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path)?.blob !== after.get(path)?.blob);
}

/** The settings' file in a view. */
export function settingsBlob(view: RegistryView): string | undefined {
  return view.files.get(settingsPath)?.blob;
}
