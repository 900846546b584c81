/** The registry of one history: its people, what its default branch was, and what stands there. */
import type { CellName } from '#base/config/cells';
import { mergeCommits } from '#demo/github/git/merge/merge-commits';
import type { FileChanges, GitRepository } from '#demo/github/git/repository';
import { fullName, isPullRequest, type PullRequest, type Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import type { RegistryWorld } from '../reconciliation/registry-world.ts';
import {
  type Content,
  cells,
  contentsOf,
  ids,
  type Key,
  newDefinition,
  settingsPath,
  textsOf,
} from './definitions.ts';
import type { Held } from './settings-model.ts';
import type { History, Person } from './steps.ts';
import type { MergedHead } from './words.ts';

/** What the settings of a registry may be: what they ask for in production, where they can be read. */
export const settingsTexts: readonly {
  readonly files: FileChanges;
  readonly asks?: number;
  /** Whether Greffier is to merge what is integration's. */
  readonly merges?: true;
  /** Where nothing is to happen. */
  readonly freezes?: readonly string[];
  readonly words: string;
}[] = [
  { files: { [settingsPath]: '' }, asks: 1, words: 'the defaults' },
  { files: { [settingsPath]: 'approvals:\n  production: 2\n' }, asks: 2, words: 'two approvals' },
  { files: { [settingsPath]: 'approvals:\n  production: 1\n' }, asks: 1, words: 'one approval' },
  {
    files: { [settingsPath]: 'approvals:\n  production: 2\nlanguage: fr\n' },
    asks: 2,
    words: 'two approvals',
  },
  {
    files: { [settingsPath]: 'automatic_merge:\n  integration: true\n' },
    asks: 1,
    merges: true,
    words: 'automatic merges',
  },
  { files: { [settingsPath]: 'approvals:\n production: 2\n   x: 1\n' }, words: 'a wrong indent' },
  { files: { [settingsPath]: null }, words: 'no file' },
  ...cells.map((cell) => ({
    files: { [settingsPath]: `freeze:\n  ${cell}: { until: 2999-01-01, reason: Fêtes }\n` },
    asks: 1,
    freezes: [cell],
    words: `a freeze of ${cell}`,
  })),
];

function heldIn(said: (typeof settingsTexts)[number] | undefined): Held {
  return {
    approvals: said?.asks ?? 1,
    merges: said?.merges ?? false,
    freezes: said?.freezes ?? [],
  };
}

/** Definitions that go all at once. */
const crowd: readonly Key[] = [
  ...['archives', 'beffroi', 'cimetiere', 'douane', 'enfance', 'fourriere', 'gymnase', 'halle', 'imprimerie'],
  ...['jardin', 'kiosque', 'lavoir'],
].map((id) => `${cells[0]}/${id}`);

export function servedCells(production: boolean): readonly CellName[] {
  return production ? cells : [cells[0]];
}

/** People of a registry besides those of every story: erin may write, and does nothing until all is over. */
export interface Others {
  readonly carol: GitHubUser;
  readonly erin: GitHubUser;
}

export class HistoryRegistry {
  readonly repository: Repository;
  readonly fork: Repository;
  readonly people: Readonly<Record<Person, GitHubUser>>;
  /** What the default branch was, the last one now. */
  readonly mains: string[];
  /** What the settings hold, as they could be read last. */
  held: Held;
  /** Repositories of strangers that took a name of the registry's. */
  readonly strangers: Repository[] = [];
  readonly #world: RegistryWorld;
  readonly #crowd: readonly Key[];
  /** In words. */
  readonly beginning: string;
  readonly #lastReadable = new Map<Key, Content>();
  /** Texts of definitions that were there and are not any more. */
  readonly gone = new Map<Key, string>();

  constructor(world: RegistryWorld, { carol, erin }: Others, history: History) {
    const keys = history.definitions.map((n) => `${cells[n % 2]}/${ids[Math.floor(n / 2) % ids.length]}`);
    const initial = settingsTexts[history.settings % 5];
    this.#world = world;
    this.#crowd = history.isCrowded ? crowd : [];
    const files = Object.fromEntries(
      [...keys, ...this.#crowd].map((key) => [`service-providers/${key}.yaml`, newDefinition(key)]),
    );
    world.begin(
      { ...files, ...(history.settings === 0 ? {} : initial?.files) } as Record<string, string>,
      servedCells(history.servesProduction),
    );
    const { environment } = world;
    const { github, repository, alice, bob } = environment;
    github.addCollaborator(repository, carol, 'triage');
    github.addCollaborator(repository, erin, 'write');
    environment.exchanges.length = 0;
    github.calls.clear();
    Object.assign(
      github.testMerges,
      history.isSlowGitHub
        ? { readsUnknown: 1, madeAgain: 'when the common ancestor changes' }
        : { readsUnknown: 0, madeAgain: 'when the base moves' },
    );
    this.repository = repository;
    this.fork = alice.fork(repository);
    this.people = { alice, bob, carol, dan: world.dan, erin };
    this.held = heldIn(initial);
    this.beginning = `There are ${keys.join(', ')}; settings: ${initial?.words}${history.isCrowded ? ', and a crowd' : ''}${history.servesProduction ? '' : '; production is not served'}`;
    this.mains = [this.head];
    this.#remember();
  }

  get git(): GitRepository {
    return this.repository.git;
  }

  get head(): string {
    return this.git.branch('main') ?? '';
  }

  contents(commit = this.head): ReadonlyMap<Key, Content> {
    return contentsOf(this.git, this.git.objects.commit(commit)?.tree);
  }

  /** What merging a commit would make of the default branch; undefined on a conflict. */
  merged(main: string, head: string): ReadonlyMap<Key, Content> | undefined {
    const tree = mergeCommits(this.git, main, head);
    return tree === undefined ? undefined : contentsOf(this.git, tree);
  }

  /** The same, where what cannot be read claims what it last claimed. */
  asLastReadable(contents: ReadonlyMap<Key, Content>): ReadonlyMap<Key, Content> {
    return new Map(
      Array.from(contents, ([key, content]) => [
        key,
        content.metadata === undefined ? (this.#lastReadable.get(key) ?? content) : content,
      ]),
    );
  }

  /** To be called when the default branch has moved. @returns what it was before */
  moved(): string {
    const before = this.mains.at(-1) ?? '';
    const present = this.contents();
    for (const [key, text] of textsOf(this.git, before)) if (!present.has(key)) this.gone.set(key, text);
    this.mains.push(this.head);
    this.#remember();
    const text = this.settingsAt(this.head);
    const said = settingsTexts.find(({ files, asks }) => asks !== undefined && files[settingsPath] === text);
    if (said?.asks !== undefined) this.held = heldIn(said);
    return before;
  }

  /** Whether merging a commit changes the settings. */
  changesSettings(main: string, head: string): boolean {
    return this.#settingsIn(mergeCommits(this.git, main, head)) !== this.settingsAt(main);
  }

  /** Whether the settings of a commit freeze a cell. */
  isFrozenAt(commit: string, cell: string): boolean {
    const text = this.settingsAt(commit);
    const said = settingsTexts.find(({ files }) => files[settingsPath] === text);
    return said?.freezes?.includes(cell) === true;
  }

  settingsAt(commit: string): string | undefined {
    return this.#settingsIn(this.git.objects.commit(commit)?.tree);
  }

  #settingsIn(tree: string | undefined): string | undefined {
    const entry = this.git.entryAt(tree ?? '', settingsPath);
    return entry && this.git.objects.blob(entry.sha)?.toString('utf8');
  }

  /** Files that take away all of the crowd that is there. */
  withoutCrowd(): FileChanges {
    const present = this.contents();
    const there = this.#crowd.filter((key) => present.has(key));
    return Object.fromEntries(there.map((key) => [`service-providers/${key}.yaml`, null]));
  }

  /** Calls the registry otherwise; a stranger's repository may have its name then, with a pull request of each number. */
  rename(isTaken: boolean): void {
    const { github } = this.#world.environment;
    const before = fullName(this.repository);
    this.people.bob.renameRepository(
      this.repository,
      `registre-${this.strangers.length}-${this.mains.length}-${before.length}`,
    );
    if (!isTaken) return;
    const key = `${cells[0]}/${ids[0]}`;
    const files = { [`service-providers/${key}.yaml`]: newDefinition(key).replace('/retour', '/voleur') };
    const other = github.createRepository(before, { files, collaborators: { alice: 'admin' } });
    for (let number = 1; number <= this.repository.issues.size; number += 1)
      this.people.alice.openIssue(other, 'Rien', '');
    this.strangers.push(other);
  }

  /** What Greffier wrote to strangers. */
  written(): readonly string[] {
    return this.strangers.flatMap(({ checkRuns, issues }) => [
      ...checkRuns.map(({ name }) => `the check ${name}`),
      ...[...issues.values()].flatMap(({ comments }) =>
        comments.filter(({ author }) => author.type === 'Bot').map(({ body }) => `the comment ${body}`),
      ),
    ]);
  }

  #remember(): void {
    for (const [key, content] of this.contents())
      if (content.metadata !== undefined) this.#lastReadable.set(key, content);
  }

  /** The open pull requests into the default branch, the newest first. */
  open(): readonly PullRequest[] {
    return [...this.repository.issues.values()]
      .filter(isPullRequest)
      .filter(({ state, pull }) => state === 'open' && pull.baseRef === 'main')
      .reverse();
  }

  openAt(index: number): PullRequest | undefined {
    const open = this.open();
    return open[index % Math.max(1, open.length)];
  }

  /** Who made a pull request: of one that Greffier opened for someone, whoever asked for it in a comment. */
  authorOf({ author, pull }: PullRequest): string {
    const asked = /^promotion\/.*-(\d+)$/.exec(pull.headRef)?.[1];
    if (author.type !== 'Bot' || asked === undefined) return author.login;
    const comments = [...this.repository.issues.values()].flatMap((issue) => issue.comments);
    return comments.find(({ id }) => id === Number(asked))?.author.login ?? author.login;
  }

  /** Definitions of integration that are not in production. */
  promotable(): readonly Key[] {
    const present = this.contents();
    return ids
      .map((id) => `${cells[0]}/${id}`)
      .filter((key) => present.has(key) && !present.has(key.replace('/integration/', '/production/')));
  }

  /** Who has approved a commit of a pull request, and agrees still. */
  approving({ number, head }: MergedHead): ReadonlySet<string> {
    const latest = new Map<string, boolean>();
    for (const { author, commit, state } of this.repository.issues.get(number)?.pull?.reviews ?? [])
      latest.set(author.login, state === 'APPROVED' && commit === head);
    return new Set([...latest].flatMap(([login, approves]) => (approves ? [login] : [])));
  }
}
