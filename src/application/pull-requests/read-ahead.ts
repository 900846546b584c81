/**
 * Only for speed: begins to read what a new head changes while its delivery is still being written to the disk, so that the
 * verdict waits for the slower of the two and not for both. Only what can never be otherwise is read: the difference between
 * two commits, and files of a commit, by their ids. Which head a pull request has, and everything else that may change, is
 * asked when its turn has come; what was read of other commits than those is not used.
 */
import type { AskedAhead } from '#application/mirror/deps';
import type { RegistryMirror } from '#application/mirror/mirror';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { type ComparisonWithHistory, compareHistories } from '#infrastructure/github/read/comparison';
import { type FileReading, maxOneByOne, readFiles } from '#infrastructure/github/read/file-contents';
import { filesWithoutMode } from './changed-files.ts';

/** What an event says of a pull request: a hint of what will have to be read, and nothing more. */
export interface ProposedCommits {
  readonly number: number;
  readonly base: string;
  readonly head: string;
}

export interface ReadAheadDeps {
  readonly repository: RepositoryClient;
  readonly mirror: Pick<RegistryMirror, 'now'>;
  /** Whether GitHub is not to be called for now. */
  readonly isPaused: () => Promise<boolean>;
}

interface Reading {
  /** Undefined where there was none to be had: whoever needs it asks again. */
  readonly comparison: Promise<ComparisonWithHistory | undefined>;
  readonly files: Promise<ReadonlyMap<string, FileReading> | undefined>;
}

/** Milliseconds for which something is kept that nobody came for: another process has done the work, or it waits. */
const keptFor = 10_000;
/** Pull requests at a time: as many as are judged at a time. */
const most = 8;

const nothing = Promise.resolve(undefined);

export class ReadAhead implements AskedAhead {
  readonly #deps: ReadAheadDeps;
  /** By pull request: those that are read ahead, and those that are being judged. */
  readonly #under = new Map<number, { readonly commits?: ProposedCommits; readonly reading?: Reading }>();

  constructor(deps: ReadAheadDeps) {
    this.#deps = deps;
  }

  /** Once for each review, however many events there are: one that comes while it is read or judged begins nothing. */
  begin(commits: ProposedCommits): void {
    const { number, base } = commits;
    if (this.#under.has(number) || this.#under.size >= most) return;
    // What is judged against is not known then.
    if (this.#deps.mirror.now()?.commit !== base) return;
    const reading = this.#read(commits);
    const kept = { commits, reading };
    this.#under.set(number, kept);
    setTimeout(() => {
      if (this.#under.get(number) === kept) this.#under.delete(number);
    }, keptFor).unref();
  }

  #read({ base, head }: ProposedCommits): Reading {
    const { repository, isPaused } = this.#deps;
    const comparison = isPaused()
      .then((paused) => (paused ? undefined : compareHistories(repository, base, head)))
      .catch(() => undefined);
    const files = comparison
      .then((compared) => {
        // Else it is not the head itself that merging results in, or there is more to it than a few files.
        if (compared?.mergeBase !== base || !compared.complete) return undefined;
        const wanted = filesWithoutMode(compared.files);
        return wanted.length > maxOneByOne ? undefined : readFiles(repository, head, wanted);
      })
      .catch(() => undefined);
    return { comparison, files };
  }

  /** Does the review of a pull request, at the end of which what was read for it is forgotten. */
  async during<T>(number: number, review: () => Promise<T>): Promise<T> {
    const under = { ...this.#under.get(number) };
    this.#under.set(number, under);
    try {
      return await review();
    } finally {
      if (this.#under.get(number) === under) this.#under.delete(number);
    }
  }

  begun(number: number): ReturnType<AskedAhead['begun']> {
    const { commits, reading } = this.#under.get(number) ?? {};
    return commits && reading && { base: commits.base, comparison: reading.comparison };
  }

  comparison(base: string, head: string): Promise<ComparisonWithHistory | undefined> {
    return (
      this.#readingOf((commits) => commits.base === base && commits.head === head)?.comparison ?? nothing
    );
  }

  files(commit: string): Promise<ReadonlyMap<string, FileReading> | undefined> {
    return this.#readingOf(({ head }) => head === commit)?.files ?? nothing;
  }

  #readingOf(matches: (commits: ProposedCommits) => boolean): Reading | undefined {
    for (const { commits, reading } of this.#under.values())
      if (commits !== undefined && matches(commits)) return reading;
    return undefined;
  }
}
