/**
 * DataPass, where public bodies obtain their authorizations. An `H…` is a habilitation, a `D…` the demande that leads
 * to some. Needs an account with the developer's role for ProConnect's service providers. Of the answers, which hold
 * names and addresses of people, only what a decision needs is kept.
 */

import type { Secret } from '#base/config/secret';
import type {
  Answer,
  DatapassRecord,
  DemandeState,
  HabilitationState,
} from '#domain/registry/outside-answers';
import { at, Line, listAt, type Manners, type Reply, textAt } from './throttled-client.ts';

export type AskDatapass = (number: string) => Promise<Answer<DatapassRecord>>;

export interface DatapassOptions {
  /** The origin of the service. */
  readonly url: string;
  readonly clientId?: string;
  readonly clientSecret?: Secret;
}

const spacing = 200;
/** Milliseconds before its end at which a token is no longer used. */
const margin = 60_000;

export function datapass(options: DatapassOptions, manners: Manners): AskDatapass {
  const { clientId, clientSecret, url } = options;
  if (clientId === undefined || clientSecret === undefined)
    return async () => ({ ok: false, reason: 'unconfigured' });
  const line = new Line(manners, spacing);
  let token: { readonly value: string; readonly until: number } | undefined;

  /** The token that is at hand, or a new one: there is no refresh token. */
  async function access(secret: Secret): Promise<string | 'refused' | undefined> {
    if (token !== undefined && manners.now() < token.until) return token.value;
    const reply = await line.ask(new URL('/api/v1/oauth/token', url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId ?? '',
        client_secret: secret.reveal(),
        scope: 'read_authorizations',
      }).toString(),
    });
    const value = textAt(reply?.body, 'access_token');
    if (reply === undefined || value === undefined)
      return reply !== undefined && reply.status >= 400 && reply.status < 500 ? 'refused' : undefined;
    const lasts = at(reply.body, 'expires_in');
    token = { value, until: manners.now() + (typeof lasts === 'number' ? lasts * 1000 : 0) - margin };
    return value;
  }

  async function get(path: string, secret: Secret): Promise<Reply | 'refused' | undefined> {
    for (const last of [false, true]) {
      const value = await access(secret);
      if (value === undefined || value === 'refused') return value;
      const reply = await line.ask(new URL(path, url), { headers: { authorization: `Bearer ${value}` } });
      // A token can be withdrawn before its end: one new one is asked for.
      if (reply?.status !== 401 || last) return reply;
      token = undefined;
    }
    return undefined;
  }

  return async (number) => {
    const [kind, digits] = [number.slice(0, 1), number.slice(1)];
    const path = kind === 'H' ? `/api/v1/habilitations/${digits}` : `/api/v1/demandes/${digits}`;
    const reply = await get(path, clientSecret);
    if (reply === 'refused' || reply?.status === 403) return { ok: false, reason: 'unconfigured' };
    const value = reply === undefined ? undefined : recordOf(reply, kind === 'H');
    return value === undefined
      ? { ok: false, reason: 'unreachable' }
      : { ok: true, value, at: new Date(manners.now()).toISOString() };
  };
}

/** Undefined when the answer does not have the documented form. */
function recordOf(reply: Reply, habilitation: boolean): DatapassRecord | undefined {
  // 404: unknown, or not shown to this account.
  if (reply.status === 404) return { found: false };
  const { body } = reply;
  const definition = textAt(body, 'definition_id');
  const state = habilitation ? habilitationState(body) : demandeState(textAt(body, 'state'));
  if (reply.status !== 200 || definition === undefined || state === undefined) return undefined;
  // The description of the API spells it one way, and its answers the other.
  const siret = textAt(body, 'organisation', 'siret') ?? textAt(body, 'organization', 'siret');
  const modalities = at(body, 'data', 'modalities');
  return {
    found: true,
    definition,
    ...(siret === undefined ? {} : { siret }),
    ...(Array.isArray(modalities) ? { modalities: modalities.filter((one) => typeof one === 'string') } : {}),
    state: isHabilitation(state)
      ? { kind: 'habilitation', state: state.habilitation }
      : { kind: 'demande', state: state.demande, habilitations: given(body) },
  };
}

type Known = { readonly habilitation: HabilitationState } | { readonly demande: DemandeState };

function isHabilitation(state: Known): state is { readonly habilitation: HabilitationState } {
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
function habilitationState(body: unknown): Known | undefined {
  if (at(body, 'revoked') === true) return { habilitation: 'revoked' };
  const state = habilitationStates.find((one) => one === textAt(body, 'state'));
  return state === undefined ? undefined : { habilitation: state };
}

function demandeState(text: string | undefined): Known | undefined {
  const state = demandeStates.find((one) => one === text);
  return state === undefined ? undefined : { demande: state };
}

function given(body: unknown): readonly HabilitationState[] {
  return listAt(body, 'habilitations').flatMap((one) => {
    const known = habilitationState(one);
    return known !== undefined && isHabilitation(known) ? [known.habilitation] : [];
  });
}
