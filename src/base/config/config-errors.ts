/** What the schema finds wrong with a configuration, in words that say what may be written. */
import type { ErrorObject } from 'ajv';
import { providerKinds } from '#base/config/cells';
import type { Message } from '#base/i18n/message';
import { cellSchema } from './config-schema.ts';
import { startupError } from './startup-errors.ts';

/** The kind of provider that each alternative of a cell describes. */
const alternatives: readonly string[] = cellSchema.oneOf.map(({ properties }) => properties.provider.const);

/** Of the alternatives for a cell, only what the chosen provider asks for is worth saying. */
export function relevantErrors(errors: readonly ErrorObject[], raw: unknown): readonly ErrorObject[] {
  const chosen = errors.filter((error) => {
    if (error.keyword === 'oneOf') return false;
    const alternative = /\/oneOf\/(\d)\//.exec(error.schemaPath)?.[1];
    if (alternative === undefined) return true;
    const [, , cell = ''] = error.instancePath.split('/').map(unescapePointer);
    const cells = (raw as { cells?: Record<string, { provider?: unknown }> }).cells;
    const provider = cells?.[cell]?.provider;
    const known = alternatives.indexOf(String(provider));
    return known === -1 ? error.keyword === 'const' && alternative === '0' : known === Number(alternative);
  });
  return chosen.length > 0 ? chosen : errors.slice(0, 1);
}

/**
 * @param path how the file is named to the operator
 * @param lineOf the line (from 1) of a value, or of what it would stand in
 */
export function errorMessage(
  error: ErrorObject,
  path: string,
  lineOf: (pointer: readonly string[]) => number,
): Message {
  const pointer = error.instancePath.split('/').slice(1).map(unescapePointer);
  const key = (last: string): string => [...pointer, last].join('.');
  const line = lineOf(pointer);
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(error.params.additionalProperty);
      const choices = Object.keys((error.parentSchema?.properties ?? {}) as object);
      return startupError('config-unknown', {
        path,
        line: lineOf([...pointer, name]),
        key: key(name),
        choices,
      });
    }
    case 'required':
      return startupError('config-missing', { path, line, key: key(String(error.params.missingProperty)) });
    default: {
      if (pointer.length === 0) return startupError('config-root', { path, line });
      const { message, ...values } = expectationOf(error);
      return startupError(message, { path, line, key: pointer.join('.'), ...values });
    }
  }
}

type Expectation =
  | { readonly message: 'config-choice'; readonly choices: readonly string[] }
  | { readonly message: 'config-example'; readonly examples: readonly string[] }
  | { readonly message: 'config-empty' | 'config-text' | 'config-fields' | 'config-list' | 'config-twice' };

/** What may be written, without the value that was found: it may be a secret. */
function expectationOf({ keyword, instancePath, params, parentSchema }: ErrorObject): Expectation {
  const { const: only, examples = [] } = (parentSchema ?? {}) as { const?: unknown; examples?: string[] };
  if (keyword === 'const' && instancePath.endsWith('/provider'))
    return { message: 'config-choice', choices: providerKinds };
  if (only !== undefined) return { message: 'config-choice', choices: [String(only)] };
  if (keyword === 'minLength') return { message: 'config-empty' };
  if (keyword === 'uniqueItems') return { message: 'config-twice' };
  if (examples.length > 0) return { message: 'config-example', examples };
  if (params.type === 'boolean') return { message: 'config-choice', choices: ['true', 'false'] };
  if (params.type === 'array') return { message: 'config-list' };
  return { message: params.type === 'object' ? 'config-fields' : 'config-text' };
}

/** JSON Pointer's escapes (RFC 6901 §4). */
function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** As one reads the file; each thing once. */
export function inOrder(errors: readonly Message[]): readonly Message[] {
  const lineOf = ({ values }: Message) => Number(values.line);
  const once = new Map(errors.map((error) => [JSON.stringify(error), error]));
  return [...once.values()].sort((one, other) => lineOf(one) - lineOf(other));
}
