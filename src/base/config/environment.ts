/** Settings from environment variables: Probot's own, and ours. */

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defined } from '#base/defined';
import type { Message } from '#base/i18n/message';
import { hasAddress, mailboxOf } from '#base/mailbox';
import { type LogLevel, logLevels } from '#base/observability/logger';
import { githubApiUrl, githubHostError } from './github-address.ts';
import { Secret } from './secret.ts';
import { fileFault, startupError } from './startup-errors.ts';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** The public services that are looked up. */
export interface LookupConfig {
  /** Origins. */
  readonly datapass: { readonly url: string; readonly clientId?: string; readonly clientSecret?: Secret };
  readonly entreprisesUrl: string;
}

/** Where the store is: a PostgreSQL connection string, or a folder for the embedded one. */
export type StoreLocation = { readonly url: string } | { readonly folder: string };

/** Who acts at GitHub, where anyone does: the App, or the account of a token. */
export type GitHubAccount =
  | { readonly appId: number; readonly privateKey: Secret; readonly apiAddress?: string }
  | { readonly token: Secret; readonly apiAddress?: string };

export interface EnvironmentConfig extends LookupConfig {
  readonly appId: number;
  readonly privateKey: Secret;
  /** The one in use, and the one before it while a rotation lasts. */
  readonly webhookSecrets: readonly Secret[];
  /** Of GitHub's API; GitHub.com's when undefined. */
  readonly apiAddress?: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly store: StoreLocation;
  /** As written in `GREFFIER_KEY`: what is stored is sealed with it. */
  readonly key?: Secret;
  /** Where people reach this service, without a slash at the end. */
  readonly publicUrl?: string;
  readonly smtpUrl?: Secret;
  readonly mailFrom?: string;
}

export type EnvironmentResult =
  | { readonly ok: true; readonly config: EnvironmentConfig }
  | { readonly ok: false; readonly errors: readonly Message[] };

/** Characters: what `openssl rand -hex 16` prints. */
const minWebhookSecretLength = 32;

/** Reads values one by one, and collects what is wrong with them. */
function createReader(environment: EnvironmentVariables) {
  const errors: Message[] = [];
  const value = (name: string): string | undefined => {
    const text = environment[name]?.trim();
    return text === undefined || text === '' ? undefined : text;
  };
  const address = (name: string, ...schemes: readonly string[]): string | undefined => {
    const text = value(name);
    if (text === undefined) return undefined;
    if (schemes.some((scheme) => text.startsWith(`${scheme}://`)) && URL.canParse(text)) return text;
    errors.push(startupError('address', { name, start: schemes.map((scheme) => `${scheme}://`) }));
    return undefined;
  };
  const choice = <T extends string>(name: string, choices: readonly T[], fallback: T): T => {
    const text = value(name);
    const known = choices.find((choice) => choice === text);
    if (text !== undefined && known === undefined)
      errors.push(startupError('choice', { name, choices, value: text }));
    return known ?? fallback;
  };
  return { errors, value, address, choice };
}

type Reader = ReturnType<typeof createReader>;

/** Reads and checks the environment. Every error at once, so that all are corrected at once. */
export function readEnvironment(environment: EnvironmentVariables): EnvironmentResult {
  const reader = createReader(environment);
  const { errors, value, address, choice } = reader;
  const webhookSecrets = ['WEBHOOK_SECRET', 'WEBHOOK_SECRET_PREVIOUS'].flatMap((name) => {
    const text = value(name);
    if (text === undefined) {
      if (name === 'WEBHOOK_SECRET') errors.push(startupError('webhook-secret-missing'));
      return [];
    }
    if (text.length < minWebhookSecretLength) {
      errors.push(
        startupError('webhook-secret-short', { name, length: text.length, least: minWebhookSecretLength }),
      );
    }
    return [new Secret(text)];
  });
  const appId = readAppId(reader);
  const port = Number(value('PORT') ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    errors.push(startupError('port', { value: value('PORT') ?? '' }));
  const privateKey = readPrivateKey(value, errors);
  const key = value('GREFFIER_KEY');
  if (key !== undefined && !areSealingKeys(key)) errors.push(startupError('key'));

  const logLevel = choice('LOG_LEVEL', logLevels, 'info');
  checkProxies(reader);
  const api = readApiAddress(reader);
  const databaseUrl = address('DATABASE_URL', 'postgres', 'postgresql');
  const publicUrl = address('PUBLIC_URL', 'https', 'http')?.replace(/\/+$/, '');
  const smtpUrl = address('SMTP_URL', 'smtp', 'smtps');
  const lookups = readLookupConfig(reader);
  const mailFrom = value('MAIL_FROM');
  if (mailFrom !== undefined && !hasAddress(mailboxOf(mailFrom)))
    errors.push(startupError('mail-from', { value: mailFrom }));

  if (errors.length > 0 || privateKey === undefined || appId === undefined) return { ok: false, errors };
  return {
    ok: true,
    config: {
      appId,
      privateKey,
      webhookSecrets,
      ...defined({ apiAddress: api }),
      host: value('HOST') ?? '0.0.0.0',
      port,
      logLevel,
      store: databaseUrl === undefined ? storeLocation(environment) : { url: databaseUrl },
      ...(key === undefined ? {} : { key: new Secret(key) }),
      ...defined({ publicUrl }),
      ...(smtpUrl === undefined ? {} : { smtpUrl: new Secret(smtpUrl) }),
      ...defined({ mailFrom }),
      ...lookups,
    },
  };
}

function readAppId({ errors, value }: Reader): number | undefined {
  const text = value('APP_ID');
  const appId = Number(text);
  if (text === undefined) errors.push(missingError('APP_ID'));
  else if (!Number.isSafeInteger(appId) || appId <= 0) errors.push(startupError('app-id', { value: text }));
  else return appId;
  return undefined;
}

function readApiAddress({ errors, value, choice }: Reader): string | undefined {
  const protocol = choice('GHE_PROTOCOL', ['https', 'http'], 'https');
  const host = value('GHE_HOST');
  if (host === undefined) return undefined;
  const error = githubHostError(host);
  if (error === undefined) return githubApiUrl(host, protocol);
  errors.push(error);
  return undefined;
}

export type GitHubAddressResult =
  | { readonly ok: true; readonly apiAddress?: string }
  | { readonly ok: false; readonly errors: readonly Message[] };

/** Which GitHub there is, and how it is reached: for commands that need nothing else. */
export function readGitHubAddress(environment: EnvironmentVariables): GitHubAddressResult {
  const reader = createReader(environment);
  checkProxies(reader);
  const apiAddress = readApiAddress(reader);
  return reader.errors.length > 0
    ? { ok: false, errors: reader.errors }
    : { ok: true, ...defined({ apiAddress }) };
}

/** Names of the proxies' addresses; Node takes the small letters first. */
const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

function checkProxies({ errors, value }: Reader): void {
  for (const name of proxyVariables) {
    const text = value(name);
    const protocol = text === undefined ? 'http:' : URL.parse(text)?.protocol;
    if (protocol !== 'http:' && protocol !== 'https:')
      errors.push(startupError('proxy', { name, value: (text ?? '').replace(/[^/]*@/, '•••@') }));
  }
}

function readLookupConfig({ errors, value, address }: Reader): LookupConfig {
  const clientId = value('DATAPASS_CLIENT_ID');
  const clientSecret = value('DATAPASS_CLIENT_SECRET');
  // Half an account is none: nothing would be verified, and nobody would know.
  if ((clientId === undefined) !== (clientSecret === undefined))
    errors.push(missingError(clientId === undefined ? 'DATAPASS_CLIENT_ID' : 'DATAPASS_CLIENT_SECRET'));
  return {
    datapass: {
      url: address('DATAPASS_URL', 'https', 'http') ?? 'https://datapass.api.gouv.fr',
      ...defined({ clientId }),
      ...(clientSecret === undefined ? {} : { clientSecret: new Secret(clientSecret) }),
    },
    entreprisesUrl:
      address('ENTREPRISES_URL', 'https', 'http') ?? 'https://recherche-entreprises.api.gouv.fr',
  };
}

export type CommandEnvironmentResult =
  | { readonly ok: true; readonly lookups: LookupConfig; readonly account?: GitHubAccount }
  | { readonly ok: false; readonly errors: readonly Message[] };

/** What commands that provision need of the environment: a way to GitHub is theirs to have or not. */
export function readCommandEnvironment(environment: EnvironmentVariables): CommandEnvironmentResult {
  const reader = createReader(environment);
  const { errors, value } = reader;
  const lookups = readLookupConfig(reader);
  checkProxies(reader);
  const api = readApiAddress(reader);
  const there = api === undefined ? {} : { apiAddress: api };
  const token = value('GITHUB_TOKEN');
  let account: GitHubAccount | undefined;
  if (value('APP_ID') !== undefined) {
    const appId = readAppId(reader);
    const privateKey = readPrivateKey(value, errors);
    if (appId !== undefined && privateKey !== undefined) account = { appId, privateKey, ...there };
  } else if (token !== undefined) account = { token: new Secret(token), ...there };
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, lookups, ...defined({ account }) };
}

/** Where the store is, for commands that need nothing else. */
export function storeLocation(environment: EnvironmentVariables): StoreLocation {
  const url = environment.DATABASE_URL?.trim();
  const folder = environment.GREFFIER_DATA?.trim();
  if (url !== undefined && url !== '') return { url };
  return { folder: folder === undefined || folder === '' ? '.greffier' : folder };
}

function missingError(name: string): Message {
  return startupError('missing', { name });
}

/** The key itself (with real or written line breaks, or in base64), or the file that `PRIVATE_KEY_PATH` names. */
function readPrivateKey(value: (name: string) => string | undefined, errors: Message[]): Secret | undefined {
  const path = value('PRIVATE_KEY_PATH');
  const name = value('PRIVATE_KEY') === undefined && path !== undefined ? 'PRIVATE_KEY_PATH' : 'PRIVATE_KEY';
  let text = value('PRIVATE_KEY');
  if (text === undefined && path !== undefined) {
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      errors.push(fileFault(name, path, error));
      return undefined;
    }
  }
  if (text === undefined) {
    errors.push(missingError('PRIVATE_KEY'));
    return undefined;
  }
  const pem = text.includes('-----BEGIN')
    ? text.replaceAll('\\n', '\n')
    : Buffer.from(text, 'base64').toString('utf8');
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return new Secret(pem);
  } catch {
    // Reported below, without the text of the error, which may show some of the key.
  }
  errors.push(startupError('private-key', { name }));
  return undefined;
}

/** 32 bytes each, in base64, separated by commas. */
function areSealingKeys(text: string): boolean {
  return text
    .split(',')
    .map((part) => part.trim())
    .every((part) => /^[A-Za-z0-9+/_-]+={0,2}$/.test(part) && Buffer.from(part, 'base64').length === 32);
}
