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
