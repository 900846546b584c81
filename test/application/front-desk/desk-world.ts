/** A local GitHub, a store of either engine and the desk's part of the work, which can be killed between any two steps. */
import { randomUUID } from 'node:crypto';
import { type BringDeps, bringRequest } from '#application/front-desk/bring-request';
import { RequestStore } from '#application/front-desk/request-store';
import type { Database } from '#infrastructure/database/database';
import type { FencedDatabase } from '#infrastructure/queue/lease';
import { type Engine, opened, type Scratch } from '../../infrastructure/database/engines.ts';
import { aVault } from '../../infrastructure/identity-providers/store.ts';
import { ReviewEnvironment, serviceFile } from '../pull-requests/review-environment.ts';

export const camille = {
  person: 'c'.repeat(64),
  applicant: { email: 'camille.durand@ville-de-montfictif.fr', siret: '21999900000017' },
} as const;

/** What `kill -9` is to a test: nothing after it happens. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Lets so many steps pass. */
export interface Steps {
  left: number;
}

export class DeskWorld {
  readonly environment: ReviewEnvironment;
  readonly store: Database;
  readonly vault = aVault();
  /** What was asked to be done, in the order in which it was. */
  readonly asked: number[] = [];
  readonly mails: string[] = [];
  /** Looks that were asked for later, with the seconds until then. */
  readonly later: { readonly pull: number; readonly seconds: number }[] = [];
  /** Milliseconds since 1970. */
  now = Date.parse('2026-11-27T10:00:00Z');
  /** Pull requests that are to be judged anew. */
  readonly judged: number[] = [];
  readonly #scratch: Scratch;

  private constructor(environment: ReviewEnvironment, store: Database, scratch: Scratch) {
    this.environment = environment;
    this.store = store;
    this.#scratch = scratch;
  }

  static async open(engine: Engine, granted: 'write' | 'read' = 'write'): Promise<DeskWorld> {
    const environment = await ReviewEnvironment.open({ contents: granted });
    const scratch = await engine.scratch();
    return new DeskWorld(environment, await opened(scratch.location), scratch);
  }

  get registry(): string {
    return this.environment.deps.repo;
  }

  requests(db: FencedDatabase = this.store.db): RequestStore {
    return new RequestStore({
      db,
      registry: this.registry,
      vault: this.vault,
      onWork: async (request) => void this.asked.push(request),
      onPull: async (pull) => void this.judged.push(pull),
      onLater: async (pull, seconds) => void this.later.push({ pull, seconds }),
      onMail: async (id) => void this.mails.push(id),
    });
  }

  /** Camille asks for a service. */
  async file(id = 'agenda', more = ''): Promise<number> {
    const [[path, text] = ['', '']] = Object.entries(serviceFile(id, 'internet/integration', more));
    return numberOf(await this.requests().create({ id: randomUUID(), ...camille, path, wanted: text }));
  }

  /** One try of a job, as a new process makes it. @param steps after which it is killed */
  async bring(number: number, steps?: Steps, change: Partial<BringDeps> = {}) {
    const { deps, github } = this.environment;
    const request: typeof deps.repository.client.request = deps.repository.client.request;
    const step = () => {
      if (steps === undefined) return;
      if (steps.left <= 0) throw new Killed();
      steps.left -= 1;
    };
    const stepped = async (...given: Parameters<typeof request>) => {
      step();
      const answer = await request(...given);
      step();
      return answer;
    };
    const { db } = this.store;
    const fenced: FencedDatabase = {
      selectFrom: db.selectFrom.bind(db),
      transaction: () => ({
        async execute(work) {
          step();
          const result = await db.transaction().execute(work);
          step();
          return result;
        },
      }),
    };
    return bringRequest(
      {
        requests: this.requests(fenced),
        repository: { ...deps.repository, client: { request: Object.assign(stepped, request) } },
        appLogin: 'greffier[bot]',
        appId: github.appId,
        language: async () => 'fr',
        keysThere: async () => 'no',
        now: () => this.now,
        ...change,
      },
      number,
    );
  }

  /** What GitHub has of the desk's. */
  proposals() {
    const { repository } = this.environment;
    return {
      branches: [...repository.git.refs.keys()].filter((ref) => ref.startsWith('refs/heads/demande/')),
      pulls: [...repository.issues.values()].filter(({ pull }) => pull !== undefined),
    };
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.#scratch.remove();
    await this.environment.close();
  }
}

/** Of a request that was filed. */
export function numberOf(filed: number | 'too-many' | undefined): number {
  if (typeof filed !== 'number') throw new Error('not filed');
  return filed;
}
