/** Plays histories by their seeds, and makes those that fail small. */
import { sql } from 'kysely';
import { perEngine } from '#infrastructure/database/per-engine';
import { RegistryWorld } from '../reconciliation/registry-world.ts';
import { type Outcome, Player } from './player.ts';
import { randomHistory } from './random-history.ts';
import type { Others } from './registry.ts';
import type { History, Step } from './steps.ts';

/** Histories after which the world is made anew, before it is full of what is over. */
const worldLife = 200;

export interface FailedHistory extends Outcome {
  readonly seed: number;
}

export class Histories {
  #world: RegistryWorld | undefined;
  #others: Others | undefined;
  #played = 0;

  /** @returns the history at its shortest, where it does what nobody gave the word for; else undefined */
  async play(seed: number): Promise<FailedHistory | undefined> {
    const history = randomHistory(seed);
    const outcome = await this.#playSteps(history);
    if (outcome.violations.length === 0) return undefined;
    return { seed, ...(await this.#shrunk(history, outcome)) };
  }

  async #playSteps(history: History): Promise<Outcome> {
    const { world, others } = await this.#open();
    return await new Player(world, others, history).play(history.steps);
  }

  async #open(): Promise<{ world: RegistryWorld; others: Others }> {
    if (this.#played % worldLife === 0) await this.close();
    this.#played += 1;
    if (this.#world === undefined) {
      this.#world = await RegistryWorld.open({ contents: 'write' });
      // A store that nobody keeps need not be on the disk at the end of every transaction.
      await perEngine(sql`set synchronous_commit to off`, sql`pragma synchronous = off`).execute(
        this.#world.environment.store.db,
      );
    }
    const { github } = this.#world.environment;
    this.#others ??= { carol: github.createUser('carol'), erin: github.createUser('erin') };
    return { world: this.#world, others: this.#others };
  }

  /** Leaves out steps, and what goes wrong in them, while something is still violated. */
  async #shrunk(history: History, outcome: Outcome): Promise<Outcome> {
    let [smallest, shown] = [history, outcome];
    for (let hasShrunk = true; hasShrunk; ) {
      hasShrunk = false;
      for (const smaller of smallerOnes(smallest)) {
        const played = await this.#playSteps(smaller);
        if (played.violations.length === 0) continue;
        [smallest, shown, hasShrunk] = [smaller, played, true];
        break;
      }
    }
    return shown;
  }

  async close(): Promise<void> {
    await this.#world?.close();
    this.#world = undefined;
    this.#others = undefined;
  }
}

function* smallerOnes(history: History): Generator<History> {
  const { steps, definitions } = history;
  const half = Math.floor(steps.length / 2);
  if (half > 2) {
    yield { ...history, steps: steps.slice(half) };
    yield { ...history, steps: steps.slice(0, -half) };
  }
  for (let at = steps.length - 1; at >= 0; at -= 1) yield { ...history, steps: steps.toSpliced(at, 1) };
  for (const [at, step] of steps.entries())
    for (const simpler of simplerOnes(step)) yield { ...history, steps: steps.toSpliced(at, 1, simpler) };
  for (let at = 0; at < definitions.length && definitions.length > 1; at += 1)
    yield { ...history, definitions: definitions.toSpliced(at, 1) };
  if (history.settings !== 0) yield { ...history, settings: 0 };
  if (history.isSlowGitHub) yield { ...history, isSlowGitHub: false };
}

function* simplerOnes(step: Step): Generator<Step> {
  if ('trouble' in step && step.trouble !== undefined) {
    const { trouble: _, ...without } = step;
    yield without;
  }
  if ('edits' in step && step.edits.length > 1)
    for (let at = 0; at < step.edits.length; at += 1) yield { ...step, edits: step.edits.toSpliced(at, 1) };
  if (step.do === 'propose' && step.fork) yield { ...step, fork: false };
  if (step.do === 'propose' && step.base > 1) yield { ...step, base: 1 };
  if (step.do === 'merge' && step.method !== 'merge') yield { ...step, method: 'merge' };
}

/** What a person needs to see what happened. */
export function inWords({ seed, lines, violations }: FailedHistory): string {
  return [
    `seed ${seed}: ${violations.join('; ')}`,
    ...lines.map((line) => `  ${line}`),
    `  again: npm run histories -- --seed ${seed}`,
  ].join('\n');
}
