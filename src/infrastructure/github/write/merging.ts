/** Merges a pull request, by a method that GitHub takes, at the very commit that was judged. */
import { defined } from '#base/defined';
import { type RepositoryClient, repoParams, statusOf } from '#infrastructure/github/client/repository-client';
import type { MergeMethod } from '#infrastructure/github/read/repository';
import { classifyError } from '#infrastructure/queue/retry-policy';

/**
 * Why GitHub does not merge: what was judged is not what there is (`moved`), the App may not write (`forbidden`), a merge queue
 * is in the way, which REST gives no way into (`queue`), an approval or a check is missing. Else `other`, in its own words.
 */
const mergeRefusals = ['moved', 'conflict', 'forbidden', 'queue', 'approval', 'checks', 'other'] as const;

export interface MergeRefusal {
  readonly kind: (typeof mergeRefusals)[number];
  readonly status: number;
  /** What GitHub says. */
  readonly words: string;
}

/** In the order in which they are looked for: the words of rules name what they want. */
const kinds: readonly (readonly [MergeRefusal['kind'], RegExp])[] = [
  ['moved', /head branch was modified|base branch was modified/i],
  ['queue', /merge queue/i],
  ['approval', /review|approv|code ?owner/i],
  ['checks', /status check|required check|is expected|in progress|workflow|deployment/i],
  ['conflict', /conflict|not mergeable|cannot be merged/i],
];

function kindOf(status: number, words: string): MergeRefusal['kind'] {
  if (status === 409) return 'moved';
  if (status === 403 || status === 404) return 'forbidden';
  return kinds.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other';
}

/** GitHub does not take merges made this way here: the repository, its branch protection or its rules want another. */
const anotherMethod =
  /(?:merge commits?|squash merg\w+|rebase merg\w+) (?:is|are) not allowed|must not contain merge commits|linear history|merge method/i;

/**
 * @param methods those that the repository allows, the one to try first at the beginning
 * @param head which must still be the head: GitHub refuses any other (409)
 * @returns why GitHub refuses, if it does
 */
export async function mergePullRequest(
  repository: RepositoryClient,
  number: number,
  head: string,
  methods: readonly MergeMethod[],
): Promise<MergeRefusal | undefined> {
  for (const [index, method] of methods.entries()) {
    try {
      await repository.client.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
        ...repoParams(repository),
        pull_number: number,
        sha: head,
        ...defined({ merge_method: method }),
      });
      return undefined;
    } catch (problem) {
      const status = statusOf(problem);
      const expected = [403, 404, 405, 409, 422].includes(status ?? 0);
      if (status === undefined || !expected || classifyError(problem, 0).cause !== 'fault') throw problem;
      const words = wordsOf(problem);
      if (index + 1 < methods.length && anotherMethod.test(words)) continue;
      return { kind: kindOf(status, words), status, words };
    }
  }
  return undefined;
}

/** What GitHub says of its refusal, without what Octokit adds. */
function wordsOf(problem: unknown): string {
  const response = (problem as { response?: { data?: { message?: unknown } } }).response;
  const message = response?.data?.message;
  return typeof message === 'string' ? message : String(statusOf(problem));
}
