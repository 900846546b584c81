/** A full registry, or a new cell: so many clients at once may be there already, under keys of their own. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { maxCreations } from '#domain/provisioning/plan';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const many = Object.assign(
  {},
  ...Array.from({ length: maxCreations + 1 }, (_, n) => serviceFile(`lot-${n + 10}`)),
);

describe('many new clients at once', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  beforeEach(async () => {
    world.begin({ ...many });
    await world.reconcile();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const count = () => world.openid.clients().length;
  const waiting = () => {
    const issue = world.issue('Nouveaux clients à confirmer');
    if (issue === undefined) throw new Error('nothing waits');
    const digest = /confirm ([0-9a-f]{32})/.exec(issue.body ?? '')?.[1] ?? '';
    return { issue, command: `/greffier confirm ${digest}` };
  };

  it('are made when someone confirms that these services have none yet', async () => {
    expect(count()).toBe(0);
    const { issue, command } = waiting();
    expect(issue.body).toContain('adopter');
    expect(await world.say(world.environment.bob, issue, command)).toEqual(['+1']);
    await world.reconcile();
    expect(count()).toBe(maxCreations + 1);
    expect(issue.state).toBe('closed');
    expect(await world.say(world.dan, issue, command)).toEqual(['confused']);
  });

  it('wait alone: a change of others in the cell goes on', async () => {
    const { issue, command } = waiting();
    await world.say(world.environment.bob, issue, command);
    await world.reconcile();
    const more = Object.assign(
      {},
      ...Array.from({ length: maxCreations + 1 }, (_, n) => serviceFile(`plus-${n + 10}`)),
    );
    world.environment.bob.pushCommit(world.environment.repository, 'main', {
      ...more,
      ...serviceFile('lot-10', 'internet/integration', '\nuserinfo_signed_response_alg: ES256'),
    });
    await world.reconcile();
    expect(count()).toBe(maxCreations + 1);
    expect(world.openid.clients().find((client) => client.client_name === 'Service lot-10')).toMatchObject({
      userinfo_signed_response_alg: 'ES256',
    });
  });

  it('are made on one word, also when the process is killed in the middle', async () => {
    world.begin({
      ...many,
      ...Object.assign({}, ...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => serviceFile(`fin-${id}`))),
    });
    await world.reconcile();
    const { issue, command } = waiting();
    await world.say(world.environment.bob, issue, command);
    const ask = fetch;
    let made = 0;
    // Nothing of this process goes on after its sixth creation.
    const killed = new Promise<void>((resolve) => {
      vi.stubGlobal('fetch', (...[url, init]: Parameters<typeof fetch>) => {
        if (init?.method !== 'POST' || ++made <= 5) return ask(url, init);
        resolve();
        return new Promise(() => undefined);
      });
    });
    world.restart();
    void world.reconcile();
    await killed;
    vi.unstubAllGlobals();
    world.restart();
    await world.reconcile();
    expect(count()).toBe(maxCreations + 7);
  });
});
