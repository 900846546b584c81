import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '#base/config/config-file';
import { readEnvironment } from '#base/config/environment';
import { createLog } from '#base/observability/logger';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { now } from '#infrastructure/database/per-engine';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import type { Handlers, Job } from '#infrastructure/queue/job-kinds';
import type { ServiceContext } from '#main/context';
import { type Service, type ServiceOptions, startService } from '#main/start';
import { sweep } from '#main/sweep';
import { type Scratch, thisEngine } from '../infrastructure/database/engines.ts';

const secret = 'canary-webhook-secret-0123456789abcdef';

/** The service against the local GitHub, with handlers that only tell what they were asked. */
class ServiceEnvironment {
  readonly reviews: number[] = [];
  readonly others: string[] = [];
  readonly lines: string[] = [];
  readonly judged = new Map<number, string>();
  readonly github: LocalGitHub;
  readonly registry: Repository;
  readonly alice: GitHubUser;
  readonly scratch: Scratch;
  context: ServiceContext | undefined;

  constructor(github: LocalGitHub, scratch: Scratch) {
    this.github = github;
    this.scratch = scratch;
    this.registry = github.createRepository('org/registry', { files: { 'README.md': 'Bonjour\n' } });
    this.alice = github.createUser('alice');
    github.addCollaborator(this.registry, this.alice, 'write');
  }

  handlers(context: ServiceContext): Handlers {
    this.context = context;
    const told = async (job: Job): Promise<undefined> => {
      this.others.push(job.kind);
      return undefined;
    };
    return {
      review: async (job) => {
        const client = await context.github.installation(job.payload.installation);
        const { data } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
          owner: 'org',
          repo: 'registry',
          pull_number: job.payload.number,
        });
        this.judged.set(job.payload.number, data.head.sha);
        this.reviews.push(job.payload.number);
        return undefined;
      },
      'merge-group': told,
      rejudge: told,
      reconcile: told,
      'live-checks': told,
      sweep: async (job) => {
        const again = await sweep(context, job, {
          openPulls: async () =>
            Array.from(this.judged, ([number, head]) => ({ number, head, claims: [], touched: [] })),
        });
        this.others.push('sweep');
        return again;
      },
      command: told,
      mail: told,
      request: told,
      'request-news': told,
    };
  }

  async start(changes: Partial<ServiceOptions> = {}): Promise<Service> {
    const { github, scratch } = this;
    // What happened before is not for the service that starts now.
    await github.webhooks.settled();
    const where =
      'url' in scratch.location
        ? { DATABASE_URL: scratch.location.url }
        : { GREFFIER_DATA: scratch.location.folder };
    const read = readEnvironment({
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      WEBHOOK_SECRET: secret,
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PORT: '0',
      ...where,
    });
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    const started = await startService({
      settings: read.config,
      configuration: defaultConfiguration,
      version: 'test',
      log: createLog('trace', { write: (line: string) => this.lines.push(line) }),
      handlers: async (context) => ({ handlers: this.handlers(context) }),
      ...changes,
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    github.webhooks.target = {
      url: `http://127.0.0.1:${started.service.port}/api/github/webhooks`,
      secret,
    };
    try {
      await started.service.atWork;
    } catch (error) {
      await started.service.stop(0);
      throw error;
    }
    return started.service;
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('the service', () => {
  let environment: ServiceEnvironment;
  let service: Service | undefined;

  beforeEach(async () => {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    const github = await startLocalGitHub({ permissions, events: neededEvents });
    environment = new ServiceEnvironment(github, await thisEngine.scratch());
  });
  afterEach(async () => {
    await service?.stop(1000);
    service = undefined;
    await environment.github.stop();
    await environment.scratch.remove();
  });

  it('judges what is opened, provisions what is merged, and looks which of what is open it concerns', async () => {
    service = await environment.start();
    await until(() => environment.others.includes('sweep'));
    const { alice, registry, github } = environment;
    alice.openPullRequest(registry, { branch: 'one', title: 'One', files: { 'a.txt': 'a' } });
    // A sweep may ask for it too.
    await until(() => environment.reviews.length > 0);
    environment.others.length = 0;
    alice.pushCommit(registry, 'main', { 'b.txt': 'b' });
    await github.webhooks.settled();
    await until(() => environment.others.includes('reconcile') && environment.others.includes('rejudge'));
  });

  it('finds at its start what happened while it was away', async () => {
    const { alice, registry } = environment;
    alice.openPullRequest(registry, { branch: 'one', title: 'One', files: { 'a.txt': 'a' } });
    await environment.github.webhooks.settled();
    service = await environment.start();
    await until(() => ['sweep', 'reconcile'].every((kind) => environment.others.includes(kind)));
    await until(() => environment.reviews.length > 0);
    expect(environment.reviews[0]).toBe(1);
  });

  it('finds at its start what was closed while it was away', async () => {
    const { alice, registry, github } = environment;
    const pull = alice.openPullRequest(registry, { branch: 'one', title: 'One', files: { 'a.txt': 'a' } });
    environment.judged.set(pull.number, pull.pull.headSha);
    alice.close(registry, pull);
    await github.webhooks.settled();
    // For so long that GitHub does not know any more what it could not deliver.
    github.webhooks.deliveries.length = 0;
    service = await environment.start();
    await until(() => environment.reviews.includes(pull.number));
  });

  it('asks again for a delivery that was lost', async () => {
    service = await environment.start();
    await until(() => environment.others.includes('sweep'));
    const { alice, registry, github } = environment;
    const pull = alice.openPullRequest(registry, { branch: 'one', title: 'One', files: { 'a.txt': 'a' } });
    await until(() => environment.reviews.length >= 1);
    github.faults.injectDelivery('drop', { on: 'issue_comment' });
    alice.comment(registry, pull, '/greffier check');
    await github.webhooks.settled();
    expect(environment.others).not.toContain('command');
    await environment.context?.jobs.enqueue([{ kind: 'sweep', payload: {} }], { request: 'sweep' });
    await until(() => environment.others.includes('command'));
  });

  it('does nothing twice for a delivery that comes twice', async () => {
    service = await environment.start();
    await until(() => environment.others.includes('sweep'));
    const { alice, registry, github } = environment;
    const pull = alice.openPullRequest(registry, { branch: 'one', title: 'One', files: { 'a.txt': 'a' } });
    github.faults.injectDelivery('duplicate', { on: 'issue_comment' });
    alice.comment(registry, pull, '/greffier check');
    await github.webhooks.settled();
    await until(() => environment.others.includes('command'));
    await service.stop(1000);
    service = undefined;
    expect(environment.others.filter((kind) => kind === 'command')).toHaveLength(1);
  });

  it('costs an outage of GitHub its length, and nothing else', async () => {
    service = await environment.start();
    await until(() => environment.others.includes('sweep'));
    const { alice, registry, github } = environment;
    github.faults.inject(
      { kind: 'error', status: 502 },
      { on: 'GET /repos/{owner}/{repo}/pulls/{pull_number}', times: 3 },
    );
    alice.openPullRequest(registry, { branch: 'one', title: 'One', files: { 'a.txt': 'a' } });
    const db = environment.context?.store.db ?? expect.fail();
    while (environment.reviews.length === 0) {
      await sql`update jobs set ready_at = ${now} where state = 'waiting'`.execute(db);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(environment.reviews).toEqual([1]);
  });

  it('tells of a new head before its delivery is kept, where the work is done too', async () => {
    const { alice, registry, github } = environment;
    const told: unknown[] = [];
    const handlers = async (context: ServiceContext) => ({
      handlers: environment.handlers(context),
      readAhead: (commits: unknown) => void told.push(commits, environment.reviews.length),
    });
    const base = registry.git.refs.get('refs/heads/main');
    const open = async (branch: string): Promise<string> => {
      const { pull } = alice.openPullRequest(registry, { branch, title: branch, files: { 'a.txt': branch } });
      await github.webhooks.settled();
      return pull.headSha;
    };
    service = await environment.start({ handlers });
    const head = await open('one');
    expect(told).toEqual([{ number: 1, head, base, openedBy: expect.any(String) }, 0]);
    await service.stop(1000);
    service = await environment.start({ handlers, only: 'ingress' });
    await open('two');
    expect(told).toHaveLength(2);
  });

  it('leaves an installation in peace when GitHub asks for it', async () => {
    service = await environment.start();
    await until(() => environment.others.includes('sweep'));
    const { alice, registry, github } = environment;
    const on = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    github.faults.inject({ kind: 'secondary-limit', retryAfter: 3000 }, { on });
    alice.openPullRequest(registry, { branch: 'one', title: 'One', files: { 'a.txt': 'a' } });
    await until(() => environment.lines.some((line) => line.includes('"cause":"limit"')));
    const db = environment.context?.store.db ?? expect.fail();
    const [paused] = await db.selectFrom('pauses').selectAll().execute();
    expect((paused?.until.getTime() ?? 0) - Date.now()).toBeGreaterThan(2_900_000);
    const before = github.calls.count(on);
    alice.openPullRequest(registry, { branch: 'two', title: 'Two', files: { 'b.txt': 'b' } });
    await github.webhooks.settled();
    await environment.context?.jobs.enqueue([{ kind: 'sweep', payload: {} }], { request: 'x' });
    expect(github.calls.count(on)).toBe(before);
  });

  it('follows a request from its delivery to its effect, and logs no secret', async () => {
    service = await environment.start();
    await until(() => environment.others.includes('sweep'));
    const { alice, registry, github } = environment;
    alice.openPullRequest(registry, { branch: 'one', title: 'One', files: { 'a.txt': 'a' } });
    const done = (): boolean => {
      const entries = environment.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const delivery = entries.find(({ msg, event }) => msg === 'delivery' && event === 'pull_request');
      return (
        delivery !== undefined &&
        entries.some(
          ({ msg, kind, request }) => msg === 'done' && kind === 'review' && request === delivery.request,
        )
      );
    };
    await until(done);
    await service.stop(1000);
    service = undefined;
    const text = environment.lines.join('\n');
    expect(text).not.toContain('canary');
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toMatch(/ghs_|Bearer|eyJ/);
    expect(
      github.privateKey
        .split('\n')
        .slice(1, 3)
        .some((line) => text.includes(line)),
    ).toBe(false);
  });

  it('does one half of the work when it is told to', async () => {
    service = await environment.start({ only: 'ingress' });
    environment.alice.openPullRequest(environment.registry, {
      branch: 'one',
      title: 'One',
      files: { 'a.txt': 'a' },
    });
    await environment.github.webhooks.settled();
    const jobs = await environment.context?.store.db.selectFrom('jobs').select(['kind', 'state']).execute();
    expect(jobs).toEqual([{ kind: 'review', state: 'waiting' }]);
    await service.stop(1000);
    service = await environment.start({ only: 'worker' });
    await until(() => environment.reviews.length >= 1);
    const answer = await fetch(`http://127.0.0.1:${service.port}/api/github/webhooks`, { method: 'POST' });
    expect(answer.status).toBe(404);
  });

  it('is ready once it knows its registry, and tells its measures', async () => {
    service = await environment.start();
    const address = `http://127.0.0.1:${service.port}`;
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    let metrics = '';
    // The outcome is counted once it is kept, after the handler has ended; another sweep may have come meanwhile.
    await until(async () => {
      metrics = await (await fetch(`${address}/metrics`)).text();
      return /greffier_jobs_total\{kind="sweep",outcome="done"\} [1-9]/.test(metrics);
    });
    expect(metrics).toMatch(/greffier_github_calls_remaining\{installation="\d+"\} \d+/);
  });

  it('says why it cannot serve several registries', async () => {
    environment.github.createRepository('org/other', { files: { 'README.md': 'x' } });
    const start = environment.start();
    await expect(start).rejects.toThrow(/several repositories \(`org\/registry`, `org\/other`\)/);
  });

  it('names the permissions that are missing', async () => {
    await environment.github.stop();
    await environment.scratch.remove();
    const github = await startLocalGitHub({
      permissions: { metadata: 'read', administration: 'write' },
      events: [],
    });
    environment = new ServiceEnvironment(github, await thisEngine.scratch());
    service = await environment.start();
    const text = environment.lines.join('');
    expect(text).toContain('"missing":["contents: read","pull_requests: write"');
    expect(text).toContain('"surplus":["administration: write"]');
  });
});
