/** Whether services still live, over years: asked once a period, reminded once, told once, and nothing is ever taken away. */

import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownServices } from '#application/front-desk/own-services';
import { sendMail } from '#application/handover/outbox';
import { RecertificationStore } from '#application/recertification/recertification-store';
import { createMetrics } from '#base/observability/metrics';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { updateDatabaseMetrics } from '#infrastructure/database/metrics';
import type { Tables } from '#infrastructure/database/tables';
import type { Lease } from '#infrastructure/queue/lease';
import { aVault } from '../../infrastructure/identity-providers/store.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from '../reconciliation/registry-world.ts';

const day = 86_400_000;
const settings = { '.github/greffier.yaml': 'recertify: 365d\n' };
const owned = (login: string) => serviceFile('agenda', 'internet/integration', `\nowners:\n  - ${login}`);

describe('services that are asked whether they still live', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  beforeEach(() => {
    // The audit trail has the store's own clock: the story begins now.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Sweeps once a day. */
  async function pass(days: number): Promise<void> {
    for (let n = 0; n < days; n += 1) {
      vi.setSystemTime(Date.now() + day);
      await world.reconcile(true);
    }
  }
  /** Nothing happens for a while, then it is swept. */
  async function skip(days: number): Promise<void> {
    vi.setSystemTime(Date.now() + days * day);
    await world.reconcile(true);
  }
  const rows = <T>(query: (db: Kysely<Tables>) => Promise<T>) => query(world.environment.store.db);
  /** What asks, of the outbox: by whom it is read and what it is about. */
  async function mails() {
    const all = await rows((db) =>
      db
        .selectFrom('mails')
        .select(['client', 'facts'])
        .where('registry', '=', world.environment.deps.repo)
        .execute(),
    );
    return all.flatMap(({ client, facts }) => {
      const { notice, step } = facts as { notice: string; step?: string };
      return notice === 'recertify' ? [`${client} ${step}`] : [];
    });
  }
  /** What leaves, as the outbox sends it. */
  async function sent() {
    const texts: string[] = [];
    const outbox = {
      db: world.environment.store.db,
      vault: aVault(),
      sender: { send: async ({ text }: { text: string }) => ({ ok: texts.push(text) > 0 }) as { ok: true } },
      publicUrl: 'https://greffier.example.fr',
      answerPlaces: { registryUrl: 'https://github.com/org/registre' },
      cell: () => undefined,
    };
    for (const { id, facts } of await rows((db) =>
      db
        .selectFrom('mails')
        .select(['id', 'facts'])
        .where('registry', '=', world.environment.deps.repo)
        .orderBy('created_at')
        .execute(),
    ))
      if ((facts as { notice: string }).notice === 'recertify')
        expect(await sendMail(outbox, id)).toEqual({ kind: 'sent' });
    return texts;
  }
  async function trail() {
    const all = await rows((db) =>
      db
        .selectFrom('audit')
        .select('entry')
        .where('registry', '=', world.environment.deps.repo)
        .orderBy('number')
        .execute(),
    );
    return all
      .map(({ entry }) => entry as { what: string; by?: string })
      .filter(({ what }) => what === 'kept' || what.startsWith('recertify-'))
      .map(({ what, by }) => (by === undefined ? what : `${what} ${by}`));
  }
  async function measured() {
    const metrics = createMetrics();
    await updateDatabaseMetrics(world.environment.store.db, world.environment.deps.repo, metrics);
    const { values } = await metrics.recertifications.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.state, value]));
  }
  const issues = (title: string) =>
    [...world.environment.repository.issues.values()].filter((issue) => issue.title.startsWith(title));
  const waiting = 'Ces services existent-ils toujours';
  const silent = 'Services dont les contacts ne répondent plus';

  async function merged(files: Record<string, string>) {
    const { environment } = world;
    const pull = environment.propose(files);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
    return pull;
  }
  const saidOn = (pull: { readonly comments: readonly { readonly body: string }[] }) =>
    pull.comments.filter(({ body }) => body.includes('greffier:recertify')).map(({ body }) => body);

  it('are asked once in their year, on their pull request, reminded once, and their silence is told once', async () => {
    world.begin(settings);
    await world.reconcile();
    const pull = await merged(owned('alice'));
    await skip(1);
    await skip(362);
    expect([await mails(), saidOn(pull)]).toEqual([[], []]);
    await pass(5);
    expect(await mails()).toEqual(['agenda asked']);
    expect(saidOn(pull)).toEqual([expect.stringContaining('Ce service existe-t-il toujours')]);
    expect(saidOn(pull)[0]).toContain('`internet/integration/agenda`, avant le');
    expect(await measured()).toEqual({ waiting: 1, silent: 0 });
    await pass(13);
    expect(await mails()).toEqual(['agenda asked', 'agenda reminded']);
    expect(await sent()).toEqual([
      expect.stringContaining(`/pull/${pull.number}`),
      expect.stringContaining(`/pull/${pull.number}`),
    ]);
    await pass(12);
    expect([issues(silent), await measured()]).toEqual([[], { waiting: 1, silent: 0 }]);
    await pass(40);
    expect(await mails()).toEqual(['agenda asked', 'agenda reminded']);
    const [issue, ...others] = issues(silent);
    expect([others, issues(waiting)]).toEqual([[], []]);
    expect(issue?.body).toContain('`internet/integration/agenda`, sans réponse depuis');
    expect(await measured()).toEqual({ waiting: 0, silent: 1 });
    // Never a removal.
    expect(await world.states()).toEqual({ 'internet/integration/agenda': 'active' });
    expect(await trail()).toEqual(['recertify-asked', 'recertify-reminded', 'recertify-silent']);

    // Dan, who may write, knows of it.
    expect(await world.say(world.dan, issue as NonNullable<typeof issue>, '/greffier keep')).toEqual(['+1']);
    await world.reconcile();
    expect([issue?.state, await measured()]).toEqual(['closed', { waiting: 0, silent: 0 }]);
    expect(saidOn(pull)).toEqual([expect.stringContaining('Plus rien n’est à répondre')]);
    // A year from the answer on.
    await skip(364);
    expect(await mails()).toHaveLength(2);
    await skip(1);
    expect((await mails()).at(-1)).toBe('agenda asked');
    expect(await mails()).toHaveLength(3);
    expect(await trail()).toContain('kept dan');
  }, 120_000);

  it('are asked again a period later while nobody answers, and a change that is reviewed answers', async () => {
    world.begin(settings);
    await world.reconcile();
    await merged(owned('alice'));
    await skip(1);
    await skip(365);
    await skip(15);
    await skip(16);
    expect(await mails()).toEqual(['agenda asked', 'agenda reminded']);
    expect(issues(silent)).toHaveLength(1);
    await skip(365);
    expect((await mails()).slice(2)).toEqual(['agenda asked']);
    expect([issues(silent)[0]?.state, issues(silent).length]).toEqual(['open', 1]);
    await merged(serviceFile('agenda', 'internet/integration', '\nowners:\n  - alice\n  - bob'));
    await skip(1);
    expect(issues(silent)[0]?.state).toBe('closed');
    // Nothing of it had left: it asks nothing any more.
    expect(await mails()).toEqual([]);
    await skip(364);
    expect(await mails()).toEqual([]);
    await skip(2);
    expect(await mails()).toEqual(['agenda asked']);
  });

  it('are answered for by owners and writers only, where they are asked about or by their name', async () => {
    const { environment } = world;
    world.begin({ ...settings, ...owned('alice'), ...serviceFile('annuaire') });
    await world.reconcile(true);
    await skip(366);
    expect((await mails()).toSorted()).toEqual(['agenda asked', 'annuaire asked']);
    const [issue] = issues(waiting);
    if (issue === undefined) throw new Error('nobody is asked');
    for (const name of ['agenda', 'annuaire']) expect(issue.body).toContain(`internet/integration/${name}`);
    const eve = environment.github.createUser(`eve-${Date.now()}`);
    expect(await world.say(eve, issue, '/greffier keep agenda')).toEqual(['confused']);
    expect(await world.say(eve, issue, '/greffier keep')).toEqual(['confused']);
    // A writer, of several, says which.
    expect(await world.say(environment.bob, issue, '/greffier keep')).toEqual(['confused']);
    expect(await world.say(environment.alice, issue, '/greffier keep annuaire')).toEqual(['confused']);
    expect(await trail()).toEqual(['recertify-asked', 'recertify-asked']);
    // GitHub's answer to the opening of the issue was lost: it says of itself which it is.
    const unanswered = { issue: null, digest: 'opening' };
    await rows((db) => db.updateTable('topics').set(unanswered).where('topic', '=', 'recertify').execute());
    // An owner means their own.
    expect(await world.say(environment.alice, issue, '/greffier keep')).toEqual(['+1']);
    const other = environment.propose({ 'README.md': 'x\n' });
    expect(await world.say(environment.bob, other, '/greffier keep internet/integration/annuaire')).toEqual([
      '+1',
    ]);
    expect((await trail()).slice(2)).toEqual(['kept alice', 'kept bob']);
    await world.reconcile();
    expect([issue.state, issues(silent)]).toEqual(['closed', []]);
    expect(await world.say(environment.bob, issue, '/greffier keep annuaire')).toEqual(['confused']);
  });

  it('are asked by nobody unless the settings say so, and no longer once they do not', async () => {
    world.begin(owned('alice'));
    await world.reconcile(true);
    await skip(400);
    expect([await mails(), await trail()]).toEqual([[], []]);
    world.environment.bob.pushCommit(world.environment.repository, 'main', settings);
    await world.reconcile(true);
    // It has lived for longer than a year without a word.
    expect(await mails()).toEqual(['agenda asked']);
    expect(issues(waiting)[0]?.state).toBe('open');
    world.environment.bob.pushCommit(world.environment.repository, 'main', { '.github/greffier.yaml': '' });
    await skip(1);
    expect([issues(waiting)[0]?.state, await measured()]).toEqual(['closed', { waiting: 0, silent: 0 }]);
    await skip(60);
    expect([await mails(), issues(silent)]).toEqual([[], []]);
  });

  it.each([
    ['sent', 'are not asked anew each time that the settings ask again, whoever goes on pushing them'],
    ['waiting', 'are asked when the settings ask again, where no mail left before'],
  ] as const)('%s: %s', async (state, _title) => {
    world.begin({ ...serviceFile('agenda'), ...settings });
    await world.reconcile(true);
    await skip(366);
    await world.environment.store.db.updateTable('mails').set({ state }).execute();
    const { bob, repository } = world.environment;
    for (let n = 0; n < 3; n += 1) {
      bob.pushCommit(repository, 'main', { '.github/greffier.yaml': '' });
      await pass(1);
      bob.pushCommit(repository, 'main', settings);
      await pass(1);
    }
    expect(await mails()).toEqual(['agenda asked']);
    await skip(366);
    expect(await mails()).toEqual(['agenda asked', 'agenda asked']);
  });

  it('are not asked anew where they were asked, and only the reminder could not leave', async () => {
    world.begin({ ...serviceFile('agenda'), ...settings });
    await world.reconcile(true);
    await skip(366);
    expect(await sent()).toHaveLength(1);
    await skip(15);
    expect(await mails()).toEqual(['agenda asked', 'agenda reminded']);
    const { bob, repository } = world.environment;
    bob.pushCommit(repository, 'main', { '.github/greffier.yaml': '' });
    await pass(1);
    bob.pushCommit(repository, 'main', settings);
    await pass(1);
    expect(await mails()).toEqual(['agenda asked']);
    await skip(349);
    expect(await mails()).toEqual(['agenda asked', 'agenda asked']);
  });

  it('keep the mail of whoever asked again, where someone else says too late that it is over', async () => {
    world.begin({ ...serviceFile('agenda'), ...settings });
    await world.reconcile(true);
    await skip(366);
    const { store, deps } = world.environment;
    const recertification = new RecertificationStore({ db: store.db, registry: deps.repo });
    const client = 'internet/integration/agenda';
    const known = (await recertification.all()).get(client) ?? expect.fail();
    await recertification.stopAsking(client, { ...known, text: 'of before' });
    expect(await mails()).toEqual(['agenda asked']);
    await recertification.stopAsking(client, known);
    expect(await mails()).toEqual([]);
  });

  it('are not asked about once they are gone', async () => {
    world.begin({ ...settings, ...owned('alice') });
    await world.reconcile(true);
    await skip(366);
    expect(await mails()).toEqual(['agenda asked']);
    world.environment.bob.pushCommit(world.environment.repository, 'main', {
      'service-providers/internet/integration/agenda.yaml': null,
    });
    await skip(1);
    expect(issues(waiting)[0]?.state).toBe('closed');
    await skip(60);
    expect([await mails(), issues(silent)]).toEqual([[], []]);
  });

  it('are asked once each, in whatever transaction the process is killed', async () => {
    world.begin({ ...settings, ...owned('alice') });
    await world.reconcile(true);
    const { db } = world.environment.store;
    let left = Number.POSITIVE_INFINITY;
    const dying: Lease = {
      signal: new AbortController().signal,
      hold: async () => undefined,
      unflushed: db,
      database: {
        selectFrom: db.selectFrom.bind(db),
        transaction: () => ({
          async execute(work) {
            const isLast = left <= 0;
            left -= 1;
            // Killed at the very end of it: it is as if it had never been.
            return db.transaction().execute(async (transaction) => {
              const done = await work(transaction);
              if (isLast) throw new Error('killed');
              return done;
            });
          },
        }),
      },
    };
    const killed = world.restart(undefined, dying);
    let killings = 0;
    for (const days of [366, 15, 17]) {
      vi.setSystemTime(Date.now() + days * day);
      for (let n = 0; ; n += 1) {
        left = n;
        const job = {
          id: 1,
          kind: 'reconcile' as const,
          payload: { installation: 1, repo: world.environment.deps.repo, sweep: true },
          request: 'test',
          since: new Date(),
          attempt: 1,
        };
        const ended = await killed.reconcile(job).then(
          () => true,
          () => false,
        );
        if (ended && left >= 0) break;
        killings += 1;
      }
    }
    world.restart();
    expect(killings).toBeGreaterThan(6);
    expect(await mails()).toEqual(['agenda asked', 'agenda reminded']);
    expect(await trail()).toEqual(['recertify-asked', 'recertify-reminded', 'recertify-silent']);
    expect([issues(waiting).length, issues(silent).length]).toEqual([1, 1]);
    expect(issues(waiting)[0]?.comments.length).toBeLessThanOrEqual(1);
  });

  it('are answered for at the desk, once, by whoever is their contact there', async () => {
    world.begin({ ...settings, ...owned('alice') });
    await world.reconcile(true);
    const { repo } = world.environment.deps;
    const [contact = ''] = await rows(async (db) => {
      const { account } = await db
        .selectFrom('clients')
        .select('account')
        .where('registry', '=', repo)
        .executeTakeFirstOrThrow();
      return (account as ClientAccount).wanted?.contacts ?? [];
    });
    const asked = async () => (await rows((db) => ownServices(db, repo, contact))).map((own) => own.asked);
    expect(await asked()).toEqual([undefined]);
    const keep = () => world.services.keepAtDesk('internet/integration/agenda', 'a'.repeat(64));
    expect(await keep()).toBe(false);
    await skip(366);
    expect(await asked()).toEqual([new Date()]);
    expect(await keep()).toBe(true);
    expect([await keep(), await asked(), await mails()]).toEqual([false, [undefined], []]);
    expect(await trail()).toEqual(['recertify-asked', 'kept']);
    // What is said of it on GitHub is put right at once, and not by the next sweep.
    const jobs = await rows((db) =>
      db.selectFrom('jobs').select('payload').where('kind', '=', 'reconcile').execute(),
    );
    expect(jobs.map(({ payload }) => payload)).toContainEqual({ installation: 1, repo });
    await world.reconcile();
    expect(issues(waiting)[0]?.state).toBe('closed');
  });

  it('are no more than fifty in one day', async () => {
    const { maxPerDay } = await import('#application/recertification/recertify');
    expect(maxPerDay).toBe(50);
    const files = Object.assign({}, ...Array.from({ length: 52 }, (_, n) => serviceFile(`service-${n}`)));
    world.begin({ ...settings, ...files });
    await world.reconcile(true);
    const guard = world.issue('confirmer');
    const digest = /confirm ([0-9a-f]{8,})/.exec(guard?.body ?? '')?.[1] ?? '';
    expect(
      await world.say(world.dan, guard as NonNullable<typeof guard>, `/greffier confirm ${digest}`),
    ).toEqual(['+1']);
    await world.reconcile(true);
    await skip(1);
    await skip(370);
    expect(await mails()).toHaveLength(50);
    await world.reconcile(true);
    expect(await mails()).toHaveLength(50);
    await skip(1);
    expect(await mails()).toHaveLength(52);
  }, 120_000);
});
