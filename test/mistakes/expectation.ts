/** The cases of the acceptance set, as README.md describes them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text, minItems: 1 } as const;
const line = { type: 'integer', minimum: 1 } as const;
const severity = { type: 'string', enum: ['error', 'decision', 'warning', 'info'] } as const;

const soundSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'valid', 'why'],
  properties: { path: text, valid: { const: true }, why: text },
} as const satisfies JSONSchema;

const faultSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'rule', 'severity', 'line', 'messages', 'fixed', 'valid', 'why'],
  properties: {
    path: text,
    rule: { anyOf: [text, texts] },
    severity: { anyOf: [severity, { type: 'array', items: severity, minItems: 1 }] },
    line: { anyOf: [line, { type: 'null' }] },
    alsoLine: { type: 'array', items: line, minItems: 1 },
    messages: { type: 'integer', minimum: 1 },
    span: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
    fixed: { anyOf: [text, { type: 'null' }] },
    mayBecome: texts,
    mustNotBecome: texts,
    neverPrinted: texts,
    valid: text,
    why: text,
  },
} as const satisfies JSONSchema;

/** What is to be said about an odd file: nothing. */
export type SoundExpectation = FromSchema<typeof soundSchema>;
/** What is to be said about a faulty file. */
export type FaultExpectation = FromSchema<typeof faultSchema>;

interface CaseFile {
  /** `group/name`: a name alone may stand in several groups. */
  readonly slug: string;
  readonly group: string;
  readonly bytes: Uint8Array;
  /** The bytes as text, a byte order mark included; what is no UTF-8 is replaced. */
  readonly text: string;
}

export interface SoundCase extends CaseFile {
  readonly expected: SoundExpectation;
}

export interface FaultCase extends CaseFile {
  readonly expected: FaultExpectation;
}

export type Case = SoundCase | FaultCase;

export function isFault(one: Case): one is FaultCase {
  return one.expected.valid !== true;
}

/** The group of the odd files that are right. */
export const soundGroup = 'valid';

export const casesFolder = join(import.meta.dirname, 'cases');

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const ajv = new Ajv({ allErrors: true, strict: false });
const isSoundExpectation = ajv.compile<SoundExpectation>(soundSchema);
const isFaultExpectation = ajv.compile<FaultExpectation>(faultSchema);

/** A list, whether one value was written or several. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Every case of the set, and in words what could not be read of it. */
export function readCases(): { readonly cases: readonly Case[]; readonly problems: readonly string[] } {
  const cases: Case[] = [];
  const problems: string[] = [];
  for (const group of readdirSync(casesFolder).sort())
    for (const name of readdirSync(join(casesFolder, group)).sort()) {
      const slug = `${group}/${name}`;
      const folder = join(casesFolder, slug);
      const files = readdirSync(folder).sort().join(', ');
      if (files !== 'expect.json, file.yaml') {
        problems.push(`${slug}: holds ${files}`);
        continue;
      }
      const bytes = readFileSync(join(folder, 'file.yaml'));
      const file = { slug, group, bytes, text: decoder.decode(bytes) };
      const expected: unknown = JSON.parse(readFileSync(join(folder, 'expect.json'), 'utf8'));
      const validate = group === soundGroup ? isSoundExpectation : isFaultExpectation;
      if (group === soundGroup && isSoundExpectation(expected)) cases.push({ ...file, expected });
      else if (group !== soundGroup && isFaultExpectation(expected)) cases.push({ ...file, expected });
      else problems.push(`${slug}: ${ajv.errorsText(validate.errors, { dataVar: 'expect.json' })}`);
    }
  return { cases, problems };
}

/** The lines (from 1, both included) that `fixed`, `valid` and `mayBecome` replace; undefined: the whole file. */
export function spanOf({ span, line: at }: FaultExpectation): readonly [number, number] | undefined {
  const [first, last] = span ?? [];
  if (first !== undefined && last !== undefined) return [first, last];
  return at === null ? undefined : [at, at];
}

/** The file with the lines of its fault replaced. Its line ends become LF: the values are what is compared. */
export function withLines({ text: whole, expected }: FaultCase, replacement: string): string {
  const span = spanOf(expected);
  if (span === undefined) return `${replacement}\n`;
  const [first, last] = span;
  const lines = whole.split('\n').map((one) => one.replace(/\r$/, ''));
  lines.splice(first - 1, last - first + 1, ...(replacement === '' ? [] : replacement.split('\n')));
  return lines.join('\n');
}

/** The file as a person leaves it in the end; undefined when the set only says it in words (`UTF-8 sans BOM`). */
export function mended(one: FaultCase): { readonly path: string; readonly text: string } | undefined {
  const { path, valid, messages, span, line: at } = one.expected;
  if (valid.startsWith('service-providers/')) return { path: valid, text: one.text };
  // Of a template that was not filled in at all, only the first answer is given.
  if (messages > 1 && span === undefined) return undefined;
  if (at === null && span === undefined && !valid.startsWith('version:')) return undefined;
  return { path, text: withLines(one, valid) };
}
