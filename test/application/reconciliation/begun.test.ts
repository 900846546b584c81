/** A change that was begun, not done, and taken back: nothing of it is left. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const production = 'internet/production';
const [path = '', text = ''] = Object.entries(serviceFile('agenda', production))[0] ?? [];
const stranger = 'vendeur@parti-depuis.fr';
const withStranger = text.replace(/(technical:\n\s+- )(\S+)/, `$1$2\n    - ${stranger}`);

describe('a change that was approved, refused by the provider and taken back', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const bob = () => world.environment.bob;
  const registry = () => world.environment.repository;
  const contacts = () => JSON.stringify(world.openid.clients().map((client) => client.contacts));
  const mails = async () =>
    (await world.environment.store.db.selectFrom('mails').select('facts').execute()).map(({ facts }) =>
      JSON.stringify(facts),
    );

  /** Every change at the provider is answered with this status, until it is called again without one. */
  function refuseChanges(status?: number): void {
    vi.unstubAllGlobals();
    const ask = fetch;
    if (status !== undefined)
      vi.stubGlobal('fetch', async (...[url, init]: Parameters<typeof fetch>) =>
        init?.method === 'PUT' ? Response.json({ error: 'no' }, { status }) : ask(url, init),
      );
    world.restart();
  }

  async function agreed(files: Record<string, string>): Promise<void> {
    const pull = world.environment.propose(files, bob());
    await world.review(pull);
    world.dan.approve(registry(), pull);
    bob().merge(registry(), pull);
    await world.reconcile();
  }

  beforeEach(async () => {
    refuseChanges();
    world.begin({ [path]: text, ...serviceFile('voisin') });
    await world.reconcile();
  });

  describe.each([503, 400])('with the answer %i', (status) => {
    beforeEach(async () => {
      refuseChanges(status);
      await agreed({ [path]: withStranger });
      refuseChanges();
      await agreed({ [path]: text });
    });

    it('sends the keys to nobody whom it named', async () => {
      const pull = [...registry().issues.values()].at(-1);
      if (pull === undefined) throw new Error('no pull request');
      expect(await world.say(world.dan, pull, '/greffier handover')).toEqual(['+1']);
      const sent = await mails();
      expect(sent.at(-1)).toContain('renewed');
      expect(sent.join()).not.toContain(stranger);
    });

    it('is no word for the same change, the next time that it comes', async () => {
      bob().pushCommit(registry(), 'main', { [path]: withStranger });
      await world.reconcile();
      const issue = world.issue('Changements à confirmer');
      if (issue !== undefined) await world.say(bob(), issue, '/greffier retry');
      await world.reconcile();
      expect(contacts()).not.toContain(stranger);
      expect(issue?.body).toContain(stranger);
    });
  });
});
