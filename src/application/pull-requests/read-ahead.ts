/**
 * Only for speed: begins to read what a new head changes while its delivery is still being written to the disk, so that the
 * verdict waits for the slower of the two and not for both. Only what can never be otherwise is read: the difference between
 * two commits, and files of a commit, by their ids. What was read of other commits than those that are judged is not used.
 * Everything else that may change is asked when its turn has come, which head the pull request has among it; but for one
 * that was just opened, which is judged for the first time and for no other reason than that: what changes it afterwards is
 * another event, which takes the place of the first one while that waits, or has it judged once more.
 */
import type { AskedAhead, ReviewDeps } from '#application/mirror/deps';
import { type ComparisonWithHistory, compareHistories } from '#infrastructure/github/read/comparison';
import { type FileReading, maxOneByOne, readFiles } from '#infrastructure/github/read/file-contents';
import { type PullReading, readPullRequest } from '#infrastructure/github/read/pull-request';
import { filesWithoutMode } from './changed-files.ts';
import { type ForeseenFacts, foreseeFacts } from './stored-facts.ts';

/** What an event says of a pull request: a hint of what will have to be read, and nothing more. */
export interface ProposedCommits {
  readonly number: number;
  readonly base: string;
  readonly head: string;
  /** The delivery that says so, where the pull request was opened just now. */
  readonly openedBy?: string;
}

/** Those of reviews, with which nothing is written. */
export interface ReadAheadDeps extends Omit<ReviewDeps, 'ahead'> {
  /** Whether GitHub is not to be called for now. */
  readonly isPaused: () => Promise<boolean>;
}

interface Reading {
  /** Undefined where there was none to be had: whoever needs it asks again. */
  readonly comparison: Promise<ComparisonWithHistory | undefined>;
  readonly files: Promise<ReadonlyMap<string, FileReading> | undefined>;
  /** Only of one that was just opened, as what follows. */
  readonly pull: Promise<PullReading | undefined>;
  readonly foreseen: Promise<ForeseenFacts | undefined>;
}

/** Milliseconds for which something is kept that nobody came for: another process has done the work, or it waits. */
const keptFor = 10_000;
/** Milliseconds for which it is enough to know whether GitHub was to be called then. */
const pauseKnownFor = 2_000;
/** Pull requests at a time: as many as are judged at a time. */
const most = 8;

const nothing = Promise.resolve(undefined);

export class ReadAhead implements AskedAhead {
  readonly #deps: ReadAheadDeps;
  /** By pull request: those that are read ahead, and those that are being judged. */
  readonly #under = new Map<
    number,
    { readonly commits?: ProposedCommits; readonly reading?: Reading; readonly request?: string }
  >();
  #pause: { readonly answer: Promise<boolean>; readonly at: number } | undefined;

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

  #read({ number, base, head, openedBy }: ProposedCommits): Reading {
    const { repository } = this.#deps;
    const paused = this.#isPaused();
    const unlessPaused = <T>(read: () => Promise<T>): Promise<T | undefined> =>
      paused.then((isIt) => (isIt ? undefined : read())).catch(() => undefined);
    const comparison = unlessPaused(() => compareHistories(repository, base, head));
    const pull = openedBy === undefined ? nothing : unlessPaused(() => readPullRequest(repository, number));
    const files = comparison
      .then((compared) => {
        // Else it is not the head itself that merging results in, or there is more to it than a few files.
        if (compared?.mergeBase !== base || !compared.complete) return undefined;
        const wanted = filesWithoutMode(compared.files);
        return wanted.length > maxOneByOne ? undefined : readFiles(repository, head, wanted);
      })
      .catch(() => undefined);
    const foreseen =
      openedBy === undefined
        ? nothing
        : comparison
            .then((compared) => compared && foreseeFacts(this.#deps, number, base, compared.files))
            .catch(() => undefined);
    return { comparison, files, pull, foreseen };
  }

  /** As the store said last, where that is not long ago: what it says now, the next one knows. */
  #isPaused(): Promise<boolean> {
    const known = this.#pause;
    // What the store does not say now, it says to the review.
    const answer = this.#deps.isPaused().catch(() => true);
    this.#pause = { answer, at: performance.now() };
    return known !== undefined && performance.now() - known.at < pauseKnownFor ? known.answer : answer;
  }

  /**
   * Does the review of a pull request, at the end of which what was read for it is forgotten.
   *
   * @param request what asked for it last
   */
  async during<T>(number: number, request: string, review: () => Promise<T>): Promise<T> {
    const under = { ...this.#under.get(number), request };
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

  opened(number: number): ReturnType<AskedAhead['opened']> {
    const { commits, reading, request } = this.#under.get(number) ?? {};
    return request !== undefined && commits?.openedBy === request ? reading : undefined;
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
