/** The outcome of a merged pull request: its comment, without any secret. Pure. */

import type { CellName, ProviderKind } from '#base/config/cells';
import { defined } from '#base/defined';
import { formatDay } from '#base/i18n/dates';
import type { Language, Message } from '#base/i18n/message';
import { codeSpan, fullCodeSpan, type Quote } from '#base/i18n/render';
import { translator, trusted } from '#base/i18n/translator';
import { urlPart } from '#base/url-part';
import { cellName, definitionsFolder } from '#domain/definition/cell';
import { type Freeze, onDay } from '#domain/registry/freeze';
import hosts from '#templates/proconnect-hosts.json' with { type: 'json' };
import en from '#templates/provisioning.en.json' with { type: 'json' };
import fr from '#templates/provisioning.fr.json' with { type: 'json' };
import type { StopReason } from './approval-gate.ts';
import { type FieldChange, type FieldValue, metadataFields } from './client-metadata.ts';
import { openidConfigurationUrl } from './issuer.ts';
import type { FormerClient } from './ledger.ts';
import { requestTranslator } from './manual-request.ts';
import { translateProvisioning } from './messages.ts';
import type { Step } from './plan.ts';
import {
  type ClientMetadata,
  handsKeysOver,
  type MetadataField,
  type ProbeResult,
  type ReportedMetadata,
} from './provider.ts';

export type OutcomeMessageKey = keyof typeof fr & keyof typeof en;

export function outcomeTranslator(language: Language, quote: Quote = codeSpan) {
  return translator<OutcomeMessageKey>(language === 'fr' ? fr : en, language, quote);
}

/** The first line of the comment on the merged pull request, by which it is found again. */
export const provisioningMarker = '<!-- greffier:provisioning -->';

export type OutcomeState =
  | 'created'
  | 'updated'
  | 'revived'
  | 'deactivated'
  | 'deleted'
  | 'unchanged'
  | 'requested'
  | 'declined'
  | 'failed'
  | 'retrying'
  | 'stopped'
  | 'guarded'
  | 'held'
  | 'frozen'
  | 'lost'
  | 'unserved';

/** What the operator's configuration says of a cell. */
export interface CellInfo {
  readonly provider: ProviderKind;
  readonly issuer?: string;
  readonly portal?: string;
  /** How applications show their secret at `/token`. */
  readonly method: string;
}

export interface ClientOutcome {
  readonly cell: CellName;
  readonly id: string;
  readonly state: OutcomeState;
  readonly cellInfo?: CellInfo;
  readonly clientId?: string;
  readonly handle?: string;
  readonly metadata?: ClientMetadata;
  readonly granted?: readonly string[];
  readonly left?: readonly FieldChange[];
  /** What the provider made in its own way of what it was asked for, as it has it. */
  readonly differing?: ReportedMetadata;
  /** What it says nothing of. */
  readonly untold?: readonly MetadataField[];
  readonly probes?: readonly { readonly uri: string; readonly answer: ProbeResult }[];
  /** Where the issue is to be seen, when it is in the registry itself. */
  readonly issue?: number;
  /** What would be done, when it was stopped. */
  readonly step?: Step;
  /** Why it was. */
  readonly stopped?: StopReason;
  readonly message?: Message;
  /** Why it is held, as Markdown: what a lookup found. */
  readonly detail?: string;
  readonly unmanageable?: boolean;
  /** Until when nothing is done in its cell, and why. */
  readonly freeze?: Freeze;
  /** When a deactivated client is deleted, ISO 8601. */
  readonly deletion?: string;
  /** The client that this one replaces, or is to replace; `days` after its keys were read, where that is known, it is closed. */
  readonly former?: Pick<FormerClient, 'clientId' | 'revoked' | 'failure'> & { readonly days?: number };
  /** The issue of the registry in which people were asked for another secret. */
  readonly renewal?: number;
  /** The last mail about it has not left: it waits, or was refused for good. */
  readonly mail?: 'waiting' | 'failed';
}

export interface OutcomeFacts {
  readonly commit: string;
  readonly clients: readonly ClientOutcome[];
}

const stateIcons: Readonly<Record<OutcomeState, string>> = {
  created: '✅',
  updated: '✅',
  revived: '✅',
  deactivated: '✅',
  deleted: '✅',
  unchanged: '✅',
  requested: '⏳',
  declined: '⛔',
  failed: '❌',
  retrying: '⏳',
  stopped: '✋',
  guarded: '✋',
  held: '⏳',
  frozen: '⏸️',
  lost: '❌',
  unserved: 'ℹ️',
};

/** Characters; GitHub takes 65,536 a comment or issue. What goes beyond is named only, then counted. */
const maxDetailedLength = 40_000;
const maxNamedLength = 60_000;

export function renderOutcomeComment(facts: OutcomeFacts, language: Language): string {
  const t = outcomeTranslator(language);
  const parts = [provisioningMarker, `### ${t('title', { commit: facts.commit.slice(0, 12) })}`];
  let length = parts.join('\n\n').length;
  let left = 0;
  for (const client of facts.clients) {
    const whole = clientText(client, language);
    const part = length + whole.length > maxDetailedLength ? heading(client, language) : whole;
    if (length + part.length > maxNamedLength) left += 1;
    else parts.push(part);
    length += part.length + 2;
  }
  if (left > 0) parts.push(t('others', { count: left }));
  return `${parts.join('\n\n')}\n\n`;
}

/** Paragraphs, as many as one issue can hold; the others are counted. */
export function limitParagraphs(paragraphs: readonly string[], language: Language): readonly string[] {
  let length = 0;
  const kept = paragraphs.filter((paragraph) => {
    length += paragraph.length + 2;
    return length <= maxDetailedLength;
  });
  const left = paragraphs.length - kept.length;
  return left === 0 ? kept : [...kept, outcomeTranslator(language)('others', { count: left })];
}

function heading(client: ClientOutcome, language: Language): string {
  const t = outcomeTranslator(language);
  return `${stateIcons[client.state]} **${codeSpan(`${client.cell}/${client.id}`)}** : ${t(client.state)}`;
}

function clientText(client: ClientOutcome, language: Language): string {
  const lines = [...problemLines(client, language), ...factLines(client, language)];
  const next = nextLines(client, language);
  const details =
    next.length === 0
      ? []
      : [
          `<details><summary>${outcomeTranslator(language)('next')}</summary>\n\n${next.map((line) => `- ${line}`).join('\n')}\n\n</details>`,
        ];
  return [
    heading(client, language),
    ...(lines.length === 0 ? [] : [lines.map(bullet).join('\n')]),
    ...details,
  ].join('\n\n');
}

function bullet(line: string): string {
  return line.startsWith('  ') ? line : `- ${line}`;
}

function problemLines(client: ClientOutcome, language: Language): readonly string[] {
  const t = outcomeTranslator(language);
  const { state, message, step } = client;
  const lines: string[] = [];
  if (message !== undefined) lines.push(translateProvisioning(message, language, codeSpan));
  if (state === 'stopped' && step !== undefined)
    lines.push(...stoppedLines(step, client.stopped ?? 'unknown', language));
  if (state === 'guarded') lines.push(t('guarded-more'));
  if (state === 'held' && message === undefined)
    lines.push(
      client.detail === undefined ? t('held-invalid') : t('held-outside', { detail: trusted(client.detail) }),
    );
  if (state === 'frozen' && client.freeze !== undefined) lines.push(frozenText(client.freeze, language));
  if (state === 'unserved') lines.push(t('unserved-more'));
  if (state === 'requested')
    lines.push(
      client.issue === undefined
        ? t('request-elsewhere')
        : t('request', { issue: trusted(`#${client.issue}`) }),
    );
  if (state === 'declined')
    lines.push(t('declined-more', { issue: trusted(client.issue === undefined ? '' : `#${client.issue}`) }));
  if (client.unmanageable === true) lines.push(t('unmanageable'));
  if (client.mail !== undefined) lines.push(t(`mail-${client.mail}`));
  return lines;
}

/** Until when nothing is done in a cell, and why. Markdown. */
function frozenText({ until, reason }: Freeze, language: Language): string {
  const t = outcomeTranslator(language);
  return until === undefined
    ? t('frozen-unread')
    : t('frozen-more', { day: trusted(formatDay(language, onDay(until))), reason });
}

/** Why a step waits, what it would do, and who lets it go on. */
export function stoppedLines(step: Step, reason: StopReason, language: Language): string[] {
  const t = outcomeTranslator(language);
  return [
    `${t(`stopped-${reason}`)} ${t(`action-${step.action}`)}`,
    ...step.changes.map((change) => `  - ${changeLine(change, language)}`),
    t('stopped-confirm', { digest: trusted(step.digest) }),
  ];
}

/** One field that differs, as people read it. */
export function changeLine(change: FieldChange, language: Language, quote: Quote = codeSpan): string {
  const t = outcomeTranslator(language, quote);
  const field = requestTranslator(language)(`field-${change.field}`);
  return t('change', {
    field: trusted(field),
    from: shown(change.from, language),
    to: shown(change.to, language),
  });
}

function shown(value: FieldValue | undefined, language: Language) {
  if (value === undefined || (typeof value === 'object' && value.length === 0))
    return trusted(outcomeTranslator(language)('nothing'));
  if (typeof value === 'boolean') return trusted(requestTranslator(language)(value ? 'yes' : 'no'));
  return value;
}

/** URLs of a list that are shown whole: with the longest ones, still fewer characters than a comment holds. */
const maxUris = 10;

const liveStates: readonly OutcomeState[] = ['created', 'updated', 'revived', 'unchanged'];

function factLines(client: ClientOutcome, language: Language): readonly string[] {
  const t = outcomeTranslator(language);
  const { clientId, metadata, cellInfo: card, state } = client;
  const lines: string[] = [];
  if (clientId !== undefined) lines.push(t('client-id', { clientId }));
  lines.push(...formerLines(client, language));
  if (client.deletion !== undefined && state === 'deactivated')
    lines.push(t('removal', { date: trusted(formatDay(language, new Date(client.deletion))) }));
  if (!liveStates.includes(state) || metadata === undefined || card === undefined) return lines;
  if (card.issuer !== undefined) lines.push(t('discovery', { url: openidConfigurationUrl(card.issuer) }));
  lines.push(t('method', { method: card.method }));
  const userinfo = metadata.userinfo_signed_response_alg;
  lines.push(
    t('algorithms', {
      idToken: metadata.id_token_signed_response_alg,
      userinfo: userinfo === 'none' ? trusted(t('userinfo-plain')) : userinfo,
    }),
  );
  lines.push(t('scopes', { scopes: trusted(spans(client.granted ?? grantedBy(client, metadata))) }));
  lines.push(t('redirect-uris'));
  for (const uri of metadata.redirect_uris.slice(0, maxUris)) {
    const encoded = trusted(fullCodeSpan(urlPart(uri)));
    lines.push(`  - ${t('redirect-uri', { uri: trusted(fullCodeSpan(uri)), encoded })}`);
    const probe = client.probes?.find((one) => one.uri === uri)?.answer;
    if (probe !== undefined) lines.push(`    ${probeLine(probe, language)}`);
  }
  const omitted = metadata.redirect_uris.length - maxUris;
  if (omitted > 0) lines.push(`  - ${t('others', { count: omitted })}`);
  const logouts = metadata.post_logout_redirect_uris;
  if (logouts.length > 0) {
    const rest = logouts.length > maxUris ? ` (+${logouts.length - maxUris})` : '';
    const shown = logouts.slice(0, maxUris).map(fullCodeSpan).join(', ');
    lines.push(t('logout-uris', { uris: trusted(`${shown}${rest}`) }));
  }
  lines.push(...differenceLines(client, metadata, language));
  const left = client.left ?? [];
  if (left.length > 0)
    lines.push(t('left', { fields: trusted(left.map((change) => leftText(change, language)).join(', ')) }));
  return lines;
}

/** What becomes of the client that was replaced. */
function formerLines({ former, renewal }: ClientOutcome, language: Language): readonly string[] {
  const t = outcomeTranslator(language);
  const lines = renewal === undefined ? [] : [t('renewal', { issue: trusted(`#${renewal}`) })];
  if (former === undefined) return lines;
  const { clientId, revoked, failure, days } = former;
  if (revoked === true) lines.push(t('former-revoked', { former: clientId }));
  else if (days === undefined) lines.push(t('former-portal', { former: clientId }));
  else lines.push(t('former-link', { former: clientId, days }));
  if (failure !== undefined)
    lines.push(t('former-failed', { reason: trusted(translateProvisioning(failure, language, codeSpan)) }));
  return lines;
}

/** What an application finds otherwise than its definition says. */
function differenceLines(
  { differing = {}, untold = [] }: ClientOutcome,
  metadata: ClientMetadata,
  language: Language,
): readonly string[] {
  const t = outcomeTranslator(language);
  const name = requestTranslator(language);
  const fields = metadataFields.filter((field) => differing[field] !== undefined);
  const changes = fields.map((field) => {
    const change = defined({ field, from: metadata[field], to: differing[field] });
    return `  - ${changeLine(change, language)}`;
  });
  return [
    ...(changes.length === 0 ? [] : [t('differs'), ...changes]),
    ...(untold.length === 0
      ? []
      : [t('untold', { fields: trusted(untold.map((field) => name(`field-${field}`)).join(', ')) })]),
  ];
}

/** Where the provider cannot set scopes, those that a person has yet to tick are not granted. */
function grantedBy(client: ClientOutcome, metadata: ClientMetadata): readonly string[] {
  const missing = client.left?.find((change) => change.field === 'scopes')?.to;
  const pending = typeof missing === 'object' ? missing : [];
  return metadata.scopes.filter((scope) => !pending.includes(scope));
}

function leftText(change: FieldChange, language: Language): string {
  const t = outcomeTranslator(language);
  if (change.field === 'private_sector')
    return t(change.to === true ? 'left-private_sector-yes' : 'left-private_sector-no');
  const value = trusted(typeof change.to === 'object' ? spans(change.to) : '');
  return t(change.field === 'scopes' ? 'left-scopes' : 'left-ip_addresses', { value });
}

function probeLine(answer: ProbeResult, language: Language): string {
  const t = outcomeTranslator(language);
  if (answer.kind === 'refused') return t('probe-refused', { error: answer.error });
  return t(answer.kind === 'accepted' ? 'probe-accepted' : 'probe-unreachable');
}

const button = 'https://partenaires.proconnect.gouv.fr/docs/ressources/bouton-proconnect';
const datapass = 'https://datapass.api.gouv.fr/agent-connect-fs';

function nextLines(client: ClientOutcome, language: Language): readonly string[] {
  const t = outcomeTranslator(language);
  const { cellInfo: card, cell } = client;
  if (card === undefined || !liveStates.includes(client.state)) return [];
  const [network, environment] = cell.split('/');
  const lines: string[] = [];
  if (client.state === 'created') lines.push(keysLine(client, card, language));
  if ((client.metadata?.post_logout_redirect_uris.length ?? 0) > 0) lines.push(t('next-logout'));
  const host = card.issuer !== undefined && URL.canParse(card.issuer) ? new URL(card.issuer).host : '';
  const addresses = addressesOf(host);
  if (addresses !== undefined) {
    lines.push(t('next-addresses', { host, addresses: trusted(spans(addresses)) }));
    if (environment === 'integration') lines.push(t('next-test', { domain: '@test.proconnect.gouv.fr' }));
  }
  if (network === 'rie') lines.push(t('next-pfs'));
  lines.push(t('next-button', { url: button }));
  if (environment === 'integration') {
    const target = cellName({ network: network === 'rie' ? 'rie' : 'internet', environment: 'production' });
    lines.push(t('next-production', { url: datapass, folder: `${definitionsFolder}/${target}/` }));
  }
  return lines;
}

function addressesOf(host: string): readonly string[] | undefined {
  return Object.entries(hosts).find(([name]) => name === host)?.[1];
}

function keysLine(client: ClientOutcome, card: CellInfo, language: Language): string {
  const t = outcomeTranslator(language);
  if (handsKeysOver[card.provider]) return t('next-keys-link');
  if (card.provider === 'manual' || card.portal === undefined) return t('next-keys-people');
  const url = `${card.portal.replace(/\/$/, '')}/${urlPart(client.handle ?? '')}`;
  return t('next-keys-portal', { url });
}

function spans(values: readonly string[]): string {
  return values.map(codeSpan).join(', ');
}

/** Why a step waits for public services, and who can do without their answer. Markdown. */
export function unansweredText(
  kind: 'silent' | 'undecided',
  reason: string,
  step: Step,
  language: Language,
): string {
  return outcomeTranslator(language)(`held-${kind}`, {
    reason: trusted(reason),
    digest: trusted(step.digest),
  });
}
