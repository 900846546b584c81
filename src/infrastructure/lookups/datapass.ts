/**
 * DataPass, where public bodies obtain their authorizations. An `H…` is a habilitation, a `D…` the demande that leads
 * to some. Needs an account with the developer's role for ProConnect's service providers. Of the answers, which hold
 * names and addresses of people, only what a decision needs is kept.
 */

import type { Secret } from '#base/config/secret';
import { defined } from '#base/defined';
import { listAt, textAt, valueAt } from '#base/json';
import type {
  DatapassRecord,
  DemandeState,
  HabilitationState,
  OutsideAnswer,
} from '#domain/registry/outside-answers';
import { type HttpOptions, type LookupResponse, ThrottledClient } from './throttled-client.ts';

export type DatapassLookup = (number: string) => Promise<OutsideAnswer<DatapassRecord>>;

export interface DatapassOptions {
  /** The origin of the service. */
  readonly url: string;
  readonly clientId?: string;
  readonly clientSecret?: Secret;
}

const minIntervalMs = 200;
/** Milliseconds before its end at which a token is no longer used. */
const expiryMarginMs = 60_000;

export function datapassClient(options: DatapassOptions, httpOptions: HttpOptions): DatapassLookup {
  const { clientId, clientSecret, url } = options;
  if (clientId === undefined || clientSecret === undefined)
    return async () => ({ ok: false, reason: 'unconfigured' });
  const client = new ThrottledClient(httpOptions, minIntervalMs);
  let token: { readonly value: string; readonly until: number } | undefined;

  /** The token that is at hand, or a new one (there is no refresh token), or what came instead of one. */
  async function access(secret: Secret): Promise<string | LookupResponse> {
    if (token !== undefined && httpOptions.now() < token.until) return token.value;
    const response = await client.request(new URL('/api/v1/oauth/token', url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId ?? '',
        client_secret: secret.reveal(),
        scope: 'read_authorizations',
      }).toString(),
    });
    const value = textAt(response.body, 'access_token');
    if (value === undefined) return response;
    const lasts = valueAt(response.body, 'expires_in');
    token = {
      value,
      until: httpOptions.now() + (typeof lasts === 'number' ? lasts * 1000 : 0) - expiryMarginMs,
    };
    return value;
  }

  /** What is said of a number. An account that is refused is the operator's to mend: until then nothing was answered. */
  async function get(question: URL, habilitation: boolean, secret: Secret): ReturnType<DatapassLookup> {
    for (const last of [false, true]) {
      const value = await access(secret);
      if (typeof value !== 'string') return client.answer<DatapassRecord>(question, value, undefined);
      const response = await client.request(question, { headers: { authorization: `Bearer ${value}` } });
      // A token can be withdrawn before its end: one new one is asked for.
      if (response.status !== 401 || last)
        return client.answer(question, response, recordOf(response, habilitation));
      token = undefined;
    }
    return { ok: false, reason: 'unreachable' };
  }

  return async (number) => {
    const [kind, digits] = [number.slice(0, 1), number.slice(1)];
    const path = kind === 'H' ? `/api/v1/habilitations/${digits}` : `/api/v1/demandes/${digits}`;
    return get(new URL(path, url), kind === 'H', clientSecret);
  };
}

/** Undefined when the answer does not have the documented form. */
function recordOf(response: LookupResponse, habilitation: boolean): DatapassRecord | undefined {
  // 404: unknown, or not shown to this account.
  if (response.status === 404) return { found: false };
  const { body } = response;
  const definition = textAt(body, 'definition_id');
  const state = habilitation ? habilitationState(body) : demandeState(textAt(body, 'state'));
  if (response.status !== 200 || definition === undefined || state === undefined) return undefined;
  // The description of the API spells it one way, and its answers the other.
  const siret = textAt(body, 'organisation', 'siret') ?? textAt(body, 'organization', 'siret');
  const modalities = valueAt(body, 'data', 'modalities');
  return {
    found: true,
    definition,
    ...defined({ siret }),
    ...(Array.isArray(modalities) ? { modalities: modalities.filter((one) => typeof one === 'string') } : {}),
    state: isHabilitation(state)
      ? { kind: 'habilitation', state: state.habilitation }
      : { kind: 'demande', state: state.demande, habilitations: habilitationsOf(body) },
  };
}

type ParsedState = { readonly habilitation: HabilitationState } | { readonly demande: DemandeState };

function isHabilitation(state: ParsedState): state is { readonly habilitation: HabilitationState } {
  return 'habilitation' in state;
}

const habilitationStates: readonly HabilitationState[] = ['active', 'obsolete', 'revoked'];
const demandeStates: readonly DemandeState[] = [
  'draft',
  'submitted',
  'changes_requested',
  'validated',
  'refused',
  'archived',
  'revoked',
];

/** `revoked` says it for sure, whatever the state says. */
function habilitationState(body: unknown): ParsedState | undefined {
  if (valueAt(body, 'revoked') === true) return { habilitation: 'revoked' };
  const state = habilitationStates.find((one) => one === textAt(body, 'state'));
  return state === undefined ? undefined : { habilitation: state };
}

function demandeState(text: string | undefined): ParsedState | undefined {
  const state = demandeStates.find((one) => one === text);
  return state === undefined ? undefined : { demande: state };
}

function habilitationsOf(body: unknown): readonly HabilitationState[] {
  return listAt(body, 'habilitations').flatMap((one) => {
    const known = habilitationState(one);
    return known !== undefined && isHabilitation(known) ? [known.habilitation] : [];
  });
}
