/** Random histories: what people and the world do, one step after the other, drawn from a seed. */
import { seededRandom } from '#demo/github/fault-injector';
import { type Edit, fields } from './definitions.ts';

/** Alice is nobody, Carol may only triage; Bob and Dan may write. */
export type Person = 'alice' | 'bob' | 'carol' | 'dan' | 'erin';

/** What goes wrong while Greffier is at work, at its `nth` call. */
export type Trouble =
  | {
      readonly kind: 'github';
      readonly nth: number;
      readonly fault: 'not-found' | 'error' | 'error-after' | 'reset-after';
    }
  /** The process ends before its `nth` write or call. */
  | { readonly kind: 'kill'; readonly nth: number }
  /** Somebody does something just then. */
  | { readonly kind: 'meanwhile'; readonly nth: number; readonly step: Step };

/** Numbers choose among what is there when the step is played: the newest pull request is 0. */
export type Step =
  | {
      readonly do: 'propose';
      readonly who: Person;
      readonly base: number;
      readonly fork: boolean;
      readonly edits: readonly Edit[];
    }
  | { readonly do: 'amend'; readonly pull: number; readonly edits: readonly Edit[] }
  | { readonly do: 'review'; readonly pull: number; readonly trouble?: Trouble }
  | { readonly do: 'update-branch' | 'borrow'; readonly pull: number }
  | { readonly do: 'approve'; readonly who: Person; readonly pull: number }
  | {
      readonly do: 'merge';
      readonly who: Person;
      readonly pull: number;
      readonly method: 'merge' | 'squash' | 'rebase';
    }
  | { readonly do: 'push'; readonly who: Person; readonly edits: readonly Edit[] }
  | { readonly do: 'force-push'; readonly who: Person; readonly to: number }
  | { readonly do: 'reconcile'; readonly sweep: boolean; readonly trouble?: Trouble }
  | { readonly do: 'confirm'; readonly who: Person; readonly which: number; readonly trouble?: Trouble }
  | { readonly do: 'settings'; readonly who: Person; readonly which: number }
  | { readonly do: 'tamper'; readonly which: number }
  | { readonly do: 'rejudge' | 'restart' | 'delay' | 'review-elsewhere' };

export interface History {
  readonly seed: number;
  /** Which definitions are there at the beginning. */
  readonly definitions: readonly number[];
  readonly settings: number;
  /** How GitHub goes about test merges. */
  readonly isSlowGitHub: boolean;
  readonly steps: readonly Step[];
}

class Chance {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }
  below(count: number): number {
    return Math.floor(this.#random() * count);
  }
  is(share: number): boolean {
    return this.#random() < share;
  }
  of<T>(...list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0];
  }
  /** Nearly always the newest. */
  pull(): number {
    return this.is(0.7) ? 0 : this.below(4);
  }
}

export function randomHistory(seed: number): History {
  // Neighbouring seeds begin alike.
  const chance = new Chance(Math.imul(seed, 0x9e3779b1));
  const steps: Step[] = [];
  const wanted = 4 + chance.below(9);
  while (steps.length < wanted) steps.push(...someSteps(chance));
  return {
    seed,
    definitions: Array.from({ length: 2 + chance.below(2) }, () => chance.below(8)),
    settings: chance.is(0.5) ? 0 : chance.below(4),
    isSlowGitHub: chance.is(0.3),
    steps,
  };
}

function someSteps(chance: Chance): readonly Step[] {
  const kind = chance.below(100);
  if (kind < 28) return aRequest(chance);
  if (kind < 34) return anOldCopy(chance);
  if (kind < 42) return [{ do: 'push', who: writer(chance), edits: edits(chance) }, ...after(chance)];
  if (kind < 46)
    return [{ do: 'force-push', who: writer(chance), to: 1 + chance.below(5) }, ...after(chance)];
  if (kind < 52) return [proposal(chance)];
  if (kind < 57) return [{ do: 'amend', pull: chance.pull(), edits: edits(chance) }];
  if (kind < 59) return [{ do: 'update-branch', pull: chance.pull() }];
  if (kind < 63) return [review(chance)];
  if (kind < 67) return [{ do: 'approve', who: person(chance), pull: chance.pull() }];
  if (kind < 72) return [merge(chance)];
  if (kind < 82) return [reconciliation(chance)];
  if (kind < 90) return [confirmation(chance), reconciliation(chance)];
  if (kind < 93) return [{ do: 'settings', who: writer(chance), which: chance.below(6) }];
  if (kind < 95) return [{ do: 'tamper', which: chance.below(8) }];
  if (kind < 97) return [{ do: 'delay' }, reconciliation(chance)];
  if (kind < 98) return [{ do: 'borrow', pull: chance.pull() }, { do: 'review-elsewhere' }];
  return [{ do: chance.of('restart', 'rejudge') }];
}

/** A request as it usually goes, now and then without one of its steps. */
function aRequest(chance: Chance): readonly Step[] {
  const by = writer(chance);
  return [
    proposal(chance),
    ...maybe(chance, 0.85, review(chance)),
    ...maybe(chance, 0.1, { do: 'amend', pull: 0, edits: edits(chance) } as const),
    ...maybe(chance, 0.65, {
      do: 'approve',
      who: chance.is(0.8) ? writer(chance) : person(chance),
      pull: 0,
    } as const),
    ...maybe(chance, 0.25, { do: 'approve', who: writer(chance), pull: 0 } as const),
    ...maybe(chance, 0.2, review(chance)),
    ...maybe(chance, 0.8, { ...merge(chance), who: by, pull: 0 } as const),
    ...after(chance),
  ];
}

/** A definition goes elsewhere, and someone who has it where it was before changes it there: Git takes the change along. */
function anOldCopy(chance: Chance): readonly Step[] {
  const target = chance.below(8);
  const change = { kind: 'change', target, other: 0, field: chance.of('url', 'contact', 'logout') } as const;
  const going = {
    kind: chance.of('rename', 'move'),
    target,
    other: chance.below(8),
    field: 'nothing',
  } as const;
  return [
    { do: 'propose', who: writer(chance), base: 0, fork: false, edits: [going] },
    review(chance),
    { do: 'approve', who: 'bob', pull: 0 },
    { do: 'approve', who: 'dan', pull: 0 },
    { ...merge(chance), pull: 0 },
    ...after(chance),
    { do: 'propose', who: 'alice', base: 1, fork: chance.is(0.3), edits: [change] },
    ...maybe(chance, 0.4, review(chance)),
    ...maybe(chance, 0.3, { do: 'approve', who: writer(chance), pull: 0 } as const),
    { ...merge(chance), pull: 0 },
    ...after(chance),
  ];
}

function maybe<T>(chance: Chance, share: number, step: T): readonly T[] {
  return chance.is(share) ? [step] : [];
}

function after(chance: Chance): readonly Step[] {
  return maybe(chance, 0.7, reconciliation(chance));
}

function writer(chance: Chance): Person {
  return chance.of('bob', 'dan');
}

function person(chance: Chance): Person {
  return chance.of('alice', 'bob', 'carol', 'dan');
}

function proposal(chance: Chance): Step {
  return {
    do: 'propose',
    who: chance.of('alice', 'alice', 'bob', 'dan'),
    base: chance.is(0.6) ? 0 : 1 + chance.below(4),
    fork: chance.is(0.2),
    edits: edits(chance),
  };
}

function edits(chance: Chance): readonly Edit[] {
  return Array.from({ length: chance.is(0.75) ? 1 : 2 }, () => ({
    kind: chance.of(
      'change',
      'change',
      'change',
      'remove',
      'rename',
      'move',
      'move',
      'copy',
      'add',
      'add',
      'bring-back',
      'bring-back',
      'break',
    ),
    target: chance.below(8),
    other: chance.below(8),
    field: chance.of(...fields, 'url'),
  }));
}

function merge(chance: Chance): Extract<Step, { do: 'merge' }> {
  return {
    do: 'merge',
    who: writer(chance),
    pull: chance.pull(),
    method: chance.of('merge', 'merge', 'squash', 'rebase'),
  };
}

function review(chance: Chance): Step {
  return { do: 'review', pull: chance.pull(), ...trouble(chance, 12) };
}

function reconciliation(chance: Chance): Step {
  return { do: 'reconcile', sweep: chance.is(0.2), ...trouble(chance, 30) };
}

function confirmation(chance: Chance): Step {
  return { do: 'confirm', who: person(chance), which: chance.below(4), ...trouble(chance, 12) };
}

function trouble(chance: Chance, calls: number): { trouble?: Trouble } {
  if (chance.is(0.65)) return {};
  const nth = 1 + chance.below(calls);
  const kind = chance.of('github', 'github', 'kill', 'meanwhile');
  if (kind === 'kill') return { trouble: { kind, nth } };
  if (kind === 'github')
    return {
      trouble: {
        kind,
        nth,
        fault: chance.of('not-found', 'not-found', 'error', 'error-after', 'reset-after'),
      },
    };
  const step = chance.of<() => Step>(
    () => merge(chance),
    () => merge(chance),
    () => ({ do: 'push', who: writer(chance), edits: edits(chance) }),
    () => ({ do: 'amend', pull: chance.pull(), edits: edits(chance) }),
    () => ({ do: 'force-push', who: writer(chance), to: 1 + chance.below(5) }),
  )();
  return { trouble: { kind, nth, step } };
}
