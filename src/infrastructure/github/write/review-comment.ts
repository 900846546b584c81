/** The comment with a review: one, edited in place, made again where someone deleted it. */
import { type Effects, reviewMarker } from '#domain/review/effects';
import { exactId } from '#infrastructure/github/client/exact-id';
import {
  type RepositoryClient,
  repoParams,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { isSameText } from './authorship.ts';
import { findComment } from './find-comment.ts';
import { githubBody } from './github-body.ts';
import {
  outputDigest,
  type PresentOutput,
  type PublishedReview,
  type PublishOptions,
} from './published-review.ts';

/** @returns what is published then */
export async function publishComment(
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
