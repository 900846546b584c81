/** The request to the people who run a cell: everything to paste, in the order of ProConnect's admin form. */

import type { Language } from '#base/i18n/message';
import { codeSpan, visible } from '#base/i18n/render';
import { speaker } from '#base/i18n/translator';
import { pathOf } from '#domain/definition/cell';
import { legalFormNamed } from '#domain/registry/legal-forms';
import en from '#templates/request.en.json' with { type: 'json' };
import fr from '#templates/request.fr.json' with { type: 'json' };
import type { Applicant } from './applicant.ts';
import { differences, type FieldChange, type FieldValue, fields } from './client-metadata.ts';
import type { Action } from './plan.ts';
import type { ClientMetadata, Subject } from './provider.ts';

export type RequestKey = keyof typeof fr & keyof typeof en;

export function requestWords(language: Language) {
  return speaker<RequestKey>(language === 'fr' ? fr : en, language);
}

export interface RequestFacts {
  readonly subject: Subject;
  readonly action: Action;
  readonly clientId?: string;
  /** What people confirmed last; undefined for a creation. */
  readonly before?: Partial<ClientMetadata>;
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
export function requestMarker(subject: Subject): string {
  return `<!-- greffier:request ${subject.cell}/${subject.id} -->`;
}

export function requestText(facts: RequestFacts, language: Language): RequestText {
  const say = requestWords(language);
  const { subject, action, wanted, clientId } = facts;
  const place = `${subject.cell}/${subject.id}`;
  const [network, environment] = subject.cell.split('/');
  const definition = pathOf({
    network: network === 'rie' ? 'rie' : 'internet',
    environment: environment === 'production' ? 'production' : 'integration',
    id: subject.id,
  });
  const named = { cell: subject.cell, definition, clientId: clientId ?? '' };
  const parts = [requestMarker(subject), say(`lead-${action}`, named)];
  const everyField = action === 'create' || action === 'update' || action === 'revive';
  if (facts.applicant !== undefined && everyField) parts.push(applicantText(facts.applicant, language));
  if (wanted !== undefined && action === 'update' && facts.before !== undefined)
    parts.push(changesText(differences(facts.before, wanted, fields), language));
  if (wanted !== undefined && everyField) parts.push(valuesText(wanted, language));
  if (wanted !== undefined && everyField && network === 'rie' && wanted.ip_addresses.length > 0)
    parts.push(`### ${say('network-title')}`, say('network'), codeBlock(wanted.ip_addresses));
  const done =
    action === 'create' ? say('done-create') : say('done-change', { clientId: ours(clientId ?? '') });
  parts.push(`### ${say('done-title')}`, done, say('declined'), `_${say('alone')}_`);
  return { title: say(`title-${action}`, { place: ours(place) }), body: `${parts.join('\n\n')}\n` };
}

/** What the paper form asks besides the client itself: a person decides by it, and pastes none of it. */
function applicantText({ definition, siret }: Applicant, language: Language): string {
  const say = requestWords(language);
  const unverified = ours(say(siret?.ok === true ? 'applicant-unknown' : 'applicant-unverified'));
  const found = siret?.ok === true && siret.value.found ? siret.value : undefined;
  const code = found?.legalForm;
  const named = code === undefined ? undefined : legalFormNamed(code);
  const form = named === undefined ? code : ours(named);
  const lines = [
    say('applicant-siret', { siret: definition.organization.siret }),
    say('applicant-name', { name: found === undefined ? unverified : found.legalName }),
    say('applicant-form', {
      form: found === undefined ? unverified : (form ?? ours(say('applicant-formless'))),
    }),
    ...(definition.datapass === undefined
      ? []
      : [say('applicant-datapass', { datapass: definition.datapass })]),
    ...(definition.description === undefined
      ? []
      : [say('applicant-description', { description: definition.description })]),
    ...(definition.contacts.support === undefined
      ? []
      : [say('applicant-support', { support: definition.contacts.support })]),
    ...(definition.optional_scopes ?? []).map((asked) =>
      say('applicant-scope', { scope: asked.scope, justification: asked.justification }),
    ),
  ];
  return `### ${say('applicant-title')}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function changesText(changes: readonly FieldChange[], language: Language): string {
  const say = requestWords(language);
  const lines = changes.map((change) => {
    const values = { from: shown(change.from, language), to: shown(change.to, language) };
    return `- ${say('change', { field: ours(say(`field-${change.field}`)), ...values })}`;
  });
  return `### ${say('changes')}\n\n${lines.join('\n')}`;
}

function shown(value: FieldValue | undefined, language: Language) {
  const say = requestWords(language);
  if (value === undefined) return ours(say('nothing'));
  if (typeof value === 'boolean') return ours(say(value ? 'yes' : 'no'));
  if (typeof value === 'string') return value;
  return value.length === 0 ? ours(say('nothing')) : ours(value.map(codeSpan).join(', '));
}

/** The order of the form: name, both lists, type, scopes, algorithms, collaborators. */
function valuesText(wanted: ClientMetadata, language: Language): string {
  const say = requestWords(language);
  const field = (key: RequestKey, content: string): string => `**${say(key)}**\n\n${content}`;
  const list = (values: readonly string[]): string =>
    values.length === 0 ? say('empty') : codeBlock(values);
  const userinfo = wanted.userinfo_signed_response_alg;
  const parts = [
    `### ${say('values')}`,
    field('field-client_name', codeBlock([wanted.client_name])),
    field('field-redirect_uris', list(wanted.redirect_uris)),
    field('field-post_logout_redirect_uris', list(wanted.post_logout_redirect_uris)),
    field('field-private_sector', say(wanted.private_sector === true ? 'type-private' : 'type-public')),
    field('field-scopes', codeBlock([wanted.scopes.join(' ')])),
    field('field-id_token_signed_response_alg', codeBlock([wanted.id_token_signed_response_alg])),
    field(
      'field-userinfo_signed_response_alg',
      userinfo === 'none' ? say('field-userinfo-none') : codeBlock([userinfo]),
    ),
    field('field-contacts', codeBlock(wanted.contacts)),
  ];
  return parts.join('\n\n');
}

/** A fenced block that its content cannot close (CommonMark §4.5). */
function codeBlock(lines: readonly string[]): string {
  const text = lines.map(visible).join('\n');
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function ours(text: string): { readonly ours: string } {
  return { ours: text };
}
