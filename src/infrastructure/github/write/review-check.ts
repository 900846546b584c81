/** The check run of a commit: one, updated, with its annotations in pieces. */
import { defined } from '#base/defined';
import { type Annotation, type CheckEffect, checkName } from '#domain/review/effects';
import { exactId } from '#infrastructure/github/client/exact-id';
import {
  type RepositoryClient,
  repoParams,
  UnknownAnswer,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { isApp } from './authorship.ts';
import { githubBody } from './github-body.ts';
import {
  outputDigest,
  type PresentOutput,
  type PublishedReview,
  type PublishOptions,
} from './published-review.ts';

/** GitHub takes at most this many annotations a request. */
const annotationsPerRequest = 50;

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

/** @returns what is published then */
export async function publishCheck(
  repository: RepositoryClient,
  effect: CheckEffect,
  before: PublishedReview,
  present: PresentOutput,
  options: PublishOptions,
): Promise<PublishedReview> {
  const { annotations, head, ...said } = effect;
  const all = annotations.map(checkAnnotation);
  const digest = outputDigest(effect);
  const { announced = false } = options;
  const known = !announced && before.check?.head === head ? before.check : undefined;
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
      if (!announced)
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
        const anew = { ...options, announced: false };
        return publishCheck(repository, effect, others, { ...unshared, unsure: true }, anew);
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
