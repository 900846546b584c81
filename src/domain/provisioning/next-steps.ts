/** What the comment tells the applicant to do next: where the keys are, what to test, how to go to production. Pure. */
import type { Language } from '#base/i18n/message';
import { trusted } from '#base/i18n/translator';
import { urlPart } from '#base/url-part';
import { cellName, definitionsFolder } from '#domain/definition/cell';
import hosts from '#templates/proconnect-hosts.json' with { type: 'json' };
import { type CellInfo, type ClientOutcome, liveStates } from './outcome.ts';
import { spans } from './outcome-lines.ts';
import { outcomeTranslator } from './outcome-translator.ts';
import { handsKeysOver } from './provider.ts';

/** Pages of ProConnect and of DataPass that people are sent to. */
const button = 'https://partenaires.proconnect.gouv.fr/docs/ressources/bouton-proconnect';
const datapass = 'https://datapass.api.gouv.fr/agent-connect-fs';

export function nextLines(client: ClientOutcome, language: Language): readonly string[] {
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
