/** The request to the people who run a cell: everything to paste, in the order of ProConnect's admin form. */

import type { Language } from '#base/i18n/message';
import { codeBlock, codeSpan } from '#base/i18n/render';
import { translator, trusted } from '#base/i18n/translator';
import { pathFromPlace } from '#domain/definition/cell';
import { legalFormName } from '#domain/registry/legal-forms';
import en from '#templates/request.en.json' with { type: 'json' };
import fr from '#templates/request.fr.json' with { type: 'json' };
import type { Applicant } from './applicant.ts';
import { type FieldChange, type FieldValue, metadataChanges, metadataFields } from './client-metadata.ts';
import type { ConfirmedByWriter } from './confirmed-by-writer.ts';
import type { Action } from './plan.ts';
import type { ClientMetadata, ClientRef, ReportedMetadata } from './provider.ts';

export type RequestMessageKey = keyof typeof fr & keyof typeof en;

export function requestTranslator(language: Language) {
  return translator<RequestMessageKey>(language === 'fr' ? fr : en, language);
}

/** What people say by leaving the issue of a request open, or closing it. */
export type RequestState =
  | { readonly kind: 'open' }
  /**
   * Closed as completed, which nobody need have meant: GitHub does it to what a merged text names (« Linking a pull request to
   * an issue »), and names whoever merged. That something is done is only ever said by a command.
   */
  | { readonly kind: 'unsaid' }
  /** Closed as not planned, or as a duplicate, which only a person does. */
  | { readonly kind: 'declined'; readonly by: ConfirmedByWriter }
  /** The same by someone whose word it is not: who may not write there, or whom GitHub no longer names. */
  | { readonly kind: 'disputed'; readonly login?: string };

export interface RequestFacts {
  readonly client: ClientRef;
  readonly action: Action;
  readonly clientId?: string;
  /** What people confirmed last; undefined for a creation. */
  readonly before?: ReportedMetadata;
  /** Absent for a deletion. */
  readonly wanted?: ClientMetadata;
  /** Who asks; absent where the definition is gone. */
  readonly applicant?: Applicant;
}

export interface RequestText {
  readonly title: string;
  /** Markdown; the marker first. */
  readonly body: string;
}

/** By which the request of a client is found again. */
export function requestMarker(client: ClientRef): string {
  return `<!-- greffier:request ${client.cell}/${client.id} -->`;
}

/** By which the request for another secret is found again. */
export function renewalMarker(client: ClientRef): string {
  return `<!-- greffier:renewal ${client.cell}/${client.id} -->`;
}

/** The request for another secret: why, what to do in which order, and when it is done. */
export function renderRenewal(client: ClientRef, clientId: string, language: Language): RequestText {
  const t = requestTranslator(language);
  const place = `${client.cell}/${client.id}`;
  const parts = [
    renewalMarker(client),
    t('lead-renewal', { place, clientId }),
    t('renewal-order'),
    `### ${t('done-title')}`,
    t('done-renewal', { clientId: trusted(clientId) }),
    t('declined-renewal'),
  ];
  return { title: t('title-renewal', { place: trusted(place) }), body: `${parts.join('\n\n')}\n` };
}

export function renderRequest(facts: RequestFacts, language: Language): RequestText {
  const t = requestTranslator(language);
  const { client, action, wanted, clientId } = facts;
  const place = `${client.cell}/${client.id}`;
  const [network, environment] = client.cell.split('/');
  const definition = pathFromPlace({
    network: network === 'rie' ? 'rie' : 'internet',
    environment: environment === 'production' ? 'production' : 'integration',
    id: client.id,
  });
  const named = { cell: client.cell, definition, clientId: clientId ?? '' };
  const parts = [requestMarker(client), t(`lead-${action}`, named)];
  const everyField = action === 'create' || action === 'update' || action === 'revive';
  if (facts.applicant !== undefined && everyField) parts.push(applicantText(facts.applicant, language));
  if (wanted !== undefined && action === 'update' && facts.before !== undefined)
    parts.push(changesText(metadataChanges(facts.before, wanted, metadataFields), language));
  if (wanted !== undefined && everyField) parts.push(valuesText(wanted, language));
  if (wanted !== undefined && everyField && network === 'rie' && wanted.ip_addresses.length > 0)
    parts.push(`### ${t('network-title')}`, t('network'), codeBlock(wanted.ip_addresses));
  const done =
    action === 'create' ? t('done-create') : t('done-change', { clientId: trusted(clientId ?? '') });
  parts.push(`### ${t('done-title')}`, done, t('declined'), `_${t('alone')}_`);
  return { title: t(`title-${action}`, { place: trusted(place) }), body: `${parts.join('\n\n')}\n` };
}

/** What the paper form asks besides the client itself: a person decides by it, and pastes none of it. */
function applicantText({ definition, siret }: Applicant, language: Language): string {
  const t = requestTranslator(language);
  const unverified = trusted(t(siret?.ok === true ? 'applicant-unknown' : 'applicant-unverified'));
  const found = siret?.ok === true && siret.value.found ? siret.value : undefined;
  const code = found?.legalForm;
  const named = code === undefined ? undefined : legalFormName(code);
  const form = named === undefined ? code : trusted(named);
  const lines = [
    t('applicant-siret', { siret: definition.organization.siret }),
    t('applicant-name', { name: found === undefined ? unverified : found.legalName }),
    t('applicant-form', {
      form: found === undefined ? unverified : (form ?? trusted(t('applicant-formless'))),
    }),
    ...(definition.datapass === undefined
      ? []
      : [t('applicant-datapass', { datapass: definition.datapass })]),
    ...(definition.description === undefined
      ? []
      : [t('applicant-description', { description: definition.description })]),
    ...(definition.contacts.support === undefined
      ? []
      : [t('applicant-support', { support: definition.contacts.support })]),
    ...(definition.optional_scopes ?? []).map((asked) =>
      t('applicant-scope', { scope: asked.scope, justification: asked.justification }),
    ),
  ];
  return `### ${t('applicant-title')}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function changesText(changes: readonly FieldChange[], language: Language): string {
  const t = requestTranslator(language);
  const lines = changes.map((change) => {
    const values = { from: shown(change.from, language), to: shown(change.to, language) };
    return `- ${t('change', { field: trusted(t(`field-${change.field}`)), ...values })}`;
  });
  return `### ${t('changes')}\n\n${lines.join('\n')}`;
}

function shown(value: FieldValue | undefined, language: Language) {
  const t = requestTranslator(language);
  if (value === undefined) return trusted(t('nothing'));
  if (typeof value === 'boolean') return trusted(t(value ? 'yes' : 'no'));
  if (typeof value === 'string') return value;
  return value.length === 0 ? trusted(t('nothing')) : trusted(value.map(codeSpan).join(', '));
}

/** The order of the form: name, both lists, type, scopes, algorithms, collaborators. */
function valuesText(wanted: ClientMetadata, language: Language): string {
  const t = requestTranslator(language);
  const field = (key: RequestMessageKey, content: string): string => `**${t(key)}**\n\n${content}`;
  const list = (values: readonly string[]): string => (values.length === 0 ? t('empty') : codeBlock(values));
  const userinfo = wanted.userinfo_signed_response_alg;
  const parts = [
    `### ${t('values')}`,
    field('field-client_name', codeBlock([wanted.client_name])),
    field('field-redirect_uris', list(wanted.redirect_uris)),
    field('field-post_logout_redirect_uris', list(wanted.post_logout_redirect_uris)),
    field('field-private_sector', t(wanted.private_sector === true ? 'type-private' : 'type-public')),
    field('field-scopes', codeBlock([wanted.scopes.join(' ')])),
    field('field-id_token_signed_response_alg', codeBlock([wanted.id_token_signed_response_alg])),
    field(
      'field-userinfo_signed_response_alg',
      userinfo === 'none' ? t('field-userinfo-none') : codeBlock([userinfo]),
    ),
    field('field-contacts', codeBlock(wanted.contacts)),
  ];
  return parts.join('\n\n');
}
