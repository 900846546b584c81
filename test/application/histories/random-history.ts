/** Random histories, drawn from a seed. */
import { seededRandom } from '#demo/github/fault-injector';
import { type Edit, fields } from './definitions.ts';
import type { History, Person, Step, Trouble } from './steps.ts';

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
    places: {
      integration: chance.of('registration', 'proconnect'),
      production: chance.of('registration', 'people in the registry', 'people elsewhere', 'people elsewhere'),
    },
    settings: chance.is(0.5) ? 0 : chance.below(5),
    servesProduction: !steps.some((step) => step.do === 'serve') || chance.is(0.5),
    isCrowded: steps.some((step) => step.do === 'remove-many'),
    isSlowGitHub: chance.is(0.3),
    steps,
  };
}

function someSteps(chance: Chance): readonly Step[] {
  const kind = chance.below(152);
  if (kind >= 144) return atTheFrontDesk(chance);
  if (kind >= 138) return promoted(chance);
  if (kind >= 135) return adopted(chance);
  if (kind >= 132) return frozen(chance);
  if (kind >= 130) return prepared(chance);
  if (kind >= 127) return atTheDesk(chance);
  if (kind >= 116) return [answered(chance), ...after(chance)];
  if (kind >= 113) return [{ do: 'rename-registry', isTaken: chance.is(0.7) }, ...after(chance)];
  if (kind >= 110) return [{ do: 'serve', production: chance.is(0.6) }, ...after(chance)];
  if (kind >= 109) return [{ do: 'remove-many', who: writer(chance) }, ...after(chance)];
  if (kind >= 105) return [...maybe(chance, 0.7, proposal(chance)), ...queued(chance), ...after(chance)];
  if (kind >= 102) return byItself(chance);
  if (kind >= 100) return twice(chance);
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
  if (kind < 93)
    return chance.is(0.5)
      ? loosened(chance)
      : [{ do: 'settings', who: writer(chance), which: chance.below(7) }];
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

/** A stranger has made ready for a definition that comes next. */
function prepared(chance: Chance): readonly Step[] {
  const which = chance.below(2);
  const add = { kind: 'add', target: which, other: 0, field: 'nothing' } as const;
  return [
    { do: 'prepare', which },
    { do: 'push', who: writer(chance), edits: [add] },
    reconciliation(chance),
    ...after(chance),
  ];
}

/** A cell is frozen, things are asked for, confirmed, taken away, and it is thawed, or not yet. */
function frozen(chance: Chance): readonly Step[] {
  return [
    { do: 'settings', who: writer(chance), which: 7 + chance.below(2) },
    ...after(chance),
    ...aRequest(chance),
    ...maybe(chance, 0.5, { do: 'push', who: writer(chance), edits: edits(chance) } as const),
    ...after(chance),
    ...maybe(chance, 0.5, confirmation(chance)),
    reconciliation(chance),
    ...maybe(chance, 0.5, { do: 'settings', who: writer(chance), which: chance.below(7) } as const),
    ...after(chance),
  ];
}

/** A client that was there before is adopted; its definition is merged, or another one at its path, or nothing is. */
function adopted(chance: Chance): readonly Step[] {
  const add = { kind: 'add', target: chance.below(2), other: 0, field: 'nothing' } as const;
  return [
    { do: 'adopt', which: chance.below(4) },
    ...after(chance),
    ...maybe(chance, 0.3, { do: 'settings', who: writer(chance), which: 4 } as const),
    { ...proposal(chance), edits: [add] } as Step,
    ...maybe(chance, 0.8, review(chance)),
    ...maybe(chance, 0.5, { do: 'approve', who: writer(chance), pull: 0 } as const),
    ...maybe(chance, 0.7, { ...merge(chance), pull: 0 } as const),
    ...after(chance),
  ];
}

/** Someone asks at the front desk, corrects it, withdraws it, is judged, approved, merged. */
function atTheFrontDesk(chance: Chance): readonly Step[] {
  const kind = chance.of('add', 'add', 'bring-back', 'change', 'change', 'remove');
  const edit = {
    kind,
    target: chance.below(8),
    other: chance.below(8),
    field: chance.of('url', 'contact', 'logout'),
  } as const;
  const correct = () => ({ do: 'desk', how: 'correct', ...trouble(chance, 20) }) as const;
  return [
    { do: 'desk', how: 'ask', edit, ...trouble(chance, 20) },
    ...maybe(chance, 0.7, review(chance)),
    ...maybe(chance, 0.2, correct()),
    ...maybe(chance, 0.6, { do: 'approve', who: writer(chance), pull: 0 } as const),
    ...maybe(chance, 0.6, { ...review(chance), pull: 0 } as Step),
    ...maybe(chance, 0.15, correct()),
    ...maybe(chance, 0.15, { do: 'amend', pull: 0, edits: edits(chance) } as const),
    ...maybe(chance, 0.2, { do: 'desk', how: 'withdraw', ...trouble(chance, 20) } as const),
    ...maybe(chance, 0.8, { ...merge(chance), pull: 0 } as const),
    ...after(chance),
    ...maybe(chance, 0.2, { do: 'desk', how: 'withdraw' } as const),
  ];
}

/** Someone has Greffier propose what a definition is in production; it is completed, judged, approved by them or others, merged. */
function promoted(chance: Chance): readonly Step[] {
  const who = chance.is(0.8) ? writer(chance) : person(chance);
  const add = { kind: 'add', target: chance.below(2), other: 0, field: 'nothing' } as const;
  return [
    ...maybe(chance, 0.5, { do: 'push', who: writer(chance), edits: [add] } as const),
    { do: 'promote', who, which: chance.below(4), ...maybeCompletes(chance), ...trouble(chance, 20) },
    ...maybe(chance, 0.6, review(chance)),
    ...maybe(chance, 0.6, { do: 'approve', who, pull: 0 } as const),
    ...maybe(chance, 0.4, { do: 'approve', who: writer(chance), pull: 0 } as const),
    ...maybe(chance, 0.6, { ...review(chance), pull: 0 } as Step),
    ...maybe(chance, 0.1, { do: 'amend', pull: 0, edits: edits(chance) } as const),
    ...maybe(chance, 0.8, { ...merge(chance), pull: 0 } as const),
    ...after(chance),
  ];
}

function maybeCompletes(chance: Chance): { completes?: Person } {
  return chance.is(0.9) ? { completes: writer(chance) } : {};
}

/** What those say who make clients by hand, and others. */
function answered(chance: Chance): Step {
  return {
    do: 'answer',
    who: chance.is(0.7) ? 'dan' : person(chance),
    which: chance.below(4),
    how: chance.of('provisioned', 'provisioned', 'provisioned', 'completed', 'not_planned'),
  };
}

/** The repository of requests is called otherwise, and somebody answers: those whose request it is, or a stranger. */
function atTheDesk(chance: Chance): readonly Step[] {
  return [
    { do: 'rename-requests', isTaken: chance.is(0.7) },
    ...after(chance),
    ...maybe(chance, 0.8, { do: 'pretend', which: chance.below(4) } as const),
    ...maybe(chance, 0.5, answered(chance)),
    ...after(chance),
  ];
}

/** The same is done again after it was confirmed, with nobody's word this time. */
function twice(chance: Chance): readonly Step[] {
  const target = chance.below(8);
  const edit = { target, other: 0, field: 'nothing' } as const;
  const plain = { do: 'reconcile', sweep: false } as const;
  const confirmed = [plain, { do: 'confirm', who: 'dan', which: 'newest' }, plain] as const;
  const push = (kind: Edit['kind']) => ({ do: 'push', who: 'bob', edits: [{ kind, ...edit }] }) as const;
  return [push('remove'), ...confirmed, push('bring-back'), ...confirmed, push('remove'), plain];
}

/** Someone sees the settings that were pushed, and agrees. */
function confirmedSettings(chance: Chance): readonly Step[] {
  return [
    { do: 'reconcile', sweep: false },
    { do: 'confirm', who: writer(chance), which: 'newest' },
    ...after(chance),
  ];
}

/** Production asks for two approvals, somebody pushes that one is enough, and a request has one. */
function loosened(chance: Chance): readonly Step[] {
  return [
    { do: 'settings', who: writer(chance), which: chance.of(1, 3) },
    ...maybe(chance, 0.8, { do: 'reconcile', sweep: false } as const),
    { do: 'settings', who: writer(chance), which: chance.of(2, 0, 4, 6) },
    ...after(chance),
    ...(chance.is(0.3) ? confirmedSettings(chance) : []),
    ...aRequest(chance),
  ];
}

/** Settings that have Greffier merge by itself, and requests for it to look at. */
function byItself(chance: Chance): readonly Step[] {
  return [
    { do: 'settings', who: writer(chance), which: 4 },
    ...(chance.is(0.6) ? confirmedSettings(chance) : after(chance)),
    proposal(chance),
    ...maybe(chance, 0.3, { do: 'approve', who: writer(chance), pull: 0 } as const),
    { ...review(chance), pull: 0 } as Step,
    ...after(chance),
    ...maybe(chance, 0.7, proposal(chance)),
    review(chance),
    ...after(chance),
  ];
}

function queued(chance: Chance): readonly Step[] {
  const queue = { ...merge(chance), do: 'queue', ...trouble(chance, 12) } as const;
  return [
    ...maybe(chance, 0.7, review(chance)),
    ...maybe(chance, 0.6, { do: 'approve', who: writer(chance), pull: 0 } as const),
    queue,
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
    () => ({ do: 'rename-registry', isTaken: true }),
  )();
  return { trouble: { kind, nth, step } };
}
