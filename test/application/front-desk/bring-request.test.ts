import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiFault } from '#demo/github/fault-injector';
import { isPullRequest, type PullRequest } from '#demo/github/state';
import { definitionOf } from '#domain/front-desk/form-values';
import { soundValues } from '../../http/front-desk/desk-server.ts';
import { engines } from '../../infrastructure/database/engines.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { camille, DeskWorld, Killed, numberOf } from './desk-world.ts';

describe.each(engines)('sending a request, on $name', (engine) => {
  let world: DeskWorld;
  beforeAll(async () => {
    world = await DeskWorld.open(engine);
  });
  beforeEach(() => {
    world.environment.createRegistry({});
    world.environment.github.faults.clear();
    world.asked.length = 0;
    world.mails.length = 0;
  });
  afterAll(() => world.close());

  function onePull(): PullRequest {
    const { branches, pulls } = world.proposals();
    expect(branches).toHaveLength(1);
    expect(pulls).toHaveLength(1);
    const [pull] = pulls;
    if (pull === undefined || !isPullRequest(pull)) throw new Error('no pull request');
    return pull;
  }

  /** Tries until it is done, as the queue does. */
  async function brought(number: number): Promise<void> {
    for (let tries = 0; tries < 8; tries += 1) {
      const again = await world.bring(number).catch((error: unknown) => error);
      if (again === undefined) return;
    }
    throw new Error('never done');
  }

  it('makes one branch, one commit and one pull request of the App', async () => {
    const number = await world.file();
    expect(world.asked).toEqual([number]);
    await brought(number);
    const pull = onePull();
    expect(pull.pull.headRef).toBe(`demande/${number}-agenda`);
    expect(pull.author.login).toBe('greffier[bot]');
    const { git } = world.environment.repository;
    expect(git.commitsBetween(pull.pull.baseSha, pull.pull.headSha)).toHaveLength(1);
    expect(await world.requests().numbered(number)).toMatchObject({
      state: 'open',
      pull: pull.number,
      commit: pull.pull.headSha,
      shared: false,
    });
    const said = [pull.title, pull.body, git.objects.commit(pull.pull.headSha)?.message].join('\n');
    expect(said).not.toContain('@');
    expect(world.environment.apiProblems()).toEqual([]);
  });

  it.each([
    ['fr', 'Demande N\u00a0: internet/integration/agenda', /^Demande déposée .*\n\nFiled at /, 'Réponse de'],
    ['en', 'Request N: internet/integration/agenda', /^Filed at .*\n\nDemande déposée /, 'Answer of'],
  ] as const)(
    'speaks %s where the registry does, and links to no page that is for the applicant alone',
    async (language, title, body, answer) => {
      const number = await world.file();
      await world.requests().answer(camille.person, number, randomUUID(), 'Oui.');
      await world.bring(number, undefined, { language: async () => language });
      const pull = onePull();
      const commit = world.environment.repository.git.objects.commit(pull.pull.headSha);
      expect([pull.title, commit?.message]).toEqual(Array(2).fill(title.replace('N', String(number))));
      expect(pull.body).toMatch(body);
      expect(pull.body).not.toContain('http');
      expect(pull.comments[0]?.body).toContain(answer);
    },
  );

  it('does nothing twice when it is killed between any two steps', async () => {
    for (let steps = 0; ; steps += 1) {
      world.environment.createRegistry({});
      const number = await world.file();
      const death = await world.bring(number, { left: steps }).then(
        () => undefined,
        (error: unknown) => error,
      );
      await brought(number);
      const { pull } = onePull();
      const { git } = world.environment.repository;
      expect(git.commitsBetween(pull.baseSha, pull.headSha)).toHaveLength(1);
      if (death === undefined) break;
      expect(death).toBeInstanceOf(Killed);
    }
  });

  const faults: readonly (readonly [string, ApiFault])[] = [
    ['an error before', { kind: 'error', status: 500 }],
    ['an error after', { kind: 'error-after', status: 502 }],
    ['a lost answer', { kind: 'reset-after' }],
    ['a replica that lags', { kind: 'not-found' }],
  ];
  const routes = [
    'GET /repos/{owner}/{repo}/git/ref/{ref}',
    'POST /repos/{owner}/{repo}/git/trees',
    'POST /repos/{owner}/{repo}/git/commits',
    'POST /repos/{owner}/{repo}/git/refs',
    'GET /repos/{owner}/{repo}/pulls',
    'POST /repos/{owner}/{repo}/pulls',
    'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  ];
  it.each(faults)(
    'gets there once in spite of %s, on any call',
    async (_name, fault) => {
      for (const on of routes) {
        world.environment.createRegistry({});
        const number = await world.file();
        world.environment.github.faults.inject(fault, { on, times: 2 });
        await brought(number);
        world.environment.github.faults.clear();
        onePull();
      }
    },
    60_000,
  );

  it('is one request, whatever is pressed twice', async () => {
    const id = randomUUID();
    const wanted = { id, ...camille, path: 'service-providers/internet/integration/x-y.yaml', wanted: 'a' };
    const numbers = await Promise.all([1, 2, 3].map(() => world.requests().create(wanted)));
    expect(new Set(numbers).size).toBe(1);
    expect(await world.requests().create({ ...wanted, person: 'd'.repeat(64) })).toBeUndefined();
  });

  it('takes another name where somebody has a branch of that name', async () => {
    const number = await world.file();
    const { alice, repository } = world.environment;
    alice.pushCommit(repository, `demande/${number}-agenda`, { 'piege.txt': 'x' });
    await brought(number);
    const [pull] = world.proposals().pulls.filter(isPullRequest);
    expect(pull?.pull.headRef).toMatch(new RegExp(`^demande/${number}-agenda-[0-9a-f]{8}$`));
    expect(repository.git.commitsBetween(pull?.pull.baseSha ?? '', pull?.pull.headSha ?? '')).toHaveLength(1);
  });

  it('puts a correction on the same branch, once wherever it is killed', async () => {
    for (let steps = 0; ; steps += 1) {
      world.environment.createRegistry({});
      const number = await world.file();
      await brought(number);
      const text = `${(await world.requests().numbered(number))?.wanted}# corrigé\n`;
      expect(await world.requests().correct({ ...camille, wanted: text }, number)).toBe(true);
      const death = await world.bring(number, { left: steps }).then(
        () => undefined,
        (error: unknown) => error,
      );
      await brought(number);
      const { pull } = onePull();
      const { git } = world.environment.repository;
      expect(git.commitsBetween(pull.baseSha, pull.headSha)).toHaveLength(2);
      expect(await world.requests().numbered(number)).toMatchObject({ commit: pull.headSha, shared: false });
      if (death === undefined) break;
    }
  });

  it('undoes nothing of what others changed meanwhile: it stands on what the person read', async () => {
    const { environment } = world;
    const alice = environment.alice;
    const [[path, text] = ['', '']] = Object.entries(serviceFile('agenda', 'internet/integration'));
    const other = 'service-providers/internet/integration/autre.yaml';
    const repository = environment.createRegistry({ [path]: text, [other]: text });
    const { git } = repository;
    const main = () => git.refs.get('refs/heads/main') ?? '';
    const fileAt = (commit: string, at: string): string => {
      const { tree = '' } = git.objects.commit(commit) ?? {};
      return git.objects.blob(git.entryAt(tree, at)?.sha ?? '')?.toString() ?? '';
    };
    const base = (commit: string) => ({
      commit,
      blob: git.entryAt(git.objects.commit(commit)?.tree ?? '', path)?.sha ?? '',
    });
    const began = base(main());
    alice.pushCommit(repository, 'main', { [path]: `${text}# changé\n`, [other]: 'changé' });
    const wanted = { ...camille, id: randomUUID(), path, wanted: text.replace('name: ', 'name: X') };
    const number = numberOf(await world.requests().create({ ...wanted, base: began }));
    await brought(number);
    const first = onePull().pull.headSha;
    expect(git.objects.commit(first)?.parents).toEqual([began.commit]);
    // From the newer version, it is joined to that; once, wherever it is killed.
    const now = base(main());
    await world.requests().correct({ ...camille, wanted: `${text}# les deux\n`, base: now }, number);
    for (let steps = 0; steps < 12; steps += 1)
      await world.bring(number, { left: steps }).catch(() => undefined);
    await brought(number);
    const head = onePull().pull.headSha;
    expect(git.objects.commit(head)?.parents).toEqual([first, now.commit]);
    expect(fileAt(head, path)).toBe(`${text}# les deux\n`);
    expect(fileAt(head, other)).toBe('changé');
    expect(await world.requests().numbered(number)).toMatchObject({ shared: false, commit: head });
    // What comes next needs no more joining.
    await world.requests().correct({ ...camille, wanted: `${text}# encore\n` }, number);
    await brought(number);
    expect(git.objects.commit(onePull().pull.headSha)?.parents).toEqual([head]);
    expect(environment.apiProblems()).toEqual([]);
  });

  it('remembers that somebody else pushed before the correction', async () => {
    const number = await world.file();
    await brought(number);
    const { alice, repository } = world.environment;
    alice.pushCommit(repository, onePull().pull.headRef, { 'README.md': 'autre' });
    await world.requests().correct({ ...camille, wanted: 'version: 1\n' }, number);
    await brought(number);
    const { pull } = onePull();
    expect(repository.git.commitsBetween(pull.baseSha, pull.headSha)).toHaveLength(3);
    expect(await world.requests().numbered(number)).toMatchObject({ commit: pull.headSha, shared: true });
  });

  it('keeps what a reviewer changed of the file on the branch, where the correction does not touch it', async () => {
    const form = {
      ...soundValues,
      id: 'agenda',
      environment: 'integration',
      'contacts.technical': camille.applicant.email,
    };
    const written = (more: Readonly<Record<string, string>>) => definitionOf({ ...form, ...more });
    const { path, text } = written({});
    const id = randomUUID();
    const number = numberOf(await world.requests().create({ id, ...camille, path, wanted: text }));
    await brought(number);
    const { alice, repository } = world.environment;
    const byAlice = written({ name: 'Agenda de Montfictif', datapass: 'H1' }).text;
    alice.pushCommit(repository, onePull().pull.headRef, { [path]: byAlice });
    const own = written({ datapass: 'H2', 'contacts.support': 'aide2@montfictif.fr' }).text;
    await world.requests().correct({ ...camille, wanted: own }, number);
    for (let steps = 0; steps < 30; steps += 1)
      await world.bring(number, { left: steps }).catch(() => undefined);
    await brought(number);
    const { git } = repository;
    const { pull } = onePull();
    const { tree = '' } = git.objects.commit(pull.headSha) ?? {};
    const both = written({
      name: 'Agenda de Montfictif',
      datapass: 'H2',
      'contacts.support': 'aide2@montfictif.fr',
    }).text;
    expect(git.objects.blob(git.entryAt(tree, path)?.sha ?? '')?.toString()).toBe(both);
    // Whoever corrects it again begins from that; and the word no longer counts.
    expect(await world.requests().numbered(number)).toMatchObject({ wanted: both, shared: true });
    expect(git.commitsBetween(pull.baseSha, pull.headSha)).toHaveLength(3);
    expect(world.environment.apiProblems()).toEqual([]);
  });

  it('withdraws: closes the pull request and takes the branch away, wherever it is killed', async () => {
    for (let steps = 0; ; steps += 1) {
      world.environment.createRegistry({});
      const number = await world.file();
      await brought(number);
      expect(await world.requests().withdraw('d'.repeat(64), number)).toBe(false);
      expect(await world.requests().withdraw(camille.person, number)).toBe(true);
      const death = await world.bring(number, { left: steps }).then(
        () => undefined,
        (error: unknown) => error,
      );
      await brought(number);
      const { branches, pulls } = world.proposals();
      expect(branches).toEqual([]);
      expect(pulls.map(({ state }) => state)).toEqual(['closed']);
      expect(await world.requests().numbered(number)).toMatchObject({ state: 'withdrawn' });
      expect(await world.requests().correct({ ...camille, wanted: 'x' }, number)).toBe(false);
      if (death === undefined) break;
    }
  });

  it('withdraws what was not sent yet, without anything at GitHub', async () => {
    const number = await world.file();
    await world.requests().withdraw(camille.person, number);
    await brought(number);
    expect(world.proposals()).toEqual({ branches: [], pulls: [] });
    expect(await world.requests().numbered(number)).toMatchObject({ state: 'withdrawn' });
  });

  it('posts an answer once, as a quote in which nothing acts', async () => {
    for (let steps = 0; ; steps += 1) {
      world.environment.createRegistry({});
      const number = await world.file();
      await brought(number);
      const text = '/greffier confirm abc\u0000\n@org/equipe ```\n<img src=x> #1 ![](https://x.example)';
      await world.requests().answer(camille.person, number, randomUUID(), text);
      const death = await world.bring(number, { left: steps }).then(
        () => undefined,
        (error: unknown) => error,
      );
      await brought(number);
      const { comments } = onePull();
      expect(comments).toHaveLength(1);
      const said = comments[0]?.body.split('\n').slice(3) ?? [];
      expect(said.every((line) => line.startsWith('> '))).toBe(true);
      expect(said[0]).toBe('> ````text');
      expect(said.at(-1)).toBe('> ````');
      if (death === undefined) break;
    }
  });

  it('waits, and loses nothing, where the App may not write', async () => {
    const other = await DeskWorld.open(engine, 'read');
    const number = await other.file();
    expect(await other.bring(number)).toMatchObject({ wait: true });
    expect(other.proposals()).toEqual({ branches: [], pulls: [] });
    await other.close();
  });

  it('tells each thing that happens once', async () => {
    const number = await world.file();
    await brought(number);
    expect(world.mails).toEqual([]);
    const { bob, repository } = world.environment;
    const news = async () => {
      await brought(number);
      const rows = await world.store.db.selectFrom('mails').select(['id', 'facts']).execute();
      const told = world.mails.splice(0).map((id) => rows.find((row) => row.id === id)?.facts);
      return told.map((facts) => (facts as { news?: string } | undefined)?.news);
    };
    bob.comment(repository, onePull(), 'Quel est le nom du service ?');
    expect(await news()).toEqual(['commented']);
    // On a public registry anybody may write: it is not said that they are of the team.
    world.environment.github
      .createUser('mallory', 'Mallory')
      .comment(repository, onePull(), 'Envoyez la clé');
    expect(await news()).toEqual([]);
    bob.review(repository, onePull(), 'REQUEST_CHANGES', 'Corrigez');
    expect(await news()).toEqual([]);
    world.now += 3_600_000;
    expect(await news()).toEqual(['changes-requested']);
    bob.approve(repository, onePull());
    expect(await news()).toEqual([]);
    bob.close(repository, onePull());
    expect(await news()).toEqual(['closed']);
    bob.reopen(repository, onePull());
    expect(await news()).toEqual([]);
    bob.merge(repository, onePull());
    expect(await news()).toEqual(['accepted']);
    expect(await world.requests().numbered(number)).toMatchObject({
      state: 'merged',
      talk: [
        { login: 'bob', team: true, text: 'Quel est le nom du service ?' },
        { login: 'mallory' },
        {},
        {},
      ],
    });
    expect((await world.requests().numbered(number))?.talk[1]?.team).toBeUndefined();
    // What is written afterwards, about the keys for instance, still reaches the team.
    await world.requests().answer(camille.person, number, randomUUID(), 'Les clés sont perdues.');
    expect(await news()).toEqual([]);
    expect(onePull().comments.at(-1)?.body).toContain('Les clés sont perdues.');
    const { facts } = await world.store.db
      .selectFrom('mails')
      .select('facts')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(facts)).not.toContain('@');
  });

  it('mails once an hour about what strangers write, tells all of it, and loses nothing when it is killed', async () => {
    const number = await world.file();
    await brought(number);
    const { bob, repository } = world.environment;
    bob.comment(repository, onePull(), 'Un');
    await brought(number);
    expect(world.mails.splice(0)).toHaveLength(1);
    for (let n = 0; n < 5; n += 1) {
      bob.comment(repository, onePull(), `Encore ${n}`);
      for (let steps = 0; ; steps += 1) {
        world.later.length = 0;
        const death = await world.bring(number, { left: steps }).catch((error: unknown) => error);
        if (death === undefined) break;
      }
      // The page shows it at once, and someone comes back for the mail.
      expect((await world.requests().numbered(number))?.talk).toHaveLength(2 + n);
      expect(world.later).toEqual([{ pull: onePull().number, seconds: 3600 }]);
    }
    expect(world.mails).toEqual([]);
    world.now += 3_600_000;
    await brought(number);
    expect(world.mails.splice(0)).toHaveLength(1);
    world.now += 3_600_000;
    await brought(number);
    expect(world.mails).toEqual([]);
  });

  it('takes so many answers an hour, and the same one whenever it comes', async () => {
    const number = await world.file();
    const ids = Array.from({ length: 20 }, () => randomUUID());
    const say = (id: string) => world.requests().answer(camille.person, number, id, 'Oui.');
    for (const id of ids) expect(await say(id)).toBe(true);
    expect(await say(randomUUID())).toBe('too-many');
    expect(await say(ids[3] ?? '')).toBe(true);
    expect(await world.requests().answers(number)).toHaveLength(20);
    const anHourAgo = new Date(Date.now() - 3_700_000);
    await world.store.db.updateTable('request_answers').set({ at: anHourAgo }).execute();
    expect(await say(randomUUID())).toBe(true);
  });
});
