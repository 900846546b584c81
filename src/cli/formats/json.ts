/** Findings for programs. */

import type { Language } from '#base/i18n/message';
import { quoted } from '#base/i18n/render';
import type { Judgement } from '#cli/registry/validate-registry';
import type { Finding } from '#domain/definition/finding';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { tallyOf } from './tally.ts';

/** One finding as a plain object, its message said. */
export function plainFinding(finding: Finding, language: Language) {
  const { rule, severity, path, pointer, range, message, fix } = finding;
  return {
    rule,
    severity,
    path,
    pointer,
    range,
    message: catalogue.say(message, language, quoted),
    ...(fix !== undefined && {
      fix: { title: catalogue.say(fix.title, language, quoted), edits: fix.edits },
    }),
  };
}

export function jsonReport({ files, findings }: Judgement, language: Language): string {
  const tally = tallyOf(findings);
  const report = {
    files,
    errors: tally.error,
    decisions: tally.decision,
    warnings: tally.warning,
    infos: tally.info,
    findings: findings.map((finding) => plainFinding(finding, language)),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
