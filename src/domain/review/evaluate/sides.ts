/** Both sides of what a pull request touches: each definition at the base and at the head, read once. */
import { atOnce, type Steps } from '#base/steps';
import { isDefinitionPath, mayBeStray } from '#domain/definition/definition-path';
import { type OpenedDefinition, openDefinition } from '#domain/definition/read-definition';
import { entryOf } from '#domain/registry/read-entry';
import type { Entry } from '#domain/registry/registry';
import { bytesOf } from '#domain/review/facts/blob-fact';
import type { FileFact, PullRequestFacts } from '#domain/review/facts/facts';

/** The paths that a file of a pull request touches: both sides of a rename. */
export function pathsOf(file: FileFact): readonly string[] {
  return file.previousPath === undefined ? [file.path] : [file.previousPath, file.path];
}

/** Who leaves more files at the wrong place learns of the first ones. */
const maxStrays = 5;

/** The files of a pull request that may be definitions at the wrong place: their text tells. */
export function strayFiles(files: readonly FileFact[]): readonly FileFact[] {
  return files.filter(({ path, blob }) => blob !== undefined && mayBeStray(path)).slice(0, maxStrays);
}

/** One definition on one side. */
export interface Side {
  readonly opened: OpenedDefinition;
  readonly blob: string;
  readonly bytes: Uint8Array;
  readonly link: boolean;
  /** At the base: it cannot be read, and no version of it ever could be. */
  readonly neverRead?: true;
}

/** By path, in the order of the files. */
export interface Sides {
  readonly before: ReadonlyMap<string, Side>;
  readonly after: ReadonlyMap<string, Side>;
}

type SideFacts = Pick<PullRequestFacts, 'blobs' | 'baseBlobs' | 'baseLinks' | 'lastReadable'>;

function readSide(
  facts: Pick<PullRequestFacts, 'blobs'>,
  path: string,
  blob: string | undefined,
  link: boolean,
): Side | undefined {
  if (blob === undefined) return undefined;
  const bytes = bytesOf(facts.blobs[blob]);
  return { opened: openDefinition({ path, bytes, link }), blob, bytes, link };
}

/** The last version of a definition that could be read, when one is known. */
export function readLastReadable(
  facts: Pick<SideFacts, 'blobs' | 'lastReadable'>,
  path: string,
): Side | undefined {
  const blob = facts.lastReadable?.[path];
  const fact = blob === undefined ? undefined : facts.blobs[blob];
  return fact === undefined || 'unreadable' in fact ? undefined : readSide(facts, path, blob, false);
}

/** A definition as it is at the base; where that cannot be read, as it last could be. */
function readBefore(facts: SideFacts, path: string): Side | undefined {
  const blob = facts.baseBlobs[path];
  const present = readSide(facts, path, blob, facts.baseLinks?.[path] !== undefined);
  if (present === undefined || blob === undefined || present.opened.reading.definition !== undefined)
    return present;
  const last = readLastReadable(facts, path);
  return last === undefined ? { ...present, neverRead: true } : { ...last, blob };
}

/** Reads both sides of every definition that the pull request touches. */
export function readSides(facts: SideFacts & Pick<PullRequestFacts, 'files'>): Sides {
  return atOnce(readSidesInSteps(facts));
}

/** The same, a file at a step: hundreds of files take seconds, for which not everyone else is to wait. */
export function* readSidesInSteps(facts: SideFacts & Pick<PullRequestFacts, 'files'>): Steps<Sides> {
  const before = new Map<string, Side>();
  const after = new Map<string, Side>();
  for (const file of facts.files) {
    for (const path of pathsOf(file).filter(isDefinitionPath)) {
      const old = before.has(path) ? undefined : readBefore(facts, path);
      if (old !== undefined) before.set(path, old);
    }
    if (!isDefinitionPath(file.path)) continue;
    const link = file.mode === 'symlink' || file.mode === 'submodule';
    const side = readSide(facts, file.path, file.blob, link);
    if (side !== undefined) after.set(file.path, side);
    yield;
  }
  return { before, after };
}

/** What the registry needs to know of one side of the definitions; nothing of what is at no place for one. */
export function entriesOf(side: Sides['before']): readonly Entry[] {
  return Array.from(side.values()).flatMap(({ opened, blob, neverRead }) => {
    const entry = entryOf(opened.reading, blob);
    return entry === undefined ? [] : [neverRead === true ? { ...entry, neverRead } : entry];
  });
}
