/**
 * Cells whose clients people make: what Greffier asks them, in the registry or in a repository of their own, and on whose
 * word a request is over. The word of somebody who may write there, in that very repository, whatever it is called; what
 * anyone else says, or anyone in a repository that has its name now, is nobody's.
 */
import { ApiError } from '#demo/github/api-error';
import { fullName, type Issue, isPullRequest, type Repository } from '#demo/github/state';
import type { CellProvider, RegistryWorld } from '../reconciliation/registry-world.ts';
import { cells } from './definitions.ts';
import type { HistoryRegistry } from './registry.ts';
import type { Person } from './steps.ts';
import type { Clients } from './words.ts';

/** Where the clients of the two cells are. */
export interface Places {
  readonly integration: 'registration' | 'proconnect';
  readonly production: 'registration' | 'people in the registry' | 'people elsewhere';
}

/** A comment or the end of an issue that GitHub tells of. */
export interface Said {
  readonly at: Repository;
  readonly on: Issue;
}

export class Requests {
  /** Where people are asked; undefined where nobody is. */
  readonly #desk: Repository | undefined;
  readonly #registry: HistoryRegistry;
  readonly #lines: string[];
  readonly #world: RegistryWorld;
  readonly #places: Places;
  readonly #strangers: Repository[] = [];
  /** By the number of a request: the client ids that someone gave there whose word it is, '' for the request being done. */
  readonly #given = new Map<string, Set<string>>();
  #stamp = 0;

  constructor(world: RegistryWorld, registry: HistoryRegistry, places: Places, lines: string[]) {
    this.#registry = registry;
    this.#lines = lines;
    this.#world = world;
    this.#places = places;
    const { github } = world.environment;
    const { production } = places;
    const elsewhere =
      production === 'people elsewhere'
        ? github.createRepository(`${fullName(registry.repository).split('/')[0]}/demandes`, {
            files: { 'README.md': '# Demandes\n' },
            collaborators: { dan: 'write', erin: 'write', carol: 'triage' },
          })
        : undefined;
    this.#desk = production === 'registration' ? undefined : (elsewhere ?? registry.repository);
    const asked: CellProvider = elsewhere === undefined ? 'manual' : { requests: fullName(elsewhere) };
    world.provide({
      [cells[0]]: places.integration,
      [cells[1]]: production === 'registration' ? production : asked,
    });
  }

  #open(): readonly Issue[] {
    const { issues = new Map<number, Issue>() } = this.#desk ?? {};
    const isRequest = (issue: Issue) => issue.body?.includes('<!-- greffier:request ') === true;
    return [...issues.values()].filter(
      (issue) => !isPullRequest(issue) && issue.state === 'open' && isRequest(issue),
    );
  }

  #mayAnswer(who: Person): boolean {
    return who === 'dan' || who === 'erin' || (who === 'bob' && this.#desk === this.#registry.repository);
  }

  /** Someone says in a request that it is done. `knows`: by the id that the client has, where it has one. */
  answer(who: Person, which: number, known: (request: string) => string | undefined): Said | undefined {
    const open = this.#open();
    const on = open[which % Math.max(1, open.length)];
    if (on === undefined || this.#desk === undefined) return undefined;
    this.#stamp += 1;
    const clientId = known(String(on.number)) ?? `client-${this.#stamp}-by-${who}`;
    this.#registry.people[who].comment(this.#desk, on, `/greffier provisioned ${clientId}`);
    this.#lines.push(`${who} says that request ${on.number} is done: ${clientId}`);
    if (this.#mayAnswer(who)) this.#give(on, clientId);
    return { at: this.#desk, on };
  }

  /** Someone closes a request, by which nothing is said to be done: a merged text may have closed it in their name. */
  close(who: Person, which: number, reason: 'completed' | 'not_planned'): void {
    const open = this.#open();
    const on = open[which % Math.max(1, open.length)];
    if (on === undefined || this.#desk === undefined) return;
    try {
      this.#registry.people[who].close(this.#desk, on, reason);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return;
    }
    this.#lines.push(`${who} closes request ${on.number} (${reason})`);
  }

  #give({ number }: Issue, clientId: string): void {
    const given = this.#given.get(String(number)) ?? new Set<string>();
    this.#given.set(String(number), given.add('').add(clientId));
  }

  /** Where people are asked is called otherwise; a stranger's repository may have the name then, with an issue of each number. */
  rename(isTaken: boolean): void {
    if (this.#desk === undefined || this.#desk === this.#registry.repository) return;
    const name = fullName(this.#desk);
    this.#registry.people.dan.renameRepository(
      this.#desk,
      `guichet-${this.#strangers.length}-${name.length}`,
    );
    this.#lines.push(
      `the repository of requests is renamed${isTaken ? ', and a stranger takes its name' : ''}`,
    );
    if (!isTaken) return;
    const other = this.#world.environment.github.createRepository(name, {
      files: { 'README.md': '# Demandes\n' },
      collaborators: { alice: 'admin' },
    });
    const { alice } = this.#registry.people;
    for (const { body, number } of this.#desk.issues.values()) {
      if (number === other.issues.size + 1) alice.openIssue(other, 'Demande', body ?? '');
    }
    this.#strangers.push(other);
  }

  /** A stranger says the same where they may write: in a repository that has the name of the one of requests, or the registry's. */
  pretend(which: number): Said | undefined {
    const all = [...this.#strangers, ...this.#registry.strangers];
    const at = all[which % Math.max(1, all.length)];
    const on = at === undefined ? undefined : [...at.issues.values()].at(-1 - (which % 2));
    if (at === undefined || on === undefined) return undefined;
    const { alice } = this.#registry.people;
    alice.comment(at, on, '/greffier provisioned client-of-a-stranger');
    this.#lines.push(`alice says in her ${fullName(at)} that request ${on.number} is done`);
    return { at, on };
  }

  /** What became of requests on nobody's word, or was written to strangers. */
  violations(before: Clients, after: Clients): readonly string[] {
    const violations = this.#strangers.flatMap(({ issues }) =>
      [...issues.values()].flatMap(({ author, comments, number }) =>
        [author, ...comments.map((one) => one.author)].some(({ type }) => type === 'Bot')
          ? [`a stranger is asked, or answered, in ${number}`]
          : [],
      ),
    );
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(key)?.people, after.get(key)?.people];
      if (was === undefined && is?.clientId === undefined) continue;
      const given = this.#given.get(was?.request ?? '');
      if (is?.clientId !== undefined && is.clientId !== was?.clientId && given?.has(is.clientId) !== true)
        violations.push(`${key} is said to be ${is.clientId}, by nobody whose word it is`);
      if (was?.standing !== is?.standing && given === undefined)
        violations.push(`the request of ${key} is over on nobody's word`);
    }
    return violations;
  }

  /** The operator has the repository of requests called in the configuration as it is called now. */
  nameAgain(): void {
    if (this.#strangers.length === 0 || this.#desk === undefined) return;
    const { integration } = this.#places;
    this.#world.provide({ [cells[0]]: integration, [cells[1]]: { requests: fullName(this.#desk) } });
  }
}
