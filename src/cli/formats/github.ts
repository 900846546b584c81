/** Findings as workflow commands, which GitHub Actions turns into annotations. */

import { escapeInvisible } from '#base/i18n/invisible';
import type { Language } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import type { RegistryValidation } from '#cli/registry/validate-registry';
import type { Severity } from '#domain/definition/finding';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

const command: Readonly<Record<Severity, string>> = {
  error: 'error',
  decision: 'warning',
  warning: 'warning',
  info: 'notice',
};

/** Escapes the message of a workflow command (`%`, CR and LF), as the toolkit of GitHub Actions does. */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Escapes a property of a workflow command, where colons and commas mean something too. */
function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

export function githubReport({ findings }: RegistryValidation, language: Language): string {
  return findings
    .map(({ rule, severity, path, range, message }) => {
      const { start, end } = range;
      const place = [
        `file=${escapedProperty(escapeInvisible(path))}`,
        `line=${start.line}`,
        `endLine=${end.line}`,
        // GitHub places columns only within one line; its end column is the last one marked.
        ...(start.line === end.line && end.column > start.column
          ? [`col=${start.column}`, `endColumn=${end.column - 1}`]
          : []),
        `title=${escapedProperty(rule)}`,
      ];
      return `::${command[severity]} ${place.join(',')}::${escapedData(catalogue.translate(message, language, quoteInBackticks))}\n`;
    })
    .join('');
}
