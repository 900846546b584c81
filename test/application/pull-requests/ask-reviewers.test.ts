/** Reviewers whom the settings name: asked once when a pull request waits for them, reminded once. */
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dueReminders } from '#application/pull-requests/ask-reviewers';
import { createReviewHandlers, type ReviewHandlers } from '#application/pull-requests/handlers';
import { createMetrics } from '#base/observability/metrics';
import { workingDaysAfter } from '#base/working-days';
import type { PullRequest } from '#demo/github/state';
import type { Job } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { freeLease } from '../../infrastructure/queue/leases.ts';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

const inProduction = (id: string, more = '') => serviceFile(id, 'internet/production', more);

describe('reviewers', () => {
  let environment: ReviewEnvironment;
  let handlers: ReviewHandlers;
  let metrics: ReturnType<typeof createMetrics>;
  const logged: string[] = [];

  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(async () => {
    // What the local GitHub answers to a request of reviews is what GitHub's description says.
    expect(environment.apiProblems()).toEqual([]);
    await environment.close();
  });
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-23T09:00:00Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** @param ask from the owner of the registry to what the settings ask */
  function begin(ask: (owner: string) => string): void {
    environment.createRegistry({});
    const owner = environment.repository.owner.login;
    environment.github.addToTeam(owner, 'proconnect', environment.bob);
    environment.bob.pushCommit(environment.repository, 'main', {
      '.github/greffier.yaml': `reviewers: ${ask(owner)}\n`,
    });
    metrics = createMetrics();
    logged.length = 0;
    restart();
  }
  function restart(): void {
    handlers = createReviewHandlers({
      review: environment.createDeps(),
      jobs: new JobQueue(environment.store.db),
      log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
      metrics,
      installation: 1,
      repositoryNumbered: () => environment.deps.repository,
    });
  }
  async function review({ number }: PullRequest): Promise<void> {
    const payload = { installation: 1, repo: environment.deps.repo, number };
    const job: Job<'review'> = {
      id: 1,
      kind: 'review',
      payload,
      request: 'test',
      since: new Date(),
      attempt: 1,
    };
    await handlers.review(job, freeLease(environment.store.db));
  }
  const requests = () =>
    environment.exchanges.filter(({ template }) => template.endsWith('/requested_reviewers')).length;
  const asked = ({ pull }: PullRequest) => ({
    people: [...pull.requestedReviewers].map(({ login }) => login),
    teams: [...pull.requestedTeams],
  });
  const reminders = ({ comments }: PullRequest) =>
    comments.filter(({ body }) => body.includes('greffier:reviewers')).map(({ body }) => body);

  it('are asked once when an approval is missing, and reminded once after so many working days', async () => {
    begin((owner) => `{ ask: [${owner}/proconnect, bob, Alice], remind: 3 }`);
    const before = requests();
    const pull = environment.propose(inProduction('agenda'));
    await review(pull);
    // The author is left out, whatever the case of their name.
    expect(asked(pull)).toEqual({ people: ['bob'], teams: ['proconnect'] });
    restart();
    await review(pull);
    expect(requests() - before).toBe(1);
    // Christmas and the week-end do not count: 24, 28, 29.
    const { db } = environment.store;
    const due = async () => [...(await dueReminders(db, environment.deps.repo, Date.now()))];
    vi.setSystemTime(new Date('2026-12-28T22:59:00Z'));
    await review(pull);
    expect([await due(), reminders(pull)]).toEqual([[], []]);
    vi.setSystemTime(new Date('2026-12-28T23:01:00Z'));
    expect(await due()).toEqual([pull.number]);
    await review(pull);
    const owner = environment.repository.owner.login;
    expect(reminders(pull)).toEqual([
      expect.stringContaining(
        `@${owner}/proconnect, @bob\u00a0: cette demande attend une revue depuis le 23 décembre 2026`,
      ),
    ]);
    vi.setSystemTime(new Date('2027-02-01T09:00:00Z'));
    await review(pull);
    expect([await due(), reminders(pull).length]).toEqual([[], 1]);
    expect(await metrics.registry.getSingleMetricAsString('greffier_reviewers_total')).toMatch(
      /\{what="asked"\} 2[\s\S]*\{what="reminded"\} 2/,
    );
  });

  it('are not asked for a draft, nor while there are errors, nor where nobody has to approve', async () => {
    begin(() => '{ ask: [bob] }');
    const [draft, faulty, free] = [
      environment.propose(inProduction('brouillon')),
      environment.propose(inProduction('faux', '\nuserinfo_signed_response_alg: RS999')),
      environment.propose(serviceFile('essai')),
    ] as const;
    draft.pull.draft = true;
    for (const pull of [draft, faulty, free]) {
      await review(pull);
      expect(asked(pull)).toEqual({ people: [], teams: [] });
    }
    draft.pull.draft = false;
    await review(draft);
    expect(asked(draft).people).toEqual(['bob']);
  });

  it('who have no access keep nobody else from being asked, and are told to the operator once', async () => {
    begin((owner) => `{ ask: [${owner}/absente, ailleurs/equipe, inconnue, bob], remind: 1 }`);
    const pull = environment.propose(inProduction('agenda'));
    await review(pull);
    await review(pull);
    expect(asked(pull)).toEqual({ people: ['bob'], teams: [] });
    const told = logged.filter((line) => line.includes('no access to the registry'));
    expect(told).toHaveLength(1);
    for (const name of ['absente', 'ailleurs/equipe', 'inconnue']) expect(told[0]).toContain(name);
    expect(await metrics.registry.getSingleMetricAsString('greffier_refused_total')).toContain(
      '{kind="reviewers"} 1',
    );
    vi.setSystemTime(new Date('2026-12-24T09:00:00Z'));
    await review(pull);
    expect(reminders(pull)[0]).toMatch(/à @bob\s:/);
  });

  it('who agreed already are not reminded with the others', async () => {
    begin((owner) => `{ ask: [${owner}/proconnect, bob], remind: 1 }\napprovals: { production: 2 }`);
    const pull = environment.propose(inProduction('agenda'));
    await review(pull);
    environment.bob.approve(environment.repository, pull);
    vi.setSystemTime(new Date('2027-01-04T09:00:00Z'));
    await review(pull);
    expect(reminders(pull)).toEqual([expect.stringContaining('/proconnect')]);
    expect(reminders(pull)[0]).not.toContain('@bob');
  });

  it('are reminded of nothing that does not wait for them any more', async () => {
    begin(() => '{ ask: [bob], remind: 1 }');
    const pull = environment.propose(inProduction('agenda'));
    await review(pull);
    environment.bob.approve(environment.repository, pull);
    vi.setSystemTime(new Date('2027-01-04T09:00:00Z'));
    await review(pull);
    expect(reminders(pull)).toEqual([]);
    expect([...(await dueReminders(environment.store.db, environment.deps.repo, Date.now()))]).toEqual([]);
  });
});

describe('working days', () => {
  it.each([
    ['2026-11-27', 1, '2026-11-30'],
    ['2026-12-23', 3, '2026-12-29'],
    // Easter Monday, Ascension Day, Whit Monday; the first and the eighth of May.
    ['2027-03-26', 1, '2027-03-30'],
    ['2027-05-05', 1, '2027-05-07'],
    ['2027-05-14', 1, '2027-05-18'],
    ['2026-04-30', 1, '2026-05-04'],
    ['2026-05-07', 1, '2026-05-11'],
    ['2026-07-13', 1, '2026-07-15'],
    ['2038-04-23', 1, '2038-04-27'],
  ])('after %s, %d: %s', (day, count, after) => {
    expect(workingDaysAfter(day, count)).toBe(after);
  });
});
