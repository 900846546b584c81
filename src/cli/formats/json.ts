/** Findings for programs. */

import type { Language } from '#base/i18n/message';
import { printableJson } from '#base/i18n/printed';
import { quoteInBackticks } from '#base/i18n/render';
import type { RegistryValidation } from '#cli/registry/validate-registry';
import type { Finding } from '#domain/definition/finding';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { countBySeverity } from './severity-counts.ts';

/** One finding as a plain object, its message in a language. */
function findingAsJson(finding: Finding, language: Language) {
  const { rule, severity, path, pointer, range, message, fix } = finding;
  return {
    rule,
    severity,
    path,
    pointer,
    range,
    message: catalogue.translate(message, language, quoteInBackticks),
    ...(fix !== undefined && {
      fix: { title: catalogue.translate(fix.title, language, quoteInBackticks), edits: fix.edits },
    }),
  };
}

export function jsonReport({ files, findings }: RegistryValidation, language: Language): string {
  const counts = countBySeverity(findings);
  const report = {
    files,
    errors: counts.error,
    decisions: counts.decision,
    warnings: counts.warning,
    infos: counts.info,
    findings: findings.map((finding) => findingAsJson(finding, language)),
  };
  return `${printableJson(report, 2)}\n`;
}
