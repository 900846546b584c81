/**
 * What ProConnect would refuse of an authorization request, or do otherwise than the application believes. Pure: the
 * request, what was registered, and nothing else. Sources: ProConnect, « Implémentation technique », « Dépannage »;
 * the parameters that its server takes; OpenID Connect Core 1.0 §3.1.2.1; RFC 6749 §3.1; RFC 7636 §4.3.
 */
import type { CellName } from '#base/config/cells';
import type { Values } from '#base/i18n/message';
import { isJsonObject, parseJson } from '#base/json';
import { defaultScopes, optionalScopes, restrictedScopes } from '#domain/definition/rules/scope/known-scopes';
import { classifyHost } from '#domain/definition/rules/url/host';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import type { TryMessageKey } from './messages.ts';
import { type AuthorizationRequest, parameterOf } from './read-request.ts';
import { type AuthorizationServer, cellOfHost } from './servers.ts';
import { nearestUri, type UriDifference, uriDifference } from './uri-difference.ts';

/** `error`: ProConnect refuses, or nobody gets in. `warning`: it works, and not as one would wish. */
export interface RequestFinding {
  readonly check: string;
  readonly severity: 'error' | 'warning';
  /** The parameter of the request that is meant; absent for its address. */
  readonly parameter?: string;
  /** A sentence of `templates/try.*.json`. */
  readonly message: TryMessageKey;
  readonly values: Values;
  /** The place in the definition, when that says something else. */
  readonly pointer?: string;
  readonly difference?: UriDifference;
}

export interface RequestExpectation {
  readonly server: AuthorizationServer;
  /** Absent when the server is not one of ProConnect's. */
  readonly cell?: CellName;
  /** Absent when none was found: then the redirect URI and the scopes cannot be compared. */
  readonly definition?: ServiceProvider;
  readonly clientId?: string;
}

/** What the server takes besides the parameters of OpenID Connect; of any other it makes an error (Y000400). */
const ownParameters = ['idp_hint', 'siret_hint', 'login_hint'];
const standardParameters = [
  ...[
    'client_id',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
    'nonce',
    'acr_values',
    'claims',
    'prompt',
  ],
  ...['code_challenge', 'code_challenge_method', 'response_mode', 'display', 'max_age', 'ui_locales'],
  ...['id_token_hint', 'claims_locales', 'request', 'request_uri', 'registration'],
];
const prompts = ['none', 'login', 'consent', 'select_account'];
const knownAcrs = new Set([
  ...['eidas0', 'eidas0-mfa', 'eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'],
  'https://proconnect.gouv.fr/assurance/certification-dirigeant',
]);
/** « `state` et `nonce` : 32 caractères au moins ». */
const randomLength = 32;

/** @returns what is wrong, in the order of the request: address, client, way back, the rest */
export function judgeRequest(
  request: AuthorizationRequest,
  expected: RequestExpectation,
): readonly RequestFinding[] {
  const address = judgeEndpoint(request, expected);
  // What is meant for another server says nothing of what ProConnect would be sent.
  if (address.some(({ message }) => message === 'endpoint-elsewhere')) return address;
  return [
    ...address,
    ...judgeRepeated(request),
    ...judgeClientId(request, expected),
    ...judgeResponseType(request),
    ...judgeRedirectUri(request, expected),
    ...judgeScope(request, expected),
    ...judgeRandom(request, 'state'),
    ...judgeRandom(request, 'nonce'),
    ...judgeChallenge(request),
    ...judgeWishes(request),
    ...judgeOthers(request),
  ];
}

function finding(
  severity: RequestFinding['severity'],
  parameter: string | undefined,
  message: TryMessageKey,
  values: Values = {},
  more: Pick<RequestFinding, 'pointer' | 'difference'> = {},
): RequestFinding {
  return {
    check: `request/${message}`,
    severity,
    ...(parameter === undefined ? {} : { parameter }),
    message,
    values,
    ...more,
  };
}

function judgeEndpoint(
  { endpoint }: AuthorizationRequest,
  { server, cell }: RequestExpectation,
): readonly RequestFinding[] {
  const wanted = server.endpoint;
  if (endpoint.href === wanted.href) return [];
  const values = { received: endpoint.href, expected: wanted.href, issuer: server.issuer };
  if (endpoint.hostname !== wanted.hostname) {
    const other = cellOfHost(endpoint.hostname);
    if (other !== undefined && cell !== undefined)
      return [finding('error', undefined, 'endpoint-cell', { ...values, cell, other })];
    if (/^(?:app|identite)[\w.-]*\.proconnect\.gouv\.fr$|moncomptepro/.test(endpoint.hostname))
      return [finding('error', undefined, 'endpoint-identity', values)];
    return [finding('error', undefined, 'endpoint-elsewhere', { ...values, host: endpoint.hostname })];
  }
  if (endpoint.protocol !== wanted.protocol) return [finding('error', undefined, 'endpoint-http', values)];
  return [finding('error', undefined, 'endpoint-path', values)];
}

/** Each parameter once (RFC 6749 §3.1), and never a secret: what a browser carries is everybody's. */
function judgeRepeated({ parameters }: AuthorizationRequest): readonly RequestFinding[] {
  const names = parameters.map(([name]) => name);
  const repeated = [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
  return [
    ...repeated.map((parameter) => finding('error', parameter, 'repeated', { parameter })),
    ...(names.includes('client_secret') ? [finding('error', 'client_secret', 'secret-shown')] : []),
  ];
}

function judgeClientId(
  request: AuthorizationRequest,
  { cell, clientId }: RequestExpectation,
): readonly RequestFinding[] {
  const received = parameterOf(request, 'client_id')?.trim() ?? '';
  if (received === '') return [finding('error', 'client_id', 'client-id-missing')];
  if (clientId !== undefined && clientId !== received)
    return [finding('error', 'client_id', 'client-id-differs', { received, expected: clientId })];
  if (clientId !== undefined || cell === undefined) return [];
  // The shape of an id tells where it was made: 64 hexadecimal digits by self-service, which is in integration only.
  if (cell.endsWith('/production') && /^[0-9a-f]{64}$/.test(received))
    return [finding('error', 'client_id', 'client-id-of-integration', { received })];
  if (!/^(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(received))
    return [finding('error', 'client_id', 'client-id-shape', { received })];
  return [];
}

function judgeResponseType(request: AuthorizationRequest): readonly RequestFinding[] {
  const received = parameterOf(request, 'response_type');
  if (received === undefined || received === '')
    return [finding('error', 'response_type', 'response-type-missing')];
  return received === 'code' ? [] : [finding('error', 'response_type', 'response-type', { received })];
}

function judgeRedirectUri(
  request: AuthorizationRequest,
  { cell, definition }: RequestExpectation,
): readonly RequestFinding[] {
  const received = parameterOf(request, 'redirect_uri');
  if (received === undefined || received === '')
    return [finding('error', 'redirect_uri', 'redirect-uri-missing')];
  if (definition === undefined) return cell === undefined ? [] : judgeUnregisteredUri(received, cell);
  const nearest = nearestUri(received, definition.redirect_uris);
  const difference = nearest === undefined ? undefined : uriDifference(nearest, received);
  if (nearest === undefined || difference === undefined) return [];
  return [
    finding(
      'error',
      'redirect_uri',
      `redirect-uri-${difference.kind}`,
      { received, expected: nearest },
      { pointer: `/redirect_uris/${definition.redirect_uris.indexOf(nearest)}`, difference },
    ),
  ];
}

/** What no definition can hold is refused whatever was registered: a malformed address, http or this machine in production. */
function judgeUnregisteredUri(received: string, cell: CellName): readonly RequestFinding[] {
  if (!/^https?:\/\/[^/].+$/.test(received) || !URL.canParse(received) || received.includes('#'))
    return [finding('error', 'redirect_uri', 'redirect-uri-malformed', { received })];
  const { protocol, hostname } = new URL(received);
  const isLocal = classifyHost(hostname).kind === 'loopback';
  if (!cell.endsWith('/production') || (protocol === 'https:' && !isLocal)) return [];
  return [finding('error', 'redirect_uri', 'redirect-uri-unsafe', { received })];
}

function judgeScope(
  request: AuthorizationRequest,
  { cell, definition }: RequestExpectation,
): readonly RequestFinding[] {
  const received = (parameterOf(request, 'scope') ?? '').split(/\s+/).filter((scope) => scope !== '');
  if (received.length === 0) return [finding('error', 'scope', 'scope-missing')];
  const found: RequestFinding[] = [];
  if (!received.includes('openid')) found.push(finding('error', 'scope', 'scope-openid', { received }));
  if (definition === undefined && cell === undefined) return found;
  const granted = new Set([
    ...defaultScopes,
    ...(definition?.optional_scopes ?? []).map(({ scope }) => scope),
  ]);
  const isKnown = (scope: string) =>
    defaultScopes.has(scope) || optionalScopes.has(scope) || restrictedScopes.has(scope);
  const unknown = received.filter((scope) => !isKnown(scope));
  const refused = received.filter((scope) => isKnown(scope) && !granted.has(scope));
  if (refused.length > 0 && definition !== undefined)
    found.push(
      finding('error', 'scope', 'scope-not-granted', { scopes: refused }, { pointer: '/optional_scopes' }),
    );
  if (unknown.length > 0) found.push(finding('warning', 'scope', 'scope-unknown', { scopes: unknown }));
  return found;
}

function judgeRandom(request: AuthorizationRequest, parameter: 'state' | 'nonce'): readonly RequestFinding[] {
  const received = parameterOf(request, parameter) ?? '';
  if (received === '') return [finding('error', parameter, `${parameter}-missing`)];
  if (received.length >= randomLength) return [];
  return [
    finding('warning', parameter, 'random-short', {
      parameter,
      count: received.length,
      least: randomLength,
    }),
  ];
}

/** PKCE is optional, and S256 when it is used; without a method it means `plain` (RFC 7636 §4.3). */
function judgeChallenge(request: AuthorizationRequest): readonly RequestFinding[] {
  if (parameterOf(request, 'code_challenge') === undefined) return [];
  const received = parameterOf(request, 'code_challenge_method') ?? 'plain';
  return received === 'S256'
    ? []
    : [finding('error', 'code_challenge_method', 'challenge-method', { received })];
}

function judgeWishes(request: AuthorizationRequest): readonly RequestFinding[] {
  const found: RequestFinding[] = [];
  const words = (name: string) =>
    (parameterOf(request, name) ?? '').split(/\s+/).filter((word) => word !== '');
  const odd = words('prompt').filter((prompt) => !prompts.includes(prompt));
  if (odd.length > 0)
    found.push(finding('error', 'prompt', 'prompt-unknown', { received: odd, known: prompts }));
  if (words('prompt').includes('none')) found.push(finding('warning', 'prompt', 'prompt-none'));
  const acrs = words('acr_values').filter((acr) => !knownAcrs.has(acr));
  if (acrs.length > 0)
    found.push(finding('warning', 'acr_values', 'acr-unknown', { received: acrs, known: [...knownAcrs] }));
  const claims = parameterOf(request, 'claims');
  if (claims !== undefined && !isJsonObject(parseJson(claims)))
    found.push(finding('error', 'claims', 'claims-json'));
  return found;
}

function judgeOthers({ parameters }: AuthorizationRequest): readonly RequestFinding[] {
  const known = new Set([...standardParameters, ...ownParameters, 'client_secret']);
  const others = [...new Set(parameters.map(([name]) => name).filter((name) => !known.has(name)))];
  return others.map((parameter) =>
    finding('error', parameter, 'parameter-unknown', { parameter, known: ownParameters }),
  );
}

/** Whether a host is one of ProConnect's, of whichever cell. */
export function isProconnectHost(hostname: string): boolean {
  return cellOfHost(hostname) !== undefined || classifyHost(hostname).kind === 'proconnect';
}
