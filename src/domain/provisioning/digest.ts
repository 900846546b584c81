/** What the digests of a step and of a plan are taken of, so that both can be recognised again. */
import { createHash } from 'node:crypto';
import type { Step } from './plan.ts';

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * JSON with the keys of every object in code unit order and without insignificant space (after RFC 8785, for
 * the values that occur here: strings, whole numbers, booleans, lists and objects). Absent keys and keys whose
 * value is `undefined` are the same.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = value[key];
      return member === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(member)}`];
    });
  return `{${members.join(',')}}`;
}

/** `Array.isArray` does not narrow read-only lists. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * 32 hexadecimal digits of the SHA-256 of the canonical text: short enough to be pasted in a command, and
 * 128 bits, so that nobody can prepare two plans that share one.
 */
export function digestOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32);
}

/** Of all that a step does: which client, what is done to it, and every field that changes or is left as it is. */
export function stepDigest({ cell, id, clientId, action, changes, left }: Omit<Step, 'digest'>): string {
  return digestOf({
    cell,
    id,
    clientId,
    action,
    changes: changes.map((change) => ({ ...change })),
    left: left.map((change) => ({ ...change })),
  });
}

/** Of the digests of its steps, in their order. */
export function planDigest(steps: readonly Step[]): string {
  return digestOf(steps.map((step) => step.digest));
}
