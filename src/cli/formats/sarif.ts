/** Findings in SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format). */

import type { Language } from '#base/i18n/message';
import { printableJson } from '#base/i18n/printed';
import { quoteInBackticks } from '#base/i18n/render';
import { urlPart } from '#base/url-part';
import type { RegistryValidation } from '#cli/registry/validate-registry';
import { version } from '#cli/version';
import type { Finding, Range, Severity } from '#domain/definition/finding';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

const level: Readonly<Record<Severity, string>> = {
  error: 'error',
  decision: 'warning',
  warning: 'warning',
  info: 'note',
};

/** SARIF counts lines and columns from 1 and excludes the end column, as findings do (§3.30). */
function region({ start, end }: Range) {
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

function uriOf(path: string): string {
  return path.split('/').map(urlPart).join('/');
}

function resultOf(finding: Finding, ruleIndex: number, language: Language) {
  const { rule, severity, path, range, message, fix } = finding;
  const artifactLocation = { uri: uriOf(path), uriBaseId: 'ROOT' };
  return {
    ruleId: rule,
    ruleIndex,
    level: level[severity],
    message: { text: catalogue.translate(message, language, quoteInBackticks) },
    locations: [{ physicalLocation: { artifactLocation, region: region(range) } }],
    properties: { severity, pointer: finding.pointer },
    ...(fix !== undefined && {
      fixes: [
        {
          description: { text: catalogue.translate(fix.title, language, quoteInBackticks) },
          artifactChanges: [
            {
              artifactLocation,
              replacements: fix.edits.map((edit) => ({
                deletedRegion: region(edit.range),
                insertedContent: { text: edit.text },
              })),
            },
          ],
        },
      ],
    }),
  };
}

export function sarifReport({ findings }: RegistryValidation, language: Language): string {
  const rules = catalogue.rules.map((rule) => ({
    id: rule.id,
    shortDescription: { text: rule.title[language] },
    fullDescription: { text: rule.why[language] },
    defaultConfiguration: { level: level[rule.severity] },
  }));
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const report = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'greffier', semanticVersion: version, language, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { description: { text: 'The root of the registry.' } } },
        results: findings.map((finding) => resultOf(finding, indexOf.get(finding.rule) ?? -1, language)),
      },
    ],
  };
  return `${printableJson(report, 2)}\n`;
}
