/** One text for one value: what digests are taken of, so that a plan can be recognised again. */
import { createHash } from 'node:crypto';

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
