/** Who makes a request, and whether GitHub would let them. */
import { randomBytes, verify } from 'node:crypto';
import { ApiError, notFound } from './api-error.ts';
import { isRecord } from './body-fields.ts';
import type { AccessLevel, AppInstallation, Caller, Permissions, Repository, Role } from './state.ts';
import type { GitHubStore, InstallationToken } from './store.ts';

const badCredentials = () => new ApiError(401, 'Bad credentials');

/** Reads the `Authorization` header. Throws 401 for a token that is not one, or not any more. */
export function authenticate(store: GitHubStore, header: string | undefined): Caller {
  if (header === undefined) return { kind: 'anonymous' };
  const [scheme, value] = header.split(' ');
  if (value === undefined) throw badCredentials();
  const token =
    scheme?.toLowerCase() === 'basic'
      ? (Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':') ?? '')
      : value;
  if (token.split('.').length === 3) return authenticateApp(store, token);
  const installed = store.installationTokens.get(token);
  if (installed !== undefined) {
    if (installed.expiresAt <= store.now()) throw badCredentials();
    // A token is good for what the installation still has.
    const repositories = installed.repositories.filter((one) =>
      installed.installation.repositories.includes(one),
    );
    return { kind: 'installation', ...installed, repositories, account: store.app.bot };
  }
  const account = store.accountByToken(token);
  if (account === undefined) throw badCredentials();
  return { kind: 'user', account };
}

/** An App's JSON Web Token: RS256, at most ten minutes long (docs.github.com, « Generating a JWT for a GitHub App »). */
function authenticateApp(store: GitHubStore, token: string): Caller {
  const undecodable = new ApiError(401, 'A JSON web token could not be decoded');
  const [header, payload, signature] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined) throw undecodable;
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    store.app.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!signed || !isRecord(claims)) throw undecodable;
  const now = store.now().getTime() / 1000;
  if (typeof claims.exp !== 'number' || claims.exp <= now)
    throw new ApiError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (claims.exp > now + 660)
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  if (typeof claims.iat !== 'number' || claims.iat > now + 60)
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  const issuer = String(claims.iss);
  if (issuer !== String(store.app.id) && issuer !== `Iv1.${store.app.slug}`)
    throw new ApiError(401, 'Integration must generate a public key');
  return { kind: 'app' };
}

export function createInstallationToken(
  store: GitHubStore,
  installation: AppInstallation,
  wanted: { readonly permissions?: Permissions; readonly repositories?: readonly Repository[] },
): InstallationToken {
  for (const [name, access] of Object.entries(wanted.permissions ?? {}))
    if (!grants(installation.permissions, name, access))
      throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  const token: InstallationToken = {
    token: `ghs_${randomBytes(18).toString('hex')}`,
    installation,
    permissions: wanted.permissions ?? installation.permissions,
    repositories: wanted.repositories ?? installation.repositories,
    expiresAt: new Date(store.now().getTime() + 3_600_000),
  };
  store.installationTokens.set(token.token, token);
  return token;
}

/** What a route asks of an installation: any one of these, each `permission:access`. */
export type RequiredPermission = `${string}:${'read' | 'write'}`;

function grants(permissions: Permissions, name: string, access: AccessLevel | string): boolean {
  const given = permissions[name] ?? (name === 'metadata' ? 'read' : undefined);
  return (
    given !== undefined && (given === access || given === 'admin' || (given === 'write' && access === 'read'))
  );
}

/**
 * Refuses as GitHub does: 404 for a repository that one may not see, 403 for a permission that the App was not
 * granted, 404 or 403 for a person without the role.
 */
export function authorize(
  store: GitHubStore,
  caller: Caller,
  repository: Repository,
  needs: readonly RequiredPermission[],
  role: Role,
): void {
  if (caller.kind === 'installation') {
    if (!caller.repositories.includes(repository)) {
      if (repository.private) throw notFound();
      if (needs.every((need) => need.endsWith(':read'))) return;
      throw notAccessibleByIntegration();
    }
    const granted = needs.some((need) => {
      const [name = '', access = 'read'] = need.split(':');
      return grants(caller.permissions, name, access);
    });
    if (!granted) throw notAccessibleByIntegration();
  } else if (caller.kind === 'user') {
    if (!store.may(caller.account, 'read', repository)) throw notFound();
    if (!store.may(caller.account, role, repository))
      throw new ApiError(403, 'Must have push access to repository');
  } else if (caller.kind === 'anonymous') {
    if (repository.private) throw notFound();
    if (role !== 'read' || needs.some((need) => need.endsWith(':write')))
      throw new ApiError(401, 'Requires authentication');
  } else throw new ApiError(403, 'Resource not accessible by integration');
}

export const notAccessibleByIntegration = (): ApiError =>
  new ApiError(403, 'Resource not accessible by integration');
