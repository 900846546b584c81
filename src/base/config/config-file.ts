/** What the operator decides about the registry and its cells: the YAML file that `GREFFIER_CONFIG` names. */

import type { ErrorObject } from 'ajv';
import { isScalar, LineCounter, type Node, parseDocument, visit, type YAMLParseError } from 'yaml';
import { type CellName, cellNames } from '#base/config/cells';
import { defined } from '#base/defined';
import { invisibleNames } from '#base/i18n/invisible';
import type { Message } from '#base/i18n/message';
import { addressKey } from '#base/mail-address';
import { errorMessage, inOrder, relevantErrors } from './config-errors.ts';
import { configurationSchema, type RawConfiguration } from './config-schema.ts';
import { Secret } from './secret.ts';
import { startupError } from './startup-errors.ts';
import * as generated from './validate-configuration.generated.ts';

export type CellConfiguration =
  | {
      readonly provider: 'proconnect';
      readonly url: string;
      readonly secret: Secret;
      readonly identityDomain: string;
      readonly portal?: string;
      readonly issuer: string;
      /** Drift is put right without asking. */
      readonly repair: boolean;
    }
  | {
      readonly provider: 'registration';
      readonly issuer: string;
      readonly initialAccessToken?: Secret;
      readonly repair: boolean;
    }
  | { readonly provider: 'manual'; readonly issuer?: string; readonly repository?: string };

export interface SignInConfiguration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** An e-mail address of which the provider does not say whether it is verified counts as verified. */
  readonly assumesVerified?: boolean;
}

export interface FrontDeskConfiguration {
  /** The OpenID provider by which people sign in; without it the desk only judges. */
  readonly signIn?: SignInConfiguration;
  /** E-mail addresses, in lower case, of those who see `/suivi`. */
  readonly operators: readonly string[];
  /** Whether everybody may see which services are in production. */
  readonly catalogue: boolean;
}

export interface Configuration {
  /** The one repository that is served; the only one the App is installed on when undefined. */
  readonly registry?: string;
  /** A cell that is absent is reviewed, and never provisioned. */
  readonly cells: Readonly<Partial<Record<CellName, CellConfiguration>>>;
  /** Seconds between two sweeps. */
  readonly sweep: number;
  /** Seconds for which a removed client stays deactivated before it is deleted. */
  readonly removalDelay: number;
  /** Seconds after which what nothing needs any more is forgotten: closed pull requests, versions of files. */
  readonly forgetAfter: number;
  /** Undefined: there is none. */
  readonly frontDesk?: FrontDeskConfiguration;
}

export type ConfigurationResult =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly errors: readonly Message[] };

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const defaults = configurationSchema.properties;
/** Without a file: the only repository of the App is reviewed, and nothing is provisioned. */
export const defaultConfiguration: Configuration = toConfiguration({
  sweep: defaults.sweep.default,
  removal_delay: defaults.removal_delay.default,
  forget_after: defaults.forget_after.default,
});

/** ajv's code, made from the schema by `npm run generate`: a start has nothing to compile. */
const validate: {
  (value: unknown): boolean;
  readonly errors?: readonly ErrorObject[] | null;
} = generated.validate;

/**
 * Reads a configuration.
 *
 * @param text the file
 * @param path how the file is named to the operator
 * @param environment where `${NAME}` is looked up. What comes from it is never shown.
 */
export function readConfiguration(
  text: string,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigurationResult {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, schema: 'core', merge: false });
  const [fault] = document.errors.toSorted((one, other) => one.pos[0] - other.pos[0]);
  if (fault !== undefined) return { ok: false, errors: [unreadableYaml(fault, text, path, counter)] };
  const lineOf = (pointer: readonly string[]): number => {
    for (let length = pointer.length; length >= 0; length -= 1) {
      const node = document.getIn(pointer.slice(0, length), true) as Node | undefined;
      if (node?.range) return counter.linePos(node.range[0]).line;
    }
    return 1;
  };

  const found: Message[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || !isScalar(node) || typeof node.value !== 'string') return;
      const line = node.range ? counter.linePos(node.range[0]).line : 1;
      const place = { path, line, key: keyAt(text, counter, line) };
      const characters = invisibleNames(node.value);
      let isUnset = false;
      const value = node.value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, variable: string) => {
        const value = environment[variable];
        if (value !== undefined && value !== '') return value;
        isUnset = true;
        found.push(startupError('config-variable', { ...place, variable }));
        return '';
      });
      if (characters.length > 0) found.push(startupError('config-hidden', { ...place, characters }));
      node.value = isUnset || characters.length > 0 ? told : value;
    },
  });

  const raw: unknown = document.toJS() ?? {};
  if (!validate(raw)) {
    const schemaErrors = relevantErrors(validate.errors ?? [], raw).filter(({ data }) => data !== told);
    found.push(...schemaErrors.map((error) => errorMessage(error, path, lineOf)));
  }
  if (found.length > 0) return { ok: false, errors: inOrder(found) };
  const configuration = toConfiguration(raw as RawConfiguration);
  const shared = cellsSharingIdentities(configuration);
  if (shared === undefined) return { ok: true, configuration };
  const [cell, other] = shared;
  const line = lineOf(['cells', other, 'identity_domain']);
  return { ok: false, errors: [startupError('config-shared-identities', { path, line, cell, other })] };
}

/**
 * Two cells whose clients nothing tells apart at their partner API: there a client carries `<id>@<identity domain>`, which
 * does not say the cell, and keys would cross cells.
 */
function cellsSharingIdentities({ cells }: Configuration): readonly [CellName, CellName] | undefined {
  const seen = new Map<string, CellName>();
  for (const name of cellNames) {
    const cell = cells[name];
    if (cell?.provider !== 'proconnect') continue;
    const place = `${cell.identityDomain.toLowerCase()} ${new URL(cell.url).href.replace(/\/+$/, '')}`;
    const other = seen.get(place);
    if (other !== undefined) return [other, name];
    seen.set(place, name);
  }
  return undefined;
}

/** What YAML cannot read, by what people write most; of the text nothing is shown but a key and the name of a variable. */
function unreadableYaml(
  { code, pos }: YAMLParseError,
  text: string,
  path: string,
  counter: LineCounter,
): Message {
  const { line } = counter.linePos(pos[0]);
  if (code === 'TAB_AS_INDENT') return startupError('config-tab', { path, line });
  if (code === 'DUPLICATE_KEY')
    return startupError('config-same-key', { path, line, key: keyAt(text, counter, line) });
  const variable = /^[^#]*\{.*?[\s:,[](\$\{[A-Za-z_][A-Za-z0-9_]*\})/.exec(lineAt(text, counter, line))?.[1];
  return code === 'UNEXPECTED_TOKEN' && variable !== undefined
    ? startupError('config-braces', { path, line, variable, correction: `"${variable}"` })
    : startupError('config-yaml', { path, line });
}

/** Stands for a value of which was said already what is wrong with it. */
const told = '\u0000';

/** The key written on a line, for a value whose own text must not be shown. */
function keyAt(text: string, counter: LineCounter, line: number): string {
  return lineAt(text, counter, line).split(':', 1)[0]?.trim() ?? '';
}

function lineAt(text: string, counter: LineCounter, line: number): string {
  const start = counter.lineStarts[line - 1] ?? 0;
  return text.slice(start).split('\n', 1)[0] ?? '';
}

/** `5m` in seconds. */
function secondsOf(duration: string): number {
  const unit = duration.slice(-1) as keyof typeof units;
  return Number(duration.slice(0, -1)) * units[unit];
}

function toConfiguration(raw: RawConfiguration): Configuration {
  const cells: Partial<Record<CellName, CellConfiguration>> = {};
  for (const name of cellNames) {
    const cell = raw.cells?.[name];
    if (cell !== undefined) cells[name] = cellOf(cell);
  }
  return {
    ...defined({ registry: raw.registry }),
    cells,
    sweep: secondsOf(raw.sweep),
    removalDelay: secondsOf(raw.removal_delay),
    forgetAfter: secondsOf(raw.forget_after),
    ...defined({ frontDesk: raw.front_desk && frontDeskOf(raw.front_desk) }),
  };
}

function frontDeskOf(raw: NonNullable<RawConfiguration['front_desk']>): FrontDeskConfiguration {
  const { sign_in: signIn, operators = [], catalogue } = raw;
  return {
    ...(signIn !== undefined && {
      signIn: {
        issuer: signIn.issuer,
        clientId: signIn.client_id,
        clientSecret: new Secret(signIn.client_secret),
        ...(signIn.email_verified === 'assumed' && { assumesVerified: true }),
      },
    }),
    operators: operators.map(addressKey),
    catalogue: catalogue === 'public',
  };
}

type RawCell = NonNullable<NonNullable<RawConfiguration['cells']>[CellName]>;

function cellOf(cell: RawCell): CellConfiguration {
  switch (cell.provider) {
    case 'proconnect':
      return {
        provider: 'proconnect',
        url: cell.url,
        secret: new Secret(cell.secret),
        identityDomain: cell.identity_domain,
        ...defined({ portal: cell.portal }),
        issuer: cell.issuer,
        repair: cell.repair ?? false,
      };
    case 'registration':
      return {
        provider: 'registration',
        issuer: cell.issuer,
        repair: cell.repair ?? false,
        ...(cell.initial_access_token === undefined
          ? {}
          : { initialAccessToken: new Secret(cell.initial_access_token) }),
      };
    case 'manual':
      return {
        provider: 'manual',
        ...defined({ issuer: cell.issuer, repository: cell.repository }),
      };
    default:
      throw new Error('The schema accepted a provider that is not there');
  }
}
