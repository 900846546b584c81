/** What became of a merged pull request: the comment that says so, without any secret. Pure. */

import type { CellName } from '#base/config/cells';
import type { Language, Message } from '#base/i18n/message';
import { codeSpan, type Quote, wholeSpan } from '#base/i18n/render';
import { speaker } from '#base/i18n/translator';
import { cellName, definitionsFolder } from '#domain/definition/cell';
import hosts from '#templates/proconnect-hosts.json' with { type: 'json' };
import en from '#templates/provisioning.en.json' with { type: 'json' };
import fr from '#templates/provisioning.fr.json' with { type: 'json' };
import type { FieldChange, FieldValue } from './client-metadata.ts';
import { requestWords } from './manual-request.ts';
import { sayProvisioning } from './messages.ts';
import type { Step } from './plan.ts';
import type { ClientMetadata, ProbeAnswer, ProviderKind } from './provider.ts';

export type OutcomeKey = keyof typeof fr & keyof typeof en;

export function outcomeWords(language: Language, quote: Quote = codeSpan) {
  return speaker<OutcomeKey>(language === 'fr' ? fr : en, language, quote);
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
  | 'lost'
  | 'unserved';

/** What the operator's configuration says of a cell. */
export interface CellCard {
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
  readonly card?: CellCard;
  readonly clientId?: string;
  readonly handle?: string;
  readonly metadata?: ClientMetadata;
  readonly granted?: readonly string[];
  readonly left?: readonly FieldChange[];
  readonly probes?: readonly { readonly uri: string; readonly answer: ProbeAnswer }[];
  /** Where the issue is to be seen, when it is in the registry itself. */
  readonly issue?: number;
  /** What would be done, when it was stopped. */
  readonly step?: Step;
  readonly message?: Message;
  /** Why it is held, already said: what an outside check found. */
  readonly detail?: string;
  readonly unmanageable?: boolean;
  /** When a deactivated client is deleted, ISO 8601. */
  readonly deletion?: string;
}

export interface OutcomeFacts {
  readonly commit: string;
  readonly clients: readonly ClientOutcome[];
}

const marks: Readonly<Record<OutcomeState, string>> = {
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
  lost: '❌',
  unserved: 'ℹ️',
};

/** Characters; GitHub takes 65,536 a comment or issue. What goes beyond is named only, then counted. */
const longestTold = 40_000;
const longestNamed = 60_000;

export function outcomeComment(facts: OutcomeFacts, language: Language): string {
  const say = outcomeWords(language);
  const parts = [provisioningMarker, `### ${say('title', { commit: facts.commit.slice(0, 12) })}`];
  let length = parts.join('\n\n').length;
  let left = 0;
  for (const client of facts.clients) {
    const whole = clientText(client, language);
    const part = length + whole.length > longestTold ? heading(client, language) : whole;
    if (length + part.length > longestNamed) left += 1;
    else parts.push(part);
    length += part.length + 2;
  }
  if (left > 0) parts.push(say('others', { count: left }));
  return `${parts.join('\n\n')}\n\n`;
}

/** Paragraphs, as many as one issue can hold; the others are counted. */
export function boundedParagraphs(paragraphs: readonly string[], language: Language): readonly string[] {
  let length = 0;
  const kept = paragraphs.filter((paragraph) => {
    length += paragraph.length + 2;
    return length <= longestTold;
  });
  const left = paragraphs.length - kept.length;
  return left === 0 ? kept : [...kept, outcomeWords(language)('others', { count: left })];
}

function heading(client: ClientOutcome, language: Language): string {
  const say = outcomeWords(language);
  return `${marks[client.state]} **${codeSpan(`${client.cell}/${client.id}`)}** : ${say(client.state)}`;
}

function clientText(client: ClientOutcome, language: Language): string {
  const lines = [...problemLines(client, language), ...factLines(client, language)];
  const next = nextLines(client, language);
  const details =
    next.length === 0
      ? []
      : [
          `<details><summary>${outcomeWords(language)('next')}</summary>\n\n${next.map((line) => `- ${line}`).join('\n')}\n\n</details>`,
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
  const say = outcomeWords(language);
  const { state, message, step } = client;
  const lines: string[] = [];
  if (message !== undefined) lines.push(sayProvisioning(message, language, codeSpan));
  if (state === 'stopped' && step !== undefined) {
    lines.push(`${say('stopped-more')} ${say(`action-${step.action}`)}`);
    for (const change of step.changes) lines.push(`  - ${changeLine(change, language)}`);
    lines.push(say('stopped-confirm', { digest: ours(step.digest) }));
  }
  if (state === 'guarded') lines.push(say('guarded-more'));
  if (state === 'held')
    lines.push(
      client.detail === undefined
        ? say('held-invalid')
        : say('held-outside', { detail: ours(client.detail) }),
    );
  if (state === 'unserved') lines.push(say('unserved-more'));
  if (state === 'requested')
    lines.push(
      client.issue === undefined
        ? say('request-elsewhere')
        : say('request', { issue: ours(`#${client.issue}`) }),
    );
  if (state === 'declined')
    lines.push(say('declined-more', { issue: ours(client.issue === undefined ? '' : `#${client.issue}`) }));
  if (client.unmanageable === true) lines.push(say('unmanageable'));
  return lines;
}

/** One field that differs, as people read it. */
export function changeLine(change: FieldChange, language: Language, quote: Quote = codeSpan): string {
  const say = outcomeWords(language, quote);
  const field = requestWords(language)(`field-${change.field}`);
  return say('change', {
    field: ours(field),
    from: shown(change.from, language),
    to: shown(change.to, language),
  });
}

function shown(value: FieldValue | undefined, language: Language) {
  if (value === undefined || (typeof value === 'object' && value.length === 0))
    return ours(outcomeWords(language)('nothing'));
  if (typeof value === 'boolean') return ours(requestWords(language)(value ? 'yes' : 'no'));
  return value;
}

/** URLs of a list that are shown whole: with the longest ones, still fewer characters than a comment holds. */
const mostUris = 10;

const live: readonly OutcomeState[] = ['created', 'updated', 'revived', 'unchanged'];

function factLines(client: ClientOutcome, language: Language): readonly string[] {
  const say = outcomeWords(language);
  const { clientId, metadata, card, state } = client;
  const lines: string[] = [];
  if (clientId !== undefined) lines.push(say('client-id', { clientId }));
  if (client.deletion !== undefined && state === 'deactivated')
    lines.push(say('removal', { date: ours(day(client.deletion, language)) }));
  if (!live.includes(state) || metadata === undefined || card === undefined) return lines;
  if (card.issuer !== undefined) lines.push(say('discovery', { url: discoveryOf(card.issuer) }));
  lines.push(say('method', { method: card.method }));
  const userinfo = metadata.userinfo_signed_response_alg;
  lines.push(
    say('algorithms', {
      idToken: metadata.id_token_signed_response_alg,
      userinfo: userinfo === 'none' ? ours(say('userinfo-plain')) : userinfo,
    }),
  );
  lines.push(say('scopes', { scopes: ours(spans(client.granted ?? grantedBy(client, metadata))) }));
  lines.push(say('redirect-uris'));
  for (const uri of metadata.redirect_uris.slice(0, mostUris)) {
    const encoded = ours(wholeSpan(encodeURIComponent(uri)));
    lines.push(`  - ${say('redirect-uri', { uri: ours(wholeSpan(uri)), encoded })}`);
    const probe = client.probes?.find((one) => one.uri === uri)?.answer;
    if (probe !== undefined) lines.push(`    ${probeLine(probe, language)}`);
  }
  const more = metadata.redirect_uris.length - mostUris;
  if (more > 0) lines.push(`  - ${say('others', { count: more })}`);
  const logouts = metadata.post_logout_redirect_uris;
  if (logouts.length > 0) {
    const rest = logouts.length > mostUris ? ` (+${logouts.length - mostUris})` : '';
    const shown = logouts.slice(0, mostUris).map(wholeSpan).join(', ');
    lines.push(say('logout-uris', { uris: ours(`${shown}${rest}`) }));
  }
  const left = client.left ?? [];
  if (left.length > 0)
    lines.push(say('left', { fields: ours(left.map((change) => leftText(change, language)).join(', ')) }));
  return lines;
}

/** Where the provider cannot set scopes, those that a person has yet to tick are not granted. */
function grantedBy(client: ClientOutcome, metadata: ClientMetadata): readonly string[] {
  const missing = client.left?.find((change) => change.field === 'scopes')?.to;
  const pending = typeof missing === 'object' ? missing : [];
  return metadata.scopes.filter((scope) => !pending.includes(scope));
}

function leftText(change: FieldChange, language: Language): string {
  const say = outcomeWords(language);
  if (change.field === 'private_sector')
    return say(change.to === true ? 'left-private_sector-yes' : 'left-private_sector-no');
  const value = ours(typeof change.to === 'object' ? spans(change.to) : '');
  return say(change.field === 'scopes' ? 'left-scopes' : 'left-ip_addresses', { value });
}

function probeLine(answer: ProbeAnswer, language: Language): string {
  const say = outcomeWords(language);
  if (answer.kind === 'refused') return say('probe-refused', { error: answer.error });
  return say(answer.kind === 'accepted' ? 'probe-accepted' : 'probe-unreachable');
}

const button = 'https://partenaires.proconnect.gouv.fr/docs/ressources/bouton-proconnect';
const datapass = 'https://datapass.api.gouv.fr/agent-connect-fs';

function nextLines(client: ClientOutcome, language: Language): readonly string[] {
  const say = outcomeWords(language);
  const { card, cell } = client;
  if (card === undefined || !live.includes(client.state)) return [];
  const [network, environment] = cell.split('/');
  const lines: string[] = [];
  if (client.state === 'created') lines.push(keysLine(client, card, language));
  if ((client.metadata?.post_logout_redirect_uris.length ?? 0) > 0) lines.push(say('next-logout'));
  const host = card.issuer !== undefined && URL.canParse(card.issuer) ? new URL(card.issuer).host : '';
  const addresses = addressesOf(host);
  if (addresses !== undefined) {
    lines.push(say('next-addresses', { host, addresses: ours(spans(addresses)) }));
    if (environment === 'integration') lines.push(say('next-test', { domain: '@test.proconnect.gouv.fr' }));
  }
  if (network === 'rie') lines.push(say('next-pfs'));
  lines.push(say('next-button', { url: button }));
  if (environment === 'integration') {
    const target = cellName({ network: network === 'rie' ? 'rie' : 'internet', environment: 'production' });
    lines.push(say('next-production', { url: datapass, folder: `${definitionsFolder}/${target}/` }));
  }
  return lines;
}

function addressesOf(host: string): readonly string[] | undefined {
  return Object.entries(hosts).find(([name]) => name === host)?.[1];
}

function keysLine(client: ClientOutcome, card: CellCard, language: Language): string {
  const say = outcomeWords(language);
  if (card.provider === 'registration') return say('next-keys-link');
  if (card.provider === 'manual' || card.portal === undefined) return say('next-keys-people');
  const url = `${card.portal.replace(/\/$/, '')}/${encodeURIComponent(client.handle ?? '')}`;
  return say('next-keys-portal', { url });
}

/** The address of an issuer's description (OpenID Connect Discovery 1.0 §4). */
export function discoveryOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

function day(iso: string, language: Language): string {
  const options = { dateStyle: 'long', timeZone: 'Europe/Paris' } as const;
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', options).format(new Date(iso));
}

function spans(values: readonly string[]): string {
  return values.map(codeSpan).join(', ');
}

function ours(text: string): { readonly ours: string } {
  return { ours: text };
}
