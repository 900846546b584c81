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
  const findings = [...ownFindings(values), ...findingsOf(definition).map(onForm(definition))];
  return {
    definition,
    findings: inFormOrder(findings),
    sound: !findings.some(({ severity }) => severity === 'error'),
  };
}

function inFormOrder(findings: readonly FieldFinding[]): readonly FieldFinding[] {
  const order = [...fields.map(({ name }) => name as string), 'id'];
  const place = ({ field }: FieldFinding) => order.findIndex((name) => isOf(field, name));
  return findings.toSorted((one, other) => place(one) - place(other));
}

/** What a review found, as far as it is kept. */
export type ReviewedFinding = Pick<Finding, 'rule' | 'severity' | 'path' | 'pointer' | 'message'>;

/**
 * What a review found of a file that the form made, said of its fields: with the fixes that the form itself offers, and
 * what is about other files about no field.
 */
export function reviewedFields(
  { path, text }: Pick<FormDefinition, 'path' | 'text'>,
  found: readonly ReviewedFinding[],
): readonly FieldFinding[] {
  const definition = sameForm(path, text);
  const fixes = new Map(
    (definition === undefined ? [] : findingsOf(definition)).map((finding) => [keyOf(finding), finding.fix]),
  );
  const placed = onForm(definition ?? { lines: undefined, scopes: [], cut: [] });
  return inFormOrder(
    found.map((finding) => {
      const fix = fixes.get(keyOf(finding));
      return finding.path === path
        ? placed({ ...finding, ...(fix !== undefined && { fix }) })
        : { rule: finding.rule, severity: finding.severity, field: '', message: finding.message };
    }),
  );
}

/**
 * A file that the form made, with a fix made in it.
 *
 * @param key of a finding's fix, or `everyFix`
 * @returns undefined when there is no such fix any more, or when the form did not make the file
 */
export function correctedFile(
  { path, text }: Pick<FormDefinition, 'path' | 'text'>,
  key: string,
): string | undefined {
  const values = valuesOf(path, text);
  if (values === undefined || sameForm(path, text) === undefined) return undefined;
  const fixed = definitionOf(applyFix(values, key));
  return fixed.path === path && fixed.text !== text ? fixed.text : undefined;
}

/** The definition that the form makes of its own file; undefined when it is not its own. */
function sameForm(path: string, text: string): FormDefinition | undefined {
  const values = valuesOf(path, text);
  const definition = values && definitionOf(values);
  return definition?.path === path && definition.text === text ? definition : undefined;
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
function keyOf({ rule, pointer }: Pick<Finding, 'rule' | 'pointer'>): string {
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

/** Where the values of a file stand in the form; without lines, each value has its own. */
type FormPlaces = Pick<FormDefinition, 'scopes' | 'cut'> & {
  readonly lines: FormDefinition['lines'] | undefined;
};

function onForm(definition: FormPlaces) {
  return (finding: ReviewedFinding & Pick<Finding, 'fix'>): FieldFinding => {
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
  };
}

/** The field in which was written what stands at a pointer. */
function placeOf(
  { rule, pointer, message }: ReviewedFinding,
  { lines, scopes }: FormPlaces,
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
  const inForm = lines === undefined ? Number(index) + 1 : lines[exact.name]?.[Number(index)];
  const line = /^\d+$/.test(index) ? inForm : undefined;
  return { field: exact.name, line };
}
