/**
 * Structured logs, one JSON object a line. Only chosen fields are logged, never whole requests, errors or payloads:
 * masks by path miss what is deep or within free text.
 */

import { type DestinationStream, type Logger, pino } from 'pino';
import { defined } from '#base/defined';
import { printableJsonText } from '#base/i18n/printed';
import { type NetworkFault, networkFault } from '#base/network-fault';
import { logContext } from './log-context.ts';

export type Log = Logger;

/** As in pino; `silent` for tests. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Values of GitHub's and other's secrets that could sit within an error's text, whatever the text. */
const secretPatterns: readonly RegExp[] = [
  /\b(?:gh[pousr]_\w{10,}|github_pat_\w{10,})/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\b(Bearer|Basic|token)\s+[\w.~+/=-]{8,}/gi,
  /(\w+:\/\/[^\s/:@]*):[^\s@/]+@/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
const maxTextLength = 2000;

/** An error's words without anything that has the shape of a secret, bounded. For logs and the dead letters, whose store takes no NUL. */
export function redactedText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return secretPatterns
    .reduce((safe, pattern) => safe.replace(pattern, '[secret]'), text)
    .replaceAll('\0', '\ufffd')
    .slice(0, maxTextLength);
}

/** Where an error was thrown: file names and lines, no values. */
function stackFrames(error: unknown): readonly string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  return error.stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 8);
}

/** What is logged of an error; `github` is the id by which GitHub's support finds the request that it refused, `network` why nothing came back. */
export function errorFields(error: unknown): {
  readonly error: string;
  readonly at: readonly string[];
  readonly github?: string;
  readonly network?: NetworkFault;
} {
  const github = githubRequestOf(error);
  const network = networkFault(error);
  return { error: redactedText(error), at: stackFrames(error), ...defined({ github, network }) };
}

function githubRequestOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'response' in error)) return undefined;
  const { response } = error;
  const headers =
    typeof response === 'object' && response !== null && 'headers' in response ? response.headers : {};
  const id = (headers as Readonly<Record<string, unknown>> | null)?.['x-github-request-id'];
  return typeof id === 'string' ? id : undefined;
}

/** A log whose every line names the request that is worked for. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service: 'greffier' },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ ...logContext() }),
    hooks: { streamWrite: printableJsonText },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
