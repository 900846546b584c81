/** What people do on GitHub, which takes no time, and what the model is told of it. */
import { ApiError } from '#demo/github/api-error';
import { mergeCommits } from '#demo/github/git/merge/merge-commits';
import type { PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import type { AuthorityModel } from './authority-model.ts';
import { adapted, type Edit, edited, type Key, pathOf, textsOf } from './definitions.ts';
import { type HistoryRegistry, settingsTexts } from './registry.ts';
import type { Person, Step } from './steps.ts';
import type { Move } from './words.ts';

export class People {
  readonly #registry: HistoryRegistry;
  readonly #model: AuthorityModel;
  readonly #lines: string[];
  #stamp = 0;

  /** @param lines to which what happens is added, in words */
  constructor(registry: HistoryRegistry, model: AuthorityModel, lines: string[]) {
    this.#registry = registry;
    this.#model = model;
    this.#lines = lines;
  }

  /** @returns whether it is something that people do */
  play(step: Step): boolean {
    switch (step.do) {
      case 'propose':
        this.#propose(step);
        return true;
      case 'borrow':
        this.#borrow(this.#registry.openAt(step.pull));
        return true;
      case 'amend':
        this.#amend(this.#registry.openAt(step.pull), step.edits);
        return true;
      case 'update-branch':
        this.#updateBranch(this.#registry.openAt(step.pull));
        return true;
      case 'approve': {
        const pull = this.#registry.openAt(step.pull);
        if (pull === undefined || pull.author.login === step.who) return true;
        this.#registry.people[step.who].approve(this.#registry.repository, pull);
        this.#lines.push(`${step.who} approves #${pull.number}`);
        return true;
      }
      case 'merge':
        this.#merge(step, this.#registry.openAt(step.pull));
        return true;
      case 'push': {
        const [edit] = this.#edits(this.#registry.head, step.edits);
        if (edit !== undefined) this.#push(step.who, edit);
        return true;
      }
      case 'settings': {
        const settings = settingsTexts[step.which % settingsTexts.length];
        if (settings !== undefined)
          this.#push(step.who, { files: settings.files, words: `settings, ${settings.words}` });
        return true;
      }
      case 'remove-many': {
        const files = this.#registry.withoutCrowd();
        const count = Object.keys(files).length;
        if (count > 0) this.#push(step.who, { files, words: `${count} definitions are gone` });
        return true;
      }
      case 'rename-registry':
        this.#registry.rename(step.isTaken);
        this.#lines.push(`the registry is renamed${step.isTaken ? ', and a stranger takes its name' : ''}`);
        return true;
      case 'force-push': {
        const { mains, head, repository, people } = this.#registry;
        const to = mains.at(-1 - (step.to % mains.length)) ?? head;
        if (to === head) return true;
        const back = mains.length - 1 - mains.lastIndexOf(to);
        const words = `${step.who} forces main back to what it was ${back} moves ago`;
        this.#act(words, { kind: 'push' }, () => people[step.who].pushObject(repository, 'main', to));
        return true;
      }
      default:
        return false;
    }
  }

  #act(words: string, move: Move, work: () => void): void {
    try {
      work();
      this.#lines.push(words);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#lines.push(`${words}: GitHub refuses (${error.message})`);
    }
    if (this.#registry.head === this.#registry.mains.at(-1)) return;
    const before = this.#registry.moved();
    this.#model.settings.moves(this.#registry.held, 'author' in move ? move.author : undefined);
    this.#model.moves(move, this.#registry.contents(before), this.#registry.contents());
    this.#model.asks();
  }

  #propose(step: Extract<Step, { do: 'propose' }>): void {
    const { people, mains, head, fork, repository } = this.#registry;
    const base = mains.at(-1 - (step.base % mains.length)) ?? head;
    const from = step.fork ? fork : repository;
    this.#stamp += 1;
    const branch = `demande-${this.#stamp}`;
    const [first, ...more] = this.#edits(base, step.edits);
    if (first === undefined) return;
    from.git.refs.set(`refs/heads/${branch}`, base);
    const by = step.fork ? people.alice : people[step.who];
    by.pushCommit(from, branch, first.files);
    for (const edit of more) by.pushCommit(from, branch, edit.files);
    const { number } = people[step.who].openPullRequest(repository, { branch, title: 'Demande', from });
    const age = mains.length - 1 - mains.lastIndexOf(base);
    const old = age === 0 ? '' : ` from main as it was ${age} moves ago`;
    const what = [first, ...more].map(({ words }) => words).join(', ');
    this.#lines.push(`${step.who} opens #${number}${old}: ${what}`);
  }

  /** The same commit asks to be merged into another branch, of which nobody asks anything. */
  #borrow(of: PullRequest | undefined): void {
    if (of === undefined) return;
    const { repository, people, head } = this.#registry;
    repository.git.refs.set('refs/heads/ailleurs', head);
    const { headRef: branch, headRepository: from } = of.pull;
    const { alice } = people;
    const options = { branch, title: 'Ailleurs', from, base: 'ailleurs' };
    this.#attemptQuietly(() => {
      const { number } = alice.openPullRequest(repository, options);
      this.#lines.push(`alice opens #${number} of the same commit as #${of.number} into another branch`);
    });
  }

  #attemptQuietly(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #amend(pull: PullRequest | undefined, edits: readonly Edit[]): void {
    const [edit] = pull === undefined ? [] : this.#edits(pull.pull.headSha, edits);
    if (pull === undefined || edit === undefined) return;
    const by = this.#pusherOf(pull);
    by.pushCommit(pull.pull.headRepository, pull.pull.headRef, edit.files);
    this.#lines.push(`${by.login} amends #${pull.number}: ${edit.words}`);
  }

  /** What a promotion lacks is written on its branch. */
  complete(who: Person, pull: PullRequest, key: Key): void {
    const text = textsOf(this.#registry.git, pull.pull.headSha).get(key);
    if (text === undefined) return;
    const bare = text.replace(/^(?:datapass|private_sector): .*\n/gm, '');
    const files = { [pathOf(key)]: adapted(bare, key) };
    this.#registry.people[who].pushCommit(this.#registry.repository, pull.pull.headRef, files);
    this.#lines.push(`${who} completes #${pull.number}`);
  }

  #updateBranch(pull: PullRequest | undefined): void {
    const { git, head } = this.#registry;
    if (pull === undefined || git.ancestors(pull.pull.headSha).has(head)) return;
    const { headSha, headRepository, headRef } = pull.pull;
    const tree = mergeCommits(git, headSha, head);
    if (tree === undefined) return;
    const author = { name: 'GitHub', email: 'noreply@github.com', date: new Date() };
    const parents = [headSha, head];
    const commit = git.objects.writeCommit({ tree, parents, author, committer: author, message: 'Merge' });
    this.#pusherOf(pull).pushObject(headRepository, headRef, commit);
    this.#lines.push(`#${pull.number} is brought up to date`);
  }

  #merge(step: Extract<Step, { do: 'merge' }>, pull: PullRequest | undefined): void {
    if (pull === undefined) return;
    this.mergeOf(`${step.who} merges #${pull.number} (${step.method})`, pull, () => {
      this.#registry.people[step.who].merge(this.#registry.repository, pull, step.method);
    });
  }

  /** Something that moves the default branch on behalf of a pull request. */
  mergeOf(words: string, pull: PullRequest, work: () => void): void {
    const merged = { number: pull.number, head: pull.pull.headSha };
    this.#act(words, { kind: 'pull', author: this.#registry.authorOf(pull), merged }, work);
  }

  #push(who: Extract<Step, { do: 'push' }>['who'], edit: Pick<Edited, 'files' | 'words'>): void {
    this.#act(`${who} pushes: ${edit.words}`, { kind: 'push', author: who }, () => {
      this.#registry.people[who].pushCommit(this.#registry.repository, 'main', edit.files);
    });
  }

  #pusherOf({ author, pull }: PullRequest): GitHubUser {
    const { people, fork } = this.#registry;
    const opened = Object.values(people).find(({ account }) => account === author);
    // To a branch of Greffier's whoever may write pushes.
    const others = author.type === 'Bot' ? people.bob : people.alice;
    return pull.headRepository === fork ? people.alice : (opened ?? others);
  }

  #edits(commit: string, edits: readonly Edit[]): readonly Edited[] {
    return edits.flatMap((edit) => {
      this.#stamp += 1;
      return edited(this.#registry.git, commit, edit, String(this.#stamp), this.#registry.gone) ?? [];
    });
  }
}

type Edited = NonNullable<ReturnType<typeof edited>>;
