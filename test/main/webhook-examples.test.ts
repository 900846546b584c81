/**
 * Every webhook that GitHub's own examples know, signed and posted to the whole service: as it was recorded, of repositories
 * that are none of its own, and as if it came from the registry, so that whatever it causes is really done.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '#demo/wait-until';
import { routeEvent } from '#http/webhook/event-routing';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { engines } from '../infrastructure/database/engines.ts';
import { ServiceStory } from './service-story.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Example {
  readonly event: string;
  readonly payload: Record<string, Json>;
}

/** GitHub's servers whose webhooks were recorded. */
const servers = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33'];
const require = createRequire(import.meta.url);
const examples: readonly Example[] = servers.flatMap((server) => {
  const file = require.resolve(`@octokit/webhooks-examples/${server}/index.json`);
  const events = JSON.parse(readFileSync(file, 'utf8')) as { name: string; examples: Example['payload'][] }[];
  return events.flatMap(({ name, examples: payloads }) =>
    payloads.map((payload) => ({ event: name, payload })),
  );
});

/** What stands for the same thing in every payload: the numbers and commits of something that is there. */
interface Present {
  readonly repository: Record<string, Json>;
  readonly installation: number;
  readonly number: number;
  readonly head: string;
  readonly base: string;
}

function asOfRegistry(node: Json, present: Present, key = ''): Json {
  if (key === 'repository' || key === 'repo') {
    const described = typeof node === 'object' && node !== null && !Array.isArray(node);
    return described ? { ...node, ...present.repository } : node;
  }
  if (key === 'installation') return { id: present.installation };
  if (key === 'head_sha' || key === 'sha' || key === 'after') return present.head;
  if (key === 'base_sha' || key === 'before') return present.base;
  if (key === 'number' && typeof node === 'number') return present.number;
  // Many examples are of bots, or say nothing to anybody.
  if (key === 'type' && node === 'Bot') return 'User';
  if (key === 'body' && typeof node === 'string') return `${node}\n/greffier help\n/greffier check`;
  if (Array.isArray(node)) return node.map((each) => asOfRegistry(each, present));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, asOfRegistry(value, present, name)]),
  );
}

describe.each(engines)('GitHub’s examples of webhooks, on $name', { timeout: 300_000 }, (engine) => {
  let story: ServiceStory;
  beforeEach(async () => {
    story = await ServiceStory.open(engine);
    await story.start();
    await story.settled();
  });
  afterEach(() => story.close());

  async function post({ event, payload }: Example): Promise<string> {
    const { target } = story.github.webhooks;
    if (target === undefined) throw new Error('nobody listens');
    const body = JSON.stringify(payload);
    const id = randomUUID();
    const response = await fetch(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-delivery': id,
        'x-github-event': event,
        'x-hub-signature-256': `sha256=${createHmac('sha256', target.secret).update(body).digest('hex')}`,
      },
      body,
    });
    expect(response.status, `${event}.${payload.action}`).toBe(202);
    return id;
  }

  async function postAll(all: readonly Example[]): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let from = 0; from < all.length; from += 20)
      ids.push(...(await Promise.all(all.slice(from, from + 20).map(post))));
    const { db } = story.context.store;
    const left = () => db.selectFrom('jobs').selectAll().execute();
    await waitUntil(async () => (await left()).every(({ state }) => state === 'dead'), 120_000);
    expect(await left()).toEqual([]);
    return ids;
  }

  const kept = (ids: readonly string[]) =>
    story.context.store.db
      .selectFrom('deliveries')
      .select(['id', 'event', 'action', 'state', 'reason'])
      .where('id', 'in', ids)
      .execute();
  const errors = () => story.lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50);

  it('are read whatever of them is null or left out', () => {
    const audience = {
      registry: { id: '1', registry: 'org/registre', name: 'org/registre' },
      requests: [],
      appLogin: 'greffier[bot]',
    };
    const present: Present = {
      repository: { id: 1, full_name: 'org/registre', default_branch: 'main' },
      installation: 1,
      number: 4,
      head: 'a'.repeat(40),
      base: 'b'.repeat(40),
    };
    let tried = 0;
    const seen = new Set<string>();
    for (const { event, payload } of examples) {
      const kind = `${event}.${payload.action}`;
      const own = asOfRegistry({ installation: { id: 1 }, ...payload }, present);
      if (seen.has(kind) || routeEvent(event, own, audience).jobs === undefined) continue;
      seen.add(kind);
      const tryAll = (node: Json): void => {
        if (typeof node !== 'object' || node === null) return;
        const fields = node as Record<string, Json>;
        for (const [name, value] of Object.entries(fields)) {
          tryAll(value);
          for (const other of [null, undefined, [], {}, 'x', -1.5]) {
            Object.assign(fields, { [name]: other });
            tried += 1;
            for (const { payload: asked } of routeEvent(event, own, audience).jobs ?? [])
              for (const [key, given] of Object.entries(asked))
                expect(given === null || given === undefined, `${kind} ${name}: ${key}`).toBe(false);
          }
          fields[name] = value;
        }
      };
      tryAll(own);
    }
    expect(seen.size).toBeGreaterThan(15);
    expect(tried).toBeGreaterThan(10_000);
  });

  it('are hundreds, of every event that the service asks for', () => {
    expect(examples.length).toBeGreaterThan(329);
    const events = new Set(examples.map(({ event }) => event));
    for (const event of [
      'check_run',
      'check_suite',
      'issue_comment',
      'issues',
      'merge_group',
      'pull_request',
      'pull_request_review',
      'push',
    ])
      expect(events).toContain(event);
  });

  it('are taken, and ignored for a reason that the log has, when they are of others', async () => {
    const ids = await postAll(examples);
    const rows = await kept(ids);
    expect(rows).toHaveLength(examples.length);
    const ignored = rows.filter(({ state }) => state === 'ignored');
    for (const { reason, event } of ignored) expect(reason, event).toMatch(/\w/);
    // What concerns the App as a whole has the registry looked for, whoever it is about.
    const accepted = rows.filter(({ state }) => state !== 'ignored').map(({ event }) => event);
    expect([...new Set(accepted)].sort()).toEqual(['installation', 'installation_repositories']);
    const logged = new Map(story.logged('ignored').map((line) => [line.request, line]));
    for (const { id, reason } of ignored) expect(logged.get(id)).toMatchObject({ reason });
    expect(errors()).toEqual([]);
  });

  it('are taken, and lead to an end, when they are of the registry', async () => {
    const { registry, alice } = story;
    const pull = alice.openPullRequest(registry, { branch: 'x', title: 'x', files: serviceFile('ecole') });
    await story.settled();
    const present: Present = {
      repository: { id: registry.id, full_name: 'org/registre', default_branch: 'main' },
      installation: story.context.registry.installation,
      number: pull.number,
      head: pull.pull.headSha,
      base: pull.pull.baseSha,
    };
    const own = examples.map(({ event, payload }) => ({
      event,
      payload: asOfRegistry(
        { installation: { id: 1 }, sender: { login: 'alice' }, ...payload },
        present,
      ) as Example['payload'],
    }));
    const pushes = own.filter(({ event }) => event === 'push');
    for (const { payload } of pushes) payload.ref = 'refs/heads/main';
    const ids = await postAll(own);
    const rows = await kept(ids);
    const accepted = new Set(rows.filter(({ state }) => state === 'accepted').map(({ event }) => event));
    for (const event of [
      'check_run',
      'check_suite',
      'issue_comment',
      'merge_group',
      'pull_request',
      'pull_request_review',
      'push',
      'repository',
      'status',
    ])
      expect(accepted, event).toContain(event);
    for (const { state, reason } of rows) if (state === 'ignored') expect(reason).toMatch(/\w/);
    expect(errors()).toEqual([]);
    expect(registry.checkRuns.filter(({ headSha }) => headSha === pull.pull.headSha)).toHaveLength(1);
    expect(pull.comments.filter(({ body }) => body.startsWith('<!-- greffier:review -->'))).toHaveLength(1);
    expect(story.clients().made).toBe(4);
  });
});
