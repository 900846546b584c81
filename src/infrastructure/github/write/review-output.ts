/**
 * Publishes effects by comparing them with what is already there: what is equal is not written, what was begun
 * before a crash is found again, and nothing is ever doubled.
 */

import { createHash } from 'node:crypto';
import { defined } from '#base/defined';
import {
  type Annotation,
  type CheckEffect,
  type Conclusion,
  checkName,
  type Effects,
  reviewMarker,
} from '#domain/review/effects';
import { exactId } from '#infrastructure/github/client/exact-id';
import { commentsOf } from '#infrastructure/github/client/pagination';
import {
  type RepositoryClient,
  repoParams,
  statusOf,
  UnknownAnswer,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { isApp, isMarkedBy, isSameText } from './authorship.ts';
import { githubBody } from './github-body.ts';
import { type Refusal, refusalStatus } from './refusals.ts';

/** GitHub takes at most this many annotations a request. */
export const annotationsPerRequest = 50;

/** What was published for one pull request. Plain JSON, kept between runs. */
export interface PublishedReview {
  readonly check?: {
    readonly head: string;
    /** Absent while its creation is under way: it may or may not exist. */
    readonly id?: number;
    readonly digest: string;
    /** Digests of the annotations that GitHub has; it can only ever be given more. */
    readonly annotations: readonly string[];
  };
  readonly comment?: { readonly id?: number; readonly digest: string };
  /** What the check of the head is to say of this pull request; absent where it says nothing of it. */
  readonly conclusion?: Conclusion;
  /** The head at which it waits to be merged by itself. */
  readonly mergeWaits?: string;
  /** What GitHub refused for good, by kind: the digest of what it was to say, which is not tried again. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** What is seen of the pull request before publishing. */
export interface PresentOutput {
  readonly number: number;
  readonly labels: readonly string[];
  /** Labels that are known to exist in the repository. */
  readonly existing: readonly string[];
  /** The check of the same commit that was made for another pull request: a commit has one. */
  readonly sharedCheck?: number;
  /** Nothing is remembered, yet someone may have published before: everything is looked for first. */
  readonly unsure: boolean;
}

export interface PublishOptions {
  /** The App's own id: only what it wrote is ever taken for its own. */
  readonly appId: number;
  /** Leaves the check of the commit as it is: it is that of another pull request. */
  readonly keepOtherCheck?: boolean;
  /** Writes the check even when it says the same: someone asked for it again. */
  readonly again?: boolean;
  /** Asks whether the comment is still there, when nothing else would touch it. */
  readonly verifyComment?: boolean;
  /** Called before and after every write that creates, so that a crash in between is found out. */
  readonly savePublished: (published: PublishedReview) => Promise<void>;
  /** Called once the check is there, before anything else is said: from then on what it says was seen. */
  readonly onCheck?: () => Promise<void>;
  /** Told what GitHub refuses for good, once for each content. */
  readonly onRefusal?: (refusal: Refusal) => void;
  /** Called when labels were created, or found to be there. */
  readonly saveLabels: (names: readonly string[]) => Promise<void>;
}

function outputDigest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

interface CheckAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: 'failure' | 'warning' | 'notice';
  title: string;
  message: string;
}

function checkAnnotation(annotation: Annotation): CheckAnnotation {
  const { startColumn, endColumn } = annotation;
  return {
    path: annotation.path,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    ...defined({ start_column: startColumn, end_column: endColumn }),
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
  };
}

/** Cuts a list into pieces of at most `size`; an empty list is one empty piece. */
function batches<T>(items: readonly T[], size: number): T[][] {
  const pieces: T[][] = [items.slice(0, size)];
  for (let from = size; from < items.length; from += size) pieces.push(items.slice(from, from + size));
  return pieces;
}

async function findCheck(
  repository: RepositoryClient,
  head: string,
  externalId: string,
  appId: number,
): Promise<number | undefined> {
  const { data } = await repository.client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ...repoParams(repository),
    ref: head,
    check_name: checkName,
    app_id: appId,
    per_page: 100,
  });
  const own = data.check_runs.filter((run) => isApp(run.app, appId) ?? true);
  const run = own.find((each) => each.external_id === externalId) ?? own[0];
  return run === undefined ? undefined : exactId(run.id);
}

async function publishCheck(
  repository: RepositoryClient,
  effect: CheckEffect,
  before: PublishedReview,
  present: PresentOutput,
  options: PublishOptions,
): Promise<PublishedReview> {
  const { annotations, head, ...said } = effect;
  const all = annotations.map(checkAnnotation);
  const digest = outputDigest(effect);
  const known = before.check?.head === head ? before.check : undefined;
  if (known?.id !== undefined && known.digest === digest && options.again !== true) return before;

  const externalId = `review:${present.number}`;
  const mayExist = known === undefined ? present.unsure : known.id === undefined;
  let id =
    known?.id ??
    present.sharedCheck ??
    (mayExist ? await findCheck(repository, head, externalId, options.appId) : undefined);
  const had = new Set(known?.annotations);
  const pieces = batches(
    all.filter((each) => !had.has(outputDigest(each))),
    annotationsPerRequest,
  );
  const noted = [...had];
  let published: PublishedReview = before;
  for (const piece of pieces) {
    const body = {
      ...repoParams(repository),
      name: checkName,
      external_id: externalId,
      status: 'completed' as const,
      conclusion: said.conclusion,
      output: { title: said.title, summary: githubBody(said.summary), annotations: piece },
    };
    if (id === undefined) {
      await options.savePublished({ ...before, check: { head, digest: '', annotations: [] } });
      const { data } = await repository.client.request('POST /repos/{owner}/{repo}/check-runs', {
        ...body,
        head_sha: head,
      });
      id = exactId(data.id);
    } else {
      const patched = await undefinedIfMissing(
        repository.client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
          ...body,
          check_run_id: id,
        }),
      );
      // It is there no more: it is made again, with all that it said.
      if (patched === undefined) {
        const { check: _gone, ...others } = before;
        const { sharedCheck: _shared, ...unshared } = present;
        if (known === undefined && present.sharedCheck === undefined)
          throw new UnknownAnswer(`the check ${id}`);
        return publishCheck(repository, effect, others, { ...unshared, unsure: true }, options);
      }
    }
    noted.push(...piece.map(outputDigest));
    // The digest of the whole is only true once the last piece has arrived.
    published = { ...before, check: { head, id, digest: '', annotations: [...noted] } };
    if (piece !== pieces.at(-1)) await options.savePublished(published);
  }
  published = { ...before, check: { head, ...defined({ id }), digest, annotations: noted } };
  await options.savePublished(published);
  return published;
}

/**
 * Finds the comment of ours that begins with a marker. Someone else's comment with the marker is not ours.
 *
 * @param since before which it cannot have been written (ISO 8601): a long conversation is not read whole
 */
export async function findComment(
  repository: RepositoryClient,
  number: number,
  marker: string,
  appId: number,
  since?: string,
): Promise<number | undefined> {
  for await (const comment of commentsOf(repository, number, since))
    if (isMarkedBy(comment, marker, { appId })) return exactId(comment.id);
  return undefined;
}

async function publishComment(
  repository: RepositoryClient,
  effect: Exclude<Effects['comment'], 'keep'>,
  before: PublishedReview,
  present: PresentOutput,
  options: PublishOptions,
): Promise<PublishedReview> {
  const known = before.comment;
  const mayExist = known === undefined ? present.unsure : known.id === undefined;
  const find = async () =>
    known?.id ??
    (mayExist ? await findComment(repository, present.number, reviewMarker, options.appId) : undefined);
  const { comment: _gone, ...others } = before;
  if (effect === 'none') {
    const id = await find();
    if (id === undefined) return before;
    await undefinedIfMissing(
      repository.client.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        ...repoParams(repository),
        comment_id: id,
      }),
    );
    await options.savePublished(others);
    return others;
  }
  const { body } = effect;
  const digest = outputDigest(body);
  if (known?.id !== undefined && known.digest === digest) {
    if (options.verifyComment !== true) return before;
    const there = await undefinedIfMissing(
      repository.client.request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        ...repoParams(repository),
        comment_id: known.id,
      }),
    );
    if (there !== undefined && isSameText(there.data.body, body)) return before;
  }
  let id = await find();
  if (id !== undefined) {
    const patched = await undefinedIfMissing(
      repository.client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        ...repoParams(repository),
        comment_id: id,
        body: githubBody(body),
      }),
    );
    if (patched === undefined) id = undefined;
  }
  if (id === undefined) {
    await options.savePublished({ ...others, comment: { digest: '' } });
    const { data } = await repository.client.request(
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      {
        ...repoParams(repository),
        issue_number: present.number,
        body: githubBody(body),
      },
    );
    id = exactId(data.id);
  }
  const published = { ...others, comment: { id, digest } };
  await options.savePublished(published);
  return published;
}

/** Of a label that was only added to an issue. */
const unchosenColor = 'ededed';

async function publishLabels(
  repository: RepositoryClient,
  effect: Exclude<Effects['labels'], 'keep'>,
  present: PresentOutput,
  options: PublishOptions,
): Promise<void> {
  // GitHub compares names of labels without regard to case.
  const here = new Set(present.labels.map((name) => name.toLowerCase()));
  const wanted = new Set(effect.wanted.map((label) => label.name.toLowerCase()));
  const missing = effect.wanted.filter((label) => !here.has(label.name.toLowerCase()));
  const managed = new Set(effect.managed.map((name) => name.toLowerCase()));
  const surplus = present.labels.filter(
    (name) => managed.has(name.toLowerCase()) && !wanted.has(name.toLowerCase()),
  );

  const existing = new Set(present.existing);
  const unknown = missing.filter(({ name }) => !existing.has(name));
  for (const label of unknown) {
    await repository.client
      .request('POST /repos/{owner}/{repo}/labels', {
        ...repoParams(repository),
        name: label.name,
        color: label.color,
        description: label.description,
      })
      .catch((problem: unknown) => {
        // 422: it is there already, perhaps in a colour that someone chose. It stays so.
        if (statusOf(problem) !== 422) throw problem;
      });
  }
  if (unknown.length > 0) await options.saveLabels(unknown.map(({ name }) => name));
  for (const name of surplus)
    await undefinedIfMissing(
      repository.client.request('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
        ...repoParams(repository),
        issue_number: present.number,
        name,
      }),
    );
  const names = missing.map((label) => label.name);
  if (names.length === 0) return;
  const { present: now, refused } = await addLabels(repository, present.number, names);
  // One that someone deleted since it was seen is made anew by GitHub, grey and without a word. A colour or a word of
  // people's own stays.
  const bare = new Set(
    now.flatMap(({ name, color, description }) =>
      color === unchosenColor && (description ?? '') === '' ? [name.toLowerCase()] : [],
    ),
  );
  for (const { name, color, description } of missing.filter((label) => bare.has(label.name.toLowerCase())))
    await undefinedIfMissing(
      repository.client.request('PATCH /repos/{owner}/{repo}/labels/{name}', {
        ...repoParams(repository),
        name,
        color,
        description,
      }),
    );
  if (refused !== undefined) throw refused;
}

/**
 * Adds labels, and each by itself when GitHub does not take them together: one that it refuses is not to keep the others away.
 *
 * @returns the labels that are there then, and why one was refused
 */
async function addLabels(repository: RepositoryClient, number: number, names: readonly string[]) {
  const add = (labels: readonly string[]) =>
    repository.client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
      ...repoParams(repository),
      issue_number: number,
      labels: [...labels],
    });
  try {
    return { present: (await add(names)).data };
  } catch (problem) {
    if (refusalStatus(problem) !== 422 || names.length === 1) throw problem;
  }
  let present: Awaited<ReturnType<typeof add>>['data'] = [];
  let refused: unknown;
  for (const name of names)
    try {
      present = (await add([name])).data;
    } catch (problem) {
      if (refusalStatus(problem) !== 422) throw problem;
      refused = problem;
    }
  return { present, refused };
}

/**
 * Makes GitHub show the effects: the check first, since it is what holds a merge back, then the labels and the
 * comment. Each by itself: one that GitHub refuses silences no other, and is not tried again as it is.
 *
 * @param before what was published last, as `remember` was last given it.
 * @returns what is published now.
 * @throws what may pass, at once
 */
export async function publishReview(
  repository: RepositoryClient,
  effects: Effects,
  before: PublishedReview,
  present: PresentOutput,
  given: PublishOptions,
): Promise<PublishedReview> {
  let published = before;
  const options: PublishOptions = {
    ...given,
    // What was begun when it was refused stays known.
    savePublished(saved) {
      published = saved;
      return given.savePublished(saved);
    },
  };
  const say = async (what: string, content: unknown, work: () => Promise<PublishedReview>): Promise<void> => {
    const digest = outputDigest(content);
    if (published.refused?.[what] === digest && options.again !== true) return;
    const { [what]: former, ...others } = published.refused ?? {};
    try {
      published = await work();
      if (former === undefined) return;
      published = { ...published, refused: others };
    } catch (problem) {
      const status = refusalStatus(problem);
      if (status === undefined) throw problem;
      published = { ...published, refused: { ...others, [what]: digest } };
      if (former !== digest) options.onRefusal?.({ what, status });
    }
    await options.savePublished(published);
  };
  const { check, labels, comment } = effects;
  if (options.keepOtherCheck !== true) {
    await say('check', check, () => publishCheck(repository, check, published, present, options));
    if (published.refused?.check === undefined) await options.onCheck?.();
  }
  if (labels !== 'keep')
    await say('labels', labels, async () => {
      await publishLabels(repository, labels, present, options);
      return published;
    });
  if (comment !== 'keep')
    await say('comment', comment, () => publishComment(repository, comment, published, present, options));
  return published;
}
