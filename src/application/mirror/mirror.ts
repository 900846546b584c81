/**
 * The registry as it is at a commit, kept at hand: read whole once, then kept up to date by what changed between
 * two commits, so that a pull request costs the same whatever the registry's size.
 */
import { defined } from '#base/defined';
import { type Claims, claimsOf } from '#domain/registry/claims';
import { readEntry } from '#domain/registry/read-entry';
import { Registry } from '#domain/registry/registry';
import type { FileMode } from '#domain/review/facts/facts';
import { reusableQuery } from '#infrastructure/database/reusable';
import { rowBatches } from '#infrastructure/database/row-batches';
import { storableJson } from '#infrastructure/database/storable-json';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import {
  isRegistryAt,
  type RegistryDelta,
  type RegistryFile,
  readRegistryDelta,
  readRegistryFiles,
} from '#infrastructure/github/read/registry-files';
import { type BaseBranchChange, recordChange } from './base-branch-changes.ts';
import { type FileRecord, fileRecords, ownersOf } from './file-records.ts';
import { saveBlobs } from './kept-blobs.ts';
import { lastReadableBlobs, saveReadable } from './last-readable.ts';
import { upsertOwners } from './owner-accounts.ts';
import type { ReviewStore } from './review-store.ts';

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
}

interface MirrorState {
  commit: string;
  readonly registry: Registry;
  readonly files: Map<string, MirroredFile>;
}

const keptCommit = reusableQuery(1, (db, repo: string) =>
  db.selectFrom('registry_commits').select('commit').where('repo', '=', repo),
);

export class RegistryMirror {
  readonly #repo: string;
  readonly #store: ReviewStore;
  #state: MirrorState | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(repo: string, store: ReviewStore) {
    this.#repo = repo;
    this.#store = store;
  }

  /** The commit that the mirror shows, if it was ever read. */
  async commit(): Promise<string | undefined> {
    const present = this.#turn.then(() => this.#present());
    this.#turn = present.catch(() => undefined);
    return (await present)?.commit;
  }

  /**
   * The registry at a commit. Those who ask wait for each other.
   *
   * @param tree the tree of the commit, when it is known already: it saves a call.
   */
  at(repository: RepositoryClient, commit: string, tree?: string): Promise<RegistryView> {
    const view = this.#turn.then(() => this.#moveTo(repository, commit, tree));
    this.#turn = view.catch(() => undefined);
    return view;
  }

  /**
   * Does work of many turns on the registry at a commit, which stays there meanwhile: those who ask for another wait.
   *
   * @param work asks the mirror for nothing
   */
  during<Result>(
    repository: RepositoryClient,
    commit: string,
    work: (view: RegistryView) => Promise<Result>,
  ): Promise<Result> {
    const done = this.#turn.then(async () => work(await this.#moveTo(repository, commit, undefined)));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /**
   * Compares the view at a commit with Git's own trees, and reads the registry whole where it differs: whatever once
   * went wrong heals here.
   *
   * @returns whether the view was right
   */
  verify(repository: RepositoryClient, commit: string): Promise<boolean> {
    const verified = this.#turn.then(async () => {
      const { files } = await this.#moveTo(repository, commit, undefined);
      const held = Array.from(files, ([path, file]) => ({ path, ...file }));
      if (await isRegistryAt(repository, commit, held)) return true;
      this.#state = await this.#readWhole(repository, commit, undefined, this.#state);
      return false;
    });
    this.#turn = verified.catch(() => undefined);
    return verified;
  }

  /** The view as it stands, without asking anyone. */
  now(): RegistryView | undefined {
    return this.#state === undefined ? undefined : viewOf(this.#state);
  }

  async #moveTo(
    repository: RepositoryClient,
    commit: string,
    tree: string | undefined,
  ): Promise<RegistryView> {
    // What a commit holds stays as it is, wherever others are by now.
    if (this.#state?.commit === commit) return viewOf(this.#state);
    const before = await this.#present();
    if (before?.commit === commit) return viewOf(before);
    const delta =
      before === undefined
        ? undefined
        : await readRegistryDelta(repository, before.commit, commit, (blobs) => this.#store.blobs(blobs));
    if (before === undefined || delta === undefined) {
      this.#state = await this.#readWhole(repository, commit, tree, before);
      return viewOf(this.#state);
    }
    await this.#write(before, commit, before, delta);
    before.commit = commit;
    return viewOf(before);
  }

  /**
   * What is kept. Another process may have moved on: whoever went on from what was shown here before would judge by what is no
   * more, and keep nothing of where it came to.
   */
  async #present(): Promise<MirrorState | undefined> {
    const [kept] = await keptCommit(this.#store.database, this.#repo);
    if (this.#state?.commit !== kept?.commit) this.#state = await this.#load();
    return this.#state;
  }

  /** In one statement: another process may be moving on right now, and commit and files are of one moment. */
  async #load(): Promise<MirrorState | undefined> {
    const rows = await this.#store.database
      .selectFrom('registry_commits as kept')
      .leftJoin('registry_files as file', 'file.repo', 'kept.repo')
      .select(['kept.commit', 'file.path', 'file.blob', 'file.mode', 'file.claims'])
      .where('kept.repo', '=', this.#repo)
      .execute();
    const [first] = rows;
    if (first === undefined) return undefined;
    const files = new Map<string, MirroredFile>();
    for (const { path, blob, mode } of rows)
      if (path !== null && blob !== null && mode !== null) files.set(path, { blob, mode });
    return {
      commit: first.commit,
      registry: Registry.of(rows.flatMap(({ claims }) => (claims === null ? [] : [claims]))),
      files,
    };
  }

  async #readWhole(
    repository: RepositoryClient,
    commit: string,
    tree: string | undefined,
    before: MirrorState | undefined,
  ): Promise<MirrorState> {
    const state: MirrorState = { commit, registry: new Registry(), files: new Map() };
    const files = await readRegistryFiles(repository, commit, tree);
    await this.#write(state, commit, undefined, { removed: [], changed: files }, before);
    return state;
  }

  /** What cannot be read claims what it last could, so that nobody takes it meanwhile, and its owners stay. */
  async #withLastReadable(files: ReadonlyMap<string, FileRecord>): Promise<ReadonlyMap<string, FileRecord>> {
    const unread = [...files].flatMap(([path, { readable, claims }]) =>
      readable || claims === undefined ? [] : [path],
    );
    if (unread.length === 0) return files;
    const last = await lastReadableBlobs(this.#store.database, this.#repo, unread);
    const bytes = await this.#store.blobs([...last.values()]);
    const all = new Map(files);
    for (const [path, blob] of last) {
      const text = bytes.get(blob);
      const entry = text === undefined ? undefined : readEntry({ path, bytes: text }, blob);
      if (entry !== undefined) all.set(path, { readable: false, claims: claimsOf(entry), owners: 'kept' });
    }
    return all;
  }

  /**
   * Keeps it first, then shows it. Another process may have kept a later state: then that one stays.
   *
   * @param from the state on top of which the changes are; undefined when the files are all there are.
   * @param shown what was shown before, when all is new.
   */
  async #write(
    state: MirrorState,
    commit: string,
    from: MirrorState | undefined,
    { removed, changed, commits }: RegistryDelta,
    shown: MirrorState | undefined = from,
  ): Promise<void> {
    const kept = await this.#withLastReadable(await fileRecords(changed));
    const bytes = new Map(
      changed.flatMap((file) => (file.bytes === undefined ? [] : [[file.blob, file.bytes]])),
    );
    const paths = [...removed, ...kept.keys()];
    const move =
      from === undefined
        ? changeBetween(shown, changed, kept)
        : { ...changeOfPaths(from, paths, kept), ...defined({ commits }) };
    await this.#store.database.transaction().execute(async (db) => {
      const present = await db
        .selectFrom('registry_commits')
        .select('commit')
        .where('repo', '=', this.#repo)
        .forUpdate()
        .executeTakeFirst();
      if (from !== undefined && present?.commit !== from.commit) return;
      // With what names them, in one transaction: no sweep finds them unused in between.
      await saveBlobs(db, bytes);
      let stale = db.deleteFrom('registry_files').where('repo', '=', this.#repo);
      if (from !== undefined && paths.length > 0) stale = stale.where('path', 'in', paths);
      if (from === undefined || paths.length > 0) await stale.execute();
      const rows = changed.map(({ path, blob, mode }) => {
        const claims = kept.get(path)?.claims;
        return {
          repo: this.#repo,
          path,
          blob,
          mode,
          claims: claims === undefined ? null : storableJson(claims),
        };
      });
      for (const batch of rowBatches(rows)) await db.insertInto('registry_files').values(batch).execute();
      await upsertOwners(db, this.#repo, ownersOf(kept), removed);
      await recordChange(db, this.#repo, move);
      const readable = changed.filter(({ path }) => kept.get(path)?.readable === true);
      await saveReadable(db, this.#repo, commit, readable);
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
      const claims = kept.get(path)?.claims;
      if (claims !== undefined) state.registry.set(claims);
      state.files.set(path, { blob, mode });
    }
  }
}

function viewOf({ commit, registry, files }: MirrorState): RegistryView {
  return { commit, registry, files };
}

function changeOfPaths(
  before: MirrorState,
  paths: readonly string[],
  kept: ReadonlyMap<string, FileRecord>,
): Exclude<BaseBranchChange, 'everything'> {
  const changed = [...new Set(paths)];
  return {
    changed,
    moved: [
      ...claimsAt(before.registry, changed),
      ...changed.flatMap((path) => kept.get(path)?.claims ?? []),
    ],
  };
}

/** What differs between what was shown and a whole reading; everything when nothing was shown. */
function changeBetween(
  shown: MirrorState | undefined,
  files: readonly RegistryFile[],
  kept: ReadonlyMap<string, FileRecord>,
): BaseBranchChange {
  if (shown === undefined) return 'everything';
  const now = new Map(files.map((file) => [file.path, file]));
  return changeOfPaths(shown, differing(shown.files, now), kept);
}

function claimsAt(registry: Registry, paths: readonly string[]): Claims[] {
  return paths.map((path) => registry.get(path)).filter((claims) => claims !== undefined);
}

function differing(
  before: ReadonlyMap<string, { readonly blob: string }>,
  after: ReadonlyMap<string, { readonly blob: string }>,
): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path)?.blob !== after.get(path)?.blob);
}
