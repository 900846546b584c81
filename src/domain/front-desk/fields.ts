/**
 * The fields of the form: their names are the keys of a definition, with dots; what each takes and how much of it comes
 * from the definition's schema. Only their order is written here, that of the paper form.
 */
import { optionalScopes, restrictedScopes } from '#domain/definition/rules/scope/known-scopes';
import type { SchemaNode } from '#domain/definition/schema/schema-node';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';

/** `text`: a line; `lines`: one value a line; `choice`: one of several; `boolean`: yes or no; `scopes`: boxes. */
export type FieldKind = 'text' | 'lines' | 'choice' | 'boolean' | 'scopes';

/** Where a field must be answered. */
export type Needed = 'always' | 'production' | 'rie' | 'never';

export interface Field {
  readonly name: FieldName;
  readonly kind: FieldKind;
  readonly needed: Needed;
  /** Of a choice, in the order of the schema. */
  readonly choices: readonly string[];
  /** Characters of a text; values of a list. */
  readonly most: number | undefined;
}

/** Each section of the form with its fields, in the order of the paper form. */
const layout = [
  { name: 'establishment', fields: ['organization.siret'] },
  { name: 'service', fields: ['name', 'network', 'environment', 'datapass', 'description'] },
  {
    name: 'configuration',
    fields: [
      'redirect_uris',
      'post_logout_redirect_uris',
      'ip_addresses',
      'id_token_signed_response_alg',
      'userinfo_signed_response_alg',
      'optional_scopes',
      'private_sector',
      'contacts.support',
    ],
  },
  { name: 'keys', fields: ['contacts.technical'] },
] as const;

export type SectionName = (typeof layout)[number]['name'];
export type FieldName = (typeof layout)[number]['fields'][number];

export interface Section {
  readonly name: SectionName;
  readonly fields: readonly Field[];
}

const schema: SchemaNode = serviceProviderSchema;
const [ofProduction, ofRie] = serviceProviderSchema.allOf;

/** Keys that the form does not ask: the same in every file, or meaningless to those who do not use Git. */
export const unaskedKeys = ['version', 'owners'] as const;

function nodeOf(name: string): SchemaNode {
  const node = name
    .split('.')
    .reduce<SchemaNode | undefined>((parent, key) => parent?.properties?.[key], schema);
  if (node === undefined) throw new Error(`The schema has no ${name}`);
  return node;
}

function kindOf(node: SchemaNode): FieldKind {
  if (node.enum !== undefined) return 'choice';
  if (node.type === 'boolean') return 'boolean';
  if (node.type !== 'array') return 'text';
  return node.items?.type === 'object' ? 'scopes' : 'lines';
}

function neededWhere(name: string): Needed {
  const [first = '', second] = name.split('.');
  const inside = second === undefined ? first : second;
  const asks = (node: SchemaNode): boolean =>
    second === undefined
      ? node.required?.includes(first) === true
      : node.properties?.[first]?.required?.includes(inside) === true;
  // An empty list says that there is none.
  if (name === 'post_logout_redirect_uris') return 'never';
  if (asks(schema)) return 'always';
  if (asks(ofProduction.then as SchemaNode)) return 'production';
  return asks(ofRie.then as SchemaNode) ? 'rie' : 'never';
}

function fieldOf(name: FieldName): Field {
  const node = nodeOf(name);
  return {
    name,
    kind: kindOf(node),
    needed: neededWhere(name),
    choices: node.enum ?? [],
    most: node.maxLength ?? node.maxItems,
  };
}

export const sections: readonly Section[] = layout.map(({ name, fields }) => ({
  name,
  fields: fields.map(fieldOf),
}));

export const fields: readonly Field[] = sections.flatMap((section) => section.fields);

/** The field of a name. @throws when there is none: a bug */
export function field(name: string): Field {
  const found = fields.find((one) => one.name === name);
  if (found === undefined) throw new Error(`No field ${name}`);
  return found;
}

/** The scopes that can be asked for; of the second list, a reviewer decides. */
export const askableScopes: readonly string[] = [...optionalScopes];
export const decidedScopes: readonly string[] = [...restrictedScopes];
