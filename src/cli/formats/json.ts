/** Findings for programs. */
import type { Finding } from '../../definition/finding.ts';
import { quoted } from '../../language/render.ts';
import type { Language } from '../../language/words.ts';
import { catalogue } from '../../registry/catalogue.ts';
import type { Judgement } from '../judgement.ts';
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
