/**
 * Does it work? An authorization request as a browser would send it (OpenID Connect Core 1.0 §3.1.2.1), without
 * signing anyone in: a provider that knows the client and the redirect URI goes on to its sign-in page; one that
 * does not shows an error and redirects nowhere.
 */

import { createHash, randomBytes } from 'node:crypto';
import { LeaseLost } from '#base/lease-lost';
import type { ProbeResult } from '#domain/provisioning/provider';
import { readBoundedText } from '#infrastructure/http-client/bounded-body';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { isSecureEndpoint, maxBodyBytes } from './http.ts';

export type RedirectUriProbe = (clientId: string, redirectUri: string) => Promise<ProbeResult>;

/** As OAuth and OpenID Connect write all of theirs (RFC 6749 §4.1.2.1). What is none may be anything, a secret even. */
const errorCode = /^[a-z]{1,20}(?:_[a-z]{1,20}){0,5}$/;

const probeTimeoutMs = 10_000;

/** @param endpoint finds the authorization endpoint; undefined when the provider does not answer */
export function redirectUriProbe(fetcher: Fetch, endpoint: () => Promise<URL | undefined>): RedirectUriProbe {
  return async (clientId, redirectUri) => {
    const base = await endpoint();
    if (base === undefined || !isSecureEndpoint(base)) return { kind: 'unreachable' };
    const url = new URL(base);
    const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
    const wanted = {
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: randomBytes(24).toString('base64url'),
      nonce: randomBytes(24).toString('base64url'),
      code_challenge: challenge,
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
    try {
      const response = await fetcher(url, {
        method: 'GET',
        redirect: 'manual',
        headers: { accept: 'text/html, application/json', 'user-agent': 'Greffier' },
        signal: AbortSignal.timeout(probeTimeoutMs),
      });
      return await probeResult(response, url, redirectUri);
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      return { kind: 'unreachable' };
    }
  };
}

async function probeResult(response: Response, asked: URL, redirectUri: string): Promise<ProbeResult> {
  const location = response.headers.get('location');
  if (response.status >= 500) return { kind: 'unreachable' };
  if (response.status >= 400) {
    const text = await readBoundedText(response.body, maxBodyBytes);
    if (text === undefined) return { kind: 'unreachable' };
    const code = /\b(invalid_[a-z_]+|unauthorized_client|access_denied|Y\d{5,6})\b/.exec(text)?.[1];
    return { kind: 'refused', error: code ?? `HTTP ${response.status}` };
  }
  await response.body?.cancel();
  if (location === null) return { kind: 'accepted' };
  const target = new URL(location, asked);
  const error = target.searchParams.get('error');
  // Sent back to the application: the URI is known, and an error says what else is wrong.
  const back = target.href.startsWith(redirectUri);
  if (!back || error === null) return { kind: 'accepted' };
  return { kind: 'refused', error: errorCode.test(error) ? error : `HTTP ${response.status}` };
}
