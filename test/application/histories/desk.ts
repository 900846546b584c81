/** The front desk in a history: what someone asks for there, corrects and withdraws, and that it comes to one pull request. */
import { randomUUID } from 'node:crypto';
import { applicantOfPull } from '#application/front-desk/applicant-of-pull';
import { bringRequest } from '#application/front-desk/bring-request';
import { RequestStore } from '#application/front-desk/request-store';
import { writingUnder } from '#application/writing-under';
import { isPullRequest, type PullRequest } from '#demo/github/state';
import type { FencedDatabase, Lease } from '#infrastructure/queue/lease';
import { type RegistryWorld, worldVault } from '../reconciliation/registry-world.ts';
import { type Edit, edited } from './definitions.ts';
import type { HistoryRegistry } from './registry.ts';

/** Nobody at GitHub, and no contact of any service. */
const camille = {
  person: 'c'.repeat(64),
  applicant: { email: 'camille.durand@ville-de-montfictif.fr', siret: '21999900000017' },
} as const;

interface Asked {
  readonly number: number;
  readonly wanted: string | null;
  readonly isWithdrawn: boolean;
}

export class Desk {
  readonly #world: RegistryWorld;
  readonly #registry: HistoryRegistry;
  readonly #lines: string[];
  readonly #asked: Asked[] = [];
  #stamp = 0;

  constructor(world: RegistryWorld, registry: HistoryRegistry, lines: string[]) {
    this.#world = world;
    this.#registry = registry;
    this.#lines = lines;
  }

  #requests(db: FencedDatabase = this.#world.environment.store.db): RequestStore {
    const nothing = async () => undefined;
    const { deps } = this.#world.environment;
    const calls = { onWork: nothing, onPull: nothing, onLater: nothing, onMail: nothing };
    return new RequestStore({ db, registry: deps.repo, vault: worldVault, ...calls });
  }

  /** Whose word a pull request is, as far as it is one of the desk's. */
  readonly applicantOf = (pull: Parameters<typeof applicantOfPull>[2]) =>
    applicantOfPull(this.#requests(), 'greffier[bot]', pull);

  /** @returns the number of the request, if there was something to ask for */
  async ask(edit: Edit): Promise<number | undefined> {
    const { git, head, gone } = this.#registry;
    this.#stamp += 1;
    const made = edited(git, head, edit, `9${this.#stamp}`, gone);
    const [path, text] = Object.entries(made?.files ?? {})[0] ?? [];
    if (made === undefined || path === undefined || (text !== null && typeof text !== 'string'))
      return undefined;
    const there = git.entryAt(git.objects.commit(head)?.tree ?? '', path);
    const number = await this.#requests().create({
      id: randomUUID(),
      ...camille,
      path,
      wanted: text,
      base: there && { commit: head, blob: there.sha },
    });
    if (typeof number !== 'number') return undefined;
    this.#asked.unshift({ number, wanted: text, isWithdrawn: false });
    this.#lines.push(`camille asks at the desk: ${made.words}`);
    return number;
  }

  /** What was asked for last is to be at another address. */
  async correct(): Promise<number | undefined> {
    const [last, ...others] = this.#asked;
    if (last === undefined || last.wanted === null || last.isWithdrawn) return undefined;
    this.#stamp += 1;
    const wanted = last.wanted.replace(/\/retour\S*/, `/retour-9${this.#stamp}`);
    const isTaken = await this.#requests().correct({ ...camille, wanted, base: undefined }, last.number);
    this.#asked.splice(0, this.#asked.length, { ...last, wanted }, ...others);
    this.#lines.push(`camille corrects it${isTaken ? '' : ', which is too late'}`);
    return last.number;
  }

  async withdraw(): Promise<number | undefined> {
    const [last, ...others] = this.#asked;
    if (last === undefined || last.isWithdrawn) return undefined;
    const isTaken = await this.#requests().withdraw(camille.person, last.number);
    this.#asked.splice(0, this.#asked.length, { ...last, isWithdrawn: isTaken }, ...others);
    this.#lines.push(`camille withdraws it${isTaken ? '' : ', which is too late'}`);
    return last.number;
  }

  /** What the job of a request does, tried again where it says so. @returns whether it came to its end */
  async bring(lease: Lease, number: number): Promise<boolean> {
    const { environment } = this.#world;
    const { repository, appId } = environment.createDeps();
    for (let tries = 0; tries < 6; tries += 1) {
      const again = await bringRequest(
        {
          requests: this.#requests(lease.database),
          repository: writingUnder(lease, repository),
          appLogin: 'greffier[bot]',
          appId,
          language: async () => 'fr',
          now: Date.now,
          keysThere: async () => 'no',
        },
        number,
      );
      if (again === undefined) return true;
    }
    return false;
  }

  /** @param isDone whether the job of this request has just come to its end */
  violations(number: number, isDone: boolean): readonly string[] {
    const own = this.#pullsOf(number);
    const found = own.length > 1 ? [`request ${number} became ${own.length} pull requests`] : [];
    const asked = this.#asked.find((one) => one.number === number);
    if (isDone && asked?.isWithdrawn === true && own.some(({ state }) => state === 'open'))
      found.push(`request ${number} was withdrawn, and its pull request is open`);
    return found;
  }

  #pullsOf(number: number): readonly PullRequest[] {
    return [...this.#registry.repository.issues.values()]
      .filter(isPullRequest)
      .filter(({ author, pull }) => author.type === 'Bot' && pull.headRef.startsWith(`demande/${number}-`));
  }
}
