/** The labels of a pull request, inside the closed set of the settings. */
import type { Effects } from '#domain/review/effects';
import {
  type RepositoryClient,
  repoParams,
  statusOf,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import type { PresentOutput, PublishOptions } from './published-review.ts';
import { refusalStatus } from './refusals.ts';

/** Of a label that was only added to an issue. */
const unchosenColor = 'ededed';

export async function publishLabels(
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
