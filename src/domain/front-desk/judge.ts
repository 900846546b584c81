/**
 * The one judgement of the form: the definition that the answers make is read by the very rules, and what they find is
 * said of the fields in which it was written. Pure.
 */
import type { Message } from '#base/i18n/message';
import { idPattern } from '#domain/definition/cell';
import type { Finding, Severity } from '#domain/definition/finding';
import { applyEdits } from '#domain/definition/fix/apply-edits';
import { compatibleEdits } from '#domain/definition/fix/corrected-lines';
import { readDefinition } from '#domain/definition/read-definition';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import { fields } from './fields.ts';
import {
  definitionOf,
  type FormDefinition,
  type FormValues,
  idOf,
  soundIdOf,
  valuesOf,
} from './form-values.ts';

export interface FieldFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** The name of a control of the form; empty when it concerns all of it. */
  readonly field: string;
  /** Of a field of several lines, from 1. */
  readonly line?: number;
  readonly message: Message;
  readonly fix?: {
    readonly title: Message;
    /** By which the button says which fix is meant: it holds whatever the person has changed since. */
    readonly key: string;
  };
}

export interface FormVerdict {
  readonly definition: FormDefinition;
  /** In the order of the form. */
  readonly findings: readonly FieldFinding[];
  /** Nothing refuses it. */
  readonly sound: boolean;
}

const encoder = new TextEncoder();
/** What the name of the fix of everything is. */
export const everyFix = 'all';
/** Rounds in which every fix is made: what one leaves to another is settled in two or three. */
const maxRounds = 5;

/** Whether a control is that of a field, or of one of its parts. */
function isOf(control: string, field: string): boolean {
  return control === field || control.startsWith(`${field}.`);
}

/** Judges the answers by the definition alone. */
export function judgeForm(values: FormValues): FormVerdict {
  const definition = definitionOf(values);
  const findings = [...ownFindings(values), ...fieldFindings(definition)];
  const order = [...fields.map(({ name }) => name as string), 'id'];
  const place = ({ field }: FieldFinding) => order.findIndex((name) => isOf(field, name));
  return {
    definition,
    findings: findings.toSorted((one, other) => place(one) - place(other)),
    sound: !findings.some(({ severity }) => severity === 'error'),
  };
}

/**
 * Makes a fix, or every one.
 *
 * @param key of a finding's fix, or `everyFix`
 * @returns the values as they are then: the same ones when there is no such fix any more
 */
export function applyFix(values: FormValues, key: string): FormValues {
  const only = (finding: Finding): boolean => key === everyFix || keyOf(finding) === key;
  let now = key === 'file/name' || key === everyFix ? withSoundId(values) : values;
  for (let round = 0; round < (key === everyFix ? maxRounds : 1); round++) {
    const definition = definitionOf(now);
    if (definition.cut.length > 0) break;
    const edits = compatibleEdits(findingsOf(definition).filter(only));
    if (edits.length === 0) break;
    const fixed = valuesOf(definition.path, applyEdits(definition.text, edits));
    if (fixed === undefined) break;
    // What the definition has of itself was not the person's choice.
    const { id = '', network = '', environment = '' } = now;
    now = { ...withoutScopes(now), ...fixed, id };
    if (network === '') now = { ...now, network };
    if (environment === '') now = { ...now, environment };
  }
  return now;
}

function withSoundId(values: FormValues): FormValues {
  return idPattern.test(idOf(values)) ? values : { ...values, id: soundIdOf(values) };
}

/** A scope that a fix takes away is in none of the values that it leaves. */
function withoutScopes(values: FormValues): FormValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('optional_scopes.')));
}

function findingsOf({ path, text }: FormDefinition): readonly Finding[] {
  return readDefinition({ path, bytes: encoder.encode(text) }).findings;
}

/** Every value of a list has a place of its own, and so has its fix. */
function keyOf({ rule, pointer }: Finding): string {
  return `${rule} ${pointer}`;
}

/** What the form alone can lack: a definition takes these from where its file stands. */
function ownFindings(values: FormValues): readonly FieldFinding[] {
  const unchosen = ['network', 'environment'].filter((name) => (values[name] ?? '').trim() === '');
  const id = idOf(values);
  return [
    ...unchosen.map(
      (name): FieldFinding => ({
        rule: 'schema/missing-key',
        severity: 'error',
        field: name,
        message: { key: `schema/missing-key#${name}`, values: { key: name } },
      }),
    ),
    ...(idPattern.test(id)
      ? []
      : [
          {
            rule: 'file/name',
            severity: 'error',
            field: 'id',
            message: { key: 'file/name#rename', values: { name: id, proposal: soundIdOf(values) } },
            fix: {
              title: { key: 'file/name#fix', values: { proposal: soundIdOf(values) } },
              key: 'file/name',
            },
          } as const,
        ]),
  ];
}

function fieldFindings(definition: FormDefinition): readonly FieldFinding[] {
  return findingsOf(definition).map((finding) => {
    const { rule, severity, message, fix } = finding;
    const { field, line } = placeOf(finding, definition);
    return {
      rule,
      severity,
      field,
      ...(line !== undefined && { line }),
      message,
      ...(fix !== undefined &&
        definition.cut.length === 0 && { fix: { title: fix.title, key: keyOf(finding) } }),
    };
  });
}

/** The field in which was written what stands at a pointer. */
function placeOf(
  { rule, pointer, message }: Finding,
  { lines, scopes }: FormDefinition,
): { readonly field: string; readonly line?: number | undefined } {
  const parts = pointer.split('/').slice(1);
  if (rule === 'schema/missing-key') parts.push(String(message.values.key));
  const [first = '', second = ''] = parts;
  if (first === 'optional_scopes') {
    const scope = scopes[Number(second)];
    return { field: scope === undefined ? 'optional_scopes' : `optional_scopes.${scope}` };
  }
  const name = fields.find(
    ({ name }) => name === `${first}.${second}` || name === first || name.startsWith(`${first}.`),
  );
  if (name === undefined) return { field: '' };
  const exact = fields.find(({ name }) => name === `${first}.${second}`) ?? name;
  const index = parts.at(-1) ?? '';
  const line = /^\d+$/.test(index) ? lines[exact.name]?.[Number(index)] : undefined;
  return { field: exact.name, line };
}
