import type { ClientAccount } from '#domain/provisioning/ledger';
import type { Provider } from '#domain/provisioning/provider';
import type { RedirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';

/**
 * Whether a client is gone that its provider says it knows nothing of: it knows nothing of us as well, once our token is
 * worth nothing, or someone took us off it. The client itself shows which: people are let in through it, or it is not
 * known where they sign in. One that is switched off lets nobody in either: it is gone only where we sent its deletion
 * while we saw it, and were not answered.
 */
export async function isGone(
  { probe, provider }: { readonly provider: Provider; readonly probe?: RedirectUriProbe },
  { clientId, seen, deletionSent }: Pick<ClientAccount, 'clientId' | 'seen' | 'deletionSent'>,
): Promise<boolean | 'unknown'> {
  if (provider.dormantUri === undefined && (deletionSent !== true || probe === undefined))
    return deletionSent === true;
  if (probe === undefined || clientId === undefined) return 'unknown';
  for (const uri of [provider.dormantUri, ...(seen.redirect_uris ?? [])].filter((one) => one !== undefined)) {
    const answer = await probe(clientId, uri);
    if (answer.kind !== 'refused') return answer.kind === 'accepted' ? false : 'unknown';
  }
  return true;
}
