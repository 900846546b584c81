/** What a definition asks of its client, and how one state of a client is compared with another. */
import type { ProviderKind } from '#base/config/cells';
import { defaultScopes } from '#domain/definition/rules/scope/known-scopes';
import type { DesiredClient } from '#domain/registry/registry';
import type { ClientMetadata, MetadataField, ReportedMetadata } from './provider.ts';

/** Every field, in the order in which people are shown them. */
export const metadataFields: readonly MetadataField[] = [
  'client_name',
  'redirect_uris',
  'post_logout_redirect_uris',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'scopes',
  'private_sector',
  'ip_addresses',
  'contacts',
  'active',
];

function allFieldsExcept(...left: readonly MetadataField[]): readonly MetadataField[] {
  return metadataFields.filter((field) => !left.includes(field));
}

/** The fields that each kind of provider can set, and report again. */
export const governedFields: Readonly<Record<ProviderKind, readonly MetadataField[]>> = {
  proconnect: allFieldsExcept('scopes', 'private_sector', 'ip_addresses'),
  registration: allFieldsExcept('private_sector', 'ip_addresses'),
  manual: metadataFields,
};

export type FieldValue = string | boolean | readonly string[];

/** The client that a definition describes: active, names composed (NFC), lists in one order and without duplicates. */
export function wantedMetadata(desired: DesiredClient): ClientMetadata {
  const { definition } = desired;
  const optional = (definition.optional_scopes ?? []).map((entry) => entry.scope);
  return {
    client_name: definition.name.normalize('NFC'),
    redirect_uris: sortedUnique(definition.redirect_uris),
    post_logout_redirect_uris: sortedUnique(definition.post_logout_redirect_uris),
    id_token_signed_response_alg: definition.id_token_signed_response_alg,
    userinfo_signed_response_alg: definition.userinfo_signed_response_alg,
    scopes: sortedUnique([...defaultScopes, ...optional]),
    contacts: sortedUnique(definition.contacts.technical.map((contact) => contact.toLowerCase())),
    ...(definition.private_sector === undefined ? {} : { private_sector: definition.private_sector }),
    ip_addresses: sortedUnique(definition.ip_addresses ?? []),
    active: true,
  };
}

/**
 * The fields without which nobody can sign in, or is let in whom nobody wanted: a client that differs there is not what
 * was asked for. What else a provider makes of a wish is lawful (RFC 7591 §3.2.1), and told.
 */
export const essentialFields: ReadonlySet<MetadataField> = new Set([
  'redirect_uris',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'active',
]);

/** Whether two states of a client are the same, whatever the order of their keys and lists. */
export function sameReport(one: ReportedMetadata, other: ReportedMetadata): boolean {
  return metadataFields.every((field) => sameFieldValue(one[field], other[field]));
}

/** The same members, once each, in code unit order. */
export function sortedUnique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function isList(value: FieldValue): value is readonly string[] {
  return typeof value === 'object';
}

/** Whether two values of a field mean the same: lists are sets. */
export function sameFieldValue(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (isList(one) && isList(other)) return sortedUnique(one).join('\n') === sortedUnique(other).join('\n');
  return one === other;
}

export function sameMetadata(one: ClientMetadata, other: ClientMetadata): boolean {
  return metadataFields.every((field) => sameFieldValue(one[field], other[field]));
}

/** One field that differs. `from` is absent when nothing was there, `to` when nothing is wanted. */
export interface FieldChange {
  readonly field: MetadataField;
  readonly from?: FieldValue;
  readonly to?: FieldValue;
}

/**
 * The fields among `governed` whose value differs. A field that the provider does not report is taken as it
 * should be: what cannot be read cannot be compared.
 */
export function metadataChanges(
  actual: ReportedMetadata,
  wanted: ClientMetadata,
  governed: readonly MetadataField[],
): readonly FieldChange[] {
  return metadataFields
    .filter((field) => governed.includes(field) && actual[field] !== undefined)
    .filter((field) => !sameFieldValue(actual[field], wanted[field]))
    .map((field) => changeOf(field, actual[field], wanted[field]));
}

/** Every governed field of a client that does not exist yet. */
export function creationChanges(
  wanted: ClientMetadata,
  governed: readonly MetadataField[],
): readonly FieldChange[] {
  return metadataFields
    .filter((field) => field !== 'active' && governed.includes(field) && wanted[field] !== undefined)
    .map((field) => changeOf(field, undefined, wanted[field]));
}

/**
 * What the definition asks for and the provider cannot set, so that a person has to: scopes beyond the default
 * ones, whether private-sector staff may sign in, the addresses to be let through.
 */
export function changesLeftToPeople(
  wanted: ClientMetadata,
  governed: readonly MetadataField[],
): readonly FieldChange[] {
  const left: FieldChange[] = [];
  const extra = wanted.scopes.filter((scope) => !defaultScopes.has(scope));
  if (!governed.includes('scopes') && extra.length > 0) left.push({ field: 'scopes', to: extra });
  if (!governed.includes('private_sector') && wanted.private_sector !== undefined)
    left.push({ field: 'private_sector', to: wanted.private_sector });
  if (!governed.includes('ip_addresses') && wanted.ip_addresses.length > 0)
    left.push({ field: 'ip_addresses', to: wanted.ip_addresses });
  return left;
}

function changeOf(
  field: MetadataField,
  from: FieldValue | undefined,
  to: FieldValue | undefined,
): FieldChange {
  return {
    field,
    ...(from === undefined ? {} : { from: ordered(from) }),
    ...(to === undefined ? {} : { to: ordered(to) }),
  };
}

function ordered(value: FieldValue): FieldValue {
  return isList(value) ? sortedUnique(value) : value;
}
