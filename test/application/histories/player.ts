/** Plays a history against the local GitHub with the whole of Greffier over it. */
import { sql } from 'kysely';
import { perEngine } from '#infrastructure/database/per-engine';
import { identityDomain, type RegistryWorld } from '../reconciliation/registry-world.ts';
import { adoptedClient, awaitedKeys } from './adoptions.ts';
import { AuthorityModel } from './authority-model.ts';
import { clientsOf, strangersKey } from './clients.ts';
import { cellOf, cells, ids, isClaimedTwice, type Key } from './definitions.ts';
import { Desk } from './desk.ts';
import { Greffier } from './greffier.ts';
import { offeredIn } from './offers.ts';
import { People } from './people.ts';
import { HistoryRegistry, type Others, servedCells } from './registry.ts';
import { Requests } from './requests.ts';
import { SettingsModel } from './settings-model.ts';
import type { History, Step } from './steps.ts';

export interface Outcome {
  /** What happened, a line for each step. */
  readonly lines: readonly string[];
  readonly violations: readonly string[];
}

export class Player {
  readonly #world: RegistryWorld;
  readonly #registry: HistoryRegistry;
  readonly #model: AuthorityModel;
  readonly #people: People;
  readonly #greffier: Greffier;
  readonly #requests: Requests;
  readonly #desk: Desk;
  readonly #lines: string[];
  readonly #violations: string[] = [];
  #changes = 0;

  /** Makes a registry in the world, in the place of the one before. */
  constructor(world: RegistryWorld, others: Others, history: History) {
    this.#world = world;
    const registry = new HistoryRegistry(world, others, history);
    const writers = ['bob', 'dan', 'erin'];
    const model = new AuthorityModel(
      writers,
      new SettingsModel(registry.held),
      (merged) => registry.approving(merged),
      servedCells(history.servesProduction),
    );
    const lines = [registry.beginning];
    const people = new People(registry, model, lines);
    const violations = this.#violations;
    const requests = new Requests(world, registry, history.places, lines);
    this.#requests = requests;
    this.#desk = new Desk(world, registry, lines);
    const desk = this.#desk;
    this.#greffier = new Greffier({ world, registry, people, requests, desk, model, lines, violations });
    this.#lines = lines;
    this.#model = model;
    this.#people = people;
    this.#registry = registry;
  }

  async play(steps: readonly Step[]): Promise<Outcome> {
    await this.#greffier.reconcile(false);
    for (const step of steps) {
      if (this.#violations.length > 0) break;
      await this.#play(step);
    }
    if (this.#violations.length === 0) await this.#end();
    this.#registry.people.alice.deleteRepository(this.#registry.fork);
    return { lines: this.#lines, violations: this.#violations };
  }

  async #play(step: Step): Promise<void> {
    if (this.#people.play(step)) return;
    if (step.do === 'review') await this.#greffier.review(this.#registry.openAt(step.pull), step.trouble);
    if (step.do === 'review-elsewhere') {
      const pulls = [...this.#registry.repository.issues.values()].reverse();
      const elsewhere = pulls.find(({ pull }) => pull?.baseRef === 'ailleurs');
      if (elsewhere?.pull !== undefined) await this.#greffier.review({ ...elsewhere, pull: elsewhere.pull });
    }
    if (step.do === 'rejudge') await this.#greffier.rejudge();
    if (step.do === 'reconcile') await this.#greffier.reconcile(step.sweep, step.trouble);
    if (step.do === 'delay') await this.#delay();
    if (step.do === 'tamper') await this.#tamper(step.which);
    if (step.do === 'confirm') {
      const offered = offeredIn(this.#registry.repository);
      const offer =
        step.which === 'newest' ? offered.at(-1) : offered[step.which % Math.max(1, offered.length)];
      if (offer !== undefined) await this.#greffier.confirm(step.who, offer, step.trouble);
    }
    if (step.do === 'queue')
      await this.#greffier.queue(step.who, this.#registry.openAt(step.pull), step.method, step.trouble);
    if (step.do === 'answer') await this.#answer(step);
    if (step.do === 'pretend') {
      const said = this.#requests.pretend(step.which);
      if (said !== undefined) await this.#greffier.hear(said);
    }
    if (step.do === 'rename-requests') this.#requests.rename(step.isTaken);
    if (step.do === 'prepare') this.#prepare(step.which);
    if (step.do === 'adopt') await this.#adopt(step.which);
    if (step.do === 'desk') {
      const number = step.how === 'ask' ? await this.#desk.ask(step.edit) : await this.#desk[step.how]();
      await this.#greffier.bring(number, step.trouble);
    }
    if (step.do === 'promote') await this.#promote(step);
    if (step.do === 'serve') this.#serve(step.production);
    if (step.do !== 'restart') return;
    this.#world.restart();
    this.#lines.push('Greffier is started again');
  }

  async #answer({ who, which, how }: Extract<Step, { do: 'answer' }>): Promise<void> {
    if (how !== 'provisioned') return this.#requests.close(who, which, how);
    const known = (request: string) =>
      [...this.#greffier.clients.values()].find(({ people }) => people?.request === request)?.people
        ?.clientId;
    const said = this.#requests.answer(who, which, known);
    if (said !== undefined) await this.#greffier.hear(said);
  }

  /** A stranger's client at the partner API, which carries both addresses by which Greffier finds that of a definition. */
  #prepare(which: number): void {
    const present = this.#registry.contents();
    const absent = ids.filter((one) => !present.has(`${cells[0]}/${one}`));
    const id = absent[which % Math.max(1, absent.length)] ?? ids[0];
    this.#changes += 1;
    const handle = `eve${this.#changes}`.padStart(24, '0').replace(/[^0-9a-f]/g, 'e');
    this.#world.partner.clients.set(handle, {
      _id: handle,
      key: `${strangersKey}${this.#changes}`,
      client_secret: 'known to eve',
      name: 'Service',
      redirect_uris: ['https://voleur.ailleurs.fr/retour'],
      post_logout_redirect_uris: [],
      collaborators: [
        'eve@ailleurs.example.fr',
        `${id}@${identityDomain}`,
        `greffier.registre@${identityDomain}`,
      ],
      active: true,
      createdAt: new Date().toISOString(),
    });
    this.#lines.push(`a stranger prepares a client for ${id} at the partner API`);
  }

  /** What `greffier adopt` does with a client of a service that is not in the registry, and was never. */
  async #adopt(which: number): Promise<void> {
    const [cell] = cells;
    const present = this.#registry.contents();
    const states = await this.#world.states();
    const absent = ids
      .map((id) => `${cell}/${id}`)
      .filter((key) => !present.has(key) && !this.#registry.gone.has(key) && states[key] === undefined);
    const key = absent[which % Math.max(1, absent.length)];
    if (key === undefined || this.#world.providerOf(cell) !== 'registration') return;
    const clientId = await adoptedClient(this.#world, cell, key);
    this.#lines.push(`the operator adopts a client for ${key}`);
    const { clients } = await clientsOf(this.#world);
    const client = clients.get(key);
    if (client?.clientId !== clientId) this.#violations.push(`${key}: its client was not adopted`);
    else this.#greffier.clients = this.#model.adopts(key, this.#greffier.clients, client);
  }

  async #promote({ who, which, completes, trouble }: Extract<Step, { do: 'promote' }>): Promise<void> {
    const keys = this.#registry.promotable();
    const key = keys[which % Math.max(1, keys.length)];
    if (key === undefined) return;
    const pull = await this.#greffier.promote(who, key.slice(key.lastIndexOf('/') + 1), trouble);
    if (pull === undefined || completes === undefined) return;
    this.#people.complete(completes, pull, key.replace('/integration/', '/production/'));
  }

  #serve(production: boolean): void {
    const cells = servedCells(production);
    this.#world.restart(cells);
    this.#model.serves(cells);
    this.#lines.push(`Greffier is started again, with ${cells.join(' and ')}`);
  }

  /** More time than is between a removal and the deletion that follows. */
  async #delay(): Promise<void> {
    const { deps, store } = this.#world.environment;
    const earlier = perEngine(
      sql`jsonb_set(account, '{inactiveSince}', to_jsonb((account ->> 'inactiveSince')::bigint - 691200000))`,
      sql`json_set(account, '$.inactiveSince', (account ->> 'inactiveSince') - 691200000)`,
    );
    await sql`update clients set account = ${earlier}
      where account ->> 'inactiveSince' is not null and registry = ${deps.repo}`.execute(store.db);
    this.#model.delays(this.#greffier.clients);
    this.#lines.push('eight days pass');
  }

  async #tamper(which: number): Promise<void> {
    const live = [...this.#greffier.clients].filter(
      ([, { live, people }]) => live !== undefined && people === undefined,
    );
    const [key, client] = live[which % Math.max(1, live.length)] ?? [];
    if (key === undefined || client?.live === undefined) return;
    this.#changes += 1;
    const redirectUris = [`https://agenda.ville-agenda.fr/retour-altere-${this.#changes}`];
    const atPartner = [...this.#world.partner.clients.values()].find((one) => one.key === client.clientId);
    if (atPartner !== undefined) atPartner.redirect_uris = redirectUris;
    else this.#world.openid.tamper(client.clientId, { redirect_uris: redirectUris });
    this.#greffier.clients = this.#model.tampers(key, this.#greffier.clients, (metadata) =>
      JSON.stringify((JSON.parse(metadata) as unknown[]).with(1, redirectUris)),
    );
    this.#lines.push(`someone changes the client of ${key} at the provider`);
  }

  /** Faults are over: what has its words is there after a run, and what lacks one once it is given. */
  async #end(): Promise<void> {
    this.#lines.push('— nothing goes wrong any more —');
    this.#requests.nameAgain();
    // A freeze stays in force also where its settings are gone, or cannot be read any more.
    const frozen = new Set<string>(
      cells.filter((cell) => this.#registry.mains.some((commit) => this.#registry.isFrozenAt(commit, cell))),
    );
    if (frozen.size > 0) this.#people.play({ do: 'settings', who: 'bob', which: 0 });
    this.#serve(true);
    const { clients } = this.#greffier;
    const contents = this.#registry.contents();
    const before = this.#undone();
    const removed = before.filter((key) => !contents.has(key));
    // All of a cell from which many go waits until somebody confirms that.
    // That a freeze is over, which was pushed, is confirmed first.
    const waiting = new Set([...frozen, ...(removed.length > 10 ? removed.map(cellOf) : [])]);
    const due = before.filter(
      (key) => !waiting.has(cellOf(key)) && this.#model.hasAllWords(key, contents.get(key), clients.get(key)),
    );
    await this.#greffier.reconcile(false);
    await this.#greffier.reconcile(true);
    const hidden = await this.#hidden();
    const undone = this.#undone().filter((key) => !hidden.has(key));
    for (const key of due)
      if (undone.includes(key))
        this.#violations.push(`${key} has all its words, and is not what its definition says`);
    for (let rounds = 0; rounds < 4 && this.#undone().length > 0; rounds += 1) await this.#confirmAll();
    const lost = await this.#hidden();
    for (const key of this.#undone())
      if (!lost.has(key)) this.#violations.push(`${key} never becomes what its definition says`);
  }

  /** A writer who did not write it confirms all that waits: erin, where both others pushed meanwhile. */
  async #confirmAll(): Promise<void> {
    for (const offer of offeredIn(this.#registry.repository)) {
      if (offer.on.state !== 'open') continue;
      for (const by of ['bob', 'dan', 'erin'] as const) if (await this.#greffier.confirm(by, offer)) break;
    }
    await this.#greffier.reconcile(false);
  }

  /** Definitions whose clients are not what their files say; one whose file says nothing may be as it is. */
  #undone(): readonly Key[] {
    const contents = this.#registry.contents();
    const claims = this.#registry.asLastReadable(contents);
    return [...new Set([...contents.keys(), ...this.#greffier.clients.keys()])].filter((key) => {
      const content = contents.get(key);
      const live = this.#greffier.clients.get(key)?.live;
      if (content === undefined) return live !== undefined;
      return content.metadata !== undefined && content.metadata !== live && !isClaimedTwice(claims, key);
    });
  }

  /** Clients that a kill between the provider's answer and its record has hidden from Greffier for good (RFC 7592 §3). */
  async #hidden(): Promise<ReadonlySet<Key>> {
    const states = await this.#world.states();
    const lost = Object.entries(states).flatMap(([key, state]) => (state === 'lost' ? [key] : []));
    return new Set([...lost, ...(await awaitedKeys(this.#world))]).union(
      new Set(
        [...this.#greffier.clients].flatMap(([key, { people }]) =>
          people?.isDeclined === true ? [key] : [],
        ),
      ),
    );
  }
}
