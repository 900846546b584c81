/** What is found in the definitions of a pull request, whoever asks for it: the stage of a verdict that is the same for all. */
import type { Steps } from '#base/steps';
import { type Change, changesBetween } from '#domain/registry/changes';
import { evaluateOutsideAnswers, evaluateRegistryInSteps } from '#domain/registry/evaluate';
import { formerDefinition } from '#domain/registry/former-definition';
import { Registry } from '#domain/registry/registry';
import type { ChangeContext, RegistryFinding } from '#domain/registry/rules/rule';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { entriesOf, readLastReadable, type Sides } from './sides.ts';

/** The definitions of a pull request, with all that is found in them whoever asks for the change or agrees with it. */
export interface EvaluatedDefinitions {
  readonly sides: Sides;
  readonly changes: readonly Change[];
  /** By the rules on several files, at the head. */
  readonly registry: readonly RegistryFinding[];
  /** By what public services answered. */
  readonly outside: readonly RegistryFinding[];
  /** What was at the paths whose client still exists. */
  readonly returning?: NonNullable<ChangeContext['returning']>;
}

/**
 * Evaluates them, a definition at a step.
 *
 * @param sides those of the same facts
 */
export function* evaluateDefinitions(facts: PullRequestFacts, sides: Sides): Steps<EvaluatedDefinitions> {
  const after = entriesOf(sides.after);
  const registry = Registry.of(facts.neighbours);
  for (const entry of after) {
    registry.set(entry);
    yield;
  }
  const outside: RegistryFinding[] = [];
  for (const entry of after) {
    outside.push(...evaluateOutsideAnswers(entry, facts.outside[entry.path] ?? {}));
    yield;
  }
  return {
    sides,
    changes: changesBetween(entriesOf(sides.before), after),
    registry: yield* evaluateRegistryInSteps(
      registry,
      after.map(({ path }) => path),
    ),
    outside,
    ...(facts.returning === undefined ? {} : { returning: formersOf(facts, facts.returning) }),
  };
}

function formersOf(
  facts: PullRequestFacts,
  paths: readonly string[],
): NonNullable<ChangeContext['returning']> {
  return Object.fromEntries(
    paths.map((path) => {
      const last = readLastReadable(facts, path);
      return [path, last === undefined ? null : (formerDefinition(last.opened.reading) ?? null)];
    }),
  );
}
