/**
 * What of the definition's schema is judged as its structure: keys, types, closed sets, lengths. Patterns and doubles are
 * left to the rules on meaning, which are stricter and explain themselves better. `npm run generate` has ajv make code
 * of these schemas (`validate-structure.generated.ts`).
 */
import type { SchemaNode } from './schema-node.ts';
import { serviceProviderSchema } from './service-provider-schema.ts';

/** A text that is asked for is not answered with a few spaces: fewer than twice what is asked for. */
const notBlank = (minLength: number) => ({ pattern: `\\S|^\\s{${2 * minLength}}` });

function structureOf(node: SchemaNode): Record<string, unknown> {
  const { type, const: constant, enum: values, required, properties, items } = node;
  const { minItems, maxItems, minLength, maxLength } = node;
  return {
    ...(constant !== undefined && { const: constant }),
    ...(values !== undefined && { enum: values }),
    ...(type !== undefined && { type }),
    ...(required !== undefined && { required }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, structureOf(property)]),
      ),
      additionalProperties: false,
    }),
    ...(items !== undefined && { items: structureOf(items) }),
    ...(minItems !== undefined && { minItems }),
    ...(maxItems !== undefined && { maxItems }),
    ...(minLength !== undefined && { minLength, ...notBlank(minLength) }),
    ...(maxLength !== undefined && { maxLength }),
  };
}

/** The keys that a condition asks for besides, at the root and one level below. */
function requiredKeys({ required, properties }: SchemaNode): Record<string, unknown> {
  return {
    type: 'object',
    ...(required !== undefined && { required }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).flatMap(([name, { required: keys }]) =>
          keys === undefined ? [] : [[name, { type: 'object', required: keys }]],
        ),
      ),
    }),
  };
}

function conditionOn(property: 'environment' | 'network'): SchemaNode {
  const condition = serviceProviderSchema.allOf.find((one) => Object.hasOwn(one.if.properties, property));
  if (condition === undefined) throw new Error(`The schema asks nothing more by ${property}`);
  return condition.then;
}

/** By the name of the function that judges it: every definition, and what production and the RIE ask for besides. */
export const structureSchemas = {
  validateEvery: structureOf(serviceProviderSchema),
  validateProduction: requiredKeys(conditionOn('environment')),
  validateRie: requiredKeys(conditionOn('network')),
} as const;
