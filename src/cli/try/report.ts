/** What `greffier try` found, for people and for programs. */
import { escapeInvisible } from '#base/i18n/invisible';
import { printableJson } from '#base/i18n/printed';
import { wrapText } from '#cli/formats/text';
import { type Terminal, textStyles } from '#cli/terminal';
import type { RequestFinding } from '#domain/authorization-request/judge-request';
import { tryTranslator } from '#domain/authorization-request/messages';
import { type AuthorizationRequest, parameterOf } from '#domain/authorization-request/read-request';
import { Lines } from '#domain/definition/parse/lines';
import { SourceMap } from '#domain/definition/parse/source-map';
import type { FoundDefinition } from './find-definition.ts';

export interface TryResult {
  readonly request: AuthorizationRequest;
  readonly steps: readonly string[];
  readonly findings: readonly RequestFinding[];
  readonly issuer: string;
  readonly cell?: string;
  readonly found?: FoundDefinition;
}

/** Line of a pointer in the text of a definition, or of what stands nearest to it. */
function lineOf({ text }: FoundDefinition, pointer: string): number {
  const node = new SourceMap(text).nearestNode(pointer);
  if (node === undefined) return 1;
  return new Lines(text).positionAt((node.key ?? node.value).start).line;
}

function counts(findings: readonly RequestFinding[]): { errors: number; warnings: number } {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}

/** The parameters that say what is asked for. The others are random, or about a person. */
const shownParameters = ['client_id', 'redirect_uri', 'response_type', 'scope', 'acr_values', 'prompt'];

export function jsonReport(result: TryResult, language: Terminal['language']): string {
  const t = tryTranslator(language);
  const { request, steps, findings, issuer, cell, found } = result;
  const shown = shownParameters.flatMap((name) => {
    const value = parameterOf(request, name);
    return value === undefined ? [] : [[name, value]];
  });
  const report = {
    steps,
    endpoint: request.endpoint.href,
    parameters: [...new Set(request.parameters.map(([name]) => name))],
    request: Object.fromEntries(shown),
    issuer,
    ...(cell === undefined ? {} : { cell }),
    ...(found === undefined ? {} : { definition: found.path }),
    ...counts(findings),
    findings: findings.map(({ check, severity, parameter, message, values, pointer, difference }) => ({
      check,
      severity,
      ...(parameter === undefined ? {} : { parameter }),
      message: t(message, values),
      ...(difference === undefined ? {} : { difference }),
      ...(pointer === undefined || found === undefined
        ? {}
        : { path: found.path, pointer, line: lineOf(found, pointer) }),
    })),
  };
  return `${printableJson(report, 2)}\n`;
}

/** Where the application led nowhere: how far it was followed, and why it ended there (a key of `templates/try.*.json`). */
export function stoppedReport(stopped: {
  readonly steps: readonly string[];
  readonly reason: string;
  readonly message: string;
}): string {
  const { steps, reason, message } = stopped;
  return `${printableJson({ steps, stopped: { reason, message } }, 2)}\n`;
}

export function textReport(result: TryResult, terminal: Terminal): string {
  const { language, columns, colours } = terminal;
  const t = tryTranslator(language);
  const style = textStyles(colours);
  const { request, findings, found, cell, issuer } = result;
  const lines = [t('sent', { endpoint: request.endpoint.href })];
  if (found !== undefined) lines.push(t('compared', { path: found.path, cell: found.cell }));
  else if (cell !== undefined) lines.push(t('compared-cell', { cell }));
  else lines.push(t('compared-server', { issuer }));
  lines.push('');
  const width = Math.max(40, Math.min(columns, 100) - 4);
  for (const { severity, message, values, pointer, difference } of findings) {
    const mark = severity === 'error' ? style.red('✗') : style.yellow('!');
    lines.push(`${mark} ${wrapText(t(message, values), width, '  ').trimStart()}`);
    if (difference !== undefined) {
      const { expected, received, at } = difference;
      const names = [t('expected'), t('received')];
      const margin = Math.max(...names.map((name) => name.length)) + 2;
      // What cannot be seen is written out, so that the mark stands under what is shown.
      const before = escapeInvisible(received.slice(0, at));
      lines.push(
        `    ${(names[0] ?? '').padEnd(margin)}${escapeInvisible(expected)}`,
        `    ${(names[1] ?? '').padEnd(margin)}${escapeInvisible(received)}`,
        `    ${' '.repeat(margin + before.length)}${style.red('^')}`,
      );
    }
    if (pointer !== undefined && found !== undefined)
      lines.push(`  ${style.dim(t('place', { path: found.path, line: lineOf(found, pointer) }))}`);
    lines.push('');
  }
  const { errors, warnings } = counts(findings);
  if (errors === 0) lines.push(`${style.green('✓')} ${t('good')}`);
  const summary = [
    ...(errors > 0 ? [t('count-errors', { count: errors })] : []),
    ...(warnings > 0 ? [t('count-warnings', { count: warnings })] : []),
  ];
  if (summary.length > 0) lines.push(`${summary.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}
