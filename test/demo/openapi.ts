/** Holds what the local GitHub answers and sends against GitHub's own description of its API. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import type { ApiExchange } from '#demo/github/rest-api';

interface Operation {
  readonly requestBody?: { readonly content?: Record<string, { readonly schema?: unknown }> };
  readonly responses: Record<string, { readonly $ref?: string; readonly content?: Record<string, unknown> }>;
}

interface Description {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly 'x-webhooks': Record<string, { readonly post: Operation }>;
  readonly components: unknown;
}

const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
const description = JSON.parse(readFileSync(file, 'utf8')) as Description;

/** OpenAPI 3.0 says `nullable` where JSON Schema names the type `null`. */
function nullableToNull(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(nullableToNull);
  if (typeof node !== 'object' || node === null) return node;
  const schema = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, nullableToNull(value)]));
  if (schema.nullable !== true) return schema;
  const { nullable: _nullable, ...rest } = schema;
  return { anyOf: [rest, { type: 'null' }] };
}

const root = 'https://github.example/description.json';
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
ajv.addSchema({
  $id: root,
  ...Object.fromEntries(Object.entries(description).map(([key, value]) => [key, nullableToNull(value)])),
});
const compiled = new Map<string, ValidateFunction>();

function pointer(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
}

function problems(ref: string, value: unknown): string[] {
  const known = compiled.get(ref);
  const validate = known ?? ajv.compile({ $ref: `${root}#/${ref}` });
  compiled.set(ref, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? ''}`);
}

/** The names that GitHub's description gives to parameters that the local GitHub calls otherwise. */
function operationOf(exchange: ApiExchange): { path: string; operation: Operation } | undefined {
  const shape = (path: string) => path.replace(/\{[^}]+\}/g, '{}');
  const path = Object.keys(description.paths).find((one) => shape(one) === shape(exchange.template));
  const operation = path === undefined ? undefined : description.paths[path]?.[exchange.method.toLowerCase()];
  return path === undefined || operation === undefined ? undefined : { path, operation };
}

/**
 * Where the description contradicts GitHub itself: an account that would be a user and an enterprise at once; an App
 * that could not listen to `merge_group`.
 */
const mistaken = /^GET \/app\/installations → 200: answer: \/\d+\/account |\/performed_via_github_app/;

/** What is wrong with an exchange by GitHub's description: its request when it succeeded, and its answer. */
export function exchangeProblems(exchange: ApiExchange): string[] {
  const label = `${exchange.method} ${exchange.template} → ${exchange.status}`;
  // The root of contents has no route of its own in the description.
  if (exchange.template.endsWith('/contents') || exchange.template.endsWith('/tarball')) return [];
  const found = operationOf(exchange);
  if (found === undefined) return [`${label}: GitHub has no such route`];
  const { path, operation } = found;
  const at = ['paths', path, exchange.method.toLowerCase()];
  const said: string[] = [];
  if (exchange.status < 300 && operation.requestBody?.content?.['application/json']?.schema !== undefined) {
    const ref = pointer(...at, 'requestBody', 'content', 'application/json', 'schema');
    said.push(...problems(ref, exchange.requestBody ?? {}).map((one) => `request: ${one}`));
  }
  const response = operation.responses[String(exchange.status)];
  if (response === undefined) {
    // 401, 403 and 404 are not listed at every route, and answered by all.
    if (exchange.status < 400) said.push('GitHub does not answer with this status');
  } else if (response.content?.['application/json'] !== undefined && exchange.answerBody !== undefined) {
    const ref = pointer(...at, 'responses', String(exchange.status), 'content', 'application/json', 'schema');
    said.push(...problems(ref, exchange.answerBody).map((one) => `answer: ${one}`));
  }
  return said.map((one) => `${label}: ${one}`).filter((one) => !mistaken.test(one));
}

/** What is wrong with a webhook's payload by GitHub's description. */
export function webhookProblems(event: string, payload: Readonly<Record<string, unknown>>): string[] {
  const name = [event, payload.action]
    .filter((part) => typeof part === 'string')
    .join('-')
    .replaceAll('_', '-');
  if (description['x-webhooks'][name] === undefined) return [`${name}: GitHub has no such webhook`];
  const ref = pointer('x-webhooks', name, 'post', 'requestBody', 'content', 'application/json', 'schema');
  return problems(ref, payload)
    .map((one) => `${name}: ${one}`)
    .filter((one) => !mistaken.test(one));
}

interface Schema {
  readonly $ref?: string;
  readonly nullable?: boolean;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Every form that a value may have by a schema, references followed. */
function formsOf(schema: Schema): Schema[] {
  if (schema.$ref !== undefined) {
    const parts = schema.$ref.slice(2).split('/');
    const found = parts.reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], description);
    return formsOf(found as Schema);
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...inner.flatMap(formsOf)];
}

/** A field of an answer that GitHub need not give. Of lists only the first item is looked at (`0`). */
export interface LooseField {
  readonly path: readonly string[];
  readonly mayBeNull: boolean;
  readonly mayBeAbsent: boolean;
}

function looseFieldsOf(value: unknown, schemas: readonly Schema[], path: readonly string[]): LooseField[] {
  const forms = schemas.flatMap(formsOf);
  if (Array.isArray(value)) {
    const items = forms.flatMap(({ items: of }) => (of === undefined ? [] : [of]));
    return value.length === 0 ? [] : looseFieldsOf(value[0], items, [...path, '0']);
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    const holders = forms.filter(({ properties }) => properties?.[name] !== undefined);
    const schemasBelow = holders.flatMap(({ properties }) => properties?.[name] ?? []);
    const field = {
      path: [...path, name],
      mayBeNull: schemasBelow.flatMap(formsOf).some(({ nullable }) => nullable === true),
      mayBeAbsent: holders.some(({ required }) => !(required ?? []).includes(name)),
    };
    const own = field.mayBeNull || field.mayBeAbsent ? [field] : [];
    return [...own, ...looseFieldsOf(below, schemasBelow, field.path)];
  });
}

/** The fields of an answer that GitHub's description says may be null, or may be left out. */
export function looseFields(method: string, template: string, status: number, answer: unknown): LooseField[] {
  const found = operationOf({ method, template } as ApiExchange);
  const content = found?.operation.responses[String(status)]?.content?.['application/json'] as
    | { readonly schema?: Schema }
    | undefined;
  return content?.schema === undefined ? [] : looseFieldsOf(answer, [content.schema], []);
}
