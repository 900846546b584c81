/** What the comment says of a client as it is now: its id, what it may do, what differs from its definition. Pure. */
import { defined } from '#base/defined';
import { formatDay } from '#base/i18n/dates';
import type { Language } from '#base/i18n/message';
import { codeSpan, fullCodeSpan } from '#base/i18n/render';
import { trusted } from '#base/i18n/translator';
import { urlPart } from '#base/url-part';
import { type FieldChange, metadataFields } from './client-metadata.ts';
import { openidConfigurationUrl } from './issuer.ts';
import { requestTranslator } from './manual-request.ts';
import { translateProvisioning } from './messages.ts';
import { type ClientOutcome, liveStates } from './outcome.ts';
import { changeLine, spans } from './outcome-lines.ts';
import { outcomeTranslator } from './outcome-translator.ts';
import type { ClientMetadata, ProbeResult } from './provider.ts';

/** URLs of a list that are shown whole: with the longest ones, still fewer characters than a comment holds. */
const maxUris = 10;

export function factLines(client: ClientOutcome, language: Language): readonly string[] {
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
  const { clientId, revoked, failure, undropped, days } = former;
  if (revoked === true) lines.push(t('former-revoked', { former: clientId }));
  else if (days === undefined) lines.push(t('former-portal', { former: clientId }));
  else lines.push(t('former-link', { former: clientId, days }));
  if (failure !== undefined)
    lines.push(t('former-failed', { reason: trusted(translateProvisioning(failure, language, codeSpan)) }));
  if (undropped !== undefined)
    lines.push(
      t('former-undropped', { reason: trusted(translateProvisioning(undropped, language, codeSpan)) }),
    );
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
