/** What the rules on structure have in common: the problems that the schema finds, and how they are quoted. */

import type { ParsedDefinition } from '#domain/definition/parse/parsed-definition';
import type { SchemaProblem } from '#domain/definition/schema/schema-check';

type Of<K extends SchemaProblem['kind']> = Extract<SchemaProblem, { kind: K }>;

export function problemsOfKind<K extends SchemaProblem['kind']>(
  problems: readonly SchemaProblem[],
  kind: K,
): readonly Of<K>[] {
  return problems.filter((problem): problem is Of<K> => problem.kind === kind);
}

/** A value as a person would quote it: scalars as they are, the rest by its kind. */
export function quotedValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return Array.isArray(value) ? '[…]' : '{…}';
  return String(value);
}

/** Whether the schema finds anything wrong with the structure. */
export function hasStructureProblems({ problems, unknownKeys }: ParsedDefinition): boolean {
  return problems.length > 0 || unknownKeys.length > 0;
}

/** What someone wrote with colons behind a hyphen, on one line. */
export function noted(value: Readonly<Record<string, unknown>>): string {
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${typeof inner === 'string' ? inner : quotedValue(inner)}`)
    .join(', ');
}
