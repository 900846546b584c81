/** Keys are for the contacts of a definition as it is applied: a link that nobody used yet does not outlive them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from '../reconciliation/registry-world.ts';

describe('a link to keys that nobody used yet', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    world.begin({});
    const { db } = world.environment.store;
    await db.deleteFrom('handovers').execute();
    await db.deleteFrom('mails').execute();
    await world.reconcile();
  });
  const links = () =>
    world.environment.store.db
      .selectFrom('handovers')
      .select(['token_hash', 'secret', 'replaced_at'])
      .orderBy('expires_at')
      .execute();
  const mails = async () => {
    const rows = await world.environment.store.db
      .selectFrom('mails')
      .select(['facts', 'token'])
      .orderBy('created_at')
      .execute();
    return rows.map(({ facts, token }) => {
      const { notice, to } = facts as { notice: string; to: string[] };
      return { notice, to, hasLink: token !== null };
    });
  };
  const push = async (files: Record<string, string | null>) => {
    world.environment.bob.pushCommit(world.environment.repository, 'main', files);
    await world.reconcile();
  };
  const withContact = (address: string) =>
    Object.fromEntries(
      Object.entries(serviceFile('agenda')).map(([path, text]) => [
        path,
        text.replace(/(technical:\s*(?:\n\s*- |\[))[^\s\]]+/, `$1${address}`),
      ]),
    );
  const wrong = 'faute@vile-agenda.fr';
  const right = 'equipe@ville-agenda.fr';

  it('no longer works once its reader is no contact any more: the contacts of now are sent another', async () => {
    await push(withContact(wrong));
    const [sent] = await links();
    expect(sent?.secret).toBeTypeOf('string');
    await push(withContact(right));
    const [former, present, ...more] = await links();
    expect(former).toMatchObject({ token_hash: sent?.token_hash, secret: null });
    expect(present).toMatchObject({ replaced_at: null });
    expect(present?.secret).toBeTypeOf('string');
    expect(more).toEqual([]);
    expect(await mails()).toEqual([
      { notice: 'created', to: [wrong], hasLink: true },
      { notice: 'renewed', to: [right], hasLink: true },
    ]);
  });

  it('goes on working when only something else changes, and nobody is written to', async () => {
    await push(withContact(right));
    const before = await links();
    await push(
      Object.fromEntries(
        Object.entries(withContact(right)).map(([path, text]) => [path, text.replace('Service', 'Autre')]),
      ),
    );
    expect(await links()).toEqual(before);
    expect(await mails()).toHaveLength(1);
  });

  it('no longer works while the client sleeps; another is sent when it comes back', async () => {
    const files = withContact(right);
    await push(files);
    await push(Object.fromEntries(Object.keys(files).map((path) => [path, null])));
    expect(await world.states()).toEqual({ 'internet/integration/agenda': 'inactive' });
    expect(await links()).toMatchObject([{ secret: null }]);
    await push(files);
    expect((await links()).filter(({ secret }) => secret !== null)).toHaveLength(1);
    expect(await mails()).toEqual([
      { notice: 'created', to: [right], hasLink: true },
      { notice: 'deactivated', to: [right], hasLink: false },
      { notice: 'revived', to: [right], hasLink: true },
    ]);
  });
});
