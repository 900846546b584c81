/** Asks for reviews of open pull requests: after the default branch moved, or when one was asked for by commit. */
import type { Again, Job } from '../work/job.ts';
import type { ServiceContext } from './context.ts';

/** An open pull request, as far as it is to be judged. */
export interface OpenPull {
  readonly number: number;
  readonly head: string;
}

/** Every open pull request of the registry, oldest change last. */
export async function openPulls(context: ServiceContext): Promise<readonly OpenPull[]> {
  const client = await context.github.installation(context.registry.installation);
  const [owner = '', repo = ''] = context.registry.repo.split('/');
  const pulls: OpenPull[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await client.request('GET /repos/{owner}/{repo}/pulls', {
      owner,
      repo,
      state: 'open',
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
      page,
    });
    pulls.push(...data.map(({ number, head }) => ({ number, head: head.sha })));
    if (data.length < 100) return pulls;
  }
}

export async function rejudge(context: ServiceContext, job: Job<'rejudge'>): Promise<Again | undefined> {
  const { installation, repo, head } = job.payload;
  const wanted = (await openPulls(context)).filter((pull) => head === undefined || pull.head === head);
  const reviews = wanted.map(({ number }) => ({
    kind: 'review' as const,
    payload: { installation, repo, number },
  }));
  await context.jobs.enqueue(reviews, { request: job.request, since: job.since });
  return undefined;
}
