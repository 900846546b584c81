/** Turns what the registry’s rules report into findings with a line and a column in the files that they are about. */
import type { Finding } from '#domain/definition/finding';
import { compareFindings } from '#domain/definition/finding-order';
import { findingWithoutText, type OpenedDefinition } from '#domain/definition/read-definition';
import { fileUnjudged } from '#domain/definition/rules/file/unjudged';
import type { RuleMetadata } from '#domain/definition/rules/rule';
import { registryRulesMetadata } from './rules/all.ts';
import type { RegistryFinding } from './rules/rule.ts';

const metadataById: ReadonlyMap<string, RuleMetadata> = new Map(
  [...registryRulesMetadata, fileUnjudged].map((metadata) => [metadata.id, metadata]),
);

/**
 * The findings of a file together with what the rules on several files report of it: each at its place, in order;
 * where one is the cause of another, only the cause.
 */
export function withRegistryFindings(
  { reading, findingsWith }: OpenedDefinition,
  reported: readonly RegistryFinding[],
): readonly Finding[] {
  return findingsWith(
    reported.flatMap(({ path, rule, report }) => {
      const metadata = metadataById.get(rule);
      return path === reading.path && metadata !== undefined ? [{ rule: metadata, report }] : [];
    }),
  );
}

/** What is reported of files of which there is no text to point at: they were removed, or are no definitions. */
export function findingsWithoutText(reported: readonly RegistryFinding[]): readonly Finding[] {
  const findings = reported.flatMap(({ path, rule, report }) => {
    const metadata = metadataById.get(rule);
    return metadata === undefined ? [] : [findingWithoutText(path, { rule: metadata, report })];
  });
  return findings.sort(compareFindings);
}
