/**
 * Every field that GitHub need not give, by its own description, and that is read: set to null, and left out, one at a time.
 * What is not there says neither yes nor no: nothing breaks on it, nobody is taken to have approved, and nothing is removed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewMergeGroup } from '#application/pull-requests/review-merge-group';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { runCommands } from '#application/pull-requests/run-commands';
import type { PullRequest } from '#demo/github/state';
import { lastChangeOf, mergedPullRequests } from '#infrastructure/github/read/merged-pull-requests';
import {
  setDeploymentState,
  upsertComment,
  upsertDeployment,
} from '#infrastructure/github/write/deployments';
import {
  closeIssue,
  editIssue,
  findOpenIssue,
  issueState,
  openIssue,
} from '#infrastructure/github/write/issues';
import { classifyError } from '#infrastructure/queue/retry-policy';
import { type LooseField, looseFields } from '../demo/openapi.ts';
import { emptyTables } from '../infrastructure/database/engines.ts';
import { serviceFile } from './pull-requests/review-environment.ts';
import { RegistryWorld } from './reconciliation/registry-world.ts';

/** A field of the answers of a route, and what is made of it. */
interface Case {
  readonly route: string;
  readonly path: readonly string[];
  readonly becomes: 'null' | 'nothing';
}

/** A route as GitHub's description names it: it says nothing of those by a repository's number. */
function described(url: string): string {
  return url.replace(/^\/repositories\/\{repository_id\}/, '/repos/{owner}/{repo}');
}

/** Takes a field away from an answer, in every item of a list. */
function without(node: unknown, [name = '', ...rest]: readonly string[], becomes: Case['becomes']): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node) && name === '0') {
    for (const item of node) without(item, rest, becomes);
    return;
  }
  const object = node as Record<string, unknown>;
  if (!(name in object)) return;
  if (rest.length > 0) without(object[name], rest, becomes);
  else if (becomes === 'null') object[name] = null;
  else delete object[name];
}

/** The answer, which tells what of it is read. */
function watched(node: unknown, path: readonly string[], read: (path: readonly string[]) => void): unknown {
  if (typeof node !== 'object' || node === null) return node;
  return new Proxy(node, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver);
      if (typeof name !== 'string' || !Object.hasOwn(target, name) || typeof value === 'function')
        return value;
      const below = [...path, Array.isArray(target) && name !== 'length' ? '0' : name];
      read(below);
      return watched(value, below, read);
    },
  });
}

describe('what GitHub need not say', { timeout: 600_000 }, () => {
  let world: RegistryWorld;
  /** By route and path, what was read and need not be there. */
  const loose = new Map<string, Case>();
  let now: Case | undefined;

  beforeAll(async () => {
    world = await RegistryWorld.open();
    const { environment } = world;
    const plain = environment.client.bind(environment);
    environment.client = () => {
      const client = plain();
      client.hook.after('request', (response, options) => {
        const route = `${options.method} ${options.url}`;
        if (
          typeof response.data !== 'object' ||
          response.data === null ||
          response.data instanceof ReadableStream
        )
          return;
        if (now !== undefined) {
          if (now.route === route) without(response.data, now.path, now.becomes);
          return;
        }
        const fields = new Map(
          looseFields(options.method, described(options.url), response.status, response.data).map((field) => [
            field.path.join('/'),
            field,
          ]),
        );
        const note = (path: readonly string[]) => {
          const field: LooseField | undefined = fields.get(path.join('/'));
          for (const becomes of ['null', 'nothing'] as const)
            if (becomes === 'null' ? field?.mayBeNull : field?.mayBeAbsent)
              loose.set(`${route} ${path.join('/')} ${becomes}`, { route, path, becomes });
        };
        response.data = watched(response.data, [], note) as typeof response.data;
      });
      return client;
    };
  });
  afterAll(() => world.close());

  /** Done as often as there are cases. @returns what it came to */
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (problem) {
      const { cause } = classifyError(problem, Date.now());
      const named = now === undefined ? '' : `${now.route} ${now.path.join('/')} = ${now.becomes}: `;
      if (cause === 'fault') throw new Error(`${named}${String(problem)}`, { cause: problem });
    }
  }

  const files = {
    ...serviceFile('agenda', 'internet/production'),
    ...serviceFile('annuaire'),
    ...serviceFile('bibliotheque', 'internet/production'),
  };
  const [agenda = ''] = Object.keys(files);
  const changed = { [agenda]: (files[agenda] ?? '').replace('/retour', '/retour2') };

  /** A change of production that only Mallory approves, a file that is gone from a branch, a group, commands. */
  async function story(): Promise<{ readonly pull: PullRequest; readonly names: readonly string[] }> {
    const { environment, openid } = world;
    await emptyTables(environment.store.db, 'jobs');
    world.begin(files);
    await attempt(() => world.reconcile());
    const { repository, alice, bob } = environment;
    const mallory = environment.github.createUser(`mallory-${repository.id}`);
    const pull = environment.propose(changed);
    bob.pushCommit(repository, 'main', serviceFile('entre-temps'));
    mallory.approve(repository, pull);
    const review = () => attempt(() => reviewPullRequest(environment.deps, pull.number));
    environment.deps = environment.createDeps();
    await review();
    await review();
    const { headSha: head, baseSha: base } = pull.pull;
    await attempt(() => reviewMergeGroup(environment.deps, head, base));
    const author = { id: mallory.account.id, login: mallory.login, bot: false };
    const said = mallory.comment(repository, pull, '/greffier plan');
    const comment = { id: said.id, body: '/greffier plan\n/greffier retry', author };
    const deps = { review: environment.deps, requestReview: async () => undefined };
    await attempt(() => runCommands(deps, pull.number, comment));
    alice.merge(repository, pull);
    await attempt(() => world.reconcile(true));
    return {
      pull,
      names: openid
        .clients()
        .map((client) => JSON.stringify(client.redirect_uris))
        .toSorted(),
    };
  }

  it('is asked for again, held, or done without; it approves nothing, and takes nothing away', async () => {
    const whole = await story();
    expect(loose.size).toBeGreaterThan(30);
    const checks = ({ pull }: { pull: PullRequest }) =>
      world.environment.repository.checkRuns
        .filter(({ headSha }) => headSha === pull.pull.headSha)
        .map(({ conclusion }) => conclusion);
    expect(checks(whole)).not.toContain('success');
    expect(whole.names.join()).not.toContain('retour2');
    const problems: string[] = [];
    for (const one of [...loose.values()]) {
      now = one;
      try {
        const seen = await story();
        const named = `${one.route} ${one.path.join('/')} = ${one.becomes}`;
        if (checks(seen).includes('success')) problems.push(`${named}: approved`);
        if (seen.names.join().includes('retour2')) problems.push(`${named}: applied`);
        if (seen.names.length > whole.names.length) problems.push(`${named}: another client`);
        if (Object.values(await world.states()).includes('inactive')) problems.push(`${named}: removed`);
      } catch (problem) {
        problems.push(problem instanceof Error ? problem.message : String(problem));
      }
    }
    expect([...new Set(problems)]).toEqual([]);
  });

  it('of issues, deployments and histories makes nobody a writer, and nothing answered', async () => {
    const { environment } = world;
    now = undefined;
    loose.clear();
    environment.createRegistry(files);
    const { repository, alice, bob } = environment;
    const marker = '<!-- greffier:essai -->';
    const there = environment.deps.repository;
    const author = { appId: environment.github.appId };
    const closed = await openIssue(there, 'Demande', marker);
    const open = await openIssue(there, 'Autre', '<!-- greffier:autre -->');
    const issue = repository.issues.get(closed);
    if (issue === undefined) throw new Error('no issue');
    alice.close(repository, issue, 'not_planned');
    const pull = environment.propose(changed);
    bob.merge(repository, pull);
    const head = repository.git.refs.get('refs/heads/main') ?? '';
    const run = async () => {
      const { repository: at } = environment.createDeps();
      const found: unknown[] = [];
      await attempt(async () => found.push(await issueState(at, closed)));
      await attempt(async () => found.push(await findOpenIssue(at, marker, author)));
      await attempt(() => editIssue(at, open, 'Autre', '<!-- greffier:autre -->\nx'));
      await attempt(() => closeIssue(at, closed, 'Fini', author));
      await attempt(() => upsertComment(at, pull.number, marker, 'x', author.appId));
      await attempt(() => lastChangeOf(at, agenda, head));
      await attempt(async () => {
        const id = await upsertDeployment(at, head, 'internet-production');
        await setDeploymentState(at, id, 'success');
      });
      await attempt(() => mergedPullRequests(at, undefined, head, new Set([pull.number])));
      return found;
    };
    // Alice may not write: what she closes is not declined.
    expect(await run()).toEqual([{ kind: 'disputed', login: 'alice' }, undefined]);
    expect(loose.size).toBeGreaterThan(12);
    const problems: string[] = [];
    for (const one of [...loose.values()]) {
      now = one;
      try {
        const [state] = (await run()) as [{ readonly kind: string } | undefined];
        if (state !== undefined && state.kind !== 'disputed' && state.kind !== 'unsaid')
          problems.push(`${one.route} ${one.path}: ${state.kind}`);
      } catch (problem) {
        problems.push(problem instanceof Error ? problem.message : String(problem));
      }
    }
    expect(problems).toEqual([]);
  });
});
