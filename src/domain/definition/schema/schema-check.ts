/**
 * Compares a value with the structure that the schema asks for, and gives every difference in terms that rules can put
 * into sentences. ajv judges, by code that is generated from the schema; its errors are only translated here.
 */
import type { ErrorObject } from 'ajv';
import { codePointLength } from '#base/code-point-length';
import type { Cell } from '#domain/definition/cell';
import { childPointer, pointerParts } from '#domain/definition/parse/pointer';
import type { SchemaNode } from './schema-node.ts';
import { serviceProviderSchema } from './service-provider-schema.ts';
import * as generated from './validate-structure.generated.ts';

export type JsonType = 'string' | 'array' | 'object' | 'boolean';

/** One difference between a value and the schema. */
export type SchemaProblem =
  | { readonly kind: 'unknown-key'; readonly pointer: string; readonly key: string; readonly in: string }
  | {
      readonly kind: 'missing-key';
      /** The mapping that lacks it. */
      readonly pointer: string;
      readonly key: string;
      /** What asks for it: every definition, production or the RIE. */
      readonly because: 'always' | 'production' | 'rie';
    }
  | {
      readonly kind: 'type';
      readonly pointer: string;
      readonly expected: JsonType;
      readonly value: unknown;
    }
  | {
      readonly kind: 'enum';
      readonly pointer: string;
      readonly allowed: readonly string[];
      readonly value: unknown;
    }
  | { readonly kind: 'version'; readonly pointer: string; readonly value: unknown }
  | {
      readonly kind: 'length';
      readonly pointer: string;
      readonly limit: 'too-short' | 'too-long' | 'too-few' | 'too-many';
      readonly bound: number;
      readonly actual: number;
    };

interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly ErrorObject[] | null;
}

const {
  validateEvery,
  validateProduction,
  validateRie,
}: Readonly<Record<string, Validate>> & {
  readonly validateEvery: Validate;
  readonly validateProduction: Validate;
  readonly validateRie: Validate;
} = generated;

/** Beyond this many items of a list that is too long anyway, the rest says nothing new. */
const maxItemsChecked = 60;

/** What the schema says at a place that is described by property names, `0` standing for any item. */
export function schemaAt(path: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = serviceProviderSchema;
  for (const part of path)
    node = node?.items !== undefined && /^\d+$/.test(part) ? node.items : node?.properties?.[part];
  return node;
}

/** Whether a value read from YAML is a mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(root: unknown, pointer: string): unknown {
  let here: unknown = root;
  for (const part of pointerParts(pointer)) here = Reflect.get(here as object, part);
  return here;
}

/** ajv's error as a problem (ajv's documentation, "Error parameters"). */
function problemOf(
  { keyword, instancePath: pointer, params }: ErrorObject,
  root: unknown,
  because: 'always' | 'production' | 'rie',
): SchemaProblem {
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      return { kind: 'unknown-key', pointer: childPointer(pointer, key), key, in: pointer };
    }
    case 'required':
      return { kind: 'missing-key', pointer, key: String(params.missingProperty), because };
    case 'const':
      return { kind: 'version', pointer, value: valueAt(root, pointer) };
    case 'enum':
      return { kind: 'enum', pointer, allowed: params.allowedValues, value: valueAt(root, pointer) };
    case 'type':
      return { kind: 'type', pointer, expected: params.type, value: valueAt(root, pointer) };
    case 'minItems':
    case 'maxItems': {
      const limit = keyword === 'minItems' ? 'too-few' : 'too-many';
      const { length } = valueAt(root, pointer) as readonly unknown[];
      return { kind: 'length', pointer, limit, bound: params.limit, actual: length };
    }
    case 'minLength':
    case 'maxLength': {
      const limit = keyword === 'minLength' ? 'too-short' : 'too-long';
      const actual = codePointLength(valueAt(root, pointer) as string);
      return { kind: 'length', pointer, limit, bound: params.limit, actual };
    }
    // Nothing but spaces.
    case 'pattern': {
      const bound = schemaAt(pointerParts(pointer))?.minLength ?? 1;
      return { kind: 'length', pointer, limit: 'too-short', bound, actual: 0 };
    }
    default:
      throw new Error(`The schema has a keyword that no problem is made of: ${keyword}`);
  }
}

function problemsBy(
  validate: Validate,
  root: Readonly<Record<string, unknown>>,
  because: 'always' | 'production' | 'rie',
): readonly SchemaProblem[] {
  if (validate(root)) return [];
  const errors = validate.errors ?? [];
  const blank = new Set(
    errors.filter(({ keyword }) => keyword === 'pattern').map(({ instancePath }) => instancePath),
  );
  return errors
    .filter(({ keyword, instancePath }) => keyword !== 'minLength' || !blank.has(instancePath))
    .map((error) => problemOf(error, root, because));
}

/**
 * ajv tells in the order of the schema. People read from the top, and what is counted off further on (keys that are
 * interpreted, reports) must leave out what stands last. Keys that are missing follow what their mapping holds.
 */
function* inDocumentOrder(
  value: unknown,
  pointer: string,
  problems: ReadonlyMap<string, readonly SchemaProblem[]>,
): Generator<SchemaProblem> {
  const here = problems.get(pointer) ?? [];
  yield* here.filter(({ kind }) => kind !== 'missing-key');
  // Below a value that is none of what the schema describes, ajv does not look.
  if (here.some(({ kind }) => kind !== 'length' && kind !== 'missing-key')) return;
  if (Array.isArray(value))
    for (const [index, item] of value.slice(0, maxItemsChecked).entries())
      yield* inDocumentOrder(item, childPointer(pointer, index), problems);
  else if (isMapping(value))
    for (const key of Object.keys(value))
      yield* inDocumentOrder(value[key], childPointer(pointer, key), problems);
  yield* here.filter(({ kind }) => kind === 'missing-key');
}

/**
 * Every difference between a mapping and the schema.
 *
 * @param cell what the definition says of its cell when it says something known, else what its folder says
 */
export function checkSchema(
  value: Readonly<Record<string, unknown>>,
  cell: Partial<Cell>,
): readonly SchemaProblem[] {
  const found = problemsBy(validateEvery, value, 'always');
  const problems =
    found.length === 0
      ? found
      : [
          ...inDocumentOrder(
            value,
            '',
            Map.groupBy(found, ({ pointer }) => pointer),
          ),
        ];
  const asked = [
    ...(cell.environment === 'production' ? problemsBy(validateProduction, value, 'production') : []),
    ...(cell.network === 'rie' ? problemsBy(validateRie, value, 'rie') : []),
  ];
  // A mapping that is none was told of already.
  return asked.length === 0 ? problems : [...problems, ...asked.filter(({ kind }) => kind === 'missing-key')];
}
