/**
 * Compares a value with the definition's JSON Schema and gives every difference in terms that rules can put into
 * sentences. It walks the schema itself, so the two cannot drift apart (and a property test compares it with ajv).
 *
 * Only the keywords that the schema uses are known. `pattern` and `format` are left to the rules on meaning,
 * which are stricter and explain themselves better.
 */
import type { Cell } from '#domain/definition/cell';
import { childPointer } from '#domain/definition/parse/pointer';
import type { SchemaNode } from './schema-node.ts';
import { serviceProviderSchema } from './service-provider-schema.ts';

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

const root: SchemaNode = serviceProviderSchema;
/** Beyond this many items of a list that is too long anyway, the rest says nothing new. */
const maxItemsChecked = 60;

/** What the schema says at a place that is described by property names, `0` standing for any item. */
export function schemaAt(path: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const part of path)
    node = node?.items !== undefined && /^\d+$/.test(part) ? node.items : node?.properties?.[part];
  return node;
}

/** Length in characters (code points), as JSON Schema counts. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length++;
  return length;
}

/** Whether a value read from YAML is a mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isMapping(value);
  return typeof value === type;
}

/** Pointers are only put together where there is a difference. */
function compare(
  value: unknown,
  schema: SchemaNode,
  holder: string,
  key: string | number,
  problems: SchemaProblem[],
): void {
  if (schema.const !== undefined) {
    if (value !== schema.const) problems.push({ kind: 'version', pointer: childPointer(holder, key), value });
    return;
  }
  if (schema.enum !== undefined) {
    if (typeof value !== 'string' || !schema.enum.includes(value))
      problems.push({ kind: 'enum', pointer: childPointer(holder, key), allowed: schema.enum, value });
    return;
  }
  if (schema.type !== undefined && !hasType(value, schema.type)) {
    problems.push({
      kind: 'type',
      pointer: childPointer(holder, key),
      expected: schema.type as JsonType,
      value,
    });
    return;
  }
  if (typeof value === 'string') compareText(value, schema, holder, key, problems);
  else if (Array.isArray(value)) compareList(value, schema, childPointer(holder, key), problems);
  else if (isMapping(value)) compareMapping(value, schema, childPointer(holder, key), problems);
}

function compareList(
  value: readonly unknown[],
  { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items }: SchemaNode,
  pointer: string,
  problems: SchemaProblem[],
): void {
  const actual = value.length;
  if (actual < minItems)
    problems.push({ kind: 'length', pointer, limit: 'too-few', bound: minItems, actual });
  if (actual > maxItems)
    problems.push({ kind: 'length', pointer, limit: 'too-many', bound: maxItems, actual });
  if (items === undefined) return;
  const count = Math.min(actual, maxItemsChecked);
  for (let index = 0; index < count; index++) compare(value[index], items, pointer, index, problems);
}

function compareText(
  value: string,
  schema: SchemaNode,
  holder: string,
  key: string | number,
  problems: SchemaProblem[],
): void {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  if (value.length > maxLength) {
    const actual = lengthOf(value);
    if (actual > maxLength)
      problems.push({
        kind: 'length',
        pointer: childPointer(holder, key),
        limit: 'too-long',
        bound: maxLength,
        actual,
      });
  } else if (minLength > 0 && value.length < 2 * minLength) {
    const actual = value.trim() === '' ? 0 : lengthOf(value);
    if (actual < minLength)
      problems.push({
        kind: 'length',
        pointer: childPointer(holder, key),
        limit: 'too-short',
        bound: minLength,
        actual,
      });
  }
}

const knownProperties = new Map<SchemaNode, ReadonlyMap<string, SchemaNode>>();

/** Kept as a map: looking a key up in an object whose keys vary is slow. */
function propertiesOf(schema: SchemaNode): ReadonlyMap<string, SchemaNode> {
  let properties = knownProperties.get(schema);
  if (properties === undefined) {
    properties = new Map(Object.entries(schema.properties ?? {}));
    knownProperties.set(schema, properties);
  }
  return properties;
}

function compareMapping(
  value: Readonly<Record<string, unknown>>,
  schema: SchemaNode,
  pointer: string,
  problems: SchemaProblem[],
): void {
  const properties = propertiesOf(schema);
  for (const key of Object.keys(value)) {
    const property = properties.get(key);
    if (property === undefined)
      problems.push({ kind: 'unknown-key', pointer: childPointer(pointer, key), key, in: pointer });
    else compare(value[key], property, pointer, key, problems);
  }
  for (const key of schema.required ?? [])
    if (!Object.hasOwn(value, key)) problems.push({ kind: 'missing-key', pointer, key, because: 'always' });
}

/** What the schema asks of some cells only, read from its `allOf`. */
function compareConditions(
  value: Readonly<Record<string, unknown>>,
  cell: Partial<Cell>,
  problems: SchemaProblem[],
): void {
  for (const { because, applies, required, inner } of conditions) {
    if (!applies(cell)) continue;
    for (const key of required)
      if (!Object.hasOwn(value, key)) problems.push({ kind: 'missing-key', pointer: '', key, because });
    for (const [name, keys] of inner) {
      const held = value[name];
      if (!isMapping(held)) continue;
      for (const key of keys)
        if (!Object.hasOwn(held, key))
          problems.push({ kind: 'missing-key', pointer: childPointer('', name), key, because });
    }
  }
}

const conditions = serviceProviderSchema.allOf.map((condition) => {
  const asked: SchemaNode = condition.if;
  const then: SchemaNode = condition.then;
  const production = asked.properties?.environment !== undefined;
  return {
    because: production ? ('production' as const) : ('rie' as const),
    applies: (cell: Partial<Cell>) =>
      production ? cell.environment === 'production' : cell.network === 'rie',
    required: then.required ?? [],
    inner: Object.entries(then.properties ?? {}).map(
      ([name, nested]) => [name, nested.required ?? []] as const,
    ),
  };
});

/**
 * Every difference between a mapping and the schema.
 *
 * @param cell what the definition says of its cell when it says something known, else what its folder says
 */
export function checkSchema(
  value: Readonly<Record<string, unknown>>,
  cell: Partial<Cell>,
): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  compareMapping(value, root, '', problems);
  compareConditions(value, cell, problems);
  return problems;
}
