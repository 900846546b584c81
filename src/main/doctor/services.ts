/** The address under which people reach this service, and the services that it asks itself. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CellName, cellNames } from '#base/config/cells';
import { Secret } from '#base/config/secret';
import { listAt, parseJson, textAt } from '#base/json';
import { isLoopbackHost } from '#base/loopback';
import type { ProviderResult } from '#domain/provisioning/provider';
import { signatureOf } from '#http/webhook/signature';
import { readBoundedText } from '#infrastructure/http-client/bounded-body';
import { listPartnerClients } from '#infrastructure/identity-providers/proconnect/list-clients';
import { probeRegistrationAccess } from '#infrastructure/identity-providers/registration/probe-access';
import { broken, type Diagnosis, doubtful, fine, unproven } from './diagnosis.ts';
import { handingOver, type Installation } from './installation.ts';

const schemaName = 'service-provider.v1.schema.json';
const timeoutMs = 10_000;
const maxAnswer = 1_000_000;

interface Asked {
  readonly status: number;
  readonly text: string;
}

async function ask(
  { fetch }: Installation,
  url: URL,
  init: RequestInit = {},
): Promise<Asked | { readonly reason: string }> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, text: (await readBoundedText(response.body, maxAnswer)) ?? '' };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const code =
      typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
    return { reason: code ?? (error instanceof Error ? error.name : 'unknown') };
  }
}

/**
 * It is Greffier when it serves the very schema that we have, and us when it takes what our webhook secret signed, and not what
 * another one did. What is sent has no number of a delivery, so that nothing is kept of it (`http/webhook/route.ts`).
 */
export async function examinePublicUrl(installation: Installation): Promise<readonly Diagnosis[]> {
  const { settings, configuration } = installation;
  const { publicUrl: written } = settings;
  const cells = handingOver(configuration);
  if (written === undefined)
    return cells.length === 0 ? [] : [broken('public-url', 'public-url-missing', { cells })];
  const url = new URL(written);
  const insecure = url.protocol === 'http:' && !isLoopbackHost(url.hostname);
  const first = insecure ? [broken('public-url', 'public-url-http', { url: written })] : [];
  const answer = await ask(installation, new URL(`${written}/schemas/${schemaName}`));
  if ('reason' in answer)
    return [...first, broken('public-url', 'public-url-silent', { url: written, reason: answer.reason })];
  const ours = readFileSync(new URL(`../../../schemas/${schemaName}`, import.meta.url), 'utf8');
  if (answer.text !== ours)
    return [
      ...first,
      broken('public-url', 'public-url-stranger', { url: written, status: `HTTP ${answer.status}` }),
    ];
  const address = new URL(`${written}/api/github/webhooks`);
  const [own, other] = await Promise.all([
    signedStatus(installation, address, installation.settings.webhookSecrets[0]),
    signedStatus(installation, address, new Secret(randomBytes(32).toString('hex'))),
  ]);
  if (own === 400 && other === 401) return first.length > 0 ? first : [fine('public-url')];
  return [
    ...first,
    own === 401
      ? broken('public-url', 'public-url-another', { url: written })
      : broken('public-url', 'webhooks-unreached', { url: address.href, status: own ?? '?' }),
  ];
}

/** @returns the status of the answer; undefined without one */
async function signedStatus(
  installation: Installation,
  address: URL,
  secret: Secret = new Secret(''),
): Promise<number | undefined> {
  const body = '{}';
  const answer = await ask(installation, address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(body, secret) },
    body,
  });
  return 'status' in answer ? answer.status : undefined;
}

export async function examineServices(installation: Installation): Promise<readonly Diagnosis[]> {
  const parts = await Promise.all([
    ...cellNames.map((name) => examineCell(installation, name)),
    examineDatapass(installation),
    examineDirectory(installation),
  ]);
  return parts.flat();
}

async function examineCell(installation: Installation, name: CellName): Promise<readonly Diagnosis[]> {
  const { configuration, fetch, now } = installation;
  const cell = configuration.cells[name];
  // What people provision is looked at where they are asked: at GitHub.
  if (cell === undefined || cell.provider === 'manual') return [];
  if (cell.provider === 'registration') {
    const { issuer, initialAccessToken } = cell;
    const access = await probeRegistrationAccess(fetch, issuer, initialAccessToken);
    if (!access.ok && access.message.key === 'provisioning#discovery-registration')
      return [broken('cells', 'registration-missing', { cell: name, issuer })];
    if (!access.ok || access.value.kind === 'proven') return [verdictOf(access)];
    return access.value.kind === 'unproven'
      ? [
          unproven('cells', 'registration-unproven', {
            cell: name,
            issuer,
            status: `HTTP ${access.value.status}`,
          }),
        ]
      : [
          broken('cells', 'registration-left-behind', {
            cell: name,
            issuer,
            clientId: access.value.clientId,
          }),
        ];
  }
  const { url, secret, identityDomain } = cell;
  const as = `greffier.registre@${identityDomain}`;
  return [verdictOf(await listPartnerClients({ url, secret: secret.reveal(), fetch, now }, as))];
}

function verdictOf(result: ProviderResult<unknown>): Diagnosis {
  if (result.ok) return fine('cells');
  return { area: 'cells', status: 'error', said: { by: 'provisioning', message: result.message } };
}

async function examineDatapass(installation: Installation): Promise<readonly Diagnosis[]> {
  const { url, clientId, clientSecret } = installation.settings.datapass;
  if (clientId === undefined || clientSecret === undefined) return [doubtful('lookups', 'datapass-none')];
  const answer = await ask(installation, new URL('/api/v1/oauth/token', url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret.reveal(),
      scope: 'read_authorizations',
    }).toString(),
  });
  if ('reason' in answer) return [broken('lookups', 'service-silent', { url, reason: answer.reason })];
  const token = textAt(parseJson(answer.text), 'access_token');
  if (answer.status === 200 && token !== undefined) return [await examineDatapassRights(installation, token)];
  return answer.status >= 400 && answer.status < 500
    ? [broken('lookups', 'datapass-refused', { status: `HTTP ${answer.status}` })]
    : [broken('lookups', 'service-silent', { url, reason: `HTTP ${answer.status}` })];
}

/** With the token, an authorisation is asked for that is nobody's: who may read others is told that it is not there. */
async function examineDatapassRights(installation: Installation, token: string): Promise<Diagnosis> {
  const { url } = installation.settings.datapass;
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const answer = await ask(installation, new URL('/api/v1/habilitations/0', url), { headers });
  if ('reason' in answer) return broken('lookups', 'service-silent', { url, reason: answer.reason });
  const { status } = answer;
  if (status === 404 || status === 200) return fine('lookups');
  return status === 401 || status === 403
    ? broken('lookups', 'datapass-refused', { status: `HTTP ${status}` })
    : broken('lookups', 'service-silent', { url, reason: `HTTP ${status}` });
}

/** Asked of an establishment that everyone knows: the State's own digital service. */
async function examineDirectory(installation: Installation): Promise<readonly Diagnosis[]> {
  const url = installation.settings.entreprisesUrl;
  const answer = await ask(installation, new URL('/search?q=13002526500013&minimal=true&per_page=1', url));
  if ('reason' in answer) return [broken('lookups', 'service-silent', { url, reason: answer.reason })];
  if (answer.status !== 200)
    return [broken('lookups', 'service-silent', { url, reason: `HTTP ${answer.status}` })];
  const isThere = listAt(parseJson(answer.text), 'results').some(
    (one) => textAt(one, 'siren') === '130025265',
  );
  return [isThere ? fine('lookups') : broken('lookups', 'directory-stranger', { url })];
}
