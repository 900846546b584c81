/** Mails that do not leave: told on the pull request, in a metric with an alert, and at the start. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { measureUnsentMails } from '#application/ledger/unsent-mails';
import { createMetrics } from '#base/observability/metrics';
import type { PullRequest } from '#demo/github/state';
import { mailFault } from '#main/machine';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from '../reconciliation/registry-world.ts';

describe('a mail that does not leave', () => {
  let world: RegistryWorld;
  let pull: PullRequest;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    world.begin({});
    await world.reconcile();
    const { environment } = world;
    pull = environment.propose(serviceFile('agenda'), environment.alice);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
  });

  const comment = () => pull.comments.find(({ body }) => body.startsWith('<!-- greffier:prov'))?.body ?? '';
  const set = (change: { created_at?: Date; state?: 'waiting' | 'failed' | 'sent' }) =>
    world.environment.store.db
      .updateTable('mails')
      .set(change as object)
      .where('registry', '=', world.environment.deps.repo)
      .execute();
  const measured = async () => {
    const metrics = createMetrics();
    await measureUnsentMails(world.environment.store.db, world.environment.deps.repo, metrics);
    const { values } = await metrics.mails.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.state, value]));
  };
  const hourAgo = new Date(Date.now() - 3_600_000);

  it('has its time first, and is told after it, until it has left', async () => {
    expect(comment()).not.toContain('⚠️');
    expect(await measured()).toEqual({ waiting: 0, failed: 0 });
    await set({ created_at: hourAgo });
    expect(await measured()).toEqual({ waiting: 1, failed: 0 });
    await world.reconcile();
    expect(comment()).toContain('⚠️ Le message aux contacts techniques n’est pas parti');
    await set({ state: 'sent' });
    await world.reconcile();
    expect(comment()).not.toContain('⚠️');
  });

  it('is told at once where there is no mail server at all', async () => {
    world.hasMail = false;
    world.begin({});
    await world.reconcile();
    const { environment } = world;
    const other = environment.propose(serviceFile('annuaire'), environment.alice);
    await world.review(other);
    environment.bob.merge(environment.repository, other);
    await world.reconcile();
    world.hasMail = true;
    const said = other.comments.find(({ body }) => body.startsWith('<!-- greffier:prov'))?.body;
    expect(said).toContain('⚠️ Le message aux contacts techniques n’est pas parti');
    const metrics = createMetrics();
    await measureUnsentMails(environment.store.db, environment.deps.repo, metrics, true);
    const { values } = await metrics.mails.get();
    expect(values).toContainEqual({ labels: { state: 'waiting' }, value: 1 });
  });

  it('is told with what to do where it was refused, until a later one has left', async () => {
    await set({ state: 'failed', created_at: hourAgo });
    await world.reconcile();
    expect(comment()).toContain('a été refusé');
    expect(await measured()).toEqual({ waiting: 0, failed: 1 });
    await world.say(world.environment.bob, pull, '/greffier handover');
    await world.reconcile();
    expect(comment()).not.toContain('⚠️');
    expect(await measured()).toEqual({ waiting: 0, failed: 0 });
  });

  it('rings, and is said at the start where nothing could ever leave', () => {
    const alerts = readFileSync(new URL('../../../docs/operate/alerts.yml', import.meta.url), 'utf8');
    expect(alerts).toContain('greffier_mails_unsent');
    const cells = { 'internet/production': { provider: 'manual' } } as const;
    expect(mailFault({}, { cells })).toMatchObject({ values: { names: ['SMTP_URL', 'MAIL_FROM'] } });
    expect(mailFault({}, { cells: {} })).toMatchObject({ key: 'mail-later' });
  });
});
