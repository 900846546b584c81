/** What a person wrote into the form, the definition that it makes, and the other way round. */

import { environments, networks } from '#base/config/cells';
import { listedLines } from '#base/listed-lines';
import { idPattern, pathFromPlace, placeFromPath } from '#domain/definition/cell';
import { suggestedFileName } from '#domain/definition/file-name';
import { type FormAnswers, serializeLines } from '#domain/definition/fix/serialize';
import { Source } from '#domain/definition/parse/source';
import { askableScopes, decidedScopes, fields } from './fields.ts';

/**
 * By the names of the form's controls, as they were sent. A list has a value a line; a scope is `on` under
 * `optional_scopes.NAME`, with its reason under `optional_scopes.NAME.justification`; `id` may be empty.
 */
export type FormValues = Readonly<Record<string, string>>;

/** A definition as the form makes it, and where in the form each of its parts was written. */
export interface FormDefinition {
  readonly path: string;
  readonly text: string;
  /** Of each field of several lines, the line (from 1) of each value. */
  readonly lines: Readonly<Record<string, readonly number[]>>;
  /** In the order of the file. */
  readonly scopes: readonly string[];
  /** Lists with more values than are possible, of which only the first ones are in the text. */
  readonly cut: readonly string[];
}

const scopePrefix = 'optional_scopes.';
const reasonSuffix = '.justification';

/** The scopes whose boxes are ticked: those that the form shows first, in its order. */
export function tickedScopes(values: FormValues): readonly string[] {
  const ticked = Object.keys(values).flatMap((name) =>
    name.startsWith(scopePrefix) && !name.endsWith(reasonSuffix) && values[name] !== ''
      ? [name.slice(scopePrefix.length)]
      : [],
  );
  const shown = [...askableScopes, ...decidedScopes];
  return [
    ...shown.filter((scope) => ticked.includes(scope)),
    ...ticked.filter((scope) => !shown.includes(scope)),
  ];
}

/** The reason given for a scope: beside its box, or in its place. */
export function reasonFor(values: FormValues, scope: string): string {
  const beside = values[`${scopePrefix}${scope}${reasonSuffix}`];
  const box = values[`${scopePrefix}${scope}`] ?? '';
  return (beside ?? (box === 'on' ? '' : box)).trim();
}

/** Characters of an id, and of a name that suggests one, that are looked at: more than either may have. */
const longest = 300;

/** The id that was written, or the one that the name suggests. */
export function idOf(values: FormValues): string {
  const written = (values.id ?? '').trim().slice(0, longest);
  const name = (values.name ?? '').slice(0, longest);
  return written === '' ? suggestedFileName(name).replace(/\.yaml$/, '') : written;
}

/** One that can be a file's name, whatever was written. */
export function soundIdOf(values: FormValues): string {
  const id = idOf(values);
  return idPattern.test(id) ? id : suggestedFileName(id).replace(/\.yaml$/, '');
}

/** Writes the definition that the answers make, whether they are right or not. */
export function definitionOf(values: FormValues): FormDefinition {
  const lines: Record<string, readonly number[]> = {};
  const cut: string[] = [];
  const text = (name: string): string | undefined => {
    const value = (values[name] ?? '').trim();
    return value === '' ? undefined : value;
  };
  const list = (name: string, most = Number.POSITIVE_INFINITY): string[] => {
    const written = listedLines(values[name] ?? '')
      .map((value, index) => ({ value, line: index + 1 }))
      .filter(({ value }) => value !== '');
    if (written.length > most) cut.push(name);
    // One more than is possible is enough to say so.
    const kept = written.slice(0, most + 1);
    lines[name] = kept.map(({ line }) => line);
    return kept.map(({ value }) => value);
  };
  const most = (name: string) => fields.find((one) => one.name === name)?.most;
  const scopes = tickedScopes(values).slice(0, 60);
  const ipAddresses = list('ip_addresses', most('ip_addresses'));
  const owners = list('owners', 50);
  const siret = text('organization.siret');
  const support = text('contacts.support');
  const open = text('private_sector');
  const cell = cellOf(values);
  const answers = {
    version: 1,
    ...optional('name', text('name')),
    // What was not chosen is a finding of its own: the rest is judged as if it were the least that can be asked for.
    network: text('network') ?? cell.network,
    environment: text('environment') ?? cell.environment,
    ...optional('organization', siret === undefined ? undefined : { siret }),
    ...optional('datapass', text('datapass')),
    ...optional('description', text('description')),
    contacts: {
      technical: list('contacts.technical', most('contacts.technical')),
      ...optional('support', support),
    },
    redirect_uris: list('redirect_uris', most('redirect_uris')),
    post_logout_redirect_uris: list('post_logout_redirect_uris', most('post_logout_redirect_uris')),
    ...optional('id_token_signed_response_alg', text('id_token_signed_response_alg')),
    ...optional('userinfo_signed_response_alg', text('userinfo_signed_response_alg')),
    ...(scopes.length > 0 && {
      optional_scopes: scopes.map((scope) => ({ scope, justification: reasonFor(values, scope) })),
    }),
    ...(open === 'true' || open === 'false' ? { private_sector: open === 'true' } : {}),
    ...(ipAddresses.length > 0 && { ip_addresses: ipAddresses }),
    ...(owners.length > 0 && { owners }),
  };
  return {
    path: pathFromPlace({ ...cell, id: soundIdOf(values) }),
    // Whether a choice is one of the possible ones is for the rules to say.
    text: `${serializeLines(answers as FormAnswers).join('\n')}\n`,
    lines,
    scopes,
    cut,
  };
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in Name]?: Value };
}

function cellOf(values: FormValues) {
  const network = networks.find((known) => known === values.network?.trim()) ?? 'internet';
  const environment = environments.find((known) => known === values.environment?.trim()) ?? 'integration';
  return { network, environment };
}

/**
 * The values of the form that make a definition.
 *
 * @returns undefined when the text is no definition that could be read
 */
export function valuesOf(path: string, text: string): FormValues | undefined {
  const { loaded } = new Source({ path, bytes: new TextEncoder().encode(text) });
  if (!loaded.ok || !isMapping(loaded.value)) return undefined;
  const root = loaded.value;
  const values: Record<string, string> = { id: placeFromPath(path)?.id ?? '' };
  for (const { name, kind } of fields) {
    const value = name
      .split('.')
      .reduce<unknown>((parent, key) => (isMapping(parent) ? parent[key] : undefined), root);
    if (kind === 'scopes') Object.assign(values, scopeValues(value));
    else values[name] = Array.isArray(value) ? value.map(scalar).join('\n') : scalar(value);
  }
  const owners = root.owners;
  return Array.isArray(owners) && owners.length > 0
    ? { ...values, owners: owners.map(scalar).join('\n') }
    : values;
}

function scopeValues(value: unknown): Record<string, string> {
  const values: Record<string, string> = {};
  for (const item of Array.isArray(value) ? value : []) {
    if (!isMapping(item)) continue;
    const name = `${scopePrefix}${scalar(item.scope)}`;
    values[name] = 'on';
    values[`${name}${reasonSuffix}`] = scalar(item.justification);
  }
  return values;
}

function scalar(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
